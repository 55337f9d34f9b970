package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/hint"
	"pingone-conformance/internal/passcode"
)

// startFlow sends the authorization request of a for p, changed by changes, and
// wants it to be taken: by a redirect to the sign-on page, or with pi.flow by the flow itself.
func (w *World) startFlow(ctx context.Context, p *person, a *application, changes map[string]string) error {
	if err := w.sendAuthorize(ctx, p, a, changes); err != nil {
		return err
	}
	doing := "ask to sign on to " + a.label
	if p.authorize.Get("response_mode") != "pi.flow" {
		return w.must(doing, p.start, nil, http.StatusFound, http.StatusSeeOther)
	}
	if err := w.must(doing, p.start, nil, http.StatusOK); err != nil {
		return err
	}
	p.flow, p.answer = p.start, p.start
	return nil
}

// sendAuthorize sends the authorization request of a for p, whatever comes back.
func (w *World) sendAuthorize(ctx context.Context, p *person, a *application, changes map[string]string) error {
	params, err := w.authorizeParams(ctx, a)
	if err != nil {
		return err
	}
	for name, value := range changes {
		if value == "" {
			params.Del(name)
			continue
		}
		params.Set(name, value)
	}
	w.begin(p, a, params)
	ex, err := p.browser.Authorize(ctx, w.env(), params)
	if err != nil {
		return err
	}
	p.start, p.answer = ex, ex
	return nil
}

func (w *World) begin(p *person, a *application, params url.Values) {
	p.app, p.authorize = a, params
	p.flow, p.resumed = nil, nil
	p.passcodedAt = w.place.Session.Now()
}

// authorizeParams are the published ones. An application that was granted openid
// asks for its scopes and, as a relying party has to, sends state and nonce.
func (w *World) authorizeParams(ctx context.Context, a *application) (url.Values, error) {
	params := url.Values{
		"response_type": {"code"}, "client_id": {a.id()}, "redirect_uri": {a.redirectURI},
	}
	if slices.Contains(a.scopes, "openid") {
		params.Set("scope", strings.Join(a.scopes, " "))
		params.Set("state", w.word(16))
		params.Set("nonce", w.word(16))
	}
	if w.place.PasscodeKind != passcode.KindTestDevice || !slices.Contains(a.scopes, "openid") {
		return params, nil
	}
	return params, w.allowTestDevice(ctx, a, params)
}

// allowTestDevice adds the signed request object without which a test device's
// passcode may not be shown.
func (w *World) allowTestDevice(ctx context.Context, a *application, params url.Values) error {
	if a.secret == "" {
		if err := w.aside(func() error { return w.readsSecret(ctx, a.label) }); err != nil {
			return err
		}
	}
	object := map[string]any{hint.TestDevice: hint.TestDeviceAllow}
	for name := range params {
		object[name] = params.Get(name)
	}
	signed, err := hint.RequestObject(a.secret, a.id(), w.issuer(), object)
	if err != nil {
		return fmt.Errorf("sign the request object: %w", err)
	}
	params.Set("request", signed)
	return nil
}

// issuer is the authorization server's issuer identifier for the environment.
func (w *World) issuer() string {
	return w.admin.AuthURL(w.env(), "as")
}
