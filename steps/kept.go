package steps

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// kept is whether what was created is kept as it was sent, and whether what was refused was not done all the same.
func kept(r *suite.Registry, w *World) {
	r.When(`^Priya reads back what she has created$`, w.readsBack)
	r.Then(`^it is kept as it was sent$`, w.isKept)
	r.When(`^Priya deletes what she has created$`, w.deletesCreation)
	r.Then(`^it is gone$`, w.isGone)
	r.Then(`^nothing was created$`, w.nothingCreated)
	r.Then(`^the (login action|population) is still there$`, w.isStillThere)
	r.Then(`^([A-Z][a-z]+) still has the password that was set$`, w.passwordIsUnchanged)
}

func (w *World) readsBack(ctx context.Context) error {
	if w.creation == nil {
		return errors.New("nothing has been created: an earlier sentence has to create it")
	}
	ex, err := w.Admin().Get(ctx, hrefOf(w.creation))
	w.readBack = ex
	return suite.Must("read back what was created", ex, err, http.StatusOK)
}

// deletesCreation deletes what was created last.
func (w *World) deletesCreation(ctx context.Context) error {
	ex, err := w.deleteNewest(ctx, "thing")
	return suite.Must("delete what was created", ex, err, http.StatusNoContent)
}

// isGone reads what was deleted, which PingOne may show for a moment.
func (w *World) isGone(ctx context.Context) (suite.Evidence, error) {
	const what = "what was deleted"
	if w.creation == nil || w.attempts[administrating] == nil || w.attempts[administrating].answer.Request.Method != http.MethodDelete {
		return nil, errors.New("nothing was deleted: an earlier sentence has to")
	}
	var ex *client.Exchange
	look := func() (err error) {
		ex, err = w.Admin().Get(ctx, hrefOf(w.creation))
		return err
	}
	if err := look(); err != nil {
		return nil, err
	}
	err := w.Settle(ctx, "that something is gone", ex.Request.URL, look, func() error {
		if ex.Status == http.StatusOK {
			return suite.Unlike(ex, what, "gone", "still there")
		}
		return inOrder(func() error { return refused(what, ex) }, func() error { return errorCode(what, ex, "NOT_FOUND") })
	})
	return suite.Read(ex), err
}

// hrefOf is the address of what an answer to a creation shows, built from what was asked and the id.
func hrefOf(created *client.Exchange) string {
	address := *created.Request.URL
	address.RawQuery = ""
	return strings.TrimSuffix(address.String(), "/") + "/" + created.Get("id").String()
}

// isKept compares each member that was sent, as the answer to the creation had it, with what is read.
func (w *World) isKept() (suite.Evidence, error) {
	if w.readBack == nil || w.creation == nil {
		return nil, errors.New("nothing was read back: an earlier sentence has to")
	}
	var sent map[string]any
	if err := json.Unmarshal(w.creation.Request.Body, &sent); err != nil {
		return nil, fmt.Errorf("what was sent is not JSON: %w", err)
	}
	for member := range sent {
		answered, read := w.creation.Get(gjson.Escape(member)), w.readBack.Get(gjson.Escape(member))
		if !given(answered) && !given(read) {
			continue // it is not promised to come back
		}
		if unordered(answered) != unordered(read) {
			return nil, suite.Unlike(w.readBack, member+" of what was created", orNone(answered), orNone(read))
		}
	}
	return suite.Read(w.readBack), nil
}

// unordered is a value as text that is the same whatever the order of members and items, and however texts and numbers are spelled.
func unordered(v gjson.Result) string {
	switch {
	case v.Type == gjson.Number && strings.Trim(v.Raw, "-0123456789") == "": // a whole number may have more digits than a float
		return v.Raw
	case v.Type == gjson.Number:
		return strconv.FormatFloat(v.Num, 'f', -1, 64)
	case !v.IsArray() && !v.IsObject():
		return shown(v)
	}
	var parts []string
	v.ForEach(func(key, inner gjson.Result) bool {
		part := unordered(inner)
		if v.IsObject() {
			part = strconv.Quote(key.Str) + ":" + part
		}
		parts = append(parts, part)
		return true
	})
	slices.Sort(parts)
	return strings.Join(parts, "\n")
}

// shown is a value for a message, without escapes that nothing needs.
func shown(v gjson.Result) string {
	var text strings.Builder
	var value any
	decoder, encoder := json.NewDecoder(strings.NewReader(v.Raw)), json.NewEncoder(&text)
	decoder.UseNumber()
	encoder.SetEscapeHTML(false)
	if decoder.Decode(&value) != nil || encoder.Encode(value) != nil {
		return v.Raw
	}
	return strings.TrimSuffix(text.String(), "\n")
}

