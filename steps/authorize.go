package steps

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"pingone-conformance/client"
	"pingone-conformance/internal/hint"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/suite"
)

// startFlow sends the authorization request of a for p, changed by changes, and
// wants it to be taken: by a redirect to the sign-on page, or with pi.flow by the flow itself.
func (w *World) startFlow(ctx context.Context, p *Person, a *Application, changes map[string]string) error {
	if err := w.sendAuthorize(ctx, p, a, changes); err != nil {
		return err
	}
	doing := "ask to sign on to " + a.label
	if p.authorize.Get("response_mode") != "pi.flow" {
		return suite.Must(doing, p.start, nil, http.StatusFound, http.StatusSeeOther)
	}
	if err := suite.Must(doing, p.start, nil, http.StatusOK); err != nil {
		return err
	}
	w.wentOn(p, p.start)
	return nil
}

// sendAuthorize sends the authorization request of a for p, whatever comes back.
func (w *World) sendAuthorize(ctx context.Context, p *Person, a *Application, changes map[string]string) error {
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
	return w.ask(ctx, p, a, params)
}

// ask begins a sign-on with these parameters.
func (w *World) ask(ctx context.Context, p *Person, a *Application, params url.Values) error {
	w.begin(p, a, params)
	ex, err := p.browser.Authorize(ctx, w.Env(), params)
	if err != nil {
		return err
	}
	p.start, p.answer = ex, ex
	p.saw(ex)
	w.try(authorization, &attempt{by: p, answer: ex})
	return nil
}

// begin forgets the person's earlier sign-on.
func (w *World) begin(p *Person, a *Application, params url.Values) {
	p.app, p.authorize = a, params
	if n := len(p.passcodes); n > 0 {
		p.spent = p.passcodes[n-1]
	}
	p.start, p.flow, p.answer, p.resumed, p.received = nil, nil, nil, nil, false
	p.passcodes, p.passcodedAt, p.ahead, p.fault = nil, w.Now(), "", ""
	if !params.Has("code_challenge") {
		p.verifier = ""
	}
	w.starter = p
	a.resumed = nil // what was resumed before is no answer to this
}

// authorizeParams are the published ones. An application that was granted openid
// asks for its scopes and, as a relying party has to, sends state and nonce.
func (w *World) authorizeParams(ctx context.Context, a *Application) (url.Values, error) {
	params := url.Values{
		"response_type": {"code"}, "client_id": {a.ID()}, "redirect_uri": {a.redirectURI},
	}
	if slices.Contains(a.scopes, "openid") {
		params.Set("scope", strings.Join(a.scopes, " "))
		params.Set("state", w.Word(16))
		params.Set("nonce", w.Word(16))
	}
	if w.Place().PasscodeKind != passcode.KindTestDevice || !slices.Contains(a.scopes, "openid") {
		return params, nil
	}
	return params, w.allowTestDevice(ctx, a, params)
}

// allowTestDevice adds the signed request object without which a test device's
// passcode may not be shown.
func (w *World) allowTestDevice(ctx context.Context, a *Application, params url.Values) error {
	if a.secret == "" {
		if err := w.Aside(func() error { return w.readsSecret(ctx, a) }); err != nil {
			return err
		}
	}
	object := map[string]any{hint.TestDevice: hint.TestDeviceAllow}
	for name := range params {
		object[name] = params.Get(name)
	}
	signed, err := hint.RequestObject(a.secret, a.ID(), w.Issuer(), object)
	if err != nil {
		return fmt.Errorf("sign the request object: %w", err)
	}
	params.Set("request", signed)
	return nil
}

func (w *World) asksByForm(ctx context.Context, p *Person, a *Application) error {
	params, err := w.authorizeParams(ctx, a)
	if err != nil {
		return err
	}
	w.begin(p, a, params)
	ex, err := p.browser.AuthorizeByPost(ctx, w.Env(), params)
	if err != nil {
		return err
	}
	p.start, p.answer = ex, ex
	p.saw(ex)
	w.try(authorization, &attempt{by: p, answer: ex})
	return suite.Must("ask to sign on by a form", ex, nil, http.StatusFound, http.StatusSeeOther)
}

// withPKCE gives the person's next authorization request an S256 challenge.
func (w *World) withPKCE(p *Person) map[string]string {
	p.verifier = w.Word(64)
	return map[string]string{
		"code_challenge": oauth2.S256ChallengeFromVerifier(p.verifier), "code_challenge_method": "S256",
	}
}

// triesToSignOn sends an authorization request, whatever comes back.
func (w *World) triesToSignOn(ctx context.Context, p *Person, a *Application, otherwise string) error {
	var changes map[string]string
	if otherwise != "" {
		changes = map[string]string{"response_type": "token"}
	}
	return w.sendAuthorize(ctx, p, a, changes)
}

func (w *World) triesRedirectURI(ctx context.Context, p *Person, a *Application, uri string) error {
	return w.sendAuthorize(ctx, p, a, map[string]string{"redirect_uri": uri})
}

