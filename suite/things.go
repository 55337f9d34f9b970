package suite

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/internal/names"
)

// thing is something that the scenario has created, or may have: then its creation went
// out, and no answer came that says how it ended.
type thing struct {
	what string // in words, such as "the user Ben"
	// collection is the address that it was created at. With the id it is the thing's own;
	// what an answer gives as its address is not used.
	collection string
	id         string // "" as long as no answer has told
	// creation is the call that made it, for a kind that has a name; name is that name.
	creation *http.Request
	name     string
	in       string // the id of the population that it was put in
	answered bool   // with 201
	deleted  bool   // a deletion was answered as if it had been done
	absent   bool   // it was gone before
}

// kind is a kind of thing that has a name, which tells whose it is.
type kind struct {
	noun   string
	member string                                  // that holds the name
	run    func(name string) (run string, ok bool) // whose it is
}

// kindOf is the kind of what is created at a collection's address; ok is false where things
// have no name, and go with the thing that they lie below.
func kindOf(collection string) (k kind, ok bool) {
	u, err := url.Parse(collection)
	if err != nil {
		return kind{}, false
	}
	path := strings.Split(strings.Trim(u.Path, "/"), "/")
	if len(path) != 4 || path[0] != "v1" || path[1] != "environments" {
		return kind{}, false
	}
	switch path[3] {
	case "users":
		return kind{"user", "username", names.OfUsername}, true
	case "applications":
		return kind{"application", "name", names.OfThing}, true
	case "signOnPolicies":
		return kind{"sign-on policy", "name", names.OfPolicy}, true
	case "deviceAuthenticationPolicies":
		return kind{"MFA policy", "name", names.OfThing}, true
	case "populations":
		return kind{"population", "name", names.OfThing}, true
	}
	return kind{}, false
}

// href is the thing's own address.
func (t *thing) href() string {
	return strings.TrimSuffix(t.collection, "/") + "/" + url.PathEscape(t.id)
}

// place is where it can be found, for a person.
func (t *thing) place() string {
	if t.id != "" {
		return t.href()
	}
	return fmt.Sprintf("named %q, at %s", t.name, t.collection)
}

func withoutQuery(u *url.URL) string {
	address := *u
	address.RawQuery, address.Fragment = "", ""
	return client.Normal(address.String())
}

// noting passes calls on, and notes what they create before anybody reads the answer: it
// may be of no use.
type noting struct {
	next     http.RoundTripper
	scenario *Scenario
}

// RoundTrip passes a call on.
func (n noting) RoundTrip(request *http.Request) (*http.Response, error) {
	t := aboutToCreate(request)
	if t != nil {
		n.scenario.mayBeLeft(t) // also for whoever leaves before the answer comes
	}
	answer, err := n.next.RoundTrip(request)
	switch {
	case t == nil:
	case err == nil && !mayHaveCreated(answer.StatusCode):
		n.scenario.leftovers.drop(t)
	default:
		t.answered = err == nil && answer.StatusCode == http.StatusCreated
		n.scenario.note(t)
	}
	return answer, err
}

// mayHaveCreated tells of the statuses after which something may be there: of all but those
// with which PingOne refuses. Another one is of something on the way, or of nobody who knows.
//
// developer.pingidentity.com/pingone-api/platform/reference/error-codes and before-you-begin/retry-best-practices, which has 422
func mayHaveCreated(status int) bool {
	return !slices.Contains([]int{400, 401, 403, 404, 405, 409, 415, 422, 429}, status)
}

// aboutToCreate is the thing with a name that a call creates, or nil.
func aboutToCreate(request *http.Request) *thing {
	if request.Method != http.MethodPost || request.GetBody == nil {
		return nil
	}
	collection := withoutQuery(request.URL)
	k, named := kindOf(collection)
	if !named {
		return nil
	}
	body, err := request.GetBody()
	if err != nil {
		return nil
	}
	text, err := io.ReadAll(body)
	if err != nil {
		return nil
	}
	name := gjson.GetBytes(text, k.member).String()
	again := request.Clone(request.Context())
	again.Body = io.NopCloser(bytes.NewReader(text))
	return &thing{what: fmt.Sprintf("the %s %q", k.noun, name), collection: collection, creation: again, name: name, in: gjson.GetBytes(text, "population.id").String()}
}

func (s *Scenario) note(t *thing) {
	s.things = append(s.things, t)
	s.mayBeLeft(t)
}

// mayBeLeft lists a thing for whoever ends the run without a clean-up.
func (s *Scenario) mayBeLeft(t *thing) {
	if !s.place.Session.Replaying() {
		s.leftovers.note(t)
	}
}

// Created notes that ex created something which the clean-up has to delete, and what it
// is called in words. Things with a name are noted without it, too.
func (s *Scenario) Created(what string, ex *client.Exchange) {
	if ex == nil || ex.Status != http.StatusCreated {
		return
	}
	t := s.thingOf(ex)
	if t == nil {
		t = &thing{collection: withoutQuery(ex.Request.URL), answered: true}
		s.things = append(s.things, t)
	}
	t.what = what
	t.id = s.newID(ex)
	s.mayBeLeft(t)
}

// CreatedFirst notes like Created, but before everything that was noted so far:
// what refers to it is deleted first.
func (s *Scenario) CreatedFirst(what string, ex *client.Exchange) {
	s.Created(what, ex)
	if t := s.thingOf(ex); t != nil {
		at := slices.Index(s.things, t)
		s.things = slices.Insert(slices.Delete(s.things, at, at+1), 0, t)
	}
}

// thingOf is what an answer created: by its id, or the newest of that name of which no
// answer has told the id.
func (s *Scenario) thingOf(ex *client.Exchange) *thing {
	if ex == nil || ex.Status != http.StatusCreated {
		return nil
	}
	collection, id := withoutQuery(ex.Request.URL), ex.Get("id").String()
	k, _ := kindOf(collection)
	name := gjson.GetBytes(ex.Request.Body, k.member).String()
	for _, t := range slices.Backward(s.things) {
		switch {
		case t.collection != collection:
		case t.id != "" && t.id == id, t.id == "" && t.answered && t.creation != nil && t.name == name:
			return t
		}
	}
	return nil
}

// newID is the id that an answer gives to what it says was created: a UUID that stood in
// no call before it. Otherwise it is "", and the thing has to be looked up.
func (s *Scenario) newID(ex *client.Exchange) string {
	id := ex.Get("id").String()
	is := func(other string) bool { return strings.EqualFold(id, other) }
	if !names.IsID(id) || slices.ContainsFunc([]string{s.place.EnvironmentID, s.place.WorkerEnvironmentID, s.place.ClientID}, is) {
		return ""
	}
	spelled := slices.Compact([]string{id, strings.ToLower(id), strings.ToUpper(id)})
	for _, before := range s.calls {
		if before == ex {
			break
		}
		sent := func(id string) bool {
			return strings.Contains(before.Request.URL.Path, id) || bytes.Contains(before.Request.Body, []byte(id))
		}
		if slices.ContainsFunc(spelled, sent) || before.Says(spelled...) {
			return ""
		}
	}
	return id
}
