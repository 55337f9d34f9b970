// Package simplelogin is a use case in a module of its own: Ping Identity's "Simple
// Login", with sentences, a published list and a rule of the contract that
// pingone-conformance does not have.
package simplelogin

import (
	"context"
	"strings"

	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// Sentences registers the sentences of pingone-conformance and this module's own.
func Sentences(r *suite.Registry) {
	w := &world{steps.Register(r)}
	r.Given(`^"([^"]*)" asks people for nothing but a username and password$`, w.asksForPassword)
	r.When(`^([A-Z][a-z]+) asks "([^"]*)" to learn from PingOne who (?:he|she|they) (?:is|are)(?: \(step \d+\))?$`, w.asksWhoSheIs)
	r.Then(`^a password was all that ([A-Z][a-z]+) needed$`, w.passwordWasEnough)
}

// world is what the sentences of one scenario share: people and applications of package
// steps, the client, and whatever this module adds.
type world struct{ *steps.World }

func (w *world) asksForPassword(ctx context.Context, application string) error {
	return w.SetUp(ctx, application, map[string]any{"priority": 1, "type": "LOGIN"})
}

// asksWhoSheIs asks for an ID token, which no grant is needed for.
func (w *world) asksWhoSheIs(ctx context.Context, p *steps.Person, a *steps.Application) error {
	return w.SignOn(ctx, p, a, map[string]string{"scope": "openid", "state": w.Word(16), "nonce": w.Word(16)})
}

// passwordWasEnough looks at the newest answer of the person's flow: it is complete, and
// it was the password that completed it.
func (w *world) passwordWasEnough(p *steps.Person) (suite.Evidence, error) {
	flow, err := p.Flow()
	if err != nil {
		return nil, err
	}
	if sent := flow.Request.Header.Get("Content-Type"); !strings.Contains(sent, "usernamePassword.check") {
		return nil, suite.Unlike(flow, "the last thing that "+p.Label()+" gave", "a username and password", sent)
	}
	return suite.Read(flow, p), suite.Expect(flow, "the flow of "+p.Label(), "COMPLETED", flow.Get("status").String())
}
