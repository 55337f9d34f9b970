package emulator

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/wire"
)

// Version is written into recordings and shown on the emulator's page.
const Version = "0.1.0"

// Options is how an emulator differs from the usual one; the zero value is fine.
type Options struct {
	// Addr is where to listen, host:port; "" is a free port of localhost. With the
	// host localhost the emulator answers on 127.0.0.1 and on ::1.
	Addr string
	// AllowRemote has to be set for an Addr that is not loopback: then whoever
	// can reach the port can use, and read, everything.
	AllowRemote bool
	// PublicURL is where callers reach the emulator when that is not where it
	// listens, as in a container or behind a proxy: scheme://host[:port]. Links,
	// issuers and cookies are made for it. "" is the address that a caller called.
	PublicURL string
	// TLS serves https, with a certificate for localhost, 127.0.0.1, ::1 and the
	// host of PublicURL, and sends cookies as PingOne does. Server.CA is what
	// callers have to trust. TLSDir keeps the authority; "" makes one in memory.
	TLS    bool
	TLSDir string
	// StrictCORS lets pages read only what is about an application whose
	// corsSettings list their origin. Without it, an application without
	// corsSettings allows every origin, as in PingOne.
	StrictCORS bool
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Random is where ids, secrets and passcodes come from; nil is crypto/rand.
	// The same bytes and calls give the same ids. The keys that tokens are
	// signed with do not come from it.
	Random io.Reader
	// MaxUsers and MaxPolicies are how many people and sign-on policies an environment
	// may have; 0 is what PingOne's page says: 1,000,000 and 100.
	//
	// https://docs.pingidentity.com/pingone/getting_started_with_pingone/p1_platform_limits.html
	MaxUsers, MaxPolicies int
	// Latency is added to every answer of PingOne's paths.
	Latency time.Duration
	// DefaultMethods are the methods (sms, email, voice, totp) that the default
	// device policy of the environment has switched on. nil means email, sms and
	// totp, so that all three use cases run at once. A new environment of PingOne
	// has email alone; so has every environment that is created over the API.
	DefaultMethods []string
	// Seed is what the emulator holds from the start, as YAML or JSON; nil is two
	// environments with a worker application each. SeedFile is its name in errors.
	Seed     []byte
	SeedFile string
	// SeedVariables is where ${NAME} and ${NAME:-default} in the seed's values come from,
	// such as os.LookupEnv; nil sets none.
	SeedVariables func(name string) (value string, set bool)
	// Fixed makes the ids and secrets that the start makes the same at every start,
	// also those that a seed leaves open. They are known to everybody.
	Fixed bool
	// State is a file that keeps all that the emulator holds, also when the process is
	// killed; "" is memory alone. A seed fills an empty file only.
	State string
	// Log is where one line for each call goes, without secrets; nil is nowhere.
	// LogFormat is "text" or "json"; "" is text.
	Log       io.Writer
	LogFormat string
	// Faults are what goes wrong from the start; Server.FaultsURL changes them.
	Faults []Fault
	// Deviations are the names of the ways in which this emulator breaks PingOne's
	// contract; Deviations lists them.
	Deviations []string

	// Variations are the names of the ways in which this emulator answers otherwise
	// within what PingOne's pages allow; Variations lists them, "all" means all.
	Variations []string
	// Varied hears of each call that a variation has changed, by its name; it may be
	// called several at a time. nil hears nothing.
	Varied func(name string)

	limits limits // zero: the usual ones
}

const defaultAddr = "localhost:0"

// PingOne's limits of people, in a trial, and of sign-on policies in an environment.
const (
	DefaultMaxUsers    = management.DefaultMaxUsers
	DefaultMaxPolicies = management.DefaultMaxPolicies
)

func defaultMethods() []string { return []string{"email", "sms", "totp"} }

// checked fills in the defaults and refuses what cannot be meant.
func (o Options) checked() (Options, error) {
	if o.Addr == "" {
		o.Addr = defaultAddr
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.DefaultMethods == nil {
		o.DefaultMethods = defaultMethods()
	}
	if o.limits == (limits{}) {
		o.limits = usualLimits()
	}
	if err := errors.Join(CheckDeviations(o.Deviations), CheckVariations(o.Variations)); err != nil {
		return o, fmt.Errorf("emulator: %w", err)
	}
	if !slices.Contains([]string{"", LogText, LogJSON}, o.LogFormat) {
		return o, fmt.Errorf("emulator: %q is no format of a log: text and json are", o.LogFormat)
	}
	if o.MaxUsers < 0 || o.MaxPolicies < 0 {
		return o, errors.New("emulator: a limit of users or policies is less than none")
	}
	if o.Latency < 0 {
		return o, fmt.Errorf("emulator: latency %s is less than none", o.Latency)
	}
	for _, method := range o.DefaultMethods {
		if !slices.Contains([]string{"sms", "email", "voice", "totp"}, method) {
			return o, fmt.Errorf("emulator: %q is no method of a device policy: sms, email, voice, totp are", method)
		}
	}
	return o.checkedAddresses()
}

func (o Options) checkedAddresses() (Options, error) {
	host, port, err := net.SplitHostPort(o.Addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return o, fmt.Errorf("emulator: address %q is not host:port: %w", o.Addr, err)
	}
	if !wire.Loopback(host) && !o.AllowRemote {
		return o, fmt.Errorf("emulator: %w: %q", ErrNotLoopback, o.Addr)
	}
	if o.PublicURL == "" {
		return o, nil
	}
	public, err := url.Parse(o.PublicURL)
	if err != nil || public.Scheme != "http" && public.Scheme != "https" || public.Hostname() == "" || strings.Trim(public.Path, "/") != "" || public.RawQuery+public.Fragment != "" || public.User != nil {
		return o, fmt.Errorf("emulator: the public URL %q is not http://host[:port] or https://host[:port]", o.PublicURL)
	}
	o.PublicURL = public.Scheme + "://" + public.Host
	return o, nil
}

// OptionsError refuses options with which no emulator can start; nothing was done.
type OptionsError struct{ err error }

// Error says what is wrong with them.
func (e *OptionsError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *OptionsError) Unwrap() error { return e.err }

// ErrNotLoopback refuses to listen where other machines could reach the emulator.
var ErrNotLoopback = errors.New("the address is not loopback, and remote callers were not allowed")
