package variation

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// moment is how much later a slow answer comes.
const moment = 2 * time.Millisecond

// often is how many callers of a kind there are for each that a busy server sends away.
const often = 3

// delays vary when answers come, and how often one has to ask.
func delays() []Variation {
	return in("delays",
		remembering("answers-later", "every answer comes a moment later", "how long an answer takes is not promised", pagePractices, func() parts {
			return parts{before: func(call *wire.Call) (*wire.Answer, bool) {
				wire.Pause(moment, call.Done, nil)
				return nil, true
			}}
		}),
		otherwise("answers-in-pieces", "bodies trickle out", "how long an answer takes is not promised", pagePractices, on(func(_ *wire.Call, a *wire.Answer) { a.Delivery.Over = moment }, ".list", "flow.")),
		remembering("busy-with-429", "some calls are sent away with 429 and Retry-After", "clients are asked to repeat them", pageRetry, busy("resource.list", func(call *wire.Call) *wire.Answer {
			return wire.LimitExceeded("requests", 1).Answer(call.ID).With("Retry-After", "0")
		})),
		remembering("busy-with-503", "some calls are answered with 503 and no body", "clients are asked to repeat them", pageRetry, busy("scope.list", func(*wire.Call) *wire.Answer { return wire.Empty(http.StatusServiceUnavailable) })),
		remembering("busy-with-502", "some lists are answered with 502 and a page, before and after a creation is tried", "clients are asked to repeat them", pageRetry, busy(".list", func(*wire.Call) *wire.Answer {
			return wire.Text(http.StatusBadGateway, "text/html", "<title>Bad Gateway</title>")
		})),
		remembering("busy-with-408", "some lists are answered with 408 and no body", "clients are asked to repeat them", pageRetry, busy(".list", func(*wire.Call) *wire.Answer { return wire.Empty(http.StatusRequestTimeout) })),
		remembering("known-late", "an action, or the state of a password, is not found for a moment", "a 404 of what is new may pass", pagePractices, func() parts {
			var mu sync.Mutex
			came := map[string]bool{}
			return parts{before: func(call *wire.Call) (*wire.Answer, bool) {
				mu.Lock()
				defer mu.Unlock()
				if !named(call.Operation, []string{"action.read", "user.password.read"}) || came[call.URL.Path] {
					return nil, false
				}
				came[call.URL.Path] = true
				return wire.NotFound().Answer(call.ID), true
			}}
		}),
	)
}

// busy sends the first call of every so many callers of an operation away, each once.
func busy(operation string, answer func(*wire.Call) *wire.Answer) func() parts {
	return func() parts {
		var mu sync.Mutex
		came := map[string]bool{}
		return parts{before: func(call *wire.Call) (*wire.Answer, bool) {
			mu.Lock()
			defer mu.Unlock()
			caller := call.Bearer() + " " + call.URL.String()
			if !named(call.Operation, []string{operation}) || came[caller] {
				return nil, false
			}
			came[caller] = true
			if len(came)%often != 1 {
				return nil, false
			}
			return answer(call), true
		}}
	}
}

// answers vary how answers are written, whatever they say.
func answers() []Variation {
	return slices.Concat(bodies(), heads(), spellings())
}

// bodies vary what stands in any answer.
func bodies() []Variation {
	return in("answers",
		otherwise("members-unknown", "every answer has members that no page names", "members may be added", pageCompatibility, on(edit(func(_ *wire.Call, body object) bool {
			body["futureFeature"] = object{"level": 3, "name": "to come"}
			return true
		}))),
		otherwise("links-unknown", "resources link what no page names", "links may be added", pageCompatibility, on(edit(func(_ *wire.Call, body object) bool {
			changed := false
			eachObject(body, func(o object) {
				if links, _ := o["_links"].(object); links != nil {
					links["future.feature"] = object{"href": "https://api.example.com/future", "templated": false}
					changed = true
				}
			})
			return changed
		}))),
		otherwise("links-with-curies", "resources list templates of links under curies", "HAL keeps this name for a list", pageCompatibility, on(edit(func(_ *wire.Call, body object) bool {
			links := sub(body, "_links")
			if links != nil {
				links["curies"] = []any{object{"name": "p1", "href": "https://docs.example.com/rels/{rel}", "templated": true}}
			}
			return links != nil
		}))),
		otherwise("members-null", "optional members that have no value are null", "null says what absence says", pageCompatibility, on(edit(func(call *wire.Call, body object) bool {
			changed := false
			for _, name := range []string{"description", "nickname", "title", "externalId"} {
				if _, there := body[name]; !there && body["id"] != nil && named(call.Operation, []string{"user.", "population.", "application."}) {
					body[name] = nil
					changed = true
				}
			}
			return changed
		}))),
		otherwise("times-without-zeros", "times leave out the zeros at the end of their fraction", "RFC 3339 takes any fraction", rfcTimes, inTimes(func(time, fraction string) string {
			if fraction = strings.TrimRight(fraction, "0"); fraction == "" {
				return time + "Z"
			}
			return time + "." + fraction + "Z"
		})),
		otherwise("times-in-whole-seconds", "times have no fraction of a second", "RFC 3339 takes any fraction", rfcTimes, inTimes(func(time, _ string) string { return time + "Z" })),
		otherwise("times-in-microseconds", "times have six digits of a second's fraction", "RFC 3339 takes any fraction", rfcTimes, inTimes(func(time, fraction string) string { return time + "." + fraction + "000Z" })),
		Variation{
			Name: "links-end-in-a-slash", Does: "links end in a slash", Allows: "links are followed, not compared", Page: pageResponses,
			parts: func() parts { return parts{after: on(edit(slashed)), slashes: true} },
		},
	)
}

