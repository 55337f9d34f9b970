package replay

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/replay/internal/jsonwalk"
	"pingone-conformance/internal/replay/internal/scrub"
)

// canonical is a request in the form in which it is compared: what may differ
// without meaning (the order of parameters, cookies and members) is sorted away.
type canonical struct {
	method, address, query, headers, body string
}

// The parts of a request by which it is matched, as the messages name them.
const (
	partMethod  = "method"
	partURL     = "URL"
	partQuery   = "query"
	partHeaders = "headers"
	partBody    = "body"
)

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
	bar *canonical // made when it is first needed
}

func (s *sent) canonical() canonical {
	if s.bar == nil {
		bar := s.Request.canonical()
		s.bar = &bar
	}
	return *s.bar
}

func newSent(r *http.Request, body []byte) *sent {
	address := *r.URL
	address.Fragment = ""
	if r.Host != "" {
		address.Host = r.Host
	}
	one := &sent{Request: Request{Method: r.Method, URL: &address, Header: keep(r.Header, keptRequest), Body: body}}
	if one.Method == "" {
		one.Method = http.MethodGet
	}
	return one
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
	p.once.Do(func() { p.bar = p.Request.canonical() })
	return p.bar
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
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	var out strings.Builder
	for _, name := range names {
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
	if !jsonwalk.IsContainer(string(body)) {
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

// differences names the parts in which two requests differ.
func (c canonical) differences(other canonical) []string {
	var parts []string
	for _, part := range []struct{ name, a, b string }{
		{partMethod, c.method, other.method},
		{partURL, c.address, other.address},
		{partQuery, c.query, other.query},
		{partHeaders, c.headers, other.headers},
		{partBody, c.body, other.body},
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
