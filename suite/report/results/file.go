package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pingone-conformance/suite/report/har"
)

// FileName is what a run's results are called in the folder of its reports.
const FileName = "conformance.json"

// Encode is the text of conformance.json, of a run that was counted.
func (r *Run) Encode() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(r); err != nil {
		return nil, fmt.Errorf("write %s: %w", FileName, err)
	}
	return text.Bytes(), nil
}

// fillLists makes an empty list of each that is missing, since null is no list.
func (r *Run) fillLists() {
	fill(&r.UseCases)
	fill(&r.Features)
	fill(&r.Observations)
	fill(&r.History)
	for i := range r.UseCases {
		fill(&r.UseCases[i].Calls)
	}
	for i := range r.Observations {
		fill(&r.Observations[i].Seen)
		fill(&r.Observations[i].Expected)
		fill(&r.Observations[i].Sources)
	}
	for i := range r.Features {
		fill(&r.Features[i].Scenarios)
	}
	for s := range r.Scenarios() {
		fill(&s.Steps)
		fill(&s.TearDown)
	}
}

func fill[T any](list *[]T) {
	if *list == nil {
		*list = []T{}
	}
}

// Load reads the results in a folder, with the exchanges from the HAR files beside them.
func Load(folder string) (Run, error) {
	run, err := Peek(folder)
	if err != nil {
		return run, err
	}
	for s := range run.Scenarios() {
		if s.HAR == "" {
			continue
		}
		if !filepath.IsLocal(s.HAR) || !strings.HasSuffix(s.HAR, ".har") {
			return run, fmt.Errorf("%s names a file outside its folder: %q", filepath.Join(folder, FileName), s.HAR)
		}
		if s.Archive, err = os.ReadFile(filepath.Join(folder, filepath.FromSlash(s.HAR))); err != nil {
			return run, fmt.Errorf("the exchanges of %q are not there: %w", s.Name, err)
		}
		archive, err := har.Read(s.Archive)
		if err != nil {
			return run, fmt.Errorf("%s: %w", s.HAR, err)
		}
		s.Exchanges = archive.Log.Entries
	}
	return run, nil
}

// Before reads of the results in a folder what a later run remembers of them: it stops at
// the features, which are most of the file.
func Before(folder string) ([]Past, error) {
	file, err := os.Open(filepath.Join(folder, FileName))
	if err != nil {
		return nil, fmt.Errorf("read the results: %w", err)
	}
	defer func() { _ = file.Close() }()
	head := map[string]json.RawMessage{}
	decoder := json.NewDecoder(file)
	if _, err := decoder.Token(); err != nil {
		return nil, fmt.Errorf("read the results: %w", err)
	}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, fmt.Errorf("read the results: %w", err)
		}
		if key == "features" {
			break
		}
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, fmt.Errorf("read the results: %w", err)
		}
		head[fmt.Sprint(key)] = value
	}
	text, err := json.Marshal(head)
	if err != nil {
		return nil, fmt.Errorf("read the results: %w", err)
	}
	var run Run
	if err := json.Unmarshal(text, &run); err != nil || run.Format != Format {
		return nil, fmt.Errorf("%s in %s is not of this format", FileName, folder)
	}
	return append(run.History, run.Past()), nil
}

// Peek reads the results in a folder without the exchanges.
func Peek(folder string) (Run, error) {
	var run Run
	file := filepath.Join(folder, FileName)
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return run, fmt.Errorf("there is no %s in %s: %w", FileName, folder, fs.ErrNotExist)
	}
	if err != nil {
		return run, fmt.Errorf("read the results: %w", err)
	}
	if err := json.Unmarshal(text, &run); err != nil {
		return run, fmt.Errorf("%s cannot be read: %w", file, err)
	}
	if run.Format != Format {
		return run, fmt.Errorf("%s has format %d, and this program reads %d", file, run.Format, Format)
	}
	return run, nil
}
