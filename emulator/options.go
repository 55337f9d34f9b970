package emulator

import (
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/deviation"
	"pingone-conformance/emulator/internal/variation"
)

// Version is written into recordings and shown on the emulator's page.
const Version = "0.1.0"

// Options is how an emulator differs from the usual one; the zero value is fine.
type Options struct {
	// Addr is where to listen, host:port; "" is a free port of 127.0.0.1.
	Addr string
	// AllowRemote has to be set for an Addr that is not loopback: then whoever
	// can reach the port can use, and read, everything.
	AllowRemote bool
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Random is where ids, secrets and passcodes come from; nil is crypto/rand.
	// The same bytes and calls give the same ids. The keys that tokens are
	// signed with do not come from it.
	Random io.Reader
	// Latency is added to every answer of PingOne's paths.
	Latency time.Duration
	// DefaultMethods are the methods (sms, email, voice, totp) that the default
	// device policy of the environment has switched on. nil means email, sms and
	// totp, so that all three use cases run at once. A new environment of PingOne
	// has email alone; so has every environment that is created over the API.
	DefaultMethods []string
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

	deviations deviation.Set
	variations variation.Set
	decisions  *deviation.Decisions

	limits limits // zero: the usual ones
}

const defaultAddr = "127.0.0.1:0"

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
	deviations, err := deviation.NewSet(o.Deviations)
	if err != nil {
		return o, fmt.Errorf("emulator: %w", err)
	}
	o.deviations, o.decisions = deviations, deviations.Decisions()
	if o.variations, err = variation.NewSet(o.Variations); err != nil {
		return o, fmt.Errorf("emulator: %w", err)
	}
	if o.Latency < 0 {
		return o, fmt.Errorf("emulator: latency %s is less than none", o.Latency)
	}
	for _, method := range o.DefaultMethods {
		if !slices.Contains([]string{"sms", "email", "voice", "totp"}, method) {
			return o, fmt.Errorf("emulator: %q is no method of a device policy: sms, email, voice, totp are", method)
		}
	}
	host, _, err := net.SplitHostPort(o.Addr)
	if err != nil {
		return o, fmt.Errorf("emulator: address %q is not host:port: %w", o.Addr, err)
	}
	if !loopback(host) && !o.AllowRemote {
		return o, fmt.Errorf("emulator: %w: %q", ErrNotLoopback, o.Addr)
	}
	return o, nil
}

// ErrNotLoopback refuses to listen where other machines could reach the emulator.
var ErrNotLoopback = errors.New("the address is not loopback, and remote callers were not allowed")

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
