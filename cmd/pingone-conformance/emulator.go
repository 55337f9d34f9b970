package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"pingone-conformance/config"
	"pingone-conformance/emulator"
	"pingone-conformance/examples/seeds"
	"pingone-conformance/internal/collector"
)

// emulating is what the flags of emulator say.
type emulating struct {
	addr       string
	publicURL  string
	tls        bool
	tlsDir     string
	printCA    bool
	strictCORS bool
	health     string
	seed       string
	printSeed  string
	fixed      bool
	state      string
	log        string
	latency    time.Duration
	remote     bool
	methods    []string
	users      int
	policies   int
	faults     faultFlags
	deviations nameFlags
	variations nameFlags
}

func newEmulator() *cobra.Command {
	e := &emulating{deviations: nameFlags{check: emulator.CheckDeviations}, variations: nameFlags{check: emulator.CheckVariations}}
	cmd := &cobra.Command{
		Use: "emulator", Short: "Start the stand-in for PingOne and print the variables to export", GroupID: toRun, Args: noArguments,
		Long: `Emulator starts a stand-in for PingOne on this machine and prints the variables that
make this program, or any other, talk to it. Ctrl-C ends it. It reads flags only, keeps
everything in memory, and writes no file but those that --state and --tls-dir name.

Its own pages are at / and below /emulator/: passcodes, clock, faults, journal, seed.`,
		Example: `  pingone-conformance emulator --addr 127.0.0.1:0 --latency 50ms
  pingone-conformance emulator --fault limited:*:1 --deviate code-reusable
  pingone-conformance emulator --print-seed login-and-mfa > seed.yaml
  pingone-conformance emulator --fault list`,
		RunE: stoppable(e.run),
	}
	flags := cmd.Flags()
	flags.StringVar(&e.addr, "addr", "localhost:9030", "where to listen, `host:port`; port 0 takes a free one")
	flags.StringVar(&e.publicURL, "public-url", "", "the `URL` under which callers reach it, where that is not --addr: containers, proxies")
	flags.BoolVar(&e.tls, "tls", false, "serve https with a certificate of an authority of its own, and send cookies as PingOne does")
	flags.StringVar(&e.tlsDir, "tls-dir", "", "`folder` that keeps the authority of --tls, so that it has to be installed once")
	flags.BoolVar(&e.printCA, "print-ca", false, "print the certificate of the authority in --tls-dir, for installing by hand, and stop")
	flags.BoolVar(&e.strictCORS, "strict-cors", false, "let only those pages read answers whose origin an application's corsSettings list")
	flags.StringVar(&e.health, "healthcheck", "", "start nothing: ask the emulator at this `URL` whether it is up, for containers")
	flags.StringVar(&e.seed, "seed", "", "`file` of what it holds from the start, YAML or JSON, with ${VARIABLES}; --print-seed prints one")
	flags.StringVar(&e.printSeed, "print-seed", "", "start nothing: print a seed to begin with, for the use case of this `name`: "+strings.Join(seeds.Names(), ", "))
	flags.BoolVar(&e.fixed, "fixed", false, "the same ids and secrets at every start, known to everybody")
	flags.StringVar(&e.state, "state", "", "`file` that keeps all that it holds, also when it is killed; without it, memory alone")
	flags.StringVar(&e.log, "log", emulator.LogText, "one line a call on standard error: `text`, json or none; never a secret")
	flags.DurationVar(&e.latency, "latency", 0, "`time` added to every answer, such as 50ms")
	flags.BoolVar(&e.remote, "allow-remote", false, "allow an --addr that other machines can reach")
	flags.StringSliceVar(&e.methods, "methods", []string{"email", "sms", "totp"}, "the `methods` that the default device policy switches on")
	flags.IntVar(&e.users, "max-users", emulator.DefaultMaxUsers, "how many people an environment may have; the default is PingOne's for a trial")
	flags.IntVar(&e.policies, "max-policies", emulator.DefaultMaxPolicies, "how many sign-on policies an environment may have; the default is PingOne's")
	flags.Var(&e.deviations, "deviate", "break the contract in these ways, `names` separated by commas, may be repeated; list explains them")
	flags.Var(&e.variations, "vary", "answer otherwise in these ways that the pages allow, `names` separated by commas or all, may be repeated; list explains them")
	flags.Var(&e.faults, "fault", "what goes wrong, `kind[:operation[:calls[:duration]]]`, may be repeated; list explains it")
	complete(cmd, "print-seed", seeds.Names)
	complete(cmd, "deviate", func() []string { return append(deviationNames(), "list\texplains them") })
	complete(cmd, "vary", func() []string { return append(variationNames(), "list\texplains them") })
	complete(cmd, "fault", func() []string { return append(faultKinds(), "list\texplains them") })
	return cmd
}

