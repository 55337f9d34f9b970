package steps

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"golang.org/x/oauth2"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// tokens is the exchange of a code, what the tokens say, and whose they are.
func tokens(r *suite.Registry, w *World) {
	r.When(`^"([^"]*)" exchanges the code for tokens(?: \(step \d+\))?$`, w.exchangesCode)
	r.When(`^"([^"]*)" tries to exchange the code again$`, func(ctx context.Context, a *Application) error {
		return w.tryCode(ctx, a, a.code, nil)
	})
	r.When(`^"([^"]*)" tries to exchange the code with (a wrong client secret|no client secret|its credentials in the form|another redirect URI|no redirect URI|a code that was never issued|a wrong PKCE verifier|the PKCE challenge for its verifier|no PKCE verifier)$`, w.triesCodeWith)
	r.When(`^"([^"]*)" tries to exchange the code that "([^"]*)" received$`, func(ctx context.Context, thief, owner *Application) error {
		return w.tryCode(ctx, thief, owner.code, map[string]string{"redirect_uri": owner.redirectURI})
	})
	r.When(`^"([^"]*)" tries to exchange the code of ([A-Z][a-z]+) with the PKCE verifier of ([A-Z][a-z]+)$`, w.triesVerifierOf)
	r.Then(`^the token endpoint refuses with "([^"]*)"$`, w.tokenEndpointRefuses)

	r.Then(`^"([^"]*)" holds an access token for ([A-Z][a-z]+)$`, w.holdsAccessToken)
	r.Then(`^no token of "([^"]*)" holds the scope "([^"]*)"$`, w.noTokenHolds)
	r.When(`^"([^"]*)" asks who the access token is about$`, w.asksWho)
	r.When(`^"([^"]*)" asks who a token is about that PingOne has not signed$`, w.asksWhoWithoutRight)
	r.When(`^"([^"]*)" asks another environment who the access token is about$`, w.asksElsewhere)
	r.When(`^"([^"]*)" tries to read the user ([A-Z][a-z]+) with the access token$`, w.triesToRead)
	r.Then(`^PingOne does not show ([A-Z][a-z]+)$`, w.doesNotShow)
	r.Then(`^nobody is named$`, w.nobodyIsNamed)
	r.Then(`^the answer is about ([A-Z][a-z]+)$`, w.answerIsAbout)
	r.When(`^"([^"]*)" asks what PingOne knows of its access token$`, w.introspects)
	r.Then(`^PingOne knows the token of "([^"]*)" as what it is$`, w.knowsToken)
}

// exchangesCode redeems the code that the application received last.
func (w *World) exchangesCode(ctx context.Context, a *Application) error {
	ex, err := w.redeem(ctx, a, a.code, nil)
	if err := suite.Must("exchange the authorization code", ex, err, http.StatusOK); err != nil {
		return err
	}
	a.tokens, a.tokensFor = ex, a.code
	return nil
}

// redeem sends a code to the token endpoint as the application would, changed by changes.
func (w *World) redeem(ctx context.Context, a *Application, c code, changes map[string]string) (*client.Exchange, error) {
	if c.value == "" {
		return nil, fmt.Errorf("%s has no authorization code: an earlier sentence has to receive one", a.label)
	}
	form := url.Values{"grant_type": {"authorization_code"}, "code": {c.value}, "redirect_uri": {a.redirectURI}}
	if c.verifier != "" {
		form.Set("code_verifier", c.verifier)
	}
	for name, value := range changes {
		if form.Set(name, value); value == "" {
			form.Del(name)
		}
	}
	return w.NewBrowser().Token(ctx, w.Env(), form, a.ID(), a.secret, a.authMethod)
}

// tryCode redeems a code, whatever comes back. A parameter that is changed to nothing is left out: then the request may
// be called incomplete as well.
func (w *World) tryCode(ctx context.Context, a *Application, c code, changes map[string]string) error {
	ex, err := w.redeem(ctx, a, c, changes)
	if err != nil {
		return err
	}
	tried := &attempt{by: a, answer: ex}
	for _, value := range changes {
		if value == "" {
			tried.because = []string{"invalid_request"}
		}
	}
	w.try(tokenRequest, tried)
	return nil
}

func (w *World) triesCodeWith(ctx context.Context, a *Application, fault string) error {
	wrong := *a
	changes := map[string]string{}
	switch fault {
	case "a wrong client secret":
		wrong.secret = w.wrongSecret(a.secret)
	case "no client secret":
		wrong.authMethod = client.NoAuthentication
	case "its credentials in the form":
		wrong.authMethod = client.ClientSecretPost
	case "another redirect URI":
		changes["redirect_uri"] = a.redirectURI + "/elsewhere" // the first of it is right
	case "no redirect URI":
		changes["redirect_uri"] = ""
	case "a code that was never issued":
		changes["code"] = w.NewID()
	case "a wrong PKCE verifier":
		changes["code_verifier"] = w.Word(64)
	case "the PKCE challenge for its verifier": // who sees the authorization request sees it
		changes["code_verifier"] = oauth2.S256ChallengeFromVerifier(a.code.verifier)
	case "no PKCE verifier":
		changes["code_verifier"] = ""
	}
	if strings.Contains(fault, "PKCE") && fault != "a wrong PKCE verifier" && a.code.value != "" && a.code.verifier == "" {
		return fmt.Errorf("the code of %s wants no PKCE verifier: an earlier sentence has to sign on with PKCE", a.label)
	}
	return w.tryCode(ctx, &wrong, a.code, changes)
}

