package replay

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/tools/txtar"
)

// Parse reads a fixture from text; file is its name for messages. Lines may end as on
// Windows: what holds a carriage return of its own is recorded in base64. An error has
// the form "file:line: what is wrong".
func Parse(file string, text []byte) (*Recording, error) {
	r := &Recording{File: file}
	if bytes.Contains(text, []byte("\r\n")) { // as a checkout on Windows may have it
		text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	}
	archive := txtar.Parse(text)
	if err := r.parseHeader(string(archive.Comment)); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	line := 1 + bytes.Count(archive.Comment, []byte("\n"))
	if len(archive.Files)%2 != 0 {
		return nil, fmt.Errorf("%s:%d: %d messages are no pairs of a request and a response", file, line, len(archive.Files))
	}
	for i := 0; i < len(archive.Files); i += 2 {
		one := &played{}
		for half, kind := range []string{"request", "response"} {
			part := archive.Files[i+half]
			if want := messageName(i/2+1, kind); part.Name != want {
				return nil, fmt.Errorf("%s:%d: %q stands where %q is expected", file, line, part.Name, want)
			}
			one.lines[half] = line
			if offset, err := one.parse(kind, part.Data); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, line+offset, err)
			}
			line += 1 + bytes.Count(part.Data, []byte("\n"))
		}
		r.exchanges = append(r.exchanges, one)
	}
	for n := range r.clock {
		if n > len(r.exchanges)+1 {
			return nil, fmt.Errorf("%s:1: the clock is read before exchange %d, but there are only %d", file, n, len(r.exchanges))
		}
	}
	return r, nil
}

// Format writes a recording as Parse reads it.
func (r *Recording) Format() []byte {
	var comment strings.Builder
	r.formatHeader(&comment)
	archive := &txtar.Archive{Comment: []byte(comment.String())}
	for i, one := range r.exchanges {
		archive.Files = append(archive.Files,
			txtar.File{Name: messageName(i+1, "request"), Data: []byte(one.Request.format())},
			txtar.File{Name: messageName(i+1, "response"), Data: []byte(one.Response.format())})
	}
	return txtar.Format(archive)
}

func messageName(number int, kind string) string { return fmt.Sprintf("%02d.%s", number, kind) }
