package results

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"pingone-conformance/internal/plain"
)

// DriftName is the file in the folder of the reports that `drift --json` has written, if it
// was run.
const DriftName = "drift.json"

// Drift is what an environment answered otherwise than the recordings, without the calls that
// answered alike.
type Drift struct {
	Format   int    `json:"format"`
	Mode     string `json:"mode"`
	Answered string `json:"answered"`
	// Compared is when; zero in files of older versions.
	Compared  time.Time `json:"compared"`
	Scenarios []struct {
		Name  string        `json:"name"`
		Calls []DriftedCall `json:"calls"`
	} `json:"scenarios"`
}

// DriftedCall is one call that drifted, was missing or came besides.
type DriftedCall struct {
	Outcome     string `json:"outcome"`
	Step        int    `json:"step"`
	Operation   string `json:"operation"`
	Method      string `json:"method"`
	Path        string `json:"path"`
	Differences []struct {
		Kind string `json:"kind"`
		At   string `json:"at"`
	} `json:"differences"`
}

// Drifted is how many calls are not as recorded.
func (d *Drift) Drifted() int {
	n := 0
	for _, s := range d.Scenarios {
		n += len(s.Calls)
	}
	return n
}

// LoadDrift reads the drift that lies in a folder, nil when none does.
func LoadDrift(folder string) (*Drift, error) {
	text, err := os.ReadFile(filepath.Join(folder, DriftName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var d Drift
	if err == nil {
		err = json.Unmarshal(text, &d)
	}
	if err == nil && d.Format != 1 {
		err = fmt.Errorf("its format is %d, and this program reads 1", d.Format)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", DriftName, err)
	}
	tidyValue(reflect.ValueOf(&d).Elem(), plain.Line)
	return &d, nil
}
