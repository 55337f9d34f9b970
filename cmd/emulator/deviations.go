package main

import (
	"fmt"
	"strings"

	"pingone-conformance/emulator"
)

// deviationFlags collects -deviate, which may be repeated and hold several names.
type deviationFlags struct {
	names []string
	list  bool
}

// String implements flag.Value.
func (d *deviationFlags) String() string { return strings.Join(d.names, ",") }

// Set implements flag.Value.
func (d *deviationFlags) Set(text string) error {
	if text == "list" {
		d.list = true
		return nil
	}
	names := split(text)
	if err := emulator.CheckDeviations(names); err != nil {
		return err
	}
	d.names = append(d.names, names...)
	return nil
}

// warning says loudly that this emulator is not what it should be.
func (d *deviationFlags) warning() string {
	if len(d.names) == 0 {
		return ""
	}
	return fmt.Sprintf("# IT BREAKS PINGONE'S CONTRACT, as it was told to: %s\n", strings.Join(d.names, ", "))
}

// deviationHelp is the table that -deviate list prints.
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
