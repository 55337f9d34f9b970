// Command emulator runs the local stand-in for PingOne by hand and prints the
// variables that make the suite, or any other program, talk to it.
//
// It reads flags only, and writes no file.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"pingone-conformance/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run starts the emulator and waits for the end of ctx. It returns the exit
// status: 0 after a clean stop, 1 when the emulator failed, 2 for wrong flags.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:9030", "where to listen, `host:port`; port 0 takes a free one")
	latency := flags.Duration("latency", 0, "`time` added to every answer, such as 50ms")
	remote := flags.Bool("allow-remote", false, "allow an -addr that other machines can reach")
	methods := flags.String("methods", "email,sms,totp", "`methods` that the default device policy switches on")
	faults := &faultFlags{}
	deviations := &deviationFlags{}
	flags.Var(deviations, "deviate", "break the contract in these ways, `name,name`, may be repeated; list explains")
	flags.Var(faults, "fault", "what goes wrong, `kind[:operation[:calls[:duration]]]`, may be repeated; list explains")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		report(stderr, "emulator: unexpected argument %q\n", flags.Arg(0))
		return 2
	}
	if faults.list {
		report(stdout, "%s", faultHelp())
		return 0
	}
	if deviations.list {
		report(stdout, "%s", deviationHelp())
		return 0
	}
	server, err := emulator.Start(ctx, emulator.Options{
		Addr: *addr, AllowRemote: *remote, Latency: *latency, DefaultMethods: split(*methods), Faults: faults.faults,
		Deviations: deviations.names,
	})
	if err != nil {
		report(stderr, "%s\n", explain(err, *addr))
		return 1
	}
	report(stdout, "%s%s%s", faults.warning(server), deviations.warning(), greeting(server, *latency))
	<-ctx.Done()
	if err := server.Close(); err != nil {
		report(stderr, "%v\n", err)
		return 1
	}
	report(stdout, "\nThe emulator has stopped; everything in it is gone.\n")
	return 0
}

func split(list string) []string {
	return strings.FieldsFunc(list, func(c rune) bool { return c == ',' || c == ' ' })
}

// explain puts a failed start into the words of the flags.
func explain(err error, addr string) string {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Sprintf("emulator: %s is already in use: stop what listens there, or choose another port with -addr 127.0.0.1:0", addr)
	case errors.Is(err, emulator.ErrNotLoopback):
		return fmt.Sprintf("emulator: -addr %s could be reached by other machines: name a loopback address, or add -allow-remote if that is meant", addr)
	default:
		return err.Error()
	}
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

// report writes for a person; one that is gone cannot be told.
func report(w io.Writer, format string, arguments ...any) {
	_, _ = fmt.Fprintf(w, format, arguments...)
}
