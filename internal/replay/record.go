package replay

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pingone-conformance/internal/replay/internal/scrub"
)

// keptResponse are the answer's headers that a fixture shows. The others tell of
// the connection, the server's machine, or the minute.
func keptResponse(name string) bool {
	switch name {
	case "Allow", "Cache-Control", "Content-Type", "Correlation-Id", "Location", "Pragma", "Retry-After",
		"Set-Cookie", "Strict-Transport-Security", "Vary", "Www-Authenticate",
		"X-Content-Type-Options", "X-Frame-Options", "X-Xss-Protection":
		return true
	}
	return strings.HasPrefix(name, "Access-Control-")
}

// finish writes what was said, if the scenario passed and the session records.
func (t *recorder) finish(s *Session, passed bool) error {
	if s.file == "" || !passed {
		return nil
	}
	recording, err := t.recording(s)
	if err == nil {
		// Not from the session's vault: it knows less than this one learned.
		err = fit(recording, t.options.Known, s.vault.Calls())
	}
	if err == nil {
		err = writeFile(s.file, recording.Format())
	}
	if err != nil {
		return fmt.Errorf("recording %s: %w", s.file, err)
	}
	return nil
}

// recording makes the fixture of what was said: first it learns every secret that
// an answer issued, then it rewrites the exchanges in order. A secret that the
// suite sends without having announced it gets no stand-in, since replay could not
// send that; it is refused in the end.
func (t *recorder) recording(s *Session) (*Recording, error) {
	exchanges, rest := t.answered()
	s.mu.Lock()
	vault := s.vault.Again(t.options.Known)
	s.mu.Unlock()
	for _, one := range exchanges {
		vault.LearnFrom(one.answer)
	}
	if vault.Full() {
		return nil, errors.New("the answers hold more secrets than can be replaced")
	}
	rules := scrub.Rules{APIURL: t.options.APIURL, AuthURL: t.options.AuthURL, AppsURL: t.options.AppsURL, Begin: t.begin}
	w, others := scrub.NewRewriter(rules, vault), scrub.NewOthers(rules)
	for _, one := range exchanges {
		w.Expect(one.answer)
		others.Made(one.method, one.status, one.answer)
	}
	r := &Recording{
		File: s.file, RecordedFrom: t.options.Answered, Passcodes: t.options.Passcodes, Seed: s.seed,
		Begin: w.Time(t.begin), clock: map[int][]time.Duration{},
	}
	for _, call := range vault.Calls() {
		r.secrets = append(r.secrets, secretLine{kind: call.Kind, standIn: call.StandIn})
	}
	for i, one := range exchanges {
		w.Begin(i+1, one.answer.Header.Get("Correlation-Id"))
		one.answer = others.Neutral(one.method, one.answer)
		played, err := rewrite(w, one)
		if err != nil {
			return nil, fmt.Errorf("exchange %d: %w", i+1, err)
		}
		r.exchanges = append(r.exchanges, played)
		r.takeClock(i+1, t.begin, one.clock)
	}
	r.takeClock(len(exchanges)+1, t.begin, rest)
	return r, nil
}

func (r *Recording) takeClock(n int, begin time.Time, readings []time.Time) {
	for _, reading := range readings {
		r.clock[n] = append(r.clock[n], reading.Sub(begin))
	}
}

// rewrite turns one exchange into that of the fixture.
func rewrite(w *scrub.Rewriter, one call) (*played, error) {
	address, err := url.Parse(w.URL(one.request.URL))
	if err != nil {
		return nil, fmt.Errorf("rewriting the URL: %w", err)
	}
	p := &played{}
	p.Request = Request{
		Method: one.method, URL: address,
		Header: w.Header(keep(one.request.Header, keptRequest)),
		Body:   []byte(w.Body(one.request)),
	}
	if address.Scheme+"://"+address.Host == scrub.AppsOrigin {
		p.Request.Header.Del("Cookie") // the authorization server's, which a host of their own does not get
	}
	w.Answer()
	p.Response = Response{
		Status: one.status,
		Header: w.Header(keep(one.answer.Header, keptResponse)),
		Body:   []byte(w.Body(one.answer)),
	}
	return p, nil
}

// fit refuses a recording that could not be read back, or in which anything of the
// tenant is left.
func fit(recording *Recording, known map[string]string, calls []scrub.Call) error {
	text := recording.Format()
	again, err := Parse(recording.File, text)
	if err != nil {
		return fmt.Errorf("what was recorded could not be read back: %w", err)
	}
	if !bytes.Equal(again.Format(), text) {
		return errors.New("what was recorded would read differently")
	}
	values := map[string]string{}
	for value, standIn := range known {
		if value != standIn {
			values[fmt.Sprintf("a value of the configuration (%s in its place)", standIn)] = value
		}
	}
	for i, call := range calls {
		if call.Value != call.StandIn {
			values[fmt.Sprintf("the %s that call %d of Session.Secret made", call.Kind, i+1)] = call.Value
		}
	}
	findings := again.scan(text, values)
	if len(findings) == 0 {
		return nil
	}
	lines := make([]string, len(findings))
	for i, finding := range findings {
		lines[i] = "  " + finding.String()
	}
	return fmt.Errorf("not written, since it is not clean:\n%s", strings.Join(lines, "\n"))
}

// writeFile writes all of a file or nothing of it.
func writeFile(file string, text []byte) error {
	folder := filepath.Dir(file)
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // fixtures are public
		return err
	}
	draft, err := os.CreateTemp(folder, "."+filepath.Base(file)+".*")
	if err != nil {
		return err
	}
	_, err = draft.Write(text)
	if err = errors.Join(err, draft.Chmod(0o644), draft.Close()); err == nil {
		err = os.Rename(draft.Name(), file)
	}
	if err != nil {
		_ = os.Remove(draft.Name())
	}
	return err
}
