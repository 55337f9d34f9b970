package steps

import (
	"context"
	"net/http"

	"pingone-conformance/client"
)

var (
	asksForPhone = sentence(`PingOne asks {name} for {his} mobile phone number before sign-on completes`)
	givesPhone   = sentence(`{name} gives the mobile phone number {text}`)
)

func profileSentences(sc book, w *World) {
	sc.Then(asksForPhone, w.asksForPhone)
	sc.When(givesPhone, w.givesPhone)
}

// asksForPhone wants the prompt for exactly the configured attribute, with the configured text.
func (w *World) asksForPhone(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if err := w.flowStatus(p, profileRequired, "user.update"); err != nil {
		return err
	}
	asked := p.flow.Get("_embedded.attributes").Array()
	if len(asked) != 1 {
		return w.unlike("the attributes asked for", "one", p.flow.Get("_embedded.attributes").Raw)
	}
	// The vendor's table names the member schemaPropertyName, client code reads name.
	attribute := asked[0].Get("schemaPropertyName").String()
	if attribute == "" {
		attribute = asked[0].Get("name").String()
	}
	if err := w.expect("the attribute asked for", w.policy.attribute, attribute); err != nil {
		return err
	}
	return w.expect("the text of the prompt", w.policy.promptText, p.flow.Get("_embedded.promptText").String())
}

func (w *World) givesPhone(ctx context.Context, name, phone string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if err := w.tryProfile(ctx, p, map[string]any{mobilePhone: phone}); err != nil {
		return err
	}
	return w.must("give the mobile phone number", p.answer, nil, http.StatusOK)
}

// tryProfile submits profile data, whatever comes back.
func (w *World) tryProfile(ctx context.Context, p *person, data any) error {
	return w.act(p, func() (*client.Exchange, error) { return p.browser.UpdateProfile(ctx, p.flow, data) })
}