// heads vary the headers of answers, and in what order bodies are written.
func heads() []Variation {
	return in("answers",
		otherwise("created-without-location", "what is created is answered without a Location", "no example shows one", pageResponses, on(func(_ *wire.Call, a *wire.Answer) { a.Header.Del("Location") }, ".create")),
		otherwise("media-type-hal", "management answers are application/hal+json, whatever a client asks for", "all recorded ones are", pageResponses, mediaType(func(management bool, media string) string {
			if !management {
				return media
			}
			return "application/hal+json; charset=UTF-8" // not the very text that the emulator turns into what is asked for
		})),
		otherwise("media-type-json", "flows are application/json", "the pages have it, recorded answers are application/hal+json", pageResponses, mediaType(func(management bool, media string) string {
			if management {
				return media
			}
			return strings.Replace(media, "application/hal+json", "application/json", 1)
		})),
		otherwise("media-type-without-charset", "media types have no parameters", "JSON is UTF-8", rfcJSON, mediaType(func(management bool, media string) string {
			bare, _, _ := strings.Cut(media, ";")
			if management && !strings.Contains(media, "; ") {
				return "application/json"
			}
			return bare
		})),
		otherwise("headers-fewer", "answers lack the headers that only the general text lists", "recorded answers lack them", pageResponses, func(_ *wire.Call, a *wire.Answer) {
			for _, name := range []string{"Strict-Transport-Security", "X-Frame-Options", "X-Content-Type-Options", "X-Xss-Protection", "X-XSS-Protection", "Via", "Vary", "Pragma", "Expires"} {
				a.With(name, "")
				a.Header[name] = nil
			}
		}),
		otherwise("headers-more", "answers have headers of a gateway", "headers may be added", pageResponses, func(_ *wire.Call, a *wire.Answer) {
			a.With("X-Amz-Cf-Id", "a-gateway").With("Server-Timing", "app;dur=1").With("ETag", `"1"`)
		}),
		otherwise("members-in-another-order", "members come in another order, with room between them", "the order of members says nothing", rfcJSON, func(_ *wire.Call, a *wire.Answer) {
			if body := decoded(a.Body); body != nil {
				a.Body = spread(body)
			}
		}),
	)
}

// written finds times as the emulator writes them.
var written = lazy.Regexp(`"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.(\d{3})Z"`)

// inTimes writes every time of an answer otherwise.
func inTimes(do func(time, fraction string) string) change {
	return on(func(_ *wire.Call, a *wire.Answer) {
		a.Body = written.Get().ReplaceAllFunc(a.Body, func(text []byte) []byte {
			found := written.Get().FindSubmatch(text)
			return []byte(`"` + do(string(found[1]), string(found[2])) + `"`)
		})
	})
}

// slashed ends every address of a link without a query in a slash.
func slashed(_ *wire.Call, body object) bool {
	changed := false
	eachObject(body, func(o object) {
		links, _ := o["_links"].(object)
		for _, link := range links {
			l, _ := link.(object)
			if href, _ := l["href"].(string); href != "" && !strings.Contains(href, "?") && !strings.HasSuffix(href, "/") {
				l["href"] = href + "/"
				changed = true
			}
		}
	})
	return changed
}

// mediaType writes the media type of JSON otherwise.
func mediaType(do func(management bool, media string) string) change {
	return on(func(call *wire.Call, a *wire.Answer) {
		if media := a.Header.Get("Content-Type"); strings.Contains(media, "json") {
			a.With("Content-Type", do(strings.HasPrefix(call.URL.Path, "/v1/"), media))
		}
	})
}

// spread writes JSON with the members of every object from the last to the first, a line each.
func spread(v any) []byte {
	var b bytes.Buffer
	write(&b, v, "\n  ")
	return b.Bytes()
}

func write(b *bytes.Buffer, v any, indent string) {
	switch v := v.(type) {
	case object:
		b.WriteByte('{')
		names := slices.Sorted(maps.Keys(v))
		slices.Reverse(names)
		for i, name := range names {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(indent)
			b.Write(encoded(name))
			b.WriteString(" : ")
			write(b, v[name], indent+"  ")
		}
		b.WriteString("\n}")
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteString(", ")
			}
			write(b, item, indent+"  ")
		}
		b.WriteByte(']')
	case json.RawMessage:
		b.Write(v)
	default:
		b.Write(encoded(v))
	}
}
