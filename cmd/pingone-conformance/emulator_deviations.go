package main

import (
	"fmt"
	"strings"

	"pingone-conformance/emulator"
)

// nameFlags collects --deviate or --vary, which may be repeated and hold several names.
type nameFlags struct {
	check func(names []string) error
	names []string
	list  bool
}

// String implements pflag.Value.
func (d *nameFlags) String() string { return strings.Join(d.names, ",") }

// Set implements pflag.Value.
func (d *nameFlags) Set(text string) error {
	if text == "list" {
		d.list = true
		return nil
	}
	names := split(text)
	if err := d.check(names); err != nil {
		return err
	}
	d.names = append(d.names, names...)
	return nil
}

// Type implements pflag.Value.
func (d *nameFlags) Type() string { return "names" }

// warning says what this emulator does otherwise, as it was told to.
func (d *nameFlags) warning(what string) string {
	if len(d.names) == 0 {
		return ""
	}
	return fmt.Sprintf("# %s, as it was told to: %s\n", what, strings.Join(d.names, ", "))
}

// deviationHelp is the table that --deviate list prints.
func deviationHelp() string {
	var b strings.Builder
	group := ""
	for _, d := range emulator.Deviations() {
		if d.Group != group {
			group = d.Group
			fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(group))
		}
		fmt.Fprintf(&b, "  %-30s %s (rule: %s)\n", d.Name, d.Breaks, d.Rule)
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// split takes a list apart at commas and blanks.
func split(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}
