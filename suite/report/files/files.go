// Package files writes the reports of a run into a folder, and makes them again from what
// lies there.
package files

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/junit"
	"pingone-conformance/suite/report/messages"
	"pingone-conformance/suite/report/page"
	"pingone-conformance/suite/report/results"
	"pingone-conformance/suite/report/summary"
)

// Names of the files in the folder, beside results.FileName and the HAR files.
const (
	Page     = "index.html"
	JUnit    = "junit.xml"
	Messages = "messages.ndjson"
	Summary  = "summary.md"
)

// mode lets everybody read: nothing secret is in a report.
const mode = 0o644

// history is how many earlier runs are remembered.
const history = 30

// Write writes all reports of a run into a folder, each file at once or not at all, and
// returns the path of the page. The files of an earlier run give way, and its outcome goes
// into the history.
func Write(folder string, run *results.Run) (string, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // nothing secret is in a report
		return "", fmt.Errorf("the folder of the reports: %w", err)
	}
	if before, err := results.Before(folder); err == nil {
		run.History = before[max(0, len(before)-history):]
	}
	removeArchives(folder)
	return writeAll(folder, run)
}

// removeArchives removes the HAR files of the run before. All of them: a file that takes the
// place of another costs many times one that does not.
func removeArchives(folder string) {
	found, _ := filepath.Glob(filepath.Join(folder, "*", "*.har")) // fails for malformed patterns only
	for _, name := range found {
		_ = os.Remove(name)
	}
}

// writeAll writes every file. Those of the whole run are made at the same time; the page, which takes longest, begins at once.
func writeAll(folder string, run *results.Run) (string, error) {
	var work errgroup
	var err error
	if run.Drift, err = results.LoadDrift(folder); err != nil {
		work.do(func() error { return err }) // the others are written all the same
	}
	one := func(name string, make func(io.Writer, *results.Run) error) error {
		return atomically(folder, name, func(w io.Writer) error { return make(w, run) })
	}
	write := func(name string, make func(io.Writer, *results.Run) error) {
		work.do(func() error { return one(name, make) })
	}
	write(Messages, messages.Write)
	write(results.FileName, results.Write)
	write(SchemaName, func(w io.Writer, _ *results.Run) error { return text(results.Schema)(w) })
	write(JUnit, junit.Write)
	write(Summary, summary.Write)
	work.do(func() error { return writeArchives(folder, run) })
	return filepath.Join(folder, Page), errors.Join(one(Page, page.Write), work.wait())
}

// writeArchives writes the HAR files one after the other: they take less time than the page, and
// a thread for each that waits for the disk takes more.
func writeArchives(folder string, run *results.Run) error {
	var faults []error
	for s := range run.Scenarios() {
		if s.HAR == "" {
			continue
		}
		if err := atomically(folder, filepath.FromSlash(s.HAR), text(s.Archive)); err != nil {
			faults = append(faults, err)
		}
	}
	if more := len(faults) - fewFaults; more > 0 { // all for one reason, most likely, such as a full disk
		faults = append(faults[:fewFaults], fmt.Errorf("and %s more", plain.Count(more, "HAR file")))
	}
	return errors.Join(faults...)
}

// fewFaults is how many HAR files are named that could not be written.
const fewFaults = 3

// errgroup runs functions at the same time and joins their errors.
type errgroup struct {
	running sync.WaitGroup
	mu      sync.Mutex
	faults  []error
}

func (g *errgroup) do(work func() error) {
	g.running.Go(func() {
		if err := work(); err != nil {
			g.mu.Lock()
			defer g.mu.Unlock()
			g.faults = append(g.faults, err)
		}
	})
}

func (g *errgroup) wait() error {
	g.running.Wait()
	return errors.Join(g.faults...)
}

// SchemaName is what the JSON Schema of the results is called beside them.
const SchemaName = "conformance.schema.json"

func text(all []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(all)
		return err
	}
}

// atomically replaces a file of the folder: a reader sees the old one or the new one.
func atomically(folder, name string, make func(io.Writer) error) error {
	file := filepath.Join(folder, name)
	temporary, err := os.CreateTemp(filepath.Dir(file), ".writing-*")
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(file), 0o755); err == nil { //nolint:gosec // nothing secret is in a report
			temporary, err = os.CreateTemp(filepath.Dir(file), ".writing-*")
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	err = errors.Join(make(temporary), temporary.Chmod(mode), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), file)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Again makes the reports again from the results in the folders, and writes them into the
// folder to; the parts of a run that was split are joined. It returns the path of the page,
// and the notes of the joined run.
func Again(to string, folders ...string) (where string, notes []string, err error) {
	if len(folders) == 0 {
		return "", nil, errors.New("no folder was given")
	}
	var parts []results.Run
	for _, folder := range folders {
		part, err := results.Load(folder)
		if err != nil {
			return "", nil, err
		}
		parts = append(parts, part)
	}
	run := results.Join(parts)
	where, err = writeAll(to, &run)
	return where, run.Notes, err
}
