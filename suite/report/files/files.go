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
	"slices"

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
	if before, err := results.Peek(folder); err == nil {
		run.History = append(before.History, before.Past())
		run.History = run.History[max(0, len(run.History)-history):]
		removeArchives(folder, &before, run)
	}
	return writeAll(folder, run)
}

func removeArchives(folder string, before, run *results.Run) {
	var kept []string
	for s := range run.Scenarios() {
		kept = append(kept, s.HAR)
	}
	for s := range before.Scenarios() {
		if s.HAR != "" && filepath.IsLocal(s.HAR) && filepath.Ext(s.HAR) == ".har" && !slices.Contains(kept, s.HAR) {
			_ = os.Remove(filepath.Join(folder, filepath.FromSlash(s.HAR)))
		}
	}
}

func writeAll(folder string, run *results.Run) (string, error) {
	var faults []error
	write := func(name string, make func(io.Writer) error) {
		var text bytes.Buffer
		err := make(&text)
		if err == nil {
			err = atomically(filepath.Join(folder, filepath.FromSlash(name)), text.Bytes())
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", name, err))
		}
	}
	for s := range run.Scenarios() {
		if s.HAR != "" {
			write(s.HAR, bytesOf(s.Archive))
		}
	}
	write(results.FileName, func(w io.Writer) error {
		text, err := run.Encode()
		if err == nil {
			_, err = w.Write(text)
		}
		return err
	})
	write(SchemaName, bytesOf(results.Schema))
	write(JUnit, func(w io.Writer) error { return junit.Write(w, run) })
	write(Messages, func(w io.Writer) error { return messages.Write(w, run) })
	write(Summary, func(w io.Writer) error { return summary.Write(w, run) })
	write(Page, func(w io.Writer) error { return page.Write(w, run) })
	return filepath.Join(folder, Page), errors.Join(faults...)
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
// first one; the parts of a run that was split are joined. It returns the path of the page.
func Again(folders ...string) (string, error) {
	if len(folders) == 0 {
		return "", errors.New("no folder was given")
	}
	var parts []results.Run
	for _, folder := range folders {
		part, err := results.Load(folder)
		if err != nil {
			return "", err
		}
		parts = append(parts, part)
	}
	run := results.Join(parts)
	return writeAll(folders[0], &run)
}
