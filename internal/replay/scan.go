package replay

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"pingone-conformance/internal/replay/internal/scrub"
)

// Finding is something in a fixture that may not be there.
type Finding struct {
	File string
	// Exchange is counted from 1; 0 means the file as a whole.
	Exchange int
	// Where it stands, such as "response, body member access_token".
	Where string
	// What is wrong. A secret itself is not in it.
	What string
}

// String tells the finding in one line.
func (f Finding) String() string {
	if f.Exchange == 0 {
		return fmt.Sprintf("%s: %s", f.File, f.What)
	}
	return fmt.Sprintf("%s: exchange %d, %s: %s", f.File, f.Exchange, f.Where, f.What)
}

// Scan looks through every fixture under dir for what must not be in one: any of
// the values, in plain or encoded (they are named by their keys, never shown);
// tokens that no stand-in signed; secrets that are no stand-ins; ids, e-mail
// addresses, phone numbers and hosts that may belong to somebody. A fixture that
// cannot be read is a finding, too. Without any fixture there are none.
func Scan(dir string, values map[string]string) []Finding {
	var findings []Finding
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".txtar" {
			return err
		}
		r, err := Load(file)
		if err != nil {
			findings = append(findings, Finding{File: file, What: err.Error()})
			return nil
		}
		findings = append(findings, r.scan(r.Format(), values)...)
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		findings = append(findings, Finding{File: dir, What: err.Error()})
	}
	return findings
}

// scan looks through one recording, whose text is given.
func (r *Recording) scan(text []byte, values map[string]string) []Finding {
	var findings []Finding
	var needles []scrub.Needle
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if values[name] == "" {
			continue
		}
		needle := scrub.NewNeedle(name, values[name])
		needles = append(needles, needle)
		if needle.In(string(text)) {
			findings = append(findings, Finding{File: r.File, What: name + " occurs in it"})
		}
	}
	inspector := scrub.NewInspector(scrub.SecretsIn(string(text)), needles)
	for i, one := range r.exchanges {
		request, answer := one.messages()
		for half, m := range map[string]scrub.Message{"request": request, "response": answer} {
			for _, fault := range inspector.Inspect(m) {
				findings = append(findings, Finding{File: r.File, Exchange: i + 1, Where: half + ", " + conceal(fault.Where, values), What: conceal(fault.What, values)})
			}
		}
	}
	slices.SortStableFunc(findings, func(a, b Finding) int {
		if a.Exchange != b.Exchange {
			return a.Exchange - b.Exchange
		}
		return strings.Compare(a.Where, b.Where)
	})
	return findings
}

// conceal keeps the values out of a finding: one may be the name of a member.
func conceal(text string, values map[string]string) string {
	for _, value := range values {
		if value != "" {
			text = strings.ReplaceAll(text, value, "…")
		}
	}
	return text
}

func (e *Exchange) messages() (request, answer scrub.Message) {
	return scrub.Message{Request: true, URL: e.Request.URL, Header: e.Request.Header, Body: e.Request.Body},
		scrub.Message{URL: e.Request.URL, Header: e.Response.Header, Body: e.Response.Body}
}
