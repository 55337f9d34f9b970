package steps

import (
	"context"
	"errors"
	"net/http"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// profile is the question for what a profile lacks, and its answers.
func profile(r *suite.Registry, w *World) {
	r.Then(`^PingOne asks ([A-Z][a-z]+) for (?:his|her|their) mobile phone number before sign-on completes$`, w.asksForPhone)
	r.When(`^([A-Z][a-z]+) gives the mobile phone number "([^"]*)"(?: \(step \d+\))?$`, w.givesPhone)
	r.When(`^([A-Z][a-z]+) tries to skip the question$`, func(ctx context.Context, p *Person) error {
		return w.tryProfile(ctx, p, map[string]any{})
	})
	r.When(`^([A-Z][a-z]+) tries to give the mobile phone number "([^"]*)"$`, func(ctx context.Context, p *Person, phone string) error {
		return w.tryProfile(ctx, p, map[string]any{mobilePhone: phone})
	})
	r.Then(`^PingOne refuses the profile data$`, w.refusesProfile)
}

// asksForPhone wants the prompt for exactly the configured attribute, with the configured text.
func (w *World) asksForPhone(p *Person) (suite.Evidence, error) {
	evidence, err := w.flowStatus(p, profileRequired, "user.update")
	if err != nil {
		return nil, err
	}
	policy := p.app.policy
	if policy == nil || policy.attribute == "" {
		return nil, errors.New("no policy of " + p.app.label + " asks for profile data: an earlier sentence has to add the action and assign the policy")
	}
	asked := p.flow.Get("_embedded.attributes").Array()
	if len(asked) != 1 {
		return nil, suite.Unlike(p.flow, "the attributes asked for", "one", p.flow.Get("_embedded.attributes").Raw)
	}
	// The vendor's table names the member schemaPropertyName, client code reads name.
	attribute := asked[0].Get("schemaPropertyName").String()
	if attribute == "" {
		attribute = asked[0].Get("name").String()
	}
	if err := suite.Expect(p.flow, "the attribute asked for", policy.attribute, attribute); err != nil {
		return nil, err
	}
	return evidence, suite.Expect(p.flow, "the text of the prompt", policy.promptText, p.flow.Get("_embedded.promptText").String())
}

func (w *World) givesPhone(ctx context.Context, p *Person, phone string) error {
	if err := w.tryProfile(ctx, p, map[string]any{mobilePhone: phone}); err != nil {
		return err
	}
	return suite.Must("give the mobile phone number", p.answer, nil, http.StatusOK)
}

// tryProfile submits profile data, whatever comes back.
func (w *World) tryProfile(ctx context.Context, p *Person, data any) error {
	if err := w.act(p, profileData, p, func() (*client.Exchange, error) { return p.browser.UpdateProfile(ctx, p.flow, data) }); err != nil {
		return err
	}
	p.changed = p.changed || p.answer.Status == http.StatusOK
	return nil
}

// refusesProfile wants the code of data that is not valid, and of the details those of a value that is missing or is none that
// the attribute may have, for the attribute that was asked for.
func (w *World) refusesProfile() (suite.Evidence, error) {
	const what = "the profile data"
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what+" refused", summary(ex))
		return inOrder(
			func() error { return refused(what, ex) },
			func() error { return errorCode(what, ex, "INVALID_DATA", "INVALID_REQUEST", "REQUEST_FAILED") },
			func() error {
				return w.detail(what, ex, "REQUIRED_VALUE", "EMPTY_VALUE", "INVALID_VALUE", "INVALID_PARAMETER", "OUT_OF_RANGE")
			},
			func() error { return onlyTargets(what, ex, mobilePhone) },
		)
	}, profileData)
}

// onlyTargets wants the details of a refusal, as far as they name a target, to name this one.
func onlyTargets(what string, ex *client.Exchange, attribute string) error {
	for _, d := range ex.Get("details").Array() {
		if target := d.Get("target").String(); target != "" && !namesAttribute(target, attribute) {
			return suite.Unlike(ex, what, "a detail whose target is "+attribute, ex.Get("details").Raw)
		}
	}
	return nil
}