// triesVerifierOf redeems the code of one sign-on with the verifier of another one.
func (w *World) triesVerifierOf(ctx context.Context, a *Application, p, other *Person) error {
	for _, one := range []*Person{p, other} {
		if one.code.verifier == "" {
			return fmt.Errorf("%s has not signed on with PKCE: an earlier sentence has to", one.label)
		}
	}
	return w.tryCode(ctx, a, p.code, map[string]string{"code_verifier": other.code.verifier})
}

// tokenEndpointRefuses wants an OAuth error. RFC 6749 5.2 gives 401 for client
// authentication and 400 for the rest; the vendor may move within the class.
func (w *World) tokenEndpointRefuses(wanted string) (suite.Evidence, error) {
	a, err := w.tried(tokenRequest)
	if err != nil {
		return nil, err
	}
	return a.evidence(), w.refusesTokens(a, wanted)
}

func (w *World) refusesTokens(a *attempt, wanted string) error {
	const what = "the token endpoint"
	ex := a.answer
	if err := refused(what, ex); err != nil {
		return err
	}
	usual := http.StatusBadRequest
	if wanted == "invalid_client" {
		usual = http.StatusUnauthorized
	}
	if ex.Status != usual {
		w.Outcome(wanted+" at the token endpoint", summary(ex))
	}
	if got := ex.Get("error").String(); slices.Contains(a.because, got) {
		w.Outcome("what is missing at the token endpoint", summary(ex))
	} else if err := suite.Expect(ex, "error at the token endpoint", wanted, got); err != nil {
		return err
	}
	if given(ex.Get("access_token")) {
		return suite.Unlike(ex, what, "no token beside an error", "one")
	}
	return nil
}

// holding says that an application needs tokens, and which sentence is missing.
func (a *Application) holding() error {
	if a.tokens == nil {
		return fmt.Errorf("%s has no tokens: an earlier sentence has to exchange a code", a.label)
	}
	return nil
}

// holdsAccessToken wants a bearer token that was issued to the application for the person.
func (w *World) holdsAccessToken(a *Application, p *Person) (suite.Evidence, error) {
	if err := a.holding(); err != nil {
		return nil, err
	}
	if kind := a.tokens.Get("token_type").String(); !strings.EqualFold(kind, "Bearer") {
		return nil, suite.Unlike(a.tokens, "token_type", "Bearer", kind)
	}
	if a.tokens.Get("expires_in").Int() <= 0 {
		return nil, suite.Unlike(a.tokens, "expires_in", "a number of seconds", a.tokens.Get("expires_in").Raw)
	}
	claims, err := claimsOf(a.tokens.Get("access_token").String())
	if err != nil {
		return nil, fmt.Errorf("the access token: %w", err)
	}
	if err := suite.Expect(a.tokens, "the access token's client_id", a.ID(), claims.Get("client_id").String()); err != nil {
		return nil, err
	}
	return suite.Read(a.tokens, a, p), w.about(a.tokens, "the access token's sub", p, claims.Get("sub").String())
}

// about wants a subject identifier to be the person's; another known person is named.
func (w *World) about(answer *client.Exchange, what string, p *Person, got string) error {
	for _, other := range w.everyone() {
		if other != p && other.created != nil && other.ID() == got {
			return suite.Unlike(answer, what, p.label+" ("+p.ID()+")", other.label+" ("+got+")")
		}
	}
	return suite.Expect(answer, what, p.ID(), got)
}

// claimsOf reads a JWT's claims without verifying it.
func claimsOf(token string) (gjson.Result, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return gjson.Result{}, fmt.Errorf("it has %d parts, not the three of a signed JWT", len(parts))
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return gjson.Result{}, fmt.Errorf("its claims are not base64url: %w", err)
	}
	return gjson.ParseBytes(payload), nil
}

// noTokenHolds passes when the newest request to the application was refused; where it was
// taken, sign-on goes to its end and the access token must not have the scope.
func (w *World) noTokenHolds(ctx context.Context, a *Application, scope string) (suite.Evidence, error) {
	const what = "a scope that was not granted"
	p := w.starter
	if p == nil || p.app != a {
		return nil, fmt.Errorf("nobody has tried to sign on to %s: an earlier sentence has to", a.label)
	}
	status, evidence, err := w.standing(ctx, p, what)
	if err != nil {
		return nil, err
	}
	if status == "" {
		return evidenceOf(evidence, a), nil
	}
	if err := w.finishSignOn(ctx, p, a); err != nil {
		return nil, err
	}
	claims, err := claimsOf(a.tokens.Get("access_token").String())
	if err != nil {
		return nil, fmt.Errorf("the access token: %w", err)
	}
	granted := strings.Fields(a.tokens.Get("scope").String() + " " + claims.Get("scope").String())
	if slices.Contains(granted, scope) {
		return nil, suite.Unlike(a.tokens, what, "a token without "+scope, strings.Join(granted, " "))
	}
	return suite.Read(a.tokens, a, p), nil
}

// evidenceOf is evidence that speaks of one more subject.
func evidenceOf(e suite.Evidence, s suite.Subject) suite.Evidence {
	for i := range e {
		e[i].Of = append(slices.Clip(e[i].Of), s)
	}
	return e
}

// finishSignOn brings a flow that was started to its end, up to the tokens, from where
// earlier sentences have left it.
func (w *World) finishSignOn(ctx context.Context, p *Person, a *Application) error {
	if !p.received || a.code.person != p {
		if err := inOrder(
			func() error { return w.bringsToEnd(ctx, p, a) },
			func() error { return seen(w.receivesCode(a)) },
		); err != nil {
			return err
		}
	}
	if a.tokens != nil && a.tokensFor.value == a.code.value {
		return nil
	}
	return w.exchangesCode(ctx, a)
}
