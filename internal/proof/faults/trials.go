package faults

import (
	"slices"
	"time"
)

// Trial is one fault and what a live run should make of it.
type Trial struct {
	// Fault is what --fault of the emulator takes; several stand apart, "" is none.
	Fault string
	// Says is what every journey that fails has to say; "" means that none fails.
	Says string
	// Spared are journeys that pass all the same.
	Spared []string
	// Notes is what the run prints about the environment before it begins.
	Notes string
	// Least is what the run has to wait at least.
	Least time.Duration
	// Limit bounds one call of the run, 0 for CallLimit: less than that where no call is answered.
	Limit time.Duration
	// Waits says that the run waits for seconds: it begins at once, and the others run meanwhile.
	Waits bool
	// Stays says that something may stay, since nothing could be deleted.
	Stays bool
}

// What a run says of the calls that a fault strikes.
const (
	broke     = "closed the connection before it answered"
	half      = "the answer broke off"
	password  = "set the password of"
	breach    = "the answer breaks its contract: POST "
	elsewhere = "/_links/self/href does not lead to this resource"
)

// Trials are the rows of the matrix: every kind of fault, on every sort of call for
// which a run can do something else about it.
func Trials() []Trial {
	return slices.Concat(
		slowness(), busyness(), failures(), timeouts(), resets(),
		losses(), halves(), lags(), skews(), lies(),
	)
}

// slowness is answers that come late.
func slowness() []Trial {
	return []Trial{
		{Fault: ""},
		{Fault: "latency:*::5ms"},
		{Fault: "slow:*::20ms"},
		{Fault: "slow:token::40s", Waits: true, Limit: time.Second, Says: "look at the environment: preflight: Get Worker Token: no answer to POST"},
		{Fault: "latency:user.create:1:40s", Waits: true},
		{Fault: "latency:user.create::40s", Waits: true},
	}
}

// busyness is an environment that has no time.
func busyness() []Trial {
	return []Trial{
		{Fault: "limited:*:1:1ms"},
		{Fault: "limited-date:*:1:1ms"},
		{Fault: "limited:token:1:1s", Waits: true, Least: time.Second},
		{Fault: "limited:application.create::1ms", Says: `answered 429; PingOne says REQUEST_LIMITED`},
		{Fault: "limited:flow.*:1:1ms"},
		{Fault: "unavailable:*:1:1ms"},
		{Fault: "unavailable:population.create::1ms", Says: "answered 503"},
	}
}

// failures is 500 where something was asked.
func failures() []Trial {
	return []Trial{
		{Fault: "failed:token:1"},
		{Fault: "failed:token:/3", Says: "exchange the authorization code: wanted 200"},
		{Fault: "failed:*.list:1"},
		{Fault: "failed:*.read:1"},
		{Fault: "failed:*.create:1"},
		{Fault: "failed:*.delete:1"},
		{Fault: "failed:user.password.set:1", Says: password},
		{Fault: "failed:authorize:1"},
		{Fault: "failed:flow.read:1"},
		{Fault: "failed:flow.*.check:1", Says: "answered 500; PingOne says UNEXPECTED_ERROR"},
		{Fault: "failed:resume:1", Says: "resume the authorization: wanted"},
		{Fault: "failed:signOnPolicy.create", Says: "(tried 5 times in"},
		{Fault: "failed:*.delete", Says: "is left behind: DELETE", Stays: true},
	}
}

// timeouts is 504 from a gateway, whatever became of the call.
func timeouts() []Trial {
	return []Trial{
		{Fault: "timeout:*.create:1"},
		{Fault: "timeout:*.delete:1"},
		{Fault: "timeout:user.password.set:1", Says: password},
		{Fault: "timeout:flow.*.check:1", Says: "answered 504"},
		{Fault: "timeout:*.create"},
	}
}

