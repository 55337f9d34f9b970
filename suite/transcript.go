package suite

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/cucumber/godog"

	"pingone-conformance/config"
	"pingone-conformance/internal/jsontext"
	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/replay/jsontree"
)

// writeTranscript writes the calls of a scenario that failed, with every secret
// replaced, and says where they are; "" when there is nothing to write.
func (s *Scenario) writeTranscript() string {
	if s.transcripts == "" || len(s.calls) == 0 || s.place.Session.Replaying() {
		return ""
	}
	var b strings.Builder
	for i, call := range s.calls {
		fmt.Fprintf(&b, "%d. %s\n%s %s\n", i+1, call.Operation, call.Request.Method, call.Request.URL)
		if media := call.Request.Header.Get("Content-Type"); media != "" {
			fmt.Fprintf(&b, "Content-Type: %s\n", media)
		}
		s.quote(&b, call.Request.Body)
		fmt.Fprintf(&b, "-> %d in %s\n", call.Status, call.Elapsed.Round(1000))
		if location := call.Header.Get("Location"); location != "" {
			fmt.Fprintf(&b, "Location: %s\n", plain.Line(location))
		}
		s.quote(&b, call.Body)
		b.WriteString("\n")
	}
	file := transcript(s.transcripts, s.ID)
	if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
		return fmt.Sprintf("the transcript cannot be written: %v", err)
	}
	if err := os.WriteFile(file, []byte(s.place.Session.Scrub(b.String())), 0o600); err != nil {
		return fmt.Sprintf("the transcript cannot be written: %v", err)
	}
	return "the calls are in " + file
}

// quote writes a body behind bars, so that none of its lines is taken for a call. Secrets go
// before anything is cut: the rest of one would not be known again.
func (s *Scenario) quote(b *strings.Builder, body []byte) {
	switch {
	case len(body) > longestRead:
		fmt.Fprintf(b, "  | (%d bytes, more than anybody reads)\n", len(body))
	case len(body) > 0:
		b.WriteString(plain.Block(s.place.Session.Scrub(readable(body)), "  "))
	}
}

// removeTranscripts removes what an earlier run has written about the scenarios of this
// one, before the first of them: a file that is there afterwards is about this run.
func removeTranscripts(o Options, suite godog.TestSuite) error {
	if o.Transcripts == "" || o.Config.Mode == config.Replay {
		return nil
	}
	features, err := suite.RetrieveFeatures()
	if err != nil {
		return nil //nolint:nilerr // the run says what is wrong with a feature
	}
	for _, feature := range features {
		for _, scenario := range feature.Pickles {
			if err := os.Remove(transcript(o.Transcripts, identify(scenario))); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("an old transcript cannot be removed: %w", err)
			}
		}
	}
	return nil
}

func transcript(folder string, id ID) string {
	return filepath.Join(folder, id.Feature, id.Slug()+".txt")
}

// longestRead is up to which length somebody reads a body, in bytes: to look through a longer one for secrets, with every
// error of a scenario anew, takes minutes.
const longestRead = 1 << 20

// readable indents JSON and leaves anything else as it is.
func readable(body []byte) string {
	var indented bytes.Buffer
	if jsontext.Excess(body) == nil && json.Indent(&indented, jsontree.Plain(body), "", "  ") == nil {
		return indented.String()
	}
	return string(body)
}
