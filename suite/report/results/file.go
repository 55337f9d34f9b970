package results

import (
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

// Peek reads the results in a folder without the exchanges. Results that contradict themselves
// are an error: whoever reads on would have to choose which half to believe.
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
	if err := run.contradiction(); err != nil {
		return run, fmt.Errorf("%s contradicts itself, so nothing is made of it: %w", file, err)
	}
	return run, nil
}
