package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"pingone-conformance/client"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/plain"
	"pingone-conformance/internal/retry"
)

// cleanUp deletes everything the scenario created, what refers to another thing before that
// thing, and then looks whether it is gone. What is already gone counts as deleted; what stays
// is an error that names it.
func (s *Scenario) cleanUp(ctx context.Context) error {
	if s.token != "" { // a sentence may have taken another since
		s.admin.SetToken(s.token)
	}
	newestFirst := slices.Clone(s.things)
	slices.Reverse(newestFirst)
	faults := s.inTurn(newestFirst, func(t *thing, turn func()) error { return s.remove(ctx, t, turn) })
	// Only now, so that the wait for one does not keep the others from being deleted.
	deleted := slices.DeleteFunc(slices.Clone(newestFirst), func(t *thing) bool { return !t.deleted })
	still := s.inTurn(deleted, func(t *thing, _ func()) error {
		err := s.isGone(ctx, t)
		if err == nil {
			s.leftovers.drop(t)
		}
		return err
	})
	s.things = nil
	return errors.Join(append(still, faults...)...) // what was not deleted first: it may have kept others
}

// Delete deletes what an answer of this scenario has created, after a look whether it is
// that, and returns the answer of the deletion, whatever its status.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
func (s *Scenario) Delete(ctx context.Context, created *client.Exchange) (*client.Exchange, error) {
	t := s.thingOf(created)
	if t == nil {
		t = &thing{what: "what was created", collection: withoutQuery(created.Request.URL), id: s.newID(created)}
	}
	if t.id == "" {
		return nil, fmt.Errorf("%s cannot be deleted: the answer to its creation gives it no id of its own; %s", t.what, created)
	}
	if err := s.Aside(func() error { return s.isOurs(ctx, t) }); err != nil {
		return nil, fmt.Errorf("%s cannot be deleted: %w", t.what, err)
	}
	ex, err := s.admin.Delete(ctx, t.href())
	if err == nil && ex.Status == http.StatusNoContent {
		t.deleted = true
	}
	return ex, err
}

// remove deletes one thing when it is its turn; it is looked at before that. A thing whose id
// nobody knows, or not rightly, is looked up.
func (s *Scenario) remove(ctx context.Context, t *thing, turn func()) error {
	if t.deleted {
		return nil
	}
	if t.id == "" {
		turn()
		return s.removeFound(ctx, t)
	}
	var other *notOursError
	err := s.isOurs(ctx, t)
	turn()
	switch {
	case errors.As(err, &other) && t.creation != nil:
		s.setID(t, "")
		if fault := s.removeFound(ctx, t); fault != nil {
			return fmt.Errorf("%w; %w", err, fault)
		}
		return fmt.Errorf("no longer, but the answer to its creation was wrong: %w", err)
	case err != nil:
		return err
	}
	return s.deleteThing(ctx, t)
}

// removeFound looks a thing up by its name, and deletes it if it is there.
func (s *Scenario) removeFound(ctx context.Context, t *thing) error {
	if t.creation == nil { // it goes with what it lies below
		if s.above(t) == nil {
			return errors.New("the answer to its creation gives no id of its own")
		}
		s.leftovers.drop(t)
		return nil
	}
	looking := t.creation.Clone(ctx)
	looking.Header.Set("Authorization", "Bearer "+s.token)
	id, err := retry.Find(s.place.Session.RoundTripper(), looking, s.retry)
	switch {
	case err != nil:
		return fmt.Errorf("no usable answer came to its creation, and %w (%s)", err, t.place())
	case id == "" && t.answered:
		return fmt.Errorf("it was created, but no usable answer came, and it is not listed (%s)", t.place())
	case id == "":
		s.leftovers.drop(t)
		return nil
	case !names.IsID(id):
		return fmt.Errorf("no usable answer came to its creation, and it is listed with the id %q (%s)", plain.Short(id, 60), t.place())
	}
	s.setID(t, id)
	if err := s.isOurs(ctx, t); err != nil {
		return err
	}
	return s.deleteThing(ctx, t)
}

// notOursError says that an address stands for something that this run has not made.
type notOursError struct{ text string }

func (e *notOursError) Error() string { return e.text }

// isOurs reads a thing back before its deletion: it must carry this run's name. A kind
// without a name has to lie below something that this scenario has made. What cannot be
// seen, and answers 404, is gone or new: nobody else's, who would see it for long.
func (s *Scenario) isOurs(ctx context.Context, t *thing) error {
	k, named := kindOf(t.collection)
	if !named {
		if s.above(t) == nil {
			return &notOursError{fmt.Sprintf("%s lies below nothing that this scenario has made", t.href())}
		}
		return nil
	}
	ex, err := s.renewing(ctx, func() (*client.Exchange, error) { return s.admin.Get(ctx, t.href()) })
	switch {
	case err != nil:
		return fmt.Errorf("before its deletion it could not be looked at: %w", err)
	case ex.NotFound():
		s.mu.Lock()
		s.proof.forget(ex) // the look is ours, and no sentence has to speak of it
		s.mu.Unlock()
		t.absent = true
		return nil
	case ex.Status != http.StatusOK:
		return fmt.Errorf("before its deletion it could not be looked at: %s%s", ex, VendorWords(ex))
	}
	name := ex.Get(k.member).String()
	if run, _ := k.run(name); run != s.Run() || ex.Get("id").String() != t.id {
		return &notOursError{fmt.Sprintf("%s is %q, which this run has not made (its name would come from Scenario.Named)", t.href(), plain.Short(name, 120))}
	}
	return nil
}

func (s *Scenario) deleteThing(ctx context.Context, t *thing) error {
	ex, err := s.renewing(ctx, func() (*client.Exchange, error) { return s.admin.Delete(ctx, t.href()) })
	switch {
	case err != nil:
		return err
	case ex.NotFound() && t.absent:
		s.leftovers.drop(t)
		return nil
	case ex.Status == http.StatusNoContent || ex.NotFound():
		t.deleted = true
		return nil
	}
	return fmt.Errorf("%s%s", ex, VendorWords(ex))
}

// isGone looks after a deletion whether it was one. What lies below a thing that is
// deleted too goes with it, and is not looked at.
//
// developer.pingidentity.com/pingone-api/before-you-begin/retry-best-practices.html
func (s *Scenario) isGone(ctx context.Context, t *thing) error {
	if above := s.above(t); above != nil && above.deleted {
		return nil
	}
	ex, err := s.renewing(ctx, func() (*client.Exchange, error) { return s.admin.Get(retry.Vanishing(ctx), t.href()) })
	switch {
	case err != nil:
		return fmt.Errorf("its deletion was answered, but whether it is gone could not be seen: %w", err)
	case ex.NotFound():
		return nil
	case ex.Status == http.StatusOK:
		return fmt.Errorf("its deletion was answered, but it is still there: %s%s", ex, repeated(ex))
	}
	return fmt.Errorf("its deletion was answered, but whether it is gone could not be seen: %s%s", ex, VendorWords(ex))
}

// renewing makes a call, and once more with a new token when the worker's has expired; which
// of the two statuses says so is the vendor's to change.
func (s *Scenario) renewing(ctx context.Context, call func() (*client.Exchange, error)) (*client.Exchange, error) {
	used := s.workersToken()
	ex, err := call()
	if err != nil || ex.Status != http.StatusUnauthorized && ex.Status != http.StatusForbidden {
		return ex, err
	}
	if err := s.renew(ctx, used); err != nil {
		return nil, fmt.Errorf("renew the token: %w", err)
	}
	return call()
}
