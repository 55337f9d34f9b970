package suite

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/retry"
)

// Must passes when an answer came with one of the wanted statuses. Its error says what
// was attempted, the call, its status and PingOne's own words.
func Must(doing string, ex *client.Exchange, err error, statuses ...int) error {
	doing = plain.Line(doing)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if slices.Contains(statuses, ex.Status) {
		return nil
	}
	return &Mismatch{
		What: doing, Want: orList(statuses), Got: fmt.Sprint(ex.Status), Answer: ex,
		text: fmt.Sprintf("%s: wanted %s, but %s%s%s", doing, orList(statuses), ex, VendorWords(ex), repeated(ex)),
	}
}

// Expect passes when got, which stands in the answer, is want. The error names both,
// the answer's call and PingOne's own words.
func Expect(answer *client.Exchange, what, want, got string) error {
	if got == want {
		return nil
	}
	return Unlike(answer, what, fmt.Sprintf("%q", want), fmt.Sprintf("%q", got))
}

// Unlike makes the error for something in the answer that was not as wanted.
func Unlike(answer *client.Exchange, what, want, got string) error {
	return &Mismatch{
		What: what, Want: want, Got: got, Answer: answer,
		text: fmt.Sprintf("%s: wanted %s, got %s; %s%s", plain.Line(what), plain.Line(want), plain.Line(got), answer, VendorWords(answer)),
	}
}

// Mismatch is the error for an answer that is not as wanted.
type Mismatch struct {
	// What was looked at or attempted, what was wanted of it, and what came.
	What, Want, Got string
	Answer          *client.Exchange
	text            string
}

// Error says it in one line, with the answer's call and PingOne's own words.
func (m *Mismatch) Error() string { return m.text }

// VendorWords quotes PingOne's own words about a refusal, for an error's text: "" when
// there are none. An HTML page is called that.
func VendorWords(ex *client.Exchange) string {
	if ex.IsPage() {
		return "; the answer is an HTML page and no JSON: not PingOne's API answered, but something on the way, such as a proxy"
	}
	switch oauth := ex.Get("error"); {
	case oauth.IsObject(): // of a flow that has failed
		return says(oauth.Get("code").String(), oauth.Get("message").String())
	case oauth.String() != "":
		return says(oauth.String(), ex.Get("error_description").String())
	}
	code := ex.Get("code").String()
	if code == "" {
		return ""
	}
	var details []string
	for _, d := range ex.Get("details").Array() {
		details = append(details, strings.TrimSpace(d.Get("code").String()+" "+d.Get("target").String()+" "+d.Get("message").String()))
	}
	words := ex.Get("message").String()
	if len(details) > 0 {
		words += " (" + strings.Join(details, "; ") + ")"
	}
	return says(code, words)
}

// says is a refusal in one line, whatever an answer has for one.
func says(code, words string) string {
	return "; PingOne says " + plain.Short(code, 120) + ": " + plain.Short(words, 1000)
}

// repeated is what the retries have to say about an answer.
func repeated(ex *client.Exchange) string {
	if note := retry.Note(ex.Header); note != "" {
		return " (" + note + ")"
	}
	return ""
}

func orList(statuses []int) string {
	words := make([]string, len(statuses))
	for i, s := range statuses {
		words[i] = fmt.Sprint(s)
	}
	return strings.Join(words, " or ")
}

// explained is an error whose text was made for people.
type explained struct {
	text  string
	cause error
}

// Error returns the text, free of secrets.
func (r *explained) Error() string { return r.text }

// Unwrap returns the cause, whose own text may hold secrets.
func (r *explained) Unwrap() error { return r.cause }

// withBreaches is an error's text with what the contract objected to meanwhile: behind it when that was in the answer that the
// error is about, else before it, since it came first and what came of it is no news.
func (s *Scenario) withBreaches(text string, err error) string {
	found := s.breaches
	s.breaches = nil
	var about *Mismatch
	if errors.As(err, &about) && about.Answer == found[0].of {
		return text + "\nbesides, " + textOf(found)
	}
	return textOf(found) + "\nbesides, " + text
}

// explain is err as people may read it: with the number of the published step, without
// any secret, and with the recording to open. Its cause stays reachable.
func (s *Scenario) explain(err error) error {
	var already *explained
	if errors.As(err, &already) || s.place == nil {
		return err
	}
	text := err.Error()
	if len(s.breaches) > 0 {
		text = s.withBreaches(text, err)
	}
	if s.step > 0 {
		text = fmt.Sprintf("step %d: %s", s.step, text)
	}
	text = plain.Text(s.place.Session.Scrub(text))
	if s.place.Session.Replaying() {
		text += "\nthe recording is " + s.recording()
	} else if where := s.writeTranscript(); where != "" {
		text += "\n" + where
	}
	return &explained{text: text, cause: err}
}

// recording is the scenario's own, as whoever reads of it can open it.
func (s *Scenario) recording() string {
	switch file := s.place.Session.File(); {
	case file != s.Recording(): // in a folder that was given, which the name tells
		return file
	case s.recordings == "":
		return file + ", which is built in"
	default:
		return filepath.Join(s.recordings, file)
	}
}