// resets is connections that break before an answer.
func resets() []Trial {
	return []Trial{
		{Fault: "reset:token:1"},
		{Fault: "reset:*.list:1"},
		{Fault: "reset:*.create:1"},
		{Fault: "reset:*.delete:1"},
		{Fault: "reset:user.password.set:1", Says: broke},
		{Fault: "reset:flow.*.check:1", Says: broke},
		{Fault: "reset:population.create", Says: broke},
	}
}

// losses is answers that are lost after the deed is done.
func losses() []Trial {
	return []Trial{
		{Fault: "lost:token:1"},
		{Fault: "lost:*.create:1"},
		{Fault: "lost:*.create"},
		{Fault: "lost:user.create failed:user.read", Says: "it was created, but could not be read back", Stays: true},
		{Fault: "lost:*.delete:1"},
		{Fault: "lost:user.password.set:1", Says: broke},
		{Fault: "lost:flow.*.check:1", Says: broke},
	}
}

// halves is answers that break off.
func halves() []Trial {
	return []Trial{
		{Fault: "half:token:1"},
		{Fault: "half:*.read:1"},
		{Fault: "half:*.create:1"},
		{Fault: "half:*.delete:1"},
		{Fault: "half:flow.*.check:1", Says: half},
		{Fault: "half:jwks:1"},
	}
}

// lags is changes that show late.
func lags() []Trial {
	return []Trial{
		{Fault: "lag:::150ms"},
		{Fault: "lag:grant.*::150ms"},
		{Fault: "lag:::1m", Waits: true, Says: "(still 404 after"},
	}
}

// skews is clocks that disagree.
func skews() []Trial {
	return []Trial{
		{Fault: "skew:20s", Notes: "note  clock: this machine's is"},
		{Fault: "skew:-20s", Notes: "note  clock: this machine's is"},
		{Fault: "skew:5m", Notes: "behind PingOne's", Says: "login_hint_token The login hint token is not valid", Spared: []string{"progressive_profiling", "login_and_mfa"}},
		{Fault: "skew:-5m", Notes: "ahead of PingOne's"},
		{Fault: "skew:2h", Notes: "behind PingOne's", Says: "login_hint_token The login hint token is not valid", Spared: []string{"progressive_profiling", "login_and_mfa"}},
		// What was there before the clock went back was made in the future.
		{Fault: "skew:-2h", Notes: "ahead of PingOne's", Says: "lies in the future (want not after the answer itself"},
	}
}

// lies is answers of no use, links that lead elsewhere, and deletions that delete nothing.
func lies() []Trial {
	return []Trial{
		{Fault: "body-null:user.create", Says: breach},
		{Fault: "body-list:user.create", Says: breach},
		{Fault: "body-html:user.create", Says: breach},
		{Fault: "body-cut:user.create", Says: "cannot be used: it begins as JSON and is none"},
		{Fault: "body-twice:user.create", Says: `cannot be used: its JSON has the member "id" twice`},
		{Fault: "body-huge:user.create", Says: "the answer is larger than 10 MiB"},
		{Fault: "body-deep:user.create", Says: "cannot be used: it is JSON with more than 50 levels"},
		{Fault: "body-null:*.create", Says: breach},
		{Fault: "body-html:signOnPolicy.create", Says: breach},
		{Fault: "body-null:user.create failed:user.list", Says: "is left behind: no usable answer came to its creation", Stays: true},
		{Fault: "body-twice:environment.read", Says: `look at the environment: preflight: Read Environment`},
		{Fault: "elsewhere:application.create", Says: elsewhere},
		{Fault: "elsewhere:*.create", Says: elsewhere},
		{Fault: "ignored:*.delete", Waits: true, Says: "is left behind: its deletion was answered, but it is still there", Stays: true},
		{Fault: "ignored:user.delete", Waits: true, Says: "is left behind: its deletion was answered, but it is still there", Stays: true},
		{Fault: "ignored:application.delete:1", Waits: true, Says: "is left behind: its deletion was answered, but it is still there", Stays: true},
	}
}
