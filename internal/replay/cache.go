package replay

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"sync"
	"time"
	"weak"
)

// loaded shares the parsed recordings of this process, which are read-only: scenarios
// that replay one at the same time parse it once. Nobody's recording may be collected, and
// a file that changed is read again.
var loaded sync.Map // address → cached

type address struct {
	files fs.FS
	file  string
}

type cached struct {
	changed   time.Time
	size      int64
	recording weak.Pointer[Recording]
}

// Load reads a recording; file is a slash path in files. The error says how to
// record a missing one, and for a corrupt one the line and what is wrong with it.
func Load(files fs.FS, file string) (*Recording, error) {
	name := nameOf(files, file)
	info, err := fs.Stat(files, file)
	if err != nil {
		return nil, missing(name, err)
	}
	shared := reflect.ValueOf(files).Comparable()
	if shared {
		if known, ok := loaded.Load(address{files, file}); ok {
			c := known.(cached)
			if recording := c.recording.Value(); recording != nil && c.changed.Equal(info.ModTime()) && c.size == info.Size() {
				return recording, nil
			}
		}
	}
	text := texts.Get().(*bytes.Buffer)
	defer texts.Put(text)
	if err := readInto(text, files, file, info.Size()); err != nil {
		return nil, missing(name, err)
	}
	recording, err := Parse(name, text.Bytes())
	if err == nil && shared {
		loaded.Store(address{files, file}, cached{changed: info.ModTime(), size: info.Size(), recording: weak.Make(recording)})
	}
	return recording, err
}

// texts are memory for the texts of recordings, of which nothing is kept once they are parsed.
var texts = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// readInto reads a file of about so many bytes in the place of what a buffer holds.
func readInto(text *bytes.Buffer, files fs.FS, file string, size int64) error {
	opened, err := files.Open(file)
	if err != nil {
		return err
	}
	text.Reset()
	text.Grow(int(size) + bytes.MinRead)
	_, err = text.ReadFrom(opened)
	return cmp.Or(err, opened.Close())
}

// nameOf is where a person finds a file: os.DirFS, which is a string, tells the folder.
func nameOf(files fs.FS, file string) string {
	if folder := reflect.ValueOf(files); folder.Kind() == reflect.String {
		return filepath.Join(folder.String(), filepath.FromSlash(file))
	}
	return file
}

func missing(name string, err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("reading the recording %s: %w", name, err)
	}
	return fmt.Errorf("there is no recording %s (the same again with PINGONE_MODE=emulator PINGONE_RECORD=true records it): %w", name, err)
}
