package suite

import (
	"context"
	"time"

	"pingone-conformance/internal/passcode"
)

// Progress hears how a run goes on, for whoever shows it while it lasts. Its methods are
// called by several goroutines, and must be quick.
type Progress interface {
	// Begin says how many scenarios there are.
	Begin(scenarios int)
	// Step is the line that a scenario has come to.
	Step(scenario ID, line string)
	// Waiting says what is waited for, such as "a passcode", and for how long at most, 0 when
	// that is not known. "" takes back what was said.
	Waiting(what string, atMost time.Duration)
	// End is how a scenario ended.
	End(Result)
}

// silence hears everything and says nothing.
type silence struct{}

// Begin is Progress's.
func (silence) Begin(int) {}

// Step is Progress's.
func (silence) Step(ID, string) {}

// Waiting is Progress's.
func (silence) Waiting(string, time.Duration) {}

// End is Progress's.
func (silence) End(Result) {}

func (o Options) progress() Progress {
	if o.Progress == nil {
		return silence{}
	}
	return o.Progress
}

// announced is a source of passcodes that says when one is waited for.
type announced struct {
	passcode.Source
	progress Progress
}

// announce lets a source say when it waits; one that computes its passcodes never does.
func announce(source passcode.Source, progress Progress) passcode.Source {
	if _, computes := source.(*passcode.TOTP); source == nil || computes || progress == nil {
		return source
	}
	if outbox, looks := source.(sent); looks {
		return struct {
			announced
			sent
		}{announced{source, progress}, outbox}
	}
	return announced{source, progress}
}

// sent is what a source has beside where one can see that nothing was sent.
type sent interface {
	Sent(ctx context.Context, d passcode.Device, since time.Time) (bool, error)
}

// Passcode waits for a passcode, as passcode.Source says.
func (a announced) Passcode(ctx context.Context, d passcode.Device, flow []byte, since time.Time) (string, error) {
	a.progress.Waiting("a passcode", 0)
	defer a.progress.Waiting("", 0)
	return a.Source.Passcode(ctx, d, flow, since)
}