// stock is what of a collection is like something that is about to be created: all of a collection of its own, and
// of the environment's what has the same name, address or description.
type stock struct {
	href, collection string
	sent             map[string]any
	ids              []string
}

// takeStock lists what is there before a creation is tried.
func (w *World) takeStock(ctx context.Context, href string, body map[string]any) error {
	w.stock = newStock(href, body)
	l, err := w.alike(ctx, w.stock)
	if err != nil {
		return err
	}
	w.stock.ids = idsOf(l)
	return nil
}

func newStock(href string, body map[string]any) *stock {
	return &stock{href: href, collection: path.Base(href), sent: body}
}

func idsOf(items []gjson.Result) []string {
	var ids []string
	for _, item := range items {
		ids = append(ids, item.Get("id").String())
	}
	slices.Sort(ids)
	return ids
}

func (w *World) alike(ctx context.Context, s *stock) ([]gjson.Result, error) {
	ctx = suite.Patiently(ctx)
	var like []gjson.Result
	err := w.Aside(func() error {
		l, err := w.read(ctx, "list the "+s.collection, s.collection, func() (*client.Exchange, error) { return w.Admin().Get(ctx, s.address()) })
		if err != nil {
			return err
		}
		w.listed = l
		for _, item := range l.items() {
			if s.own() || s.like(item) {
				like = append(like, item)
			}
		}
		return nil
	})
	return like, err
}

// address is where the collection is listed; of people only those of the same name or address are.
func (s *stock) address() string {
	for _, member := range []string{"username", "email"} {
		if value, isText := s.sent[member].(string); isText && s.collection == "users" {
			return s.href + "?filter=" + strings.ReplaceAll(fmt.Sprintf("%s eq %q", member, value), " ", "%20")
		}
	}
	return s.href
}

// own says whether the collection belongs to something of the scenario's own.
func (s *stock) own() bool {
	return slices.Contains([]string{"grants", "actions", "signOnPolicyAssignments", "devices"}, s.collection)
}

func (s *stock) like(item gjson.Result) bool {
	for _, member := range []string{"name", "username", "email", "description"} {
		if value, isText := s.sent[member].(string); isText && item.Get(member).String() == value {
			return true
		}
	}
	return false
}

// nothingCreated lists the collection again and wants in it what was there before the refused creation.
func (w *World) nothingCreated(ctx context.Context) (suite.Evidence, error) {
	if w.stock == nil {
		return nil, errors.New("nobody has tried to create anything: an earlier sentence has to")
	}
	if w.attempts[administrating] != nil && w.attempts[administrating].answer.Get("code").String() == "ACCESS_FAILED" {
		if err := w.Aside(func() error { return w.authenticate(ctx) }); err != nil { // with a token that may look
			return nil, err
		}
	}
	after, err := w.alike(ctx, w.stock)
	if err != nil {
		return nil, err
	}
	fresh := slices.DeleteFunc(idsOf(after), func(id string) bool {
		// What was created before may have been missing in the list for a moment.
		return slices.Contains(w.stock.ids, id) || w.creation != nil && id == w.creation.Get("id").String()
	})
	if len(fresh) > 0 {
		return nil, suite.Unlike(w.listed.pages[0], "the list of "+w.stock.collection+" after the refusal", "nothing new", "one more, "+strings.Join(fresh, " and "))
	}
	return w.listed.evidence(), nil
}

func (w *World) isStillThere(ctx context.Context, what string) (suite.Evidence, error) {
	if w.creation == nil {
		return nil, fmt.Errorf("no %s has been created: an earlier sentence has to create it", what)
	}
	ex, err := w.Admin().Get(suite.Patiently(ctx), hrefOf(w.creation))
	return suite.Read(ex), suite.Must("read the "+what+" after the refusal", ex, err, http.StatusOK)
}

// passwordIsUnchanged reads when the password was changed last: an attempt that was refused has not changed it.
func (w *World) passwordIsUnchanged(ctx context.Context, p *Person) (suite.Evidence, error) {
	if p.passwordSet == nil {
		return nil, fmt.Errorf("nobody has set the password of %s: an earlier sentence has to", p.label)
	}
	if a := w.attempts[administrating]; a == nil || a.by != suite.Subject(p) {
		return nil, fmt.Errorf("nobody has tried to give %s another password: an earlier sentence has to", p.label)
	}
	ex, err := w.Admin().Get(suite.Patiently(ctx), w.passwordHref(p))
	if err := suite.Must("read the state of the password of "+p.label, ex, err, http.StatusOK); err != nil {
		return nil, err
	}
	before, now := p.passwordSet.Get("lastChangedAt").String(), ex.Get("lastChangedAt").String()
	if before == "" || now == "" {
		w.Outcome("when a password was changed", "not answered")
	}
	return suite.Read(ex, p), suite.Expect(ex, "when the password of "+p.label+" was changed last", before, now)
}
