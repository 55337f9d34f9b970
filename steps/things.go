package steps

import (
	"context"
	"errors"
	"fmt"

	"pingone-conformance/client"
)

// thing is one kind of object that the administrator creates: what it needs first,
// a complete body, and the call that creates it.
type thing struct {
	needs []func(context.Context) error
	// lacks says which earlier sentence is missing; may be nil.
	lacks  func() error
	body   func() map[string]any
	create func(ctx context.Context, body any) (*client.Exchange, error)
	// collection is the address at which it is created and listed.
	collection func() string
	// made keeps what was created for later sentences; may be nil.
	made func(*client.Exchange)
}

const (
	shop     = "Example Shop"
	newcomer = "Anna" // whom "the user Anna" and "a device of Anna" name
)

func (w *World) thing(name string) (thing, error) {
	for _, kinds := range []func() map[string]thing{w.applicationThings, w.policyThings, w.peopleThings} {
		if t, ok := kinds()[name]; ok {
			return t, nil
		}
	}
	return thing{}, fmt.Errorf("the suite does not know how to create %s", name)
}

func (w *World) needsApplication(ctx context.Context) error {
	return w.createsWebApplication(ctx, shop)
}

func (w *World) needsPolicy(ctx context.Context) error { return w.createsPolicy(ctx, "Policy") }

func (w *World) needsScopes(ctx context.Context) error {
	if err := w.listsResources(ctx); err != nil {
		return err
	}
	return w.listsScopes(ctx, "openid")
}

func (w *World) lacksApplication() error {
	_, err := w.Application(shop)
	return err
}

func (w *World) lacksPolicy() error {
	_, err := w.currentPolicy()
	return err
}

func (w *World) lacksScopes() error {
	if w.scopes["openid"] == nil {
		return errors.New("the scopes of openid have not been listed: an earlier sentence has to list them")
	}
	return nil
}

func (w *World) lacksPopulation() error {
	if w.populations[everybody] == "" {
		return fmt.Errorf("%q has not been created: an earlier sentence has to create the population", everybody)
	}
	return nil
}

// under is the address of a collection of the environment.
func (w *World) under(collection string) func() string {
	return func() string { return w.Admin().APIURL("environments", w.Env(), collection) }
}

func (w *World) applicationThings() map[string]thing {
	return map[string]thing{
		"an application": {
			body: func() map[string]any {
				body := w.applicationBody(w.knownApplication(shop))
				body["description"] = w.Named("What an application is for")
				return body
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateApplication(ctx, w.Env(), b)
			},
			collection: w.under("applications"),
			made:       func(ex *client.Exchange) { w.newestApp, w.apps[shop].created = w.apps[shop], ex },
		},
		"a grant": {
			needs: []func(context.Context) error{w.needsApplication, w.needsScopes},
			lacks: func() error { return inOrder(w.lacksApplication, w.lacksScopes) },
			body: func() map[string]any {
				return map[string]any{
					"resource": map[string]any{"id": w.resources["openid"].Get("id").String()},
					"scopes":   []map[string]any{{"id": w.scopes["openid"]["profile"]}},
				}
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateGrant(ctx, w.apps[shop].created, b)
			},
			collection: func() string { return hrefOf(w.apps[shop].created) + "/grants" },
		},
		"an assignment": {
			needs: []func(context.Context) error{w.needsApplication, w.needsPolicy, w.addsLogin},
			lacks: func() error { return inOrder(w.lacksApplication, w.lacksPolicy) },
			body: func() map[string]any {
				return map[string]any{"priority": 1, "signOnPolicy": map[string]any{"id": w.policy.created.Get("id").String()}}
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().AssignSignOnPolicy(ctx, w.apps[shop].created, b)
			},
			collection: func() string { return hrefOf(w.apps[shop].created) + "/signOnPolicyAssignments" },
		},
	}
}

func (w *World) policyThings() map[string]thing {
	action := func(body map[string]any) thing {
		return thing{
			needs: []func(context.Context) error{w.needsPolicy},
			lacks: w.lacksPolicy,
			body:  func() map[string]any { return body },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateSignOnPolicyAction(ctx, w.policy.created, b)
			},
			collection: func() string { return hrefOf(w.policy.created) + "/actions" },
		}
	}
	second := action(profilingBody(mobilePhone, false))
	second.needs = append(second.needs, w.addsLogin)
	return map[string]thing{
		"a sign-on policy": {
			body: func() map[string]any {
				return map[string]any{"name": w.NamedPolicy("Policy"), "description": w.Named("What a policy is for")}
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateSignOnPolicy(ctx, w.Env(), b)
			},
			collection: w.under("signOnPolicies"),
		},
		"a device policy": {
			body: func() map[string]any { return w.devicePolicyBody(shop, true) },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateDeviceAuthenticationPolicy(ctx, w.Env(), b)
			},
			collection: w.under("deviceAuthenticationPolicies"),
		},
		"a login action":                 action(map[string]any{"priority": 1, "type": "LOGIN"}),
		"another action":                 second,
		"a progressive profiling action": action(profilingBody(mobilePhone, false)),
	}
}

func (w *World) peopleThings() map[string]thing {
	return map[string]thing{
		"a population": {
			body: func() map[string]any {
				return map[string]any{"name": w.Named(everybody), "description": w.Named("Whom a population is for")}
			},
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreatePopulation(ctx, w.Env(), b)
			},
			collection: w.under("populations"),
			made:       func(ex *client.Exchange) { w.populations[everybody] = ex.Get("id").String() },
		},
		"the user " + newcomer: {
			needs: []func(context.Context) error{w.needsPopulation},
			lacks: w.lacksPopulation,
			body:  func() map[string]any { return w.userBody(w.knownPerson(newcomer), w.populations[everybody]) },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateUser(ctx, w.Env(), b)
			},
			collection: w.under("users"),
			made:       func(ex *client.Exchange) { w.people[newcomer].created, w.people[newcomer].read = ex, ex },
		},
		"a device of " + newcomer: {
			needs: []func(context.Context) error{func(ctx context.Context) error { return w.register(ctx, newcomer, nil, false) }},
			lacks: func() error {
				_, err := w.Person(newcomer)
				return err
			},
			body: func() map[string]any { return map[string]any{"type": "EMAIL", "email": w.Place().Email} },
			create: func(ctx context.Context, b any) (*client.Exchange, error) {
				return w.Admin().CreateDevice(ctx, w.people[newcomer].created, b)
			},
			collection: func() string { return hrefOf(w.people[newcomer].created) + "/devices" },
		},
	}
}
