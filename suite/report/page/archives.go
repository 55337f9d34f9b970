package page

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"io"
	"sync"

	"github.com/klauspost/compress/gzip"

	"pingone-conformance/suite/report/har"
)

// archives writes the exchanges of all scenarios, those of each compressed by themselves, as
// data blocks, which no browser reads before it is asked to. After the line with them comes
// what stands in the scenario, if it is packed.
func (w *writer) archives() error {
	var pairs []byte
	for s := range w.run.Scenarios() {
		inside := w.packed[s.ID]
		if s.Len() == 0 && inside == nil {
			continue
		}
		if err := w.block("har:"+s.ID, func(out io.Writer) error {
			pairs = exchanges(pairs[:0], &s.Packed, inside)
			_, err := out.Write(pairs)
			return err
		}); err != nil {
			return err
		}
	}
	if w.packed == nil {
		return nil
	}
	return w.block("words", w.words)
}

// block writes one block.
func (w *writer) block(id string, write func(io.Writer) error) error {
	squeeze, _ := squeezers.Get().(*gzip.Writer)
	defer squeezers.Put(squeeze)
	w.put(`<script type="application/octet-stream" id="%s">`, id)
	encoded := base64.NewEncoder(base64.StdEncoding, w.b)
	squeeze.Reset(encoded)
	if err := errors.Join(write(squeeze), squeeze.Close(), encoded.Close()); err != nil {
		return fmt.Errorf("pack the exchanges: %w", err)
	}
	w.put("</script>\n")
	return nil
}

// words writes what can be searched for in the packed scenarios: each on a line, after its id
// and a tab, as plain text.
func (w *writer) words(out io.Writer) error {
	var line []byte
	seen := map[string]bool{}
	for s := range w.run.Scenarios() {
		if inside := w.packed[s.ID]; inside != nil {
			clear(seen)
			line = append(appendTexts(append(append(line[:0], s.ID...), '\t'), inside, seen), '\n')
			if _, err := out.Write(line); err != nil {
				return err
			}
		}
	}
	return nil
}

// appendTexts appends the texts of elements of ours, with a space after each. One that was seen
// is left out: a scenario's calls say the same again and again, and it is looked for only once.
func appendTexts(out, elements []byte, seen map[string]bool) []byte {
	for len(elements) > 0 {
		end := bytes.IndexAny(elements, "<\n")
		if end < 0 {
			end = len(elements)
		}
		text := bytes.TrimSpace(elements[:end])
		elements = elements[end:]
		if len(elements) > 0 {
			after := byte('\n')
			if elements[0] == '<' {
				after = '>'
			}
			elements = elements[bytes.IndexByte(elements, after)+1:]
		}
		if len(text) > 0 && !seen[string(text)] {
			seen[string(text)] = true
			out = append(append(out, html.UnescapeString(string(text))...), ' ')
		}
	}
	return out
}

// squeezers are kept, since each has a megabyte to work in.
var squeezers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // fails for levels that there are not
	return w
}}

// exchanges appends pairs of texts as JSON, on one line, and what comes after it.
func exchanges(out []byte, p *har.Packed, after []byte) []byte {
	out = append(out, '[')
	for i := range p.Len() {
		begins := `["`
		if i > 0 {
			begins = `,["`
		}
		out = append(p.AppendRequest(append(out, begins...), i), `","`...)
		out = append(p.AppendAnswer(out, i), `"]`...)
	}
	out = append(out, ']')
	if after != nil {
		out = append(append(out, '\n'), after...)
	}
	return out
}
