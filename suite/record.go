package suite

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

// outside is the step of what happens before the first and after the last one.
const outside = -1

// record is what is noted of one scenario while it runs; nil notes nothing.
type record struct {
	began   time.Time
	steps   []stepRecord
	index   map[string]int // of a step, by its id
	current int
	calls   []callRecord
}

type stepRecord struct {
	began    time.Time
	elapsed  time.Duration
	state    string
	err      error
	sentence string
	evidence Evidence
}

type callRecord struct {
	exchange *client.Exchange
	step     int
	found    contract.Report
}

func (r *record) stepBegins(id string) {
	if r == nil {
		return
	}
	r.current = r.index[id]
	r.steps[r.current].began = time.Now()
}

func (r *record) stepEnds(id string, status godog.StepResultStatus, err error) {
	if r == nil {
		return
	}
	s := &r.steps[r.index[id]]
	if !s.began.IsZero() {
		s.elapsed = time.Since(s.began)
	}
	switch {
	case err == nil && status == godog.StepPassed:
		s.state = results.Passed
	case status == godog.StepSkipped && err == nil:
		s.state = results.Skipped
	case errors.Is(err, ErrNotStarted):
		s.state = results.Skipped
	default:
		s.state, s.err = results.Failed, err
	}
	r.current = outside
}

func (r *record) call(ex *client.Exchange, found contract.Report) {
	if r == nil {
		return
	}
	r.calls = append(r.calls, callRecord{ex, r.current, found})
}

func (r *record) reads(expression string) {
	if r == nil || r.current == outside {
		return
	}
	r.steps[r.current].sentence = expression
}

func (r *record) saw(e Evidence) {
	if r == nil || r.current == outside {
		return
	}
	r.steps[r.current].evidence = append(r.steps[r.current].evidence, e...)
}

// fill writes what was noted into the scenario's place in the results, without anything secret.
func (r *record) fill(s *results.Scenario, one *Scenario, err error, version string) {
	s.Began, s.Seconds, s.State = r.began, time.Since(r.began).Seconds(), results.Passed
	if err != nil {
		s.State = results.Failed
	}
	exchanges := exchangesOf(r.calls)
	s.Steps = slices.Clone(s.Steps)
	for i, c := range r.calls {
		call := callOf(i, c)
		if c.step == outside {
			s.TearDown = append(s.TearDown, call)
			continue
		}
		exchanges[i].Step = s.Steps[c.step].Text
		s.Steps[c.step].Calls = append(s.Steps[c.step].Calls, call)
	}
	for i := range s.Steps {
		r.steps[i].fill(&s.Steps[i], r)
	}
	if err != nil {
		s.Failure = r.failure(s, err)
		s.Failure.Rerun = one.rerunOf(s.Name)
	}
	show(s, exchanges, one)
	if len(exchanges) > 0 {
		s.HAR = s.ID + ".har"
		s.Packed = har.Pack(version, s.Name, exchanges)
	}
}

func (r stepRecord) fill(s *results.Step, of *record) {
	s.Began, s.Seconds, s.Sentence = r.began, r.elapsed.Seconds(), r.sentence
	if r.state != "" {
		s.State = r.state
	}
	if r.err != nil {
		s.Error = r.err.Error()
	}
	for _, e := range r.evidence {
		seen := results.Evidence{Exchange: of.number(e.Answer), Of: []string{}}
		for _, subject := range e.Of {
			seen.Of = append(seen.Of, subject.Label())
		}
		s.Evidence = append(s.Evidence, seen)
	}
}

// number is the exchange's place among the scenario's, -1 when it is none of them.
func (r *record) number(ex *client.Exchange) int {
	return slices.IndexFunc(r.calls, func(c callRecord) bool { return c.exchange == ex })
}

// exchangesOf are the calls as texts, of which nothing is hidden yet.
func exchangesOf(calls []callRecord) []har.Exchange {
	all, headers := make([]har.Exchange, len(calls)), 0
	for _, c := range calls {
		headers += len(c.exchange.Request.Header) + len(c.exchange.Header)
	}
	pairs := make([]har.Pair, 0, headers+len(calls)) // a few headers have several values
	for i, c := range calls {
		ex := c.exchange
		all[i] = har.Exchange{
			Operation: ex.Operation, Method: ex.Request.Method, URL: ex.Request.URL.String(), Sent: string(ex.Request.Body),
			Status: ex.Status, Body: string(ex.Body), Started: ex.At, Elapsed: ex.Elapsed,
		}
		pairs, all[i].RequestHeaders = appendHeaders(pairs, ex.Request.Header)
		pairs, all[i].ResponseHeaders = appendHeaders(pairs, ex.Header)
	}
	return all
}

// appendHeaders appends headers in the order of their names, and returns those as well.
func appendHeaders(pairs []har.Pair, h http.Header) (longer, added []har.Pair) {
	first := len(pairs)
	for name, values := range h {
		for _, value := range values {
			pairs = append(pairs, har.Pair{Name: name, Value: plainCredentials(name, value)})
		}
	}
	added = pairs[first:len(pairs):len(pairs)]
	slices.SortStableFunc(added, func(a, b har.Pair) int { return strings.Compare(a.Name, b.Name) })
	return pairs, added
}

