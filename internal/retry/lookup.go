package retry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v5"
	"github.com/tidwall/gjson"

	"pingone-conformance/internal/jsontext"
)

// looks is how often a creation is looked for before it counts as not done: lists
// may lag behind. The pause between two looks is Options.LagInterval.
const looks = 3

// maxPages bounds how far a list is followed.
const maxPages = 1000

// skew is by how much the times of two of PingOne's servers may differ.
const skew = 2 * time.Second

// found is what a look showed.
type found int

const (
	unknown found = iota
	itExists
	itDoesNot
)

// refusedAsDouble tells whether an answer says that such a thing exists already.
func refusedAsDouble(response *http.Response) bool {
	switch response.StatusCode {
	case http.StatusConflict:
		return true
	case http.StatusBadRequest:
		return gjson.Get(bodyOf(response), `details.#(code=="UNIQUENESS_VIOLATION")`).Exists()
	}
	return false
}

// bodyOf reads an answer's body, which is kept, and leaves it readable.
func bodyOf(response *http.Response) string {
	body, _ := io.ReadAll(response.Body) // the part of one that breaks off is no JSON
	response.Body = io.NopCloser(strings.NewReader(string(body)))
	return string(body)
}

// lookUp looks for what the call creates. What is found is returned as the
// creation's own answer: 201, with a note.
func (c *call) lookUp() (*http.Response, found) {
	wanted, ok := c.wanted()
	if !ok {
		c.note = "whether it was created cannot be looked up"
		return nil, unknown
	}
	id, state := c.search(wanted)
	switch state {
	case unknown:
		c.note = "whether it was created could not be looked up"
		return nil, unknown
	case itDoesNot:
		return nil, itDoesNot
	}
	return c.readBack(c.collection() + "/" + url.PathEscape(id))
}

// ErrNotLookedUp is why nobody knows whether something was created.
var ErrNotLookedUp = errors.New("whether it was created could not be looked up")

// Find looks for what a creation has made, as is done when its answer was lost, and returns
// its id; "" says that it is not there. The creation is not sent: its address, header and
// body say what to look for, and its context bounds the looks, which go out by next.
func Find(next http.RoundTripper, creation *http.Request, o Options) (id string, err error) {
	o.Attempts = 1 // what is below repeats
	c, err := (&transport{next: next, options: o.withDefaults()}).newCall(creation)
	if err != nil {
		return "", err
	}
	wanted, ok := c.wanted()
	if c.rule == nil || !ok {
		return "", ErrNotLookedUp
	}
	id, state := c.search(wanted)
	if state == unknown {
		return "", ErrNotLookedUp
	}
	return id, nil
}

// search looks a few times, since lists may lag behind.
func (c *call) search(wanted gjson.Result) (id string, state found) {
	ctx := c.request.Context()
	id, _ = backoff.Retry(ctx, func() (string, error) {
		var id string
		id, state = c.look(wanted)
		if state == itDoesNot {
			return "", &fault{why: "not listed"}
		}
		return id, nil
	},
		backoff.WithBackOff(within{ctx, backoff.NewConstantBackOff(c.options.LagInterval)}),
		backoff.WithMaxTries(looks), backoff.WithMaxElapsedTime(0))
	return id, state
}

// wanted is the request's body, if it says enough to find the thing again.
func (c *call) wanted() (gjson.Result, bool) {
	text := c.bodyText()
	if !jsontext.Valid(text) {
		return gjson.Result{}, false
	}
	wanted := gjson.Parse(text)
	for _, member := range c.members() {
		if !wanted.Get(member).Exists() {
			return gjson.Result{}, false
		}
	}
	return wanted, true
}

// collection is the address of the list that the call adds to.
func (c *call) collection() string {
	address := *c.request.URL
	address.RawQuery = ""
	return address.String()
}

// members are what identifies the thing; none when there is no rule.
func (c *call) members() []string {
	if c.rule == nil {
		return nil
	}
	return c.rule.members
}

