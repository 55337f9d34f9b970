package config

import (
	"pingone-conformance/client"
	"time"
)

// The modes: who answers the suite's calls.
const (
	Replay   = "replay"   // the recorded exchanges
	Emulator = "emulator" // the project's own stand-in, started in the process
	Live     = "live"     // a PingOne environment, or a server given by URL
)

// The sources of one-time passcodes.
const (
	Outbox     = "outbox"      // what the emulator would have sent
	TestDevice = "test-device" // a testMode device, whose answers carry the passcode
	Command    = "command"     // a program that prints it
	Prompt     = "prompt"      // a person at the terminal
	TOTP       = "totp"        // an authenticator device, computed
)

// Config is the configuration of a run. Its printed forms show no secret; but keep it
// in exported fields only, since fmt asks no unexported field how to print it.
type Config struct {
	// Mode is Replay, Emulator or Live; Record asks for fixtures to be written.
	Mode   string
	Record bool
	// Region is PingOne's region code; APIURL and AuthURL are its hosts, or the
	// URLs that were given instead. Both are empty in replay and emulator mode.
	Region, APIURL, AuthURL string
	// EnvironmentID is the environment that holds the worker application,
	// TargetEnvironmentID the one where things are created. These and the
	// worker's credentials are set in live mode only.
	EnvironmentID, TargetEnvironmentID string
	ClientID, ClientSecret             string
	// Passcode says where one-time passcodes come from.
	Passcode PasscodeConfig
	// Phone and Email are where PingOne may send passcodes; live mode only, ""
	// when not given.
	Phone, Email string
	// AllowProduction is the id of the one production environment that may be
	// used, or "".
	AllowProduction string
	// MaxRPS is how many calls a second the run may make; 0 means no limit.
	MaxRPS float64
	// Limits are the run's time limits.
	Limits Limits
}

// PasscodeConfig says where one-time passcodes come from.
type PasscodeConfig struct {
	// Source is Outbox, TestDevice, Command, Prompt or TOTP.
	Source string
	// Command is the program's command line; it may hold a secret.
	Command string
	// Timeout bounds the wait for one passcode.
	Timeout time.Duration
	// OutboxURL is where a running emulator shows its outbox; "" when not given.
	OutboxURL string
}

// Load reads the configuration from lookup, which works like os.LookupEnv; a
// variable that is set to "" counts as not set. Its error is a Faults.
func Load(lookup func(name string) (string, bool)) (Config, error) {
	r := &reader{lookup: lookup}
	c := r.config()
	return c, r.faults.err()
}

// config reads what the mode needs, and only that.
func (r *reader) config() Config {
	c := Config{
		Mode:   r.oneOf("PINGONE_MODE", "mode", Replay, Replay, Emulator, Live),
		Record: r.boolean("PINGONE_RECORD"),
		Limits: r.limits(),
	}
	if c.Record && c.Mode == Replay {
		r.fault("PINGONE_RECORD", `"true" needs PINGONE_MODE=emulator or PINGONE_MODE=live; in replay nobody new answers`)
	}
	if c.Mode == Emulator || c.Mode == Live {
		c.MaxRPS = r.rate("PINGONE_MAX_RPS")
	}
	if c.Mode == Live {
		r.live(&c)
	}
	c.Passcode = r.passcode(&c)
	c.Limits = c.Limits.slowed(c.MaxRPS, c.Passcode.Source == Command || c.Passcode.Source == Prompt)
	return c
}

// live reads what a real environment needs.
func (r *reader) live(c *Config) {
	c.Region, c.APIURL, c.AuthURL = r.hosts()
	c.EnvironmentID = r.environmentID("PINGONE_ENVIRONMENT_ID")
	r.demand("PINGONE_ENVIRONMENT_ID", "the id of the environment that holds the worker application")
	c.TargetEnvironmentID = r.environmentID("PINGONE_TARGET_ENVIRONMENT_ID")
	if c.TargetEnvironmentID == "" {
		c.TargetEnvironmentID = c.EnvironmentID
	}
	c.ClientID = r.text("PINGONE_CLIENT_ID")
	r.demand("PINGONE_CLIENT_ID", "the worker application's id")
	c.ClientSecret = r.text("PINGONE_CLIENT_SECRET")
	r.demand("PINGONE_CLIENT_SECRET", "the worker application's secret")
	c.AllowProduction = r.environmentID("PINGONE_ALLOW_PRODUCTION")
	c.Phone, c.Email = r.checked("PINGONE_PHONE", checkPhone), r.checked("PINGONE_EMAIL", checkEmail)
}

// passcode reads where passcodes come from. Replay sends none.
func (r *reader) passcode(c *Config) PasscodeConfig {
	p := PasscodeConfig{Timeout: c.Limits.Passcode}
	if c.Mode != Emulator && c.Mode != Live {
		return p
	}
	usual := Outbox
	if c.Mode == Live {
		if p.OutboxURL = r.checked("PINGONE_OUTBOX_URL", client.CheckURL); p.OutboxURL == "" {
			usual = TestDevice
		}
	}
	p.Source = r.oneOf("PINGONE_PASSCODE", "source of passcodes", usual, Outbox, TestDevice, Command, Prompt, TOTP)
	if p.Source == Command {
		p.Command = r.text("PINGONE_PASSCODE_COMMAND")
		r.demandFor("PINGONE_PASSCODE_COMMAND", "PINGONE_PASSCODE=command", "a program that prints the passcode")
	}
	if c.Mode == Live {
		r.passcodeLive(p.Source)
	}
	return p
}

// passcodeLive demands what a source cannot do without in a real environment.
func (r *reader) passcodeLive(source string) {
	chosen := "PINGONE_PASSCODE=" + source
	switch source {
	case Outbox:
		r.demandFor("PINGONE_OUTBOX_URL", chosen, "the outbox of a running emulator; PingOne has none")
	case Command, Prompt:
		r.demandFor("PINGONE_PHONE", chosen, "a phone that may get real text messages")
		r.demandFor("PINGONE_EMAIL", chosen, "an address that may get real e-mail")
	}
}
