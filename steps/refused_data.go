package steps

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pingone-conformance/client"
)

var (
	hasEverything   = sentence(`Priya has everything that (.+?) needs`)
	hasCreated      = sentence(`Priya has created (an? .+)`)
	hasDeleted      = sentence(`Priya has deleted the application`)
	triesWithout    = sentence(`Priya tries to create (.+?) without (\S+)`)
	triesPriority   = sentence(`Priya tries to create a login action with the priority (\S+)`)
	triesSameName   = sentence(`Priya tries to create (.+?) of the same name`)
	triesToDelete   = sentence(`Priya tries to delete the (application|login action)`)
	refusesBecause  = sentence(`PingOne refuses the data because of (\S+)`)
	refusesTaken    = sentence(`PingOne refuses the data because (\S+) is taken`)
	refusesTheData  = sentence(`PingOne refuses the data`)
	validationCodes = []string{"INVALID_DATA", "INVALID_REQUEST", "REQUEST_FAILED"}
)

func refusedDataSentences(sc book, w *World) {
	sc.Given(hasEverything, w.hasEverythingFor)
	sc.Given(hasCreated, w.hasCreated)
	sc.Given(hasDeleted, w.hasDeletedApplication)
	sc.When(triesWithout, w.triesWithout)
	sc.When(triesPriority, w.triesPriority)
	sc.When(triesSameName, w.triesSameName)
	sc.When(triesToDelete, w.triesToDelete)
	sc.Then(refusesBecause, w.refusesBecauseOf)
	sc.Then(refusesTaken, w.refusesBecauseTaken)
	sc.Then(refusesTheData, w.refusesData)
}

// thing is one kind of object that the administrator creates: what it needs first,
// a complete body, and the call that creates it.
type thing struct {
	needs  []func(context.Context) error
	body   func() map[string]any
	create func(ctx context.Context, body any) (*client.Exchange, error)
}

const shop = "Example Shop"

func (w *World) needsApplication(ctx context.Context) error {
	return w.createsWebApplication(ctx, shop)
}
func (w *World) needsPolicy(ctx context.Context) error     { return w.createsPolicy(ctx, "Policy") }
func (w *World) needsPopulation(ctx context.Context) error { return w.createsPopulation(ctx, people) }
func (w *World) needsUser(ctx context.Context) error       { return w.register(ctx, newcomer, nil, false) }
func (w *World) needsScopes(ctx context.Context) error {
	if err := w.listsResources(ctx); err != nil {
		return err
	}
	return w.listsScopes(ctx, "openid")
}

func (w *World) thing(name string) (thing, error) {
	for _, kinds := range []func() map[string]thing{w.applicationThings, w.policyThings, w.peopleThings} {
		if t, ok := kinds()[name]; ok {
			return t, nil
		}
	}
	return thing{}, fmt.Errorf("the suite does not know how to create %s", name)
}

func (w *World) applicationThings() map[string]thing {
	return map[string]thing{
		"an application": {
			body: func() map[string]any { return w.applicationBody(w.newApplication(shop)) },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.CreateApplication(ctx, w.env(), b)
			},
		},
		"a grant": {
			needs: []func(context.Context) error{w.needsApplication, w.needsScopes},
			body: func() map[string]any {
				return map[string]any{
					"resource": map[string]any{"id": w.resources["openid"].Get("id").String()},
					"scopes":   []map[string]any{{"id": w.scopes["openid"]["profile"]}},
				}
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.CreateGrant(ctx, w.apps[shop].created, b)
			},
		},
		"an assignment": {
			needs: []func(context.Context) error{w.needsApplication, w.needsPolicy, w.addsLogin},
			body: func() map[string]any {
				return map[string]any{"priority": 1, "signOnPolicy": map[string]any{"id": w.policy.created.Get("id").String()}}
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.AssignSignOnPolicy(ctx, w.apps[shop].created, b)
			},
		},
	}
}

func (w *World) policyThings() map[string]thing {
	action := func(body map[string]any) thing {
		return thing{
			needs: []func(context.Context) error{w.needsPolicy},
			body:  func() map[string]any { return body },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.CreateSignOnPolicyAction(ctx, w.policy.created, b)
			},
		}
	}
	return map[string]thing{
		"a sign-on policy": {
			body: func() map[string]any { return map[string]any{"name": w.named("Policy")} },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.CreateSignOnPolicy(ctx, w.env(), b)
			},
		},
		"a login action":                 action(map[string]any{"priority": 1, "type": "LOGIN"}),
		"a progressive profiling action": action(profilingBody(mobilePhone, false)),
	}
}

