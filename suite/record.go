package suite

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/cucumber/godog"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report"
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
	texts := workspaces.Get().(*workspace)
	defer texts.done()
	exchanges := texts.exchangesOf(r.calls)
	s.Steps = slices.Clone(s.Steps)
	r.shareCalls(s)
	for i, c := range r.calls {
		if c.step == outside {
			s.TearDown = append(s.TearDown, callOf(i, c))
			continue
		}
		exchanges[i].Step = s.Steps[c.step].Text
		s.Steps[c.step].Calls = append(s.Steps[c.step].Calls, callOf(i, c))
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

// shareCalls makes one piece of memory for the calls of all steps, of which each has what it needs.
func (r *record) shareCalls(s *results.Scenario) {
	needs := make([]int, 1+len(s.Steps)) // that of outside comes first
	for _, c := range r.calls {
		needs[1+c.step]++
	}
	all := make([]results.Call, len(r.calls))
	take := func(step int) []results.Call {
		n := needs[1+step]
		taken := all[:0:n]
		all = all[n:]
		return taken
	}
	for i := range s.Steps {
		s.Steps[i].Calls = take(i)
	}
	s.TearDown = take(outside)
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
	f := &results.Failure{Step: outside, Exchange: -1, Text: report.InOrder(err.Error())}
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
	if f.Cause = id.Get().ReplaceAllString(f.Cause, "{id}"); f.Cause == "" {
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
	if one.place != nil && one.place.Session.Replaying() { // a recording holds nothing but stand-ins
		eachText(s, exchanges, func(text *string) { *text = hideTokens(*text) })
	} else {
		var texts []*string
		eachText(s, exchanges, func(text *string) { texts = append(texts, text) })
		one.showAll(texts)
	}
	for _, x := range exchanges {
		for h := range x.RequestHeaders {
			hideCredentials(&x.RequestHeaders[h])
		}
	}
}

// eachText goes through all texts that may hold what is not shown.
func eachText(s *results.Scenario, exchanges []har.Exchange, do func(*string)) {
	for i := range exchanges {
		x := &exchanges[i]
		do(&x.URL)
		do(&x.Sent)
		do(&x.Body)
		for _, headers := range [][]har.Pair{x.RequestHeaders, x.ResponseHeaders} {
			for h := range headers {
				if headers[h].Name != "Correlation-Id" {
					do(&headers[h].Value)
				}
			}
		}
	}
	for i := range s.Steps {
		do(&s.Steps[i].Error)
		findings(s.Steps[i].Calls, do)
	}
	findings(s.TearDown, do)
	if f := s.Failure; f != nil {
		for _, text := range []*string{&f.Cause, &f.Text, &f.Want, &f.Got, &f.Words} {
			do(text)
		}
	}
}

func findings(calls []results.Call, do func(*string)) {
	for i := range calls {
		for _, list := range [][]results.Finding{calls[i].Broken, calls[i].Observed} {
			for f := range list {
				do(&list[f].Want)
				do(&list[f].Got)
			}
		}
	}
}

// between parts the texts that are cleaned together; none of them can have it inside,
// since plain.Whole shows it as an escape.
const between = "\x00"

func (s *Scenario) showAll(texts []*string) {
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
