package runner

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	"pingone-conformance/suite"
	"pingone-conformance/suite/report/results"
)

// ErrUsage is what is wrong with flags or configuration: nothing was run.
var ErrUsage = errors.New("nothing was run")

// mostRounds is how often a selection may be run.
const mostRounds = 100_000

// mostAtATime is how many scenarios may run at a time.
const mostAtATime = 256

// Flags say which scenarios run, from where, and what is written about it. The zero
// value runs everything and prints it.
type Flags struct {
	// Scenario and Tags select scenarios: by a part of the name, by a godog tag expression.
	Scenario, Tags string
	// Rerun keeps those that did not pass in the run that left its results in Reports.
	Rerun bool
	// Shard keeps one part of what the others select, "i/n", so that n machines can share
	// the run; "" keeps all.
	Shard string
	// Repeat is how often the selection is run; 0 is once.
	Repeat int
	// Order shuffles the scenarios with this seed, as an earlier run printed it; 0 draws one.
	Order int64
	// Concurrency is how many scenarios run at a time; 0 leaves it to the mode.
	Concurrency int
	// Reports is the folder that gets the page and all other reports, "" for none; Base is
	// where relative paths of reports begin, "" for the working folder.
	Reports, Base string
	// JUnit is one more file that gets the JUnit report, "" for none.
	JUnit string
	// Quiet keeps the story of the run from being printed.
	Quiet bool
	// Features and Fixtures are folders to use in the place of the specification's own,
	// "" for its own. Recordings are written to Fixtures as well.
	Features, Fixtures string
	// Version is that of the program, "" for what its build says.
	Version string
	// Narrow leaves out features and scenarios before the others select among the rest,
	// and returns the paths of the files that are left, nil for all; may be nil itself.
	Narrow func(features fs.FS) (left fs.FS, paths []string, err error)
}

// Register makes the flags known to a set.
func (f *Flags) Register(set *flag.FlagSet) {
	f.RegisterSelection(set)
	set.BoolVar(&f.Rerun, "rerun", false, "only the scenarios that did not pass in the run whose results are in the folder of --reports")
	set.StringVar(&f.Shard, "shard", "", "only this `i/n` of what is selected, such as 2/3, so that n machines share a run by what its recordings cost")
	set.Func("repeat", "run what is selected this `many` times in one process, and tell which scenarios are slow or flaky", f.repeat)
	set.Int64Var(&f.Order, "order", 0, "shuffle the scenarios with this `seed`, as an earlier run printed it; 0 draws one")
	set.IntVar(&f.Concurrency, "concurrency", 0, "how `many` scenarios run at a time; 0 leaves it to the mode")
	set.StringVar(&f.Reports, "reports", "reports", "the `folder` that gets the page, index.html, and all other reports; \"\" for none")
	set.StringVar(&f.JUnit, "junit", "", "write the JUnit report to this `file` as well")
	set.BoolVar(&f.Quiet, "quiet", false, "do not print the story of the run, only what failed")
	f.RegisterFolders(set)
}

// repeat takes the flag of that name.
func (f *Flags) repeat(text string) error {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > mostRounds {
		return fmt.Errorf("it is a number from 1 to %d", mostRounds)
	}
	f.Repeat = n
	return nil
}

// RegisterSelection makes the flags known that say which scenarios are meant.
func (f *Flags) RegisterSelection(set *flag.FlagSet) {
	set.StringVar(&f.Scenario, "scenario", f.Scenario, "only the scenarios whose name contains this `text`")
	set.StringVar(&f.Tags, "tags", f.Tags, "only the scenarios that this godog tag `expression` selects, such as @journey")
}

// RegisterFolders makes the flags known that say where features and recordings lie.
func (f *Flags) RegisterFolders(set *flag.FlagSet) {
	set.StringVar(&f.Features, "features", "", "the `folder` with the .feature files; default: those that are built in")
	set.StringVar(&f.Fixtures, "fixtures", "", "the `folder` with the recordings, also for new ones; default: those that are built in")
}

// Apply returns the options changed as the flags say. What cannot be is an ErrUsage.
func (f *Flags) Apply(o suite.Options) (suite.Options, error) {
	if f.Features != "" {
		folder, err := folder("--features", f.Features)
		if err != nil {
			return o, err
		}
		if found, err := fs.Glob(folder, "*.feature"); err != nil || len(found) == 0 {
			return o, fmt.Errorf("%w: --features %s: there is no .feature file in it", ErrUsage, f.Features)
		}
		o.Features, o.RerunFlags = folder, append(o.RerunFlags, "--features", f.Features)
	}
	if f.Fixtures != "" {
		o.RecordTo = f.Fixtures
		folder, err := folder("--fixtures", f.Fixtures)
		if err != nil && !o.Config.Record { // a recording makes its folder
			return o, err
		}
		o.Fixtures, o.RerunFlags = folder, append(o.RerunFlags, "--fixtures", f.Fixtures)
	}
	if o.Config.Record && o.RecordTo == "" {
		return o, fmt.Errorf("%w: there is no folder for the recordings here: say which with --fixtures", ErrUsage)
	}
	if f.Concurrency < 0 || f.Concurrency > mostAtATime {
		return o, fmt.Errorf("%w: --concurrency %d: it is a number from 1 to %d, or 0 to leave it to the mode", ErrUsage, f.Concurrency, mostAtATime)
	}
	if err := f.choice(&o); err != nil {
		return o, fmt.Errorf("%w: %w", ErrUsage, err)
	}
	if f.Repeat > 1 && o.Config.Record {
		return o, fmt.Errorf("%w: --repeat %d: what is recorded is run once", ErrUsage, f.Repeat)
	}
	o.Seed, o.Concurrency, o.Repeat = f.Order, f.Concurrency, f.Repeat
	return o, nil
}

// choice tells the options which scenarios are meant.
func (f *Flags) choice(o *suite.Options) (err error) {
	if err := suite.CheckTags(f.Tags); err != nil {
		return err
	}
	o.Tags, o.Paths = f.Tags, nil
	if f.Narrow != nil {
		if o.Features, o.Paths, err = f.Narrow(o.Features); err != nil {
			return err
		}
	}
	if f.Rerun {
		if o.Features, o.Paths, err = f.failed(o.Features); err != nil {
			return err
		}
	}
	if f.Scenario != "" {
		if o.Features, o.Paths, err = suite.Choose(o.Features, f.Scenario); err != nil {
			return err
		}
	}
	if f.Shard != "" {
		part, err := suite.ParseShard(f.Shard)
		if err != nil {
			return fmt.Errorf("--shard: %w", err)
		}
		*o, err = suite.Shard(*o, part)
		return err
	}
	return nil
}

// failed are the scenarios that did not pass last time.
func (f *Flags) failed(features fs.FS) (fs.FS, []string, error) {
	if f.Reports == "" {
		return nil, nil, errors.New("--rerun reads the folder that --reports names, and it names none")
	}
	earlier, err := results.Peek(f.at(f.Reports))
	if err != nil {
		return nil, nil, fmt.Errorf("--rerun: %w", err)
	}
	left, paths, err := suite.Failed(features, earlier)
	if err != nil {
		return nil, nil, fmt.Errorf("--rerun: %w", err)
	}
	return left, paths, nil
}

// folder is what a flag names, which must be there.
func folder(flag, name string) (fs.FS, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: %s %s: there is no such folder", ErrUsage, flag, name)
	case !info.IsDir():
		return nil, fmt.Errorf("%w: %s %s is a file, not a folder", ErrUsage, flag, name)
	}
	return os.DirFS(name), nil
}
