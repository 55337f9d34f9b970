package page

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"

	"pingone-conformance/suite/report/results"
)

// archives are the HAR files of all scenarios, each compressed by itself and written as a
// data block, which no browser reads before it is asked to.
func archives(run *results.Run) (template.HTML, error) {
	var b strings.Builder
	var packed bytes.Buffer
	squeeze, err := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	if err != nil {
		return "", fmt.Errorf("pack the exchanges: %w", err)
	}
	var encoded []byte
	for s := range run.Scenarios() {
		if len(s.Archive) == 0 {
			continue
		}
		packed.Reset()
		squeeze.Reset(&packed)
		if _, err := squeeze.Write(s.Archive); err != nil {
			return "", fmt.Errorf("pack the exchanges: %w", err)
		}
		if err := squeeze.Close(); err != nil {
			return "", fmt.Errorf("pack the exchanges: %w", err)
		}
		encoded = base64.StdEncoding.AppendEncode(encoded[:0], packed.Bytes())
		b.WriteString(`<script type="application/octet-stream" id="har:`)
		escape(&b, s.ID)
		b.WriteString(`">`)
		b.Write(encoded)
		b.WriteString("</script>\n")
	}
	return template.HTML(b.String()), nil //nolint:gosec // base64, and an id that is escaped
}