// triesSecondRedirectURI sends the application's own redirect URI and another one.
//
// https://www.rfc-editor.org/rfc/rfc6749#section-3.1
func (w *World) triesSecondRedirectURI(ctx context.Context, p *Person, a *Application, uri string) error {
	params, err := w.authorizeParams(ctx, a)
	if err != nil {
		return err
	}
	params.Add("redirect_uri", uri)
	return w.ask(ctx, p, a, params)
}

func (w *World) triesUnknownApplication(ctx context.Context, p *Person) error {
	for _, label := range slices.Sorted(maps.Keys(w.apps)) {
		return w.sendAuthorize(ctx, p, w.apps[label], map[string]string{"client_id": w.NewID()})
	}
	return fmt.Errorf("no application has been created: an earlier sentence has to create one")
}

// triesScope asks for one scope more than was granted, whatever comes back.
func (w *World) triesScope(ctx context.Context, p *Person, a *Application, scope string) error {
	return w.sendAuthorize(ctx, p, a, map[string]string{"scope": strings.Join(a.scopes, " ") + " " + scope})
}

// noFlowIsWaiting wants the authorization request refused: by its status, or by a
// redirect that carries an error and no flow.
func (w *World) noFlowIsWaiting(ctx context.Context, p *Person) (suite.Evidence, error) {
	if err := p.asking(); err != nil {
		return nil, err
	}
	if !p.app.deleted {
		return w.requestRefused(p)
	}
	var evidence suite.Evidence // what was deleted may be there for a moment
	err := w.Settle(ctx, "that an application is gone", p.start.Request.URL, func() error { return w.ask(ctx, p, p.app, p.authorize) }, func() (err error) {
		evidence, err = w.requestRefused(p)
		return err
	})
	return evidence, err
}

func (w *World) requestRefused(p *Person) (suite.Evidence, error) {
	w.Outcome("an authorization request that must be refused", summary(p.start))
	to := location(p.start)
	switch {
	case p.start.Status >= 400 && p.start.Status < 500:
		return suite.Read(p.start, p), nil
	case to != nil && hasError(to) && startedFlow(p.start) == "":
		return suite.Read(p.start, p), nil
	}
	return nil, suite.Unlike(p.start, "the authorization request of "+p.label, "a refusal and no flow", summary(p.start))
}

// hasError tells of an error in a redirect, which may also stand where tokens would have gone:
// https://www.rfc-editor.org/rfc/rfc6749#section-4.2.2.1.
func hasError(to *url.URL) bool {
	instead, err := url.ParseQuery(to.EscapedFragment())
	return to.Query().Has("error") || err == nil && instead.Has("error")
}

// nobodyIsSentTo looks where the newest authorization request led.
func (w *World) nobodyIsSentTo(uri string) (suite.Evidence, error) {
	return w.judge(func(ex *client.Exchange) error {
		if to := ex.Header.Get("Location"); strings.HasPrefix(client.Normal(to), client.Normal(uri)) {
			return suite.Unlike(ex, "the redirect", "anywhere but "+uri, to)
		}
		return nil
	}, authorization)
}

// endsElsewhere goes on with the sign-on, where one was begun, and wants it never to lead to an address.
func (w *World) endsElsewhere(ctx context.Context, p *Person, uri string) (suite.Evidence, error) {
	const what = "an authorization request with two redirect URIs"
	status, evidence, err := w.standing(ctx, p, what)
	if err != nil || status == "" {
		return evidence, err
	}
	if err := w.bringsToEnd(ctx, p, p.app); err != nil {
		return nil, err
	}
	if to := p.resumed.Header.Get("Location"); strings.HasPrefix(client.Normal(to), client.Normal(uri)) {
		return nil, suite.Unlike(p.resumed, "the redirect of "+p.label, "anywhere but "+uri, uri)
	}
	return evidence.And(suite.Read(p.resumed, p)), nil
}

// standing is the state of the flow that an authorization request started, also behind a
// redirect to the sign-on page; "" means that it was refused. A code that comes at once,
// and a server that fails, are errors.
func (w *World) standing(ctx context.Context, p *Person, what string) (string, suite.Evidence, error) {
	if err := p.asking(); err != nil {
		return "", nil, err
	}
	evidence := suite.Read(p.start, p)
	w.Outcome(what, summary(p.start))
	if anyCode(p.start) != "" {
		return "", nil, suite.Unlike(p.start, what, "no authorization code", "one")
	}
	if p.start.Status >= 400 {
		return "", evidence, refused(what, p.start)
	}
	to := location(p.start)
	switch {
	case to == nil:
		return p.start.Get("status").String(), evidence, nil
	case startedFlow(p.start) == "" && hasError(to):
		return "", evidence, nil
	case startedFlow(p.start) == "":
		return "", nil, suite.Unlike(p.start, what, "a redirect with an error, or to a flow", to.Redacted())
	}
	ex, err := p.browser.ReadFlow(ctx, w.Admin().FlowURL(w.Env(), startedFlow(p.start)))
	if err != nil {
		return "", nil, err
	}
	return ex.Get("status").String(), evidence.And(suite.Read(ex, p)), nil
}
