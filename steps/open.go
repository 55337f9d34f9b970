package steps

import (
	"context"

	"pingone-conformance/client"
)

// What follows is for sentences of other modules: see docs/your-own-use-case.md.

// SetUp creates an application under a sign-on policy of these actions, each the body of
// the vendor's "Create Sign-On Policy Action", and a population for its people. The
// application gets no grant; it may ask for openid all the same.
func (w *World) SetUp(ctx context.Context, label string, actions ...map[string]any) error {
	return w.prepare(ctx, label, func() error { return nil }, func() error {
		for _, action := range actions {
			if err := w.addAction(ctx, "an action", action); err != nil {
				return err
			}
		}
		return nil
	})
}

// SignOn sends the authorization request of the application for the person, changed by
// parameters: "" takes one away. It begins a new sign-on, and wants it to be taken: by a
// redirect to the sign-on page, or with response_mode=pi.flow by the flow itself.
func (w *World) SignOn(ctx context.Context, p *Person, a *Application, parameters map[string]string) error {
	return w.startFlow(ctx, p, a, parameters)
}

// Flow is the newest state of the person's flow, or says which sentence is missing.
func (p *Person) Flow() (*client.Exchange, error) {
	return p.flow, p.inFlow()
}