func (w *World) peopleThings() map[string]thing {
	return map[string]thing{
		"a population": {
			body: func() map[string]any { return map[string]any{"name": w.named(people)} },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.CreatePopulation(ctx, w.env(), b)
			},
		},
		"a user": {
			needs:  []func(context.Context) error{w.needsPopulation},
			body:   func() map[string]any { return w.userBody(w.newPerson(newcomer), w.populations[people]) },
			create: func(ctx context.Context, b any) (*client.Exchange, error) { return w.admin.CreateUser(ctx, w.env(), b) },
		},
		"a device": {
			needs: []func(context.Context) error{w.needsPopulation, w.needsUser},
			body:  func() map[string]any { return map[string]any{"type": "EMAIL", "email": w.place.Email} },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.admin.CreateDevice(ctx, w.people[newcomer].created, b)
			},
		},
	}
}

func (w *World) hasEverythingFor(ctx context.Context, name string) error {
	t, err := w.thing(name)
	if err != nil {
		return err
	}
	if err := w.getsWorkerToken(ctx); err != nil {
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
func (w *World) tryToCreate(ctx context.Context, name string, change func(map[string]any) error) error {
	t, err := w.thing(name)
	if err != nil {
		return err
	}
	body := maps.Clone(t.body())
	if change != nil {
		if err := change(body); err != nil {
			return err
		}
	}
	ex, err := t.create(ctx, body)
	if err != nil {
		return err
	}
	if !strings.Contains(name, "action") {
		w.created(name, ex)
	}
	w.attempt = ex
	return nil
}

func (w *World) hasCreated(ctx context.Context, name string) error {
	if err := w.tryToCreate(ctx, name, nil); err != nil {
		return err
	}
	return w.must("create "+name, w.attempt, nil, 201)
}

func (w *World) triesWithout(ctx context.Context, name, attribute string) error {
	return w.tryToCreate(ctx, name, func(body map[string]any) error {
		if _, ok := body[attribute]; !ok {
			return fmt.Errorf("%s has no %s that could be left out", name, attribute)
		}
		delete(body, attribute)
		return nil
	})
}

func (w *World) triesPriority(ctx context.Context, priority string) error {
	return w.tryToCreate(ctx, "a login action", func(body map[string]any) error {
		body["priority"] = json.Number(priority)
		return nil
	})
}

// triesSameName creates the thing again: within a scenario names do not change.
func (w *World) triesSameName(ctx context.Context, name string) error {
	return w.tryToCreate(ctx, name, nil)
}

func (w *World) hasDeletedApplication(ctx context.Context) error {
	if err := w.triesToDelete(ctx, "application"); err != nil {
		return err
	}
	return w.must("delete the application", w.last, nil, 204)
}

func (w *World) triesToDelete(ctx context.Context, what string) error {
	if w.attempt == nil {
		return fmt.Errorf("no %s has been created: an earlier sentence has to create it", what)
	}
	href := w.attempt.Link("self")
	if href == "" {
		href = w.attempt.Request.URL.String() + "/" + w.attempt.Get("id").String()
	}
	ex, err := w.admin.Delete(ctx, href)
	if err != nil {
		return err
	}
	if ex.Status == 204 {
		w.forget(href)
	}
	return nil
}

// refusesBecauseOf wants a validation error whose details, if they name anything,
// name the attribute.
func (w *World) refusesBecauseOf(attribute string) error {
	return w.refusesNaming(attribute, "REQUIRED_VALUE", "EMPTY_VALUE", "INVALID_VALUE", "OUT_OF_RANGE", "INVALID_PARAMETER")
}

func (w *World) refusesBecauseTaken(attribute string) error {
	return w.refusesNaming(attribute, "UNIQUENESS_VIOLATION")
}

func (w *World) refusesNaming(attribute string, codes ...string) error {
	what := "data with a fault in " + attribute
	if err := w.refusesData(); err != nil {
		return err
	}
	if err := w.detail(what, w.last, codes...); err != nil {
		return err
	}
	targets := 0
	for _, d := range w.last.Get("details").Array() {
		target := d.Get("target").String()
		if namesAttribute(target, attribute) && slices.Contains(codes, d.Get("code").String()) {
			return nil
		}
		if target != "" {
			targets++
		}
	}
	if targets == 0 { // a detail need not name its target
		w.observeOutcome(what, "refused without naming it")
		return nil
	}
	return w.unlike(what, "a detail whose target is "+attribute, w.last.Get("details").Raw)
}

// namesAttribute tells whether a detail's target, which is a name or a path, is about the attribute.
func namesAttribute(target, attribute string) bool {
	return slices.Contains(strings.FieldsFunc(target, func(r rune) bool { return strings.ContainsRune("./[]$", r) }), attribute)
}

func (w *World) refusesData() error {
	const what = "data that is not valid"
	return inOrder(
		func() error { return w.refused(what, w.last) },
		func() error { return w.code(what, w.last, validationCodes...) },
	)
}
