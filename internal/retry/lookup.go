package retry

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/cenkalti/backoff/v5"
	"github.com/tidwall/gjson"
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
		return strings.Contains(bodyOf(response), `"UNIQUENESS_VIOLATION"`)
	}
	return false
}

// bodyOf reads an answer's body, which is kept, and leaves it readable.
func bodyOf(response *http.Response) string {
	body, err := io.ReadAll(response.Body)
	response.Body = io.NopCloser(strings.NewReader(string(body)))
	if err != nil {
		return ""
	}
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
	ctx, state := c.request.Context(), unknown
	self, _ := backoff.Retry(ctx, func() (string, error) {
		var self string
		self, state = c.look(wanted)
		if state == itDoesNot {
			return "", &fault{why: "not listed"}
		}
		return self, nil
	},
		backoff.WithBackOff(within{ctx, backoff.NewConstantBackOff(c.options.LagInterval)}),
		backoff.WithMaxTries(looks), backoff.WithMaxElapsedTime(0))
	switch state {
	case unknown:
		c.note = "whether it was created could not be looked up"
		return nil, unknown
	case itDoesNot:
		return nil, itDoesNot
	}
	return c.readBack(self)
}

// wanted is the request's body, if it says enough to find the thing again.
func (c *call) wanted() (gjson.Result, bool) {
	text, ok := c.bodyText()
	if !ok || !gjson.Valid(text) {
		return gjson.Result{}, false
	}
	wanted := gjson.Parse(text)
	for _, member := range c.rule.members {
		if !wanted.Get(member).Exists() {
			return gjson.Result{}, false
		}
	}
	return wanted, true
}

// look follows the collection's pages to the thing, and returns its address.
func (c *call) look(wanted gjson.Result) (self string, state found) {
	page := *c.request.URL
	page.RawQuery = ""
	collection := page.String()
	if c.rule.filter {
		member := c.rule.members[0]
		page.RawQuery = url.Values{"filter": {fmt.Sprintf("%s eq %s", member, quoted(wanted.Get(member).String()))}}.Encode()
	}
	next := page.String()
	var matches []string
	for range maxPages {
		answer, ok := c.get(next)
		if !ok {
			return "", unknown
		}
		body := gjson.Parse(bodyOf(answer))
		body.Get("_embedded").ForEach(func(_, items gjson.Result) bool {
			for _, item := range items.Array() {
				if c.matches(item, wanted, answer.Header) {
					matches = append(matches, c.addressOf(item, collection))
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

// addressOf is the listed thing's own address.
func (c *call) addressOf(item gjson.Result, collection string) string {
	if self := item.Get("_links.self.href").String(); self != "" {
		return self
	}
	return collection + "/" + url.PathEscape(item.Get("id").String())
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
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
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
	c.options.Log(Event{Method: c.request.Method, Path: c.request.URL.Path, Why: c.doubt.why + ", but it had happened; it was read back"})
	return response, itExists
}

// shownOnce tells of an authenticator device, whose secret only the answer to its
// creation holds, and of any device that waits for the passcode of its creation.
func shownOnce(thing gjson.Result) bool {
	return thing.Get("type").String() == "TOTP" || thing.Get("status").String() == "ACTIVATION_REQUIRED"
}
