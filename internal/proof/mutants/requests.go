package mutants

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/internal/replay"
	"pingone-conformance/internal/replay/jsontree"
	"pingone-conformance/suite"
)

// RequestChange is one change of one recorded request, and whether replay took it for the recorded one.
type RequestChange struct {
	// Recording is the file, Exchange the index of the request in it, from 0.
	Recording string
	Exchange  int
	// Part is what was changed: method, path, query, media type, a header by its name, or body.
	Part, Change string
	Accepted     bool
}

// Requests changes every request of every recording in method, path, query, media type, headers and body, one at a time,
// sends it in the place of the recorded one, and says what replay made of it. Replay has to refuse each. With journeys, only
// the recordings of the journeys are gone through.
func Requests(o suite.Options, journeys bool) ([]RequestChange, error) {
	scenarios, err := scenariosOf(o)
	if err != nil {
		return nil, err
	}
	var all []RequestChange
	for _, s := range scenarios {
		if journeys && !s.isJourney() {
			continue
		}
		recording, err := replay.Load(o.Fixtures, s.Recording())
		if err != nil {
			return nil, err
		}
		for i := range recording.Exchanges() {
			for _, change := range requestChanges(recording.Exchange(i).Request) {
				taken, err := change.taken(recording, i)
				if err != nil {
					return nil, err
				}
				all = append(all, RequestChange{Recording: recording.File, Exchange: i, Part: change.part, Change: change.what, Accepted: taken})
			}
		}
	}
	return all, nil
}

// requestChange is one request, changed.
type requestChange struct {
	part, what string
	request    replay.Request
}

// taken sends the changed request to a recording that has nothing but the exchange at index, and says whether it was answered.
func (c requestChange) taken(recording *replay.Recording, index int) (bool, error) {
	session := replay.Play(recording.Only(index), false)
	request, err := http.NewRequest(c.request.Method, c.request.URL.String(), bytes.NewReader(c.request.Body)) //nolint:noctx // no socket is opened
	if err != nil {
		return false, fmt.Errorf("make the changed request: %w", err)
	}
	request.Header = c.request.Header.Clone()
	answer, err := session.RoundTripper().RoundTrip(request)
	if err != nil {
		return false, nil //nolint:nilerr // it was refused, as it has to be
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	return true, answer.Body.Close()
}

// requestChanges lists the changes of a request.
func requestChanges(r replay.Request) []requestChange {
	var all []requestChange
	with := func(part, what string, change func(*replay.Request)) {
		one := r
		address := *r.URL
		one.URL, one.Header = &address, r.Header.Clone()
		change(&one)
		all = append(all, requestChange{part, what, one})
	}
	with("method", "another", func(one *replay.Request) { one.Method = otherMethod(r.Method) })
	with("path", "longer", func(one *replay.Request) { one.URL = one.URL.JoinPath("more") })
	with("path", "another host", func(one *replay.Request) { one.URL.Host = "elsewhere.example.com" })
	with("query", "one parameter more", func(one *replay.Request) {
		one.URL.RawQuery = strings.TrimPrefix(one.URL.RawQuery+"&more=1", "&")
	})
	for _, name := range slices.Sorted(maps.Keys(r.URL.Query())) {
		with("query", "without "+name, func(one *replay.Request) {
			query := one.URL.Query()
			query.Del(name)
			one.URL.RawQuery = query.Encode()
		})
		with("query", "another "+name, func(one *replay.Request) {
			query := one.URL.Query()
			query.Set(name, query.Get(name)+"x")
			one.URL.RawQuery = query.Encode()
		})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		part := "header " + name
		if name == "Content-Type" {
			part = "media type"
		}
		with(part, "none", func(one *replay.Request) { one.Header.Del(name) })
		with(part, "another", func(one *replay.Request) { one.Header.Set(name, one.Header.Get(name)+"x") })
	}
	bodyRequestChanges(r, with)
	return all
}

// bodyRequestChanges drops and changes every member of a JSON body, or every parameter of a form.
func bodyRequestChanges(r replay.Request, with func(part, what string, change func(*replay.Request))) {
	if len(r.Body) == 0 {
		with("body", "one where there was none", func(one *replay.Request) { one.Body = []byte(`{"more":1}`) })
		return
	}
	with("body", "none", func(one *replay.Request) { one.Body = nil })
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		with("body", "one parameter more", func(one *replay.Request) { one.Body = append(slices.Clone(r.Body), "&more=1"...) })
		for _, pair := range strings.Split(string(r.Body), "&") {
			with("body", "another "+pair[:strings.Index(pair+"=", "=")], func(one *replay.Request) {
				one.Body = []byte(strings.Replace(string(r.Body), pair, pair+"x", 1))
			})
		}
		return
	}
	jsontree.Walk(r.Body, func(v jsontree.Value) {
		if len(v.Path) == 0 || v.Key {
			return
		}
		for _, change := range bodyChanges(r.Body, v, vocabulary{}) {
			with("body", change.Where+" "+string(change.Kind), func(one *replay.Request) {
				one.Body = slices.Concat(r.Body[:change.start], []byte(change.text), r.Body[change.end:])
			})
		}
	})
}

func otherMethod(method string) string {
	if method == http.MethodGet {
		return http.MethodPost
	}
	return http.MethodGet
}