// run starts the emulator and waits for the end of ctx.
func (e *emulating) run(ctx context.Context, cmd *cobra.Command) error {
	stdout := cmd.OutOrStdout()
	if table := e.listed(); table != "" {
		say(stdout, "%s", table)
		return nil
	}
	switch {
	case e.users < 1:
		return misuse("--max-users %d: an environment has one person at least", e.users)
	case e.policies < 1:
		return misuse("--max-policies %d: an environment has one sign-on policy at least", e.policies)
	case e.health != "":
		return healthy(ctx, e.health)
	case cmd.Flags().Changed("print-seed"):
		return e.starter(cmd)
	case e.printCA:
		return e.authority(cmd)
	case e.tlsDir != "" && !e.tls:
		return misuse("--tls-dir keeps the authority of --tls, which is missing")
	}
	o, err := e.complete(cmd)
	if err != nil {
		return err
	}
	collector.LeaveRoom()
	server, err := emulator.Start(ctx, o)
	if err != nil {
		return explained(err, e.addr)
	}
	warnings := e.faults.warning(server) + e.deviations.warning("IT BREAKS PINGONE'S CONTRACT") + e.variations.warning("It answers otherwise, within what PingOne's pages allow")
	say(stdout, "%s%s%s", warnings, e.filling(server), greeting(server, e.latency))
	<-ctx.Done()
	if err := server.Close(); err != nil {
		return &exit{statusFailed, err}
	}
	left := "everything in it is gone"
	if e.state != "" {
		left = "what it held is in " + e.state
	}
	say(stdout, "\nThe emulator has stopped; %s.\n", left)
	return nil
}

// listed is the table that a list of --fault, --deviate or --vary asks for, "" for none.
func (e *emulating) listed() string {
	switch {
	case e.faults.list:
		return faultHelp()
	case e.deviations.list:
		return deviationHelp()
	case e.variations.list:
		return variationHelp()
	}
	return ""
}

// filling says where what the emulator holds came from.
func (e *emulating) filling(server *emulator.Server) string {
	switch {
	case server.Recalled() && e.seed != "":
		return fmt.Sprintf("# --seed %s was NOT applied: %s is not empty, and what it holds goes on\n", e.seed, e.state)
	case server.Recalled():
		return fmt.Sprintf("# goes on with what %s holds\n", e.state)
	case e.seed != "":
		return fmt.Sprintf("# holds what %s says\n", e.seed)
	}
	return ""
}

func (e *emulating) options() emulator.Options {
	return emulator.Options{
		Addr: e.addr, AllowRemote: e.remote, PublicURL: e.publicURL, TLS: e.tls, TLSDir: e.tlsDir, StrictCORS: e.strictCORS, Fixed: e.fixed, State: e.state,
		MaxUsers: e.users, MaxPolicies: e.policies, Latency: e.latency, DefaultMethods: e.methods, Faults: e.faults.faults,
		Deviations: e.deviations.names, Variations: e.variations.names,
	}
}

// complete adds to the options what has to be opened or read.
func (e *emulating) complete(cmd *cobra.Command) (emulator.Options, error) {
	o := e.options()
	switch e.log {
	case "none":
	case emulator.LogText, emulator.LogJSON:
		o.Log, o.LogFormat = cmd.ErrOrStderr(), e.log
	default:
		return o, misuse("--log %q is none of text, json, none", e.log)
	}
	if e.seed == "" {
		return o, nil
	}
	var err error
	if o.Seed, err = os.ReadFile(e.seed); err != nil {
		return o, misuse("--seed: %w", err)
	}
	o.SeedFile, o.SeedVariables = e.seed, config.Variable
	return o, nil
}

// starter prints a seed to begin with.
func (e *emulating) starter(cmd *cobra.Command) error {
	text := seeds.Text(e.printSeed)
	if text == nil {
		return misuse("--print-seed %q: there is none of that name; there are %s", e.printSeed, strings.Join(seeds.Names(), ", "))
	}
	say(cmd.OutOrStdout(), "%s", text)
	return nil
}

// authority prints the certificate that callers have to trust.
func (e *emulating) authority(cmd *cobra.Command) error {
	if e.tlsDir == "" {
		return misuse("--print-ca needs --tls-dir, the folder that keeps the authority; a running emulator shows its own at /emulator/ca.pem")
	}
	o := e.options()
	o.TLS = true
	certificate, err := emulator.CA(o)
	if err != nil {
		return explained(err, e.addr)
	}
	say(cmd.OutOrStdout(), "%s", certificate)
	return nil
}

// explained puts a failed start into the words of the flags.
func explained(err error, addr string) error {
	var refused *emulator.OptionsError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is already in use: stop what listens there, or choose another port with --addr localhost:0", addr)
	case errors.Is(err, emulator.ErrStateInUse):
		return fmt.Errorf("--state: %w: end it, or use another file", err)
	case errors.Is(err, emulator.ErrNotLoopback):
		return misuse("--addr %s could be reached by other machines: name a loopback address, or add --allow-remote if that is meant", addr)
	case errors.As(err, &refused):
		return misuse("%w", err)
	}
	return err
}

// greeting says what runs, and gives the variables ready to paste.
func greeting(server *emulator.Server, latency time.Duration) string {
	c := server.Credentials()
	var b strings.Builder
	fmt.Fprintf(&b, "# pingone-conformance emulator %s at %s\n", emulator.Version, server.URL())
	fmt.Fprintf(&b, "# NO IDENTITY PROVIDER: invented people, open to everyone who reaches this port.\n")
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
