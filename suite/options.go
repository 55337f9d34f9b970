package suite

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite/report"
	"pingone-conformance/suite/report/results"
)

// Options says which scenarios to run, by whose sentences, where, and who is informed.
// Features, Sentences and, in replay, Fixtures are needed; the zero value of the rest is
// a choice of its own.
type Options struct {
	// Config says who answers, and within which limits.
	Config config.Config
	// Features holds the .feature files at its root.
	Features fs.FS
	// Sentences registers the sentences of one scenario; it is called for each.
	Sentences func(*Registry)
	// UseCases are the published lists. A scenario whose lines carry published numbers
	// needs the list of its feature, and is held against it.
	UseCases []UseCase
	// Contract is what every answer is held against; nil is the built-in contract.
	Contract *contract.Contract
	// Fixtures holds the recordings, <feature>/<scenario>.txtar; RecordTo is the folder
	// that gets new ones.
	Fixtures fs.FS
	RecordTo string
	// RecordingsIn is the folder of the recordings as an error names it to whoever wants to
	// open one, "" for RecordTo.
	RecordingsIn string
	// Rerun is the command that runs one scenario again, up to its name, such as
	// "make one NAME="; "" is that of the program.
	Rerun string
	// RerunFlags are flags and their values that this command needs besides, such as --features.
	RerunFlags []string
	// Paths selects features ("login_and_mfa.feature") or single scenarios
	// ("login_and_mfa.feature:12"); empty means all.
	Paths []string
	// Tags is a godog tag expression; empty means all.
	Tags string
	// Repeat is how often everything is run, in the same places; 0 and 1 are once. There is one result for each scenario all the
	// same: that of its first failure, or of the round in which it took longest.
	Repeat int
	// Concurrency is how many scenarios run at a time, at least 1.
	Concurrency int
	// Shard is which part of the selected scenarios this is, nil for all: see func Shard.
	Shard *results.Shard
	// Seed shuffles the scenarios; 0 keeps the order of the files.
	Seed int64
	// Output receives the story of the run; nil prints nothing.
	Output io.Writer
	// Retry changes how calls are repeated; the zero value is what the mode needs.
	Retry retry.Options
	// Emulator changes the emulator that the emulator mode starts.
	Emulator emulator.Options
	// Places opens the place of each scenario; nil opens what the mode needs.
	Places Opener
	// CleanUpLimit bounds the deletion of what one scenario created; 0 means a minute.
	CleanUpLimit time.Duration
	// Transcripts is the folder that gets the calls of each scenario that fails
	// while somebody really answers; "" writes none.
	Transcripts string
	// Lenient lets a scenario go on when an answer breaks its contract, for whoever
	// wants to see all answers rather than the first wrong one.
	Lenient bool
	// Leftovers is told what was created and deleted; may be nil.
	Leftovers *Leftovers
	// Trace keeps the exchanges of numbered steps in the results.
	Trace bool
	// Done hears of each scenario as it ends, one at a time; may be nil.
	Done func(Result)
	// Progress hears how the run goes on; may be nil.
	Progress Progress
	// Recorder collects what the reports are made of; may be nil.
	Recorder *Recorder
	// Observations collects what the contract leaves open; may be nil.
	Observations *contract.Observations

	round int // from 1, where there are several
}

// complete says what is missing or wrong, so that nothing can run.
func (o Options) complete() error {
	var missing []error
	if o.Features == nil {
		missing = append(missing, errors.New("no features were given: Options.Features is nil"))
	}
	if o.Sentences == nil {
		missing = append(missing, errors.New("no sentences were given: Options.Sentences is nil"))
	}
	if o.Fixtures == nil && o.Places == nil && o.Config.Mode == config.Replay {
		missing = append(missing, errors.New("no recordings were given to replay: Options.Fixtures is nil"))
	}
	return errors.Join(append(missing, CheckTags(o.Tags))...)
}

// inRound says in which of several rounds something went wrong.
func (o Options) inRound(err error) error {
	if err == nil || o.round == 0 {
		return err
	}
	return fmt.Errorf("in round %d of %d: %w", o.round, o.Repeat, err)
}

type (
	// Result is how one scenario ended.
	Result = report.Result
	// ID is a scenario's name and where it stands.
	ID = report.ID
	// Traced is a call of a numbered line.
	Traced = report.Traced
)

// ErrNoScenario is returned when nothing was selected: a run that proves nothing must not pass.
var ErrNoScenario = errors.New("no scenario was selected")

// ErrInterrupted is wrapped by the error of a run that ended before its last scenario.
var ErrInterrupted = errors.New("the run was interrupted")

// ErrNotStarted is a scenario's error when the run was interrupted before its turn.
var ErrNotStarted = report.ErrNotStarted
