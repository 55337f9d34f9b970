package suite

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"pingone-conformance/config"
)

// Tags of scenarios that not every place can hold.
const (
	// TimeTravel marks scenarios that set the environment's clock forward.
	TimeTravel = "@time-travel"
	// TwoEnvironments marks scenarios that need a worker application of another environment.
	TwoEnvironments = "@two-environments"
	// SentPasscode marks scenarios about passcodes that are sent: with an
	// authenticator device, which computes its own, they make no sense.
	SentPasscode = "@sent-passcode"
)

// possible narrows a tag expression to what the environment and the source of
// passcodes can hold.
func possible(o Options) string {
	var parts []string
	if o.Tags != "" {
		parts = append(parts, o.Tags)
	}
	if o.Config.Mode == config.Live {
		if _, settable := clockOf(o.Config); !settable {
			parts = append(parts, "~"+TimeTravel)
		}
		parts = append(parts, "~"+TwoEnvironments)
	}
	if o.Config.Passcode.Source == config.TOTP {
		parts = append(parts, "~"+SentPasscode)
	}
	return strings.Join(parts, " && ")
}

// Places opens what the mode needs, unless the options bring places of their own; the
// returned function ends it.
func Places(ctx context.Context, o Options) (Opener, func() error, error) {
	o = o.sharing()
	nothing := func() error { return nil }
	if o.Places != nil {
		return o.Places, nothing, nil
	}
	switch o.Config.Mode {
	case config.Replay:
		return replayPlaces{recordings: o.Fixtures}, nothing, nil
	case config.Emulator:
		if o.Config.Record {
			return emulatorRecorder{options: o}, nothing, nil
		}
		places, err := startEmulator(ctx, o, o.Emulator)
		if err != nil {
			return nil, nil, err
		}
		return places, places.close, nil
	case config.Live:
		places, err := newLivePlaces(ctx, o)
		if err != nil {
			return nil, nil, err
		}
		return places, places.close, nil
	}
	return nil, nil, fmt.Errorf("mode %q is not known", o.Config.Mode)
}

// appsURL is where a region's sign-on pages are: beside the authorization server,
// or on it when its host does not begin with auth.
func appsURL(c config.Config) string {
	u, err := url.Parse(c.AuthURL)
	if err != nil {
		return c.AuthURL
	}
	if rest, ok := strings.CutPrefix(u.Host, "auth."); ok {
		u.Host = "apps." + rest
	}
	return u.String()
}
