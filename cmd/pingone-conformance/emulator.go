package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pingone-conformance/emulator"
)

// emulating is what the flags of emulator say.
type emulating struct {
	addr       string
	latency    time.Duration
	remote     bool
	methods    []string
	faults     faultFlags
	deviations nameFlags
	variations nameFlags
}

func newEmulator() *cobra.Command {
	e := &emulating{deviations: nameFlags{check: emulator.CheckDeviations}, variations: nameFlags{check: emulator.CheckVariations}}
	cmd := &cobra.Command{
		Use: "emulator", Short: "Start the stand-in for PingOne and print the variables to export", GroupID: toRun, Args: noArguments,
		Long: `Emulator starts a stand-in for PingOne on this machine and prints the variables that
make this program, or any other, talk to it. Ctrl-C ends it. It keeps everything in
memory, reads flags only, and writes no file.`,
		Example: `  pingone-conformance emulator --addr 127.0.0.1:0 --latency 50ms
  pingone-conformance emulator --fault limited:*:1 --deviate code-reusable
  pingone-conformance emulator --fault list`,
		RunE: stoppable(e.run),
	}
	flags := cmd.Flags()
	flags.StringVar(&e.addr, "addr", "127.0.0.1:9030", "where to listen, `host:port`; port 0 takes a free one")
	flags.DurationVar(&e.latency, "latency", 0, "`time` added to every answer, such as 50ms")
	flags.BoolVar(&e.remote, "allow-remote", false, "allow an --addr that other machines can reach")
	flags.StringSliceVar(&e.methods, "methods", []string{"email", "sms", "totp"}, "the `methods` that the default device policy switches on")
	flags.Var(&e.deviations, "deviate", "break the contract in these ways, `names` separated by commas, may be repeated; list explains them")
	flags.Var(&e.variations, "vary", "answer otherwise in these ways that the pages allow, `names` separated by commas or all, may be repeated; list explains them")
	flags.Var(&e.faults, "fault", "what goes wrong, `kind[:operation[:calls[:duration]]]`, may be repeated; list explains it")
	complete(cmd, "deviate", func() []string { return append(deviationNames(), "list\texplains them") })
	complete(cmd, "vary", func() []string { return append(variationNames(), "list\texplains them") })
	complete(cmd, "fault", func() []string { return append(faultKinds(), "list\texplains them") })
	return cmd
}

// run starts the emulator and waits for the end of ctx.
func (e *emulating) run(ctx context.Context, cmd *cobra.Command) error {
	stdout := cmd.OutOrStdout()
	switch {
	case e.faults.list:
		say(stdout, "%s", faultHelp())
		return nil
	case e.deviations.list:
		say(stdout, "%s", deviationHelp())
		return nil
	case e.variations.list:
		say(stdout, "%s", variationHelp())
		return nil
	}
	server, err := emulator.Start(ctx, emulator.Options{
		Addr: e.addr, AllowRemote: e.remote, Latency: e.latency, DefaultMethods: e.methods, Faults: e.faults.faults,
		Deviations: e.deviations.names, Variations: e.variations.names,
	})
	if err != nil {
		return &exit{statusFailed, explained(err, e.addr)}
	}
	warnings := e.faults.warning(server) + e.deviations.warning("IT BREAKS PINGONE'S CONTRACT") + e.variations.warning("It answers otherwise, within what PingOne's pages allow")
	say(stdout, "%s%s", warnings, greeting(server, e.latency))
	<-ctx.Done()
	if err := server.Close(); err != nil {
		return &exit{statusFailed, err}
	}
	say(stdout, "\nThe emulator has stopped; everything in it is gone.\n")
	return nil
}

// explained puts a failed start into the words of the flags.
func explained(err error, addr string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is already in use: stop what listens there, or choose another port with --addr 127.0.0.1:0", addr)
	case errors.Is(err, emulator.ErrNotLoopback):
		return fmt.Errorf("--addr %s could be reached by other machines: name a loopback address, or add --allow-remote if that is meant", addr)
	}
	return err
}

// greeting says what runs, and gives the variables ready to paste.
func greeting(server *emulator.Server, latency time.Duration) string {
	c := server.Credentials()
	var b strings.Builder
	fmt.Fprintf(&b, "# pingone-conformance emulator %s at %s\n", emulator.Version, server.URL())
	fmt.Fprintf(&b, "# NO IDENTITY PROVIDER: invented people, kept in memory, open to everyone who reaches this port.\n")
	if latency > 0 {
		fmt.Fprintf(&b, "# every answer takes %s longer\n", latency)
	}
	fmt.Fprintf(&b, "# paste into another shell; Ctrl-C here ends the emulator\n")
	for _, variable := range [][2]string{
		{"PINGONE_MODE", "live"},
		{"PINGONE_API_URL", server.URL()},
		{"PINGONE_AUTH_URL", server.URL()},
		{"PINGONE_ENVIRONMENT_ID", c.EnvironmentID},
		{"PINGONE_CLIENT_ID", c.ClientID},
		{"PINGONE_CLIENT_SECRET", c.ClientSecret},
		{"PINGONE_PASSCODE", "outbox"},
		{"PINGONE_OUTBOX_URL", server.OutboxURL()},
	} {
		fmt.Fprintf(&b, "export %s='%s'\n", variable[0], variable[1])
	}
	return b.String()
}
