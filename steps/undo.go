package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"pingone-conformance/client"
)

// undoStack remembers what was created, in order, so that it can be deleted newest first.
type undoStack []undo

type undo struct{ what, href string }

// created notes that ex created something which the clean-up has to delete.
func (w *World) created(what string, ex *client.Exchange) {
	if ex == nil || ex.Status != http.StatusCreated {
		return
	}
	u := undo{what: what, href: ex.Link("self")}
	if u.href == "" {
		u.href = ex.Request.URL.String() + "/" + ex.Get("id").String()
	}
	w.undo = append(w.undo, u)
	w.leftovers.add(u)
}

// createdFirst notes like created, but before everything that was noted so far:
// what refers to it is deleted first.
func (w *World) createdFirst(what string, ex *client.Exchange) {
	before := w.undo
	w.undo = nil
	w.created(what, ex)
	w.undo = append(w.undo, before...)
}

// forget drops what the scenario itself has deleted.
func (w *World) forget(href string) {
	for i, u := range w.undo {
		if u.href == href {
			w.undo = append(w.undo[:i], w.undo[i+1:]...)
			w.leftovers.drop(href)
			return
		}
	}
}

// cleanUp deletes everything the scenario created, newest first. What is already
// gone counts as deleted; what stays is an error that names it.
func (w *World) cleanUp(ctx context.Context) error {
	w.step = 0
	var left []error
	for i := len(w.undo) - 1; i >= 0; i-- {
		u := w.undo[i]
		ex, err := w.delete(ctx, u.href)
		switch {
		case err != nil:
			left = append(left, fmt.Errorf("%s is left behind: %w", u.what, err))
		case ex.Status == http.StatusNoContent || ex.Status == http.StatusNotFound:
			w.leftovers.drop(u.href)
		default:
			left = append(left, fmt.Errorf("%s is left behind: %s%s", u.what, ex, vendorWords(ex)))
		}
	}
	w.undo = nil
	return errors.Join(left...)
}

// delete deletes one thing. A worker's token that has expired meanwhile is renewed once.
func (w *World) delete(ctx context.Context, href string) (*client.Exchange, error) {
	ex, err := w.admin.Delete(ctx, href)
	if err != nil || ex.Status != http.StatusUnauthorized {
		return ex, err
	}
	if err := w.getsWorkerToken(ctx); err != nil {
		return nil, fmt.Errorf("renew the token: %w", err)
	}
	return w.admin.Delete(ctx, href)
}

// vendorWords quotes PingOne's own words about a refusal, for an error text.
func vendorWords(ex *client.Exchange) string {
	switch oauth := ex.Get("error"); {
	case oauth.IsObject(): // of a flow that has failed
		return fmt.Sprintf("; PingOne says %s: %s", oauth.Get("code").String(), oauth.Get("message").String())
	case oauth.String() != "":
		return fmt.Sprintf("; PingOne says %s: %s", oauth.String(), ex.Get("error_description").String())
	}
	code := ex.Get("code").String()
	if code == "" {
		return ""
	}
	var details []string
	for _, d := range ex.Get("details").Array() {
		details = append(details, strings.TrimSpace(d.Get("code").String()+" "+d.Get("target").String()+" "+d.Get("message").String()))
	}
	words := fmt.Sprintf("; PingOne says %s: %s", code, ex.Get("message").String())
	if len(details) > 0 {
		words += " (" + strings.Join(details, "; ") + ")"
	}
	return words
}
