package page

import (
	"bufio"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"sync"

	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

// archives writes the exchanges of all scenarios, those of each compressed by themselves, as
// data blocks, which no browser reads before it is asked to.
func archives(out *bufio.Writer, run *results.Run) error {
	squeeze, _ := squeezers.Get().(*gzip.Writer)
	defer squeezers.Put(squeeze)
	for s := range run.Scenarios() {
		if len(s.Texts) == 0 {
			continue
		}
		_, _ = out.WriteString(`<script type="application/octet-stream" id="har:`)
		escape(out, s.ID)
		_, _ = out.WriteString(`">`)
		encoded := base64.NewEncoder(base64.StdEncoding, out)
		squeeze.Reset(encoded)
		if err := exchanges(squeeze, s.Texts); err != nil {
			return fmt.Errorf("pack the exchanges: %w", err)
		}
		if err := errors.Join(squeeze.Close(), encoded.Close()); err != nil {
			return fmt.Errorf("pack the exchanges: %w", err)
		}
		_, _ = out.WriteString("</script>\n")
	}
	return nil
}

// squeezers are kept, since each has a megabyte to work in.
var squeezers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(io.Discard, gzip.BestSpeed) // fails for levels that there are not
	return w
}}

// exchanges writes pairs of texts as JSON.
func exchanges(out io.Writer, texts []har.Text) error {
	var text []byte
	for i, one := range texts {
		begins := `,["`
		if i == 0 {
			begins = `[["`
		}
		text = append(append(append(text[:0], begins...), one.Request...), `","`...)
		text = append(append(text, one.Response...), `"]`...)
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	_, err := io.WriteString(out, "]")
	return err
}
