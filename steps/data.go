package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// data is what the management API takes and refuses: attributes that are missing, wrong or
// taken, and things that cannot be deleted.
func data(r *suite.Registry, w *World) {
	r.Given(`^Priya has everything that (.+?) needs$`, w.hasEverythingFor)
	r.Given(`^Priya has created (an? .+|another action|the user .+)$`, w.hasCreated)
	r.Given(`^Priya has deleted the application$`, w.hasDeletedApplication)
	r.When(`^Priya tries to create (.+?) without (\S+)$`, w.triesWithout)
	r.When(`^Priya tries to create a login action with the priority (\S+)$`, w.triesPriority)
	r.When(`^Priya tries to create (.+?) of the same (?:name|resource)$`, w.triesSameName)
	r.When(`^Priya tries to delete the (application|login action|population)$`, w.triesToDelete)
	r.Then(`^PingOne refuses the data$`, func() (suite.Evidence, error) { return w.judge(invalid, administrating) })
	r.Then(`^PingOne refuses the data because of (\S+)$`, w.refusesBecauseOf)
	r.Then(`^PingOne refuses the data because (\S+) is taken$`, w.refusesBecauseTaken)
}

func (w *World) hasEverythingFor(ctx context.Context, name string) error {
	t, err := w.thing(name)
	if err != nil {
		return err
	}
	if err := w.authenticate(ctx); err != nil {
		return err
	}
	for _, need := range t.needs {
		if err := need(ctx); err != nil {
			return err
		}
	}
	return nil
}

// tryToCreate creates a thing with its complete body, changed by change, whatever
// comes back; what should not exist and does is still deleted.
func (w *World) tryToCreate(ctx context.Context, name string, change func(map[string]any) error) (*client.Exchange, error) {
	t, err := w.thing(name)
	if err != nil {
		return nil, err
	}
	if t.lacks != nil {
		if err := t.lacks(); err != nil {
			return nil, err
		}
	}
	body := maps.Clone(t.body())
	if change != nil {
		if err := change(body); err != nil {
			return nil, err
		}
	}
	if change != nil || w.creation != nil {
		if err := w.takeStock(ctx, t.collection(), body); err != nil {
			return nil, err
		}
	}
	ex, err := t.create(ctx, body)
	if err != nil {
		return nil, err
	}
	if !strings.Contains(name, "action") {
		w.Created(name, ex)
	}
	if slices.Contains(createdBy(name), ex.Status) {
		w.creation = ex
		if t.made != nil {
			t.made(ex)
		}
	}
	w.try(administrating, &attempt{by: priya, answer: ex})
	return ex, nil
}

func (w *World) hasCreated(ctx context.Context, name string) error {
	ex, err := w.tryToCreate(ctx, name, nil)
	return suite.Must("create "+name, ex, err, createdBy(name)...)
}

// createdBy are the statuses of a creation that succeeds: of a device, one page says 201 and one 200.
func createdBy(name string) []int {
	if strings.HasPrefix(name, "a device of ") {
		return []int{http.StatusCreated, http.StatusOK}
	}
	return []int{http.StatusCreated}
}

func (w *World) triesWithout(ctx context.Context, name, attribute string) error {
	_, err := w.tryToCreate(ctx, name, func(body map[string]any) error {
		if _, ok := body[attribute]; !ok {
			return fmt.Errorf("%s has no %s that could be left out", name, attribute)
		}
		delete(body, attribute)
		return nil
	})
	return err
}

func (w *World) triesPriority(ctx context.Context, priority string) error {
	_, err := w.tryToCreate(ctx, "a login action", func(body map[string]any) error {
		body["priority"] = json.Number(priority)
		return nil
	})
	return err
}

// triesSameName creates the thing again: within a scenario names do not change.
func (w *World) triesSameName(ctx context.Context, name string) error {
	_, err := w.tryToCreate(ctx, name, nil)
	return err
}

func (w *World) hasDeletedApplication(ctx context.Context) error {
	ex, err := w.deleteNewest(ctx, "application")
	return suite.Must("delete the application", ex, err, http.StatusNoContent)
}

func (w *World) triesToDelete(ctx context.Context, what string) error {
	_, err := w.deleteNewest(ctx, what)
	return err
}

// deleteNewest deletes what was created last, whatever comes back.
func (w *World) deleteNewest(ctx context.Context, what string) (*client.Exchange, error) {
	if w.creation == nil {
		return nil, fmt.Errorf("no %s has been created: an earlier sentence has to create it", what)
	}
	ex, err := w.Delete(ctx, w.creation)
	if err != nil {
		return nil, err
	}
	w.try(administrating, &attempt{by: priya, answer: ex})
	return ex, nil
}

// invalid wants a validation error.
func invalid(ex *client.Exchange) error {
	const what = "data that is not valid"
	if err := refused(what, ex); err != nil {
		return err
	}
	return errorCode(what, ex, "INVALID_DATA", "INVALID_REQUEST", "REQUEST_FAILED")
}

// refusesBecauseOf wants a validation error whose details, if they name anything, name the attribute, and say of it what is
// wrong: that it is missing, or that its value is none that it may have.
func (w *World) refusesBecauseOf(attribute string) (suite.Evidence, error) {
	codes := []string{"INVALID_VALUE", "INVALID_PARAMETER"}
	if w.stock != nil && w.stock.sent[attribute] == nil {
		codes = append(codes, "REQUIRED_VALUE", "EMPTY_VALUE")
	} else {
		codes = append(codes, "OUT_OF_RANGE")
	}
	return w.refusesNaming(attribute, codes...)
}

func (w *World) refusesBecauseTaken(attribute string) (suite.Evidence, error) {
	return w.refusesNaming(attribute, "UNIQUENESS_VIOLATION")
}

func (w *World) refusesNaming(attribute string, codes ...string) (suite.Evidence, error) {
	what := "data with a fault in " + attribute
	return w.judge(func(ex *client.Exchange) error {
		if err := invalid(ex); err != nil {
			return err
		}
		if err := w.detail(what, ex, codes...); err != nil {
			return err
		}
		targets := 0
		for _, d := range ex.Get("details").Array() {
			target := d.Get("target").String()
			if namesAttribute(target, attribute) && slices.Contains(codes, d.Get("code").String()) {
				return nil
			}
			if target != "" {
				targets++
			}
		}
		if targets == 0 { // a detail need not name its target
			w.Outcome(what, "refused without naming it")
			return nil
		}
		return suite.Unlike(ex, what, "a detail whose target is "+attribute, ex.Get("details").Raw)
	}, administrating)
}

// namesAttribute tells whether a detail's target, which is a name or a path, is about the attribute.
func namesAttribute(target, attribute string) bool {
	return slices.Contains(strings.FieldsFunc(target, func(r rune) bool { return strings.ContainsRune("./[]$", r) }), attribute)
}