func callOf(number int, c callRecord) results.Call {
	ex := c.exchange
	call := results.Call{
		Exchange: number, By: caller(ex), Operation: ex.Operation, Method: ex.Request.Method, Path: shortPath(ex), Status: ex.Status,
		Seconds: ex.Elapsed.Seconds(), Correlation: ex.Header.Get("Correlation-Id"),
		Broken: findingsOf(c.found.Violations), Observed: findingsOf(c.found.Observations),
	}
	rules := c.found.Rules()
	call.Rules = make([]results.Rule, len(rules))
	for i, rule := range rules {
		call.Rules[i] = results.Rule(rule)
	}
	return call
}

// shortPath is the address with {id} for every id.
func shortPath(ex *client.Exchange) string {
	return strings.ReplaceAll(template(ex.Request.URL), "{}", "{id}")
}

func findingsOf(all []contract.Finding) []results.Finding {
	list := make([]results.Finding, 0, len(all))
	for _, f := range all {
		list = append(list, results.Finding{Rule: f.Rule, Where: f.Where, Want: f.Want, Got: f.Got, Source: f.Source})
	}
	return list
}

// caller says who made a call: the management API is the administrator's, what a browser
// carries is a person's, and what needs the application's credentials is the application's.
func caller(ex *client.Exchange) string {
	path := ex.Request.URL.Path
	switch {
	case strings.HasPrefix(path, "/v1/"), strings.Contains(string(ex.Request.Body), "grant_type=client_credentials"):
		return "administrator"
	case strings.Contains(path, "/flows/"), strings.HasSuffix(path, "/as/authorize"), strings.HasSuffix(path, "/as/resume"), strings.HasSuffix(path, "/as/signoff"):
		return "browser"
	}
	return "application"
}

// failure says why the scenario failed, in parts where they are known.
func (r *record) failure(s *results.Scenario, err error) *results.Failure {
	f := &results.Failure{Step: outside, Exchange: -1, Text: err.Error()}
	for i := range r.steps {
		if r.steps[i].err != nil {
			f.Step, err = i, r.steps[i].err
			break
		}
	}
	sentence := "after the scenario"
	if f.Step != outside {
		sentence = s.Steps[f.Step].Text
	}
	var mismatch *Mismatch
	c, broken := r.broken(f.Step)
	switch {
	case errors.As(err, &mismatch):
		f.Want, f.Got, f.Exchange = mismatch.Want, mismatch.Got, r.number(mismatch.Answer)
		f.Words = strings.TrimPrefix(VendorWords(mismatch.Answer), "; ")
		f.Cause = strings.Join([]string{mismatch.Answer.Operation + " answered otherwise", "wanted " + mismatch.Want + ", got " + mismatch.Got}, ": ")
	case broken != nil:
		f.Want, f.Got, f.Rule, f.Page, f.Exchange = broken.Want, broken.Got, broken.Where+" "+broken.Rule, broken.Source, c
		f.Cause = broken.Operation + " breaks its contract: " + f.Rule
	default:
		first, _, _ := strings.Cut(f.Text, "\n")
		f.Cause = first
	}
	if f.Cause = id().ReplaceAllString(f.Cause, "{id}"); f.Cause == "" {
		f.Cause = sentence
	}
	return f
}

// broken is the first rule that was broken during a step, and the number of its exchange.
func (r *record) broken(step int) (int, *contract.Finding) {
	for i, c := range r.calls {
		if c.step == step && len(c.found.Violations) > 0 {
			return i, &c.found.Violations[0]
		}
	}
	return -1, nil
}

// show makes every text of the scenario fit to be shown, in one pass over all of them.
func show(s *results.Scenario, exchanges []har.Exchange, one *Scenario) {
	var texts []*string
	add := func(all ...*string) { texts = append(texts, all...) }
	for i := range exchanges {
		x := &exchanges[i]
		add(&x.URL, &x.Sent, &x.Body)
		for _, headers := range [][]har.Pair{x.RequestHeaders, x.ResponseHeaders} {
			for h := range headers {
				if headers[h].Name != "Correlation-Id" {
					add(&headers[h].Value)
				}
			}
		}
	}
	for i := range s.Steps {
		add(&s.Steps[i].Error)
		findings(s.Steps[i].Calls, add)
	}
	findings(s.TearDown, add)
	if f := s.Failure; f != nil {
		add(&f.Cause, &f.Text, &f.Want, &f.Got, &f.Words)
	}
	one.showAll(texts)
	for _, x := range exchanges {
		for h := range x.RequestHeaders {
			hideCredentials(&x.RequestHeaders[h])
		}
	}
}

func findings(calls []results.Call, add func(...*string)) {
	for i := range calls {
		for _, list := range [][]results.Finding{calls[i].Broken, calls[i].Observed} {
			for f := range list {
				add(&list[f].Want, &list[f].Got)
			}
		}
	}
}

// between parts the texts that are cleaned together; none of them can have it inside,
// since plain.Whole shows it as an escape.
const between = "\x00"

func (s *Scenario) showAll(texts []*string) {
	if s.place != nil && s.place.Session.Replaying() { // a recording holds nothing but stand-ins
		for _, text := range texts {
			*text = hideTokens(*text)
		}
		return
	}
	var all strings.Builder
	for i, text := range texts {
		if i > 0 {
			all.WriteString(between)
		}
		all.WriteString(plain.Whole(*text))
	}
	cleaned := all.String()
	if s.place != nil {
		cleaned = hideIDs(s.place.Session.Scrub(cleaned), s.place.known())
	}
	parts := strings.Split(cleaned, between)
	for i := range texts {
		*texts[i] = "(not shown)"
		if len(parts) == len(texts) {
			*texts[i] = parts[i]
		}
	}
}
