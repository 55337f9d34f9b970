package replay

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"
)

// loaded shares the parsed fixtures of this process, which are read-only: a
// fixture that a thousand scenarios replay is parsed once. A file that changed
// is read again.
var loaded sync.Map // file → cached

type cached struct {
	changed   time.Time
	size      int64
	recording *Recording
}

// Load reads a fixture. The error says how to record a missing one, and for a
// corrupt one the line and what is wrong with it.
func Load(file string) (*Recording, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, missing(file, err)
	}
	if known, ok := loaded.Load(file); ok {
		if c := known.(cached); c.changed.Equal(info.ModTime()) && c.size == info.Size() {
			return c.recording, nil
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, missing(file, err)
	}
	recording, err := Parse(file, text)
	if err != nil {
		return nil, err
	}
	loaded.Store(file, cached{changed: info.ModTime(), size: info.Size(), recording: recording})
	return recording, nil
}

func missing(file string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the recording: %w", err)
	}
	return fmt.Errorf("there is no recording %s (record it with PINGONE_MODE=emulator PINGONE_RECORD=true go test ./features -count=1): %w", file, err)
}