// look follows the collection's pages to the thing, and returns its id.
func (c *call) look(wanted gjson.Result) (id string, state found) {
	next := c.collection()
	if c.rule.filter {
		member := c.rule.members[0]
		next += "?" + url.Values{"filter": {fmt.Sprintf("%s eq %s", member, quoted(wanted.Get(member).String()))}}.Encode()
	}
	var matches []string
	for range maxPages {
		answer, ok := c.get(next)
		if !ok {
			return "", unknown
		}
		text := bodyOf(answer)
		if !jsontext.Valid(text) {
			return "", unknown
		}
		body := gjson.Parse(text)
		body.Get("_embedded").ForEach(func(_, items gjson.Result) bool {
			for _, item := range items.Array() {
				if c.matches(item, wanted, answer.Header) {
					matches = append(matches, item.Get("id").String())
				}
			}
			return true
		})
		if next = body.Get("_links.next.href").String(); next == "" {
			break
		}
	}
	switch {
	case next != "" || len(matches) > 1:
		return "", unknown
	case len(matches) == 0:
		return "", itDoesNot
	}
	return matches[0], itExists
}

func quoted(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
}

// matches holds a listed thing against the request's body.
func (c *call) matches(item, wanted gjson.Result, header http.Header) bool {
	members := c.rule.members
	for _, member := range c.rule.optional {
		if wanted.Get(member).Exists() {
			members = append(members[:len(members):len(members)], member)
		}
	}
	for _, member := range members {
		if plain(member, item.Get(member)) != plain(member, wanted.Get(member)) {
			return false
		}
	}
	return !c.rule.recent || c.isRecent(item, header)
}

// plain is a value as it is compared: a phone number by its digits, an address
// without regard to case.
func plain(member string, value gjson.Result) string {
	text := value.String()
	switch member {
	case "phone":
		return strings.Map(func(r rune) rune {
			if unicode.IsDigit(r) {
				return r
			}
			return -1
		}, text)
	case "email":
		return strings.ToLower(text)
	}
	return text
}

// isRecent tells whether a thing was created after the call began, by the
// server's own clock. What gives no times counts as recent.
func (c *call) isRecent(item gjson.Result, header http.Header) bool {
	created, err := time.Parse(time.RFC3339, item.Get("createdAt").String())
	if err != nil {
		return true
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		return true
	}
	return now.Sub(created) <= time.Since(c.started)+skew
}

// get reads an address of the request's own origin with the request's headers,
// repeated like any other reading; ok is false unless it answers 200.
func (c *call) get(address string) (*http.Response, bool) {
	target, err := url.Parse(address)
	if err != nil || target.Scheme != c.request.URL.Scheme || target.Host != c.request.URL.Host {
		return nil, false
	}
	// A wish such as Settling is for the call, not for the looks.
	ctx := context.WithValue(c.request.Context(), wishKey{}, usual)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil) //nolint:gosec // of the origin that the call itself goes to
	if err != nil {
		return nil, false
	}
	request.Header = c.request.Header.Clone()
	request.Header.Del("Content-Type")
	response, err := c.RoundTrip(request)
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, false
	}
	return response, true
}

// readBack makes the answer of the creation from the thing as it is read.
func (c *call) readBack(self string) (*http.Response, found) {
	response, ok := c.get(self)
	if !ok {
		c.note = "it was created, but could not be read back"
		return nil, unknown
	}
	if shownOnce(gjson.Parse(bodyOf(response))) {
		c.note = "it was created, but its secret was in the lost answer and is shown once only"
		return nil, unknown
	}
	response.StatusCode, response.Status = http.StatusCreated, "201 "+http.StatusText(http.StatusCreated)
	response.Header.Set("Location", self)
	annotate(response, "created by an earlier try whose answer was lost ("+c.doubt.why+"), read back")
	c.options.Log(Event{Method: c.request.Method, Path: c.request.URL.EscapedPath(), Why: c.doubt.why + ", but it had happened; it was read back"})
	return response, itExists
}

// shownOnce tells of an authenticator device, whose secret only the answer to its
// creation holds, and of any device that waits for the passcode of its creation.
func shownOnce(thing gjson.Result) bool {
	return thing.Get("type").String() == "TOTP" || thing.Get("status").String() == "ACTIVATION_REQUIRED"
}
