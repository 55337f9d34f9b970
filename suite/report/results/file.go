package results

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"pingone-conformance/suite/report/har"
)

// FileName is what a run's results are called in the folder of its reports.
const FileName = "conformance.json"

// Write writes conformance.json, of a run that was counted. The features are most of it, so
// that each scenario is encoded by itself.
func Write(out io.Writer, run *Run) error {
	w := &fileWriter{out: bufio.NewWriterSize(out, 1<<16)}
	w.encoder = json.NewEncoder(&w.text)
	w.encoder.SetEscapeHTML(false)
	head := *run
	head.Features = []Feature{}
	w.part("", head, "]}")
	for i := range run.Features {
		f := run.Features[i]
		f.Scenarios = []Scenario{}
		w.part(comma(i), f, "]}")
		for k := range run.Features[i].Scenarios {
			w.part(comma(k), &run.Features[i].Scenarios[k], "")
		}
		_, _ = w.out.WriteString("]}")
	}
	_, _ = w.out.WriteString("]}\n")
	if err := cmp.Or(w.err, w.out.Flush()); err != nil { // the buffer keeps its first error
		return fmt.Errorf("write %s: %w", FileName, err)
	}
	return nil
}

type fileWriter struct {
	out     *bufio.Writer
	text    bytes.Buffer
	encoder *json.Encoder
	err     error
}

// part writes a value after a separator, without its end: what is in it comes next.
func (w *fileWriter) part(separator string, value any, end string) {
	w.text.Reset()
	if err := w.encoder.Encode(value); err != nil {
		w.err = cmp.Or(w.err, err)
		return
	}
	_, _ = w.out.WriteString(separator)
	_, _ = w.out.Write(bytes.TrimSuffix(bytes.TrimSuffix(w.text.Bytes(), []byte("\n")), []byte(end)))
}

func comma(i int) string {
	if i == 0 {
		return ""
	}
	return ","
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
		text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(s.HAR)))
		if err != nil {
			return run, fmt.Errorf("the exchanges of %q are not there: %w", s.Name, err)
		}
		archive, err := har.Read(text)
		if err != nil {
			return run, fmt.Errorf("%s: %w", s.HAR, err)
		}
		exchanges := make([]har.Exchange, len(archive.Log.Entries))
		for i := range exchanges {
			exchanges[i] = archive.Log.Entries[i].Exchange()
		}
		s.Packed = har.Pack(run.Suite, s.Name, exchanges)
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
	tidy(&run)
	return run, nil
}
