package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"pingone-conformance/client"
)

// undoStack remembers what was created, in order, so that it can be deleted newest first.
type undoStack []undo

type undo struct{ what, href string }

// Created notes that ex created something which the clean-up has to delete.
func (s *Scenario) Created(what string, ex *client.Exchange) {
	if ex == nil || ex.Status != http.StatusCreated {
		return
	}
	u := undo{what: what, href: ex.Link("self")}
	if u.href == "" {
		u.href = ex.Request.URL.String() + "/" + ex.Get("id").String()
	}
	s.undo = append(s.undo, u)
	s.leftovers.add(u)
}

// CreatedFirst notes like Created, but before everything that was noted so far:
// what refers to it is deleted first.
func (s *Scenario) CreatedFirst(what string, ex *client.Exchange) {
	before := s.undo
	s.undo = nil
	s.Created(what, ex)
	s.undo = append(s.undo, before...)
}

// Forget drops what the scenario itself has deleted.
func (s *Scenario) Forget(href string) {
	for i, u := range s.undo {
		if u.href == href {
			s.undo = append(s.undo[:i], s.undo[i+1:]...)
			s.leftovers.drop(href)
			return
		}
	}
}

// cleanUp deletes everything the scenario created, newest first. What is already
// gone counts as deleted; what stays is an error that names it.
func (s *Scenario) cleanUp(ctx context.Context) error {
	if s.token != "" { // a sentence may have taken another since
		s.admin.SetToken(s.token)
	}
	var left []error
	for i := len(s.undo) - 1; i >= 0; i-- {
		u := s.undo[i]
		ex, err := s.delete(ctx, u.href)
		switch {
		case err != nil:
			left = append(left, fmt.Errorf("%s is left behind: %w", u.what, err))
		case ex.Status == http.StatusNoContent || ex.Status == http.StatusNotFound:
			s.leftovers.drop(u.href)
		default:
			left = append(left, fmt.Errorf("%s is left behind: %s%s", u.what, ex, VendorWords(ex)))
		}
	}
	s.undo = nil
	return errors.Join(left...)
}

// delete deletes one thing. A worker's token that has expired meanwhile is renewed once; which of
// the two statuses says so is the vendor's to change.
func (s *Scenario) delete(ctx context.Context, href string) (*client.Exchange, error) {
	ex, err := s.admin.Delete(ctx, href)
	if err != nil || ex.Status != http.StatusUnauthorized && ex.Status != http.StatusForbidden {
		return ex, err
	}
	if err := s.Authenticate(ctx); err != nil {
		return nil, fmt.Errorf("renew the token: %w", err)
	}
	return s.admin.Delete(ctx, href)
}
