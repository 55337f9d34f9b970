package contract

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"sync"

	"pingone-conformance/client"
	"pingone-conformance/internal/plain"
)

// Checker holds one scenario's exchanges against the contract, in the order they
// happened, and remembers what it saw. It is safe for concurrent use.
type Checker struct {
	mu      sync.Mutex
	memory  *memory
	schemas *library
	calls   []operation
	rules   []Rule
}

// NewChecker returns a Checker with an empty memory, for one scenario.
func NewChecker() *Checker {
	return &Checker{memory: newMemory(), schemas: shared(), calls: knownCalls()}
}

// Check holds one exchange, request and answer, against the contract. The rules that apply
// follow from method, address, media type and status, never from who answered.
func (c *Checker) Check(ex *client.Exchange) Report {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.check(ex).report
}

func (c *Checker) check(ex *client.Exchange) *call {
	call := &call{ex: ex, mem: c.memory, schemas: c.schemas, report: Report{Call: ex.String()}}
	var known bool
	call.op, call.ids, known = find(c.calls, ex.Request)
	call.read()
	call.learnSentSecrets()
	call.report.op = call.op
	call.run(known)
	call.added(c.rules)
	call.report.sort()
	return call
}

// call is one exchange while it is being checked.
type call struct {
	ex      *client.Exchange
	op      *operation
	ids     map[string]string
	mem     *memory
	schemas *library
	report  Report
	// held are the schemas that were applied, in order.
	held []holding
	// answer is the answer's reading, request that of a JSON request; nil when there is none.
	answer, request *reading
	// body is the decoded answer, nil when there is none or it is not JSON (then bodyErr says why).
	body    any
	bodyErr error
	// sent is the decoded JSON request; form holds what a form or a query sent.
	sent any
	form url.Values
	// basicID and basicSecret are what a Basic header shows.
	basicID, basicSecret string
}

// read decodes the two bodies; what cannot be decoded is a rule's business, not an error here.
func (c *call) read() {
	if c.answer = c.schemas.readings.of(c.ex.Body); c.answer != nil {
		c.body, c.bodyErr = c.answer.value()
		c.body = c.withoutNulls(c.body)
	}
	request := c.ex.Request
	c.form = request.URL.Query()
	switch {
	case strings.HasPrefix(request.Header.Get("Content-Type"), form):
		// A form that cannot be parsed keeps the pairs that can.
		c.form, _ = url.ParseQuery(string(request.Body))
	case len(request.Body) > 0:
		c.request = c.schemas.readings.of(request.Body)
		c.sent, _ = c.request.value()
	}
	c.basicID, c.basicSecret = basic(request.Header.Get("Authorization"))
}

// basic reads a Basic header, whose parts are form-encoded.
func basic(header string) (id, secret string) {
	encoded, isBasic := strings.CutPrefix(header, "Basic ")
	pair, err := base64.StdEncoding.DecodeString(encoded)
	if !isBasic || err != nil {
		return "", ""
	}
	id, secret, _ = strings.Cut(string(pair), ":")
	for _, part := range []*string{&id, &secret} {
		if unescaped, err := url.QueryUnescape(*part); err == nil {
			*part = unescaped
		}
	}
	return id, secret
}

func (c *call) run(known bool) {
	c.secrets()
	if c.op == nil {
		c.unlisted(known)
		return
	}
	if c.op.unlisted {
		c.note(ruleUnlisted, "header Content-Type of the request", "an action that the pages list; more may be added", c.ex.Request.Header.Get("Content-Type"), pageCompatibility)
	}
	switch status := c.ex.Status; {
	case c.op.service == pages:
	case status >= 200 && status < 300:
		c.succeeded()
	case status >= 300 && status < 400:
		c.redirected()
	case status >= 400 && status < 600:
		c.refused()
	default:
		c.fail(ruleStatus, "status", "a final answer", fmt.Sprint(status), c.op.source)
	}
	c.facts()
	c.learn()
}

// unlisted handles a call that no operation describes. Where the address is known, the method
// or the media type is not documented for it, and success says PingOne took it anyway.
func (c *call) unlisted(known bool) {
	what := c.ex.Request.Method + " with " + orNone(c.ex.Request.Header.Get("Content-Type"))
	accepted := c.ex.Status >= 200 && c.ex.Status < 300
	switch {
	case known && accepted:
		c.accepted("this address does not take "+what, pageFlowActions)
	case accepted:
		c.note(ruleUnlisted, "status", "a call the contract describes", what, pageConventions)
	case c.ex.Status >= 400 && c.ex.Status < 600:
		c.platformError()
		c.facts()
	}
}

func orNone(mediaType string) string {
	if mediaType == "" {
		return "no media type"
	}
	return mediaType
}

// name is the operation's name, the client's own word where the contract has none.
func (c *call) name() string {
	if c.op != nil {
		return c.op.name
	}
	return c.ex.Operation
}

// How many violations of one answer are kept, and how many observations, of which whole lists have more: an answer may have
// millions, and nobody reads them.
const mostViolations = 1000
const mostObservations = 10_000

// fail reports that a documented rule is broken.
func (c *call) fail(rule, where, want, got, source string) {
	if !c.full() {
		c.report.Violations = append(c.report.Violations, finding(c.name(), rule, where, want, got, source))
	}
}

// full tells that so much is broken that nobody needs to know of more.
func (c *call) full() bool { return len(c.report.Violations) >= mostViolations }

// finding cuts what an answer says at the length of a line.
func finding(kind, rule, where, want, got, source string) Finding {
	return Finding{kind, rule, plain.Line(where), plain.Line(want), plain.Line(got), source}
}

// same fails unless got, at path below where, is what is wanted; what is not known on either side is not compared.
func (c *call) same(rule, want, got, source string, where []string, path ...string) {
	if want != "" && got != "" && got != want {
		c.fail(rule, pointer(join(where, path...)...), want, show(got), source)
	}
}

// accepted reports that a call succeeded although the reason given should have had it refused.
func (c *call) accepted(reason, source string) {
	c.fail(ruleAccepted, "status", "a refusal: "+reason, fmt.Sprint(c.ex.Status), source)
}

// note reports what no documented rule decides.
func (c *call) note(rule, where, want, got, source string) {
	c.noteOf(c.name(), rule, where, want, got, source)
}

// noteOf is note for what is the same whichever call of a kind shows it.
func (c *call) noteOf(kind, rule, where, want, got, source string) {
	if len(c.report.Observations) < mostObservations {
		c.report.Observations = append(c.report.Observations, finding(kind, rule, where, want, got, source))
	}
}

// environment is the id of the environment in the address; a custom domain has none.
func (c *call) environment() string {
	if id := c.ids["env"]; id != "-" {
		return id
	}
	return ""
}

// origin is scheme and host of the request.
func (c *call) origin() string {
	return c.ex.Request.URL.Scheme + "://" + c.ex.Request.URL.Host
}
