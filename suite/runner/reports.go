package runner

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"

	"pingone-conformance/suite"
	"pingone-conformance/suite/report/files"
	"pingone-conformance/suite/report/junit"
	"pingone-conformance/suite/report/page"
	"pingone-conformance/suite/report/results"
)

// recorder collects for the reports, if any is wanted.
func (f *Flags) recorder() *suite.Recorder {
	if f.Reports == "" && f.JUnit == "" {
		return nil
	}
	return suite.NewRecorder(Version(f.Version))
}

// Version is that of the program: what was set when a release was built, else what the
// build says of itself.
func Version(set string) string {
	if set != "" {
		return set
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// at is a path as the user meant it: from where the user stands.
func (f *Flags) at(path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.Base, path)
}

// SaidError is an error whose text a reader has seen: in the epilogue.
type SaidError struct{ err error }

// Error returns the cause's text.
func (e *SaidError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *SaidError) Unwrap() error { return e.err }

// finish writes the reports of a run that has begun, and returns how it ended.
func (f *Flags) finish(o suite.Options, ended error, all []suite.Result, stdout io.Writer) error {
	fault := f.write(o, ended, all, stdout)
	if ended != nil && fault == nil && len(all) > 0 && !f.Quiet {
		return &SaidError{ended}
	}
	return errors.Join(ended, fault)
}

// Stopped writes the reports of a run that could not begin, for one of these reasons: its
// configuration is not right, say. It returns what went wrong with that.
func (f *Flags) Stopped(o suite.Options, why error, stdout io.Writer) error {
	o.Recorder = f.recorder()
	return f.write(o, why, nil, stdout)
}

// write writes the reports, if any is wanted, and prints the verdict and last of all where the page is.
func (f *Flags) write(o suite.Options, ended error, all []suite.Result, stdout io.Writer) error {
	var run results.Run
	switch {
	case o.Recorder != nil:
		run = o.Recorder.Results(o, ended)
	case len(all) > 0:
		run = suite.Brief(o, all, ended)
	default:
		return nil
	}
	var faults []error
	if f.JUnit != "" {
		faults = append(faults, f.writeJUnit(&run))
	}
	where := ""
	if f.Reports != "" {
		var err error
		where, err = files.Write(f.at(f.Reports), &run)
		faults = append(faults, err)
	}
	if !f.Quiet {
		_, _ = fmt.Fprintf(stdout, "\n%s\n", Epilogue(&run))
		if where != "" {
			_, _ = fmt.Fprintln(stdout, address(where))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return fmt.Errorf("the reports: %w", err)
	}
	return nil
}

func (f *Flags) writeJUnit(run *results.Run) error {
	var text bytes.Buffer
	err := junit.Write(&text, run)
	if err == nil {
		err = os.WriteFile(f.at(f.JUnit), text.Bytes(), 0o644) //nolint:gosec // nothing secret is in it
	}
	if err != nil {
		return fmt.Errorf("the JUnit report: %w", err)
	}
	return nil
}

// address is a file's address for a browser.
func address(file string) string {
	full, err := filepath.Abs(file)
	if err != nil {
		return file
	}
	full = filepath.ToSlash(full)
	if full[0] != '/' { // C:/…
		full = "/" + full
	}
	return (&url.URL{Scheme: "file", Path: full}).String()
}

// Epilogue is how a run ended, for a terminal: what failed, then the verdict in one line.
func Epilogue(run *results.Run) string {
	var b bytes.Buffer
	for s := range run.Scenarios() {
		if s.Failure == nil {
			continue
		}
		fmt.Fprintf(&b, "FAIL %s\n     %s\n     again: %s\n", s.Name, s.Failure.Cause, s.Failure.Rerun)
	}
	fmt.Fprintf(&b, "%s (%d passed, %d failed, %d not started)", page.Verdict(run), run.Totals.Passed, run.Totals.Failed, run.Totals.NotStarted)
	return b.String()
}
