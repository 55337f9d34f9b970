package replay

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/replay/internal/scrub"
	"pingone-conformance/internal/replay/jsontree"

	"github.com/google/uuid"
)

// canonical is a request in the form in which it is compared: what may differ
// without meaning (the order of parameters, cookies and members) is sorted away.
type canonical struct {
	method, address, query, headers, body string
}

// keptRequest are the request headers that a fixture shows and replay compares.
func keptRequest(name string) bool {
	switch name {
	case "Accept", "Authorization", "Content-Type", "Cookie", "If-Match", "If-None-Match", "Prefer":
		return true
	}
	return strings.HasPrefix(name, "X-Ping-External-")
}

// sent is a call that replay is asked to answer.
type sent struct {
	Request
	form *canonical // made when it is first needed
}

func (s *sent) canonical() canonical {
	if s.form == nil {
		form := s.Request.canonical()
		s.form = &form
	}
	return *s.form
}

func newSent(r *http.Request, body []byte) *sent {
	address := *r.URL
	address.Fragment = ""
	if r.Host != "" {
		address.Host = r.Host
	}
	return &sent{Request: Request{Method: methodOf(r), URL: &address, Header: keep(r.Header, keptRequest), Body: body}}
}

func keep(h http.Header, kept func(string) bool) http.Header {
	out := make(http.Header, len(h))
	for name, values := range h {
		if kept(name) {
			out[name] = values
		}
	}
	return out
}

func (p *played) canonical() canonical {
	p.once.Do(func() { p.form = p.Request.canonical() })
	return p.form
}

func (r *Request) canonical() canonical {
	return canonical{
		method:  r.Method,
		address: r.URL.Scheme + "://" + r.URL.Host + r.URL.EscapedPath(),
		query:   canonicalPairs(r.URL.RawQuery),
		headers: canonicalHeaders(r.Header),
		body:    canonicalBody(r.Header.Get("Content-Type"), r.Body),
	}
}

func canonicalPairs(query string) string {
	if query == "" {
		return ""
	}
	pairs := strings.Split(query, "&")
	for i, pair := range pairs {
		name, value, cut := strings.Cut(pair, "=")
		pairs[i] = canonicalText(name)
		if cut {
			pairs[i] += "=" + canonicalText(value)
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

func canonicalText(escaped string) string {
	plain, err := url.QueryUnescape(escaped)
	if err != nil {
		return escaped
	}
	return url.QueryEscape(plain)
}

func canonicalHeaders(h http.Header) string {
	var out strings.Builder
	for _, name := range slices.Sorted(maps.Keys(h)) {
		for _, value := range h[name] {
			if name == "Cookie" {
				cookies := strings.Split(value, "; ")
				slices.Sort(cookies)
				value = strings.Join(cookies, "; ")
			}
			out.WriteString(name + ": " + value + "\n")
		}
	}
	return out.String()
}

func canonicalBody(media string, body []byte) string {
	if strings.HasPrefix(media, "application/x-www-form-urlencoded") {
		return canonicalPairs(string(body))
	}
	if !jsontree.IsContainer(body) {
		return string(body)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return string(body)
	}
	sorted, err := json.Marshal(value)
	if err != nil {
		return string(body)
	}
	return string(sorted)
}

// differences names the parts in which two requests differ, as messages do.
func (c canonical) differences(other canonical) []string {
	var parts []string
	for _, part := range []struct{ name, a, b string }{
		{"method", c.method, other.method},
		{"URL", c.address, other.address},
		{"query", c.query, other.query},
		{"headers", c.headers, other.headers},
		{"body", c.body, other.body},
	} {
		if part.a != part.b {
			parts = append(parts, part.name)
		}
	}
	return parts
}

// matches reports whether a call is the recorded one.
func (p *played) matches(r *Recording, s *sent) bool {
	return p.identical(&s.Request) || len(p.differences(r, s)) == 0
}

// identical is the quick answer for a call that was sent just as it was recorded.
func (p *played) identical(s *Request) bool {
	r := &p.Request
	return r.Method == s.Method && r.URL.Host == s.URL.Host && r.URL.Scheme == s.URL.Scheme && r.URL.Path == s.URL.Path &&
		r.URL.RawPath == s.URL.RawPath && r.URL.RawQuery == s.URL.RawQuery && bytes.Equal(r.Body, s.Body) &&
		maps.EqualFunc(r.Header, s.Header, slices.Equal)
}

// differences names the parts in which a call differs from the recorded one. A
// signature that nobody's key verified when it was recorded, such as that of a
// spoiled token, cannot be made again: there, any that verifies with no stand-in
// is as good.
func (p *played) differences(r *Recording, s *sent) []string {
	recorded := p.canonical()
	call := s.canonical()
	parts := recorded.differences(call)
	if len(parts) == 0 {
		return nil
	}
	if recorded.method != call.method || recorded.address != call.address {
		return parts
	}
	eased := call
	eased.query = scrub.EaseForeign(recorded.query, eased.query, r.signers)
	eased.headers = scrub.EaseForeign(recorded.headers, eased.headers, r.signers)
	eased.body = scrub.EaseForeign(recorded.body, eased.body, r.signers)
	return recorded.differences(eased)
}

// signers are the stand-ins that may have signed the tokens of a recording.
func (r *Recording) signers() []string { return scrub.SecretsIn(string(r.Format())) }

// alike tells whether two calls ask for the same: method, media type, host, and all
// of the path that is no id.
func alike(recorded, sent *Request) bool {
	if recorded.Method != sent.Method || recorded.URL.Host != sent.URL.Host ||
		recorded.Header.Get("Content-Type") != sent.Header.Get("Content-Type") {
		return false
	}
	want, got := strings.Split(recorded.URL.Path, "/"), strings.Split(sent.URL.Path, "/")
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		if want[i] != got[i] && uuid.Validate(want[i]) != nil {
			return false
		}
	}
	return true
}
