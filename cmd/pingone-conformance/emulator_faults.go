package main

import (
	"fmt"
	"strings"

	"pingone-conformance/emulator"
)

// faultFlags collects every --fault of the command line.
type faultFlags struct {
	texts  []string
	faults []emulator.Fault
	list   bool // --fault list: explain the kinds and stop
}

// String implements pflag.Value.
func (f *faultFlags) String() string { return strings.Join(f.texts, " ") }

// Set implements pflag.Value: it reads one more --fault.
func (f *faultFlags) Set(text string) error {
	if text == "list" {
		f.list = true
		return nil
	}
	fault, err := emulator.ParseFault(text)
	if err != nil {
		return fmt.Errorf("%w (--fault list explains them)", err)
	}
	f.texts, f.faults = append(f.texts, text), append(f.faults, fault)
	return nil
}

// Type implements pflag.Value.
func (f *faultFlags) Type() string { return "fault" }

// faultKinds are the kinds of faults, each with what it does, as shells show it.
func faultKinds() []string {
	var words []string
	for _, kind := range emulator.FaultKinds() {
		words = append(words, kind.Name+"\t"+kind.Does)
	}
	return words
}

// warning says what goes wrong on purpose, so that nobody looks for the cause.
func (f *faultFlags) warning(server *emulator.Server) string {
	if len(f.faults) == 0 {
		return ""
	}
	return fmt.Sprintf("# FAULTS ON PURPOSE: %s (shown and changed at %s)\n", f, server.FaultsURL())
}

// faultHelp explains --fault.
func faultHelp() string {
	var b strings.Builder
	fmt.Fprintf(&b, "--fault kind[:operation[:calls[:duration]]], may be repeated\n\nkinds:\n")
	for _, kind := range emulator.FaultKinds() {
		fmt.Fprintf(&b, "  %-13s %s\n", kind.Name, kind.Does)
		if kind.For != "" {
			fmt.Fprintf(&b, "  %-13s duration: %s; %s when none is given\n", "", kind.For, kind.Usual)
		}
	}
	fmt.Fprintf(&b, "\noperation: a name or pattern such as application.create, user.*, *.delete, token, flow.otp.check; * or nothing for all\n")
	fmt.Fprintf(&b, "calls:     3 the first three of each operation, /3 every third, 10%% a tenth by chance (10%%42: with seed 42); nothing for all\n")
	fmt.Fprintf(&b, "\nexamples:  --fault limited:*:1 --fault lost:application.create:1 --fault latency:token:/2:200ms --fault skew:-5m\n")
	return b.String()
}
