// Package files writes the reports of a run into a folder, and makes them again from what
// lies there.
package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

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
	removeArchives(folder, run)
	return writeAll(folder, run)
}

// removeArchives removes the HAR files of scenarios that this run has not.
func removeArchives(folder string, run *results.Run) {
	kept := map[string]bool{}
	for s := range run.Scenarios() {
		kept[filepath.Join(folder, filepath.FromSlash(s.HAR))] = true
	}
	found, _ := filepath.Glob(filepath.Join(folder, "*", "*.har")) // fails for malformed patterns only
	for _, name := range found {
		if !kept[name] {
			_ = os.Remove(name)
		}
	}
}

// writeAll writes every file. Each is made apart from the others, as many at a time as there
// are processors.
func writeAll(folder string, run *results.Run) (string, error) {
	var work errgroup
	var err error
	if run.Drift, err = results.LoadDrift(folder); err != nil {
		work.do(func() error { return err }) // the others are written all the same
	}
	write := func(name string, make func(io.Writer) error) {
		work.do(func() error {
			var text bytes.Buffer
			err := make(&text)
			if err == nil {
				err = atomically(filepath.Join(folder, filepath.FromSlash(name)), text.Bytes())
			}
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			return nil
		})
	}
	write(Page, func(w io.Writer) error { return page.Write(w, run) })
	write(Messages, func(w io.Writer) error { return messages.Write(w, run) })
	write(results.FileName, func(w io.Writer) error {
		text, err := run.Encode()
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
	write(SchemaName, bytesOf(results.Schema))
	write(JUnit, func(w io.Writer) error { return junit.Write(w, run) })
	write(Summary, func(w io.Writer) error { return summary.Write(w, run) })
	work.do(func() error { return writeArchives(folder, run) })
	return filepath.Join(folder, Page), work.wait()
}

func writeArchives(folder string, run *results.Run) error {
	var faults []error
	for s := range run.Scenarios() {
		if s.HAR == "" {
			continue
		}
		if err := atomically(filepath.Join(folder, filepath.FromSlash(s.HAR)), s.Archive); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", s.HAR, err))
		}
	}
	return errors.Join(faults...)
}

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

func bytesOf(text []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}
}

// atomically replaces a file: a reader sees the old one or the new one.
func atomically(name string, text []byte) error {
	folder := filepath.Dir(name)
	temporary, err := os.CreateTemp(folder, ".writing-*")
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(folder, 0o755); err == nil { //nolint:gosec // nothing secret is in a report
			temporary, err = os.CreateTemp(folder, ".writing-*")
		}
	}
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	err = errors.Join(err, temporary.Chmod(mode), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), name)
	}
	if err != nil {
		_ = os.Remove(temporary.Name())
	}
	return err
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
