package drift

import (
	"maps"
	"mime"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// call is one exchange of a recording and what is needed to find its like.
type call struct {
	replay.Exchange
	number    int // in the recording, from 1
	operation string
	path      string // with {id} for every id
	key       string // what is asked for: calls with other keys are never the same
	query     string // the names of the query's parameters
	sent      string // what the request's body looks like
	step      int    // published number, 0 when there is none
	line      string // the sentence, "" when it has no number
}

var ids = lazy.Regexp(`(?i)[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// callsOf lists the exchanges of a recording; traced are those of its numbered steps.
func callsOf(recording *replay.Recording, traced []suite.Traced) []call {
	checker := contract.NewChecker()
	var calls []call
	for i, e := range recording.Exchanges() {
		c := newCall(i+1, e)
		c.operation = checker.Documents(e.Client()).Operation
		calls = append(calls, c)
	}
	number(calls, traced)
	return calls
}

func newCall(n int, e replay.Exchange) call {
	media, _, _ := mime.ParseMediaType(e.Request.Header.Get("Content-Type"))
	c := call{
		Exchange: e, number: n, path: template(e.Request.URL),
		query: strings.Join(slices.Sorted(maps.Keys(e.Request.URL.Query())), " "),
	}
	c.key = e.Request.Method + " " + c.path + " " + media
	if form, err := url.ParseQuery(string(e.Request.Body)); err == nil && media == "application/x-www-form-urlencoded" {
		c.key += " " + form.Get("grant_type")
		c.sent = strings.Join(slices.Sorted(maps.Keys(form)), " ")
	} else if body, ok := shapeOf(e.Request.Body); ok {
		c.sent = body.outline()
	}
	return c
}

// template is the path of a URL with {id} in the place of ids: UUIDs, and whatever
// else has digits and is no version.
func template(u *url.URL) string {
	segments := strings.Split(u.Path, "/")
	for i, segment := range segments {
		if ids.Get().MatchString(segment) || len(segment) > 4 && strings.ContainsAny(segment, "0123456789") {
			segments[i] = "{id}"
		}
	}
	return strings.Join(segments, "/")
}

// outline is what a body looks like, in one text that is equal for two bodies that look alike.
func (s shape) outline() string {
	var b strings.Builder
	for _, at := range slices.Sorted(maps.Keys(s)) {
		b.WriteString(at + " " + strings.Join(s[at].words, ",") + "\n")
	}
	return b.String()
}

// number gives calls the steps that sent them. Both lists are in order, and not every
// call belongs to a numbered step.
func number(calls []call, traced []suite.Traced) {
	next := 0
	for _, t := range traced {
		for i := next; i < len(calls); i++ {
			if calls[i].is(t.Exchange) {
				calls[i].step, calls[i].line = t.Step, t.Line
				next = i + 1
				break
			}
		}
	}
}

// is tells whether an exchange of the client is this call. In replay both have the
// recorded correlation id; that of a live answer is not known any more.
func (c *call) is(ex *client.Exchange) bool {
	own, theirs := c.Response.Header.Get("Correlation-Id"), ex.Header.Get("Correlation-Id")
	if standsIn(own) && standsIn(theirs) && own != theirs {
		return false
	}
	return c.Request.Method == ex.Request.Method && c.Response.Status == ex.Status && c.path == template(ex.Request.URL)
}

// standsIn tells whether a correlation id is one of a recording.
func standsIn(id string) bool { return strings.HasPrefix(id, "00000000-0000-4000-") }
