package steps

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"

	"pingone-conformance/client"
)

var (
	triesCodeAgain = sentence(`{text} tries to exchange the code again`)
	triesCodeWith  = sentence(`{text} tries to exchange the code with (a wrong client secret|its credentials in the form|another redirect URI|a code that was never issued|a wrong PKCE verifier)`)
	triesTheCodeOf = sentence(`{text} tries to exchange the code that {text} received`)
	tokenRefuses   = sentence(`the token endpoint refuses with {text}`)
	foreignKey     = sentence(`the ID token does not hold against a foreign key`)
	asksWho        = sentence(`{text} asks who the access token is about`)
	answerAbout    = sentence(`the answer is about {name}`)
	triesScope     = sentence(`{name} tries to sign on to {text}, which asks for the scope {text} as well`)
	noTokenHolds   = sentence(`no token of {text} holds the scope {text}`)
)

func refusedTokenSentences(sc book, w *World) {
	sc.When(triesCodeAgain, func(ctx context.Context, label string) error { return w.triesCode(ctx, label, nil) })
	sc.When(triesCodeWith, w.triesCodeWith)
	sc.When(triesTheCodeOf, w.triesCodeOfAnother)
	sc.Then(tokenRefuses, w.tokenEndpointRefuses)
	sc.Then(foreignKey, w.holdsNotAgainstForeignKey)
	sc.When(asksWho, w.asksWho)
	sc.Then(answerAbout, w.answerIsAbout)
	sc.When(triesScope, w.triesScope)
	sc.Then(noTokenHolds, w.noTokenHolds)
}

func (w *World) triesCode(ctx context.Context, label string, changes map[string]string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	_, err = w.redeem(ctx, a, changes)
	return err
}

func (w *World) triesCodeWith(ctx context.Context, label, fault string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	wrong := *a
	changes := map[string]string{}
	switch fault {
	case "a wrong client secret":
		wrong.secret = w.wrongSecret()
	case "its credentials in the form":
		wrong.authMethod = client.ClientSecretPost
	case "another redirect URI":
		changes["redirect_uri"] = "https://elsewhere.example.com/callback"
	case "a code that was never issued":
		changes["code"] = w.place.Session.NewID()
	case "a wrong PKCE verifier":
		changes["code_verifier"] = w.word(64)
	}
	_, err = w.redeem(ctx, &wrong, changes)
	return err
}

func (w *World) triesCodeOfAnother(ctx context.Context, thief, owner string) error {
	t, err := w.app(thief)
	if err != nil {
		return err
	}
	o, err := w.app(owner)
	if err != nil {
		return err
	}
	_, err = w.redeem(ctx, t, map[string]string{"code": o.code, "redirect_uri": o.redirectURI})
	return err
}

// tokenEndpointRefuses wants an OAuth error. RFC 6749 5.2 gives 401 for client
// authentication and 400 for the rest; the vendor may move within the class.
func (w *World) tokenEndpointRefuses(code string) error {
	const what = "the token endpoint"
	if err := w.refused(what, w.last); err != nil {
		return err
	}
	usual := http.StatusBadRequest
	if code == "invalid_client" {
		usual = http.StatusUnauthorized
	}
	if w.last.Status != usual {
		w.observeOutcome(code+" at the token endpoint", seenAs(w.last))
	}
	if err := w.expect("error at the token endpoint", code, w.last.Get("error").String()); err != nil {
		return err
	}
	if w.last.Get("access_token").Exists() {
		return w.unlike(what, "no token beside an error", "one")
	}
	return nil
}

// strangersKey signs nothing; it is made once, for it takes as long as ten scenarios.
var strangersKey = sync.OnceValues(func() (*rsa.PrivateKey, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make a foreign key: %w", err)
	}
	return key, nil
})

// holdsNotAgainstForeignKey proves that the check of ID tokens can fail.
func (w *World) holdsNotAgainstForeignKey(ctx context.Context) error {
	stranger, err := strangersKey()
	if err != nil {
		return err
	}
	checked := 0
	for _, a := range w.applications() {
		if a.tokens == nil {
			continue
		}
		raw := a.tokens.Get("id_token").String()
		keys, err := w.publishedKeys(ctx)
		if err != nil {
			return err
		}
		if _, err := verifyIDToken(ctx, raw, w.issuer(), a.id(), keys, w.place.Session.Now); err != nil {
			return err
		}
		if _, err := verifyIDToken(ctx, raw, w.issuer(), a.id(), []crypto.PublicKey{stranger.Public()}, w.place.Session.Now); err == nil {
			return fmt.Errorf("the ID token of %s holds against a key that never signed it", a.label)
		}
		checked++
	}
	if checked == 0 {
		return fmt.Errorf("no application has tokens: an earlier sentence has to exchange a code")
	}
	return nil
}

func (w *World) asksWho(ctx context.Context, label string) error {
	a, err := w.tokensOf(label)
	if err != nil {
		return err
	}
	ex, err := w.newBrowser().UserInfo(ctx, w.env(), a.tokens.Get("access_token").String())
	return w.must("ask who the access token is about", ex, err, http.StatusOK)
}

func (w *World) answerIsAbout(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	claims := []struct{ name, want string }{
		{"preferred_username", p.username}, {"given_name", p.given}, {"family_name", p.family}, {"email", p.email},
	}
	for _, claim := range claims {
		// Which of them come is the environment's choice, that they are the person's is not.
		if got := w.last.Get(claim.name); got.Exists() && got.String() != claim.want {
			return w.unlike(claim.name, claim.want, got.String())
		}
	}
	return w.expect("sub", p.id(), w.last.Get("sub").String())
}

// anyCode is the authorization code in an answer to authorize or resume, or "".
func anyCode(exchanges ...*client.Exchange) string {
	for _, ex := range exchanges {
		if ex == nil {
			continue
		}
		if code, err := client.Code(ex); err == nil && code != "" {
			return code
		}
	}
	return ""
}

// subjectOf redeems a code and says for whom the access token was issued.
func (w *World) subjectOf(ctx context.Context, a *application, code string) (string, error) {
	ex, err := w.redeem(ctx, a, map[string]string{"code": code})
	if err := w.must("exchange the code", ex, err, http.StatusOK); err != nil {
		return "", err
	}
	claims, err := claimsOf(ex.Get("access_token").String())
	if err != nil {
		return "", fmt.Errorf("the access token: %w", err)
	}
	return claims.Get("sub").String(), nil
}

// triesScope asks for one scope more than was granted, whatever comes back.
func (w *World) triesScope(ctx context.Context, name, label, scope string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	return w.sendAuthorize(ctx, p, a, map[string]string{"scope": strings.Join(a.scopes, " ") + " " + scope})
}

// noTokenHolds passes when the request was refused; where it was taken, sign-on
// goes to its end and the access token must not have the scope.
func (w *World) noTokenHolds(ctx context.Context, label, scope string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	const what = "a scope that was not granted"
	for _, p := range w.inOrderOfNames() {
		if p.app != a {
			continue
		}
		status, err := w.whereItStands(ctx, p, what)
		if err != nil || status == "" {
			return err
		}
		if err := w.finishSignOn(ctx, p, a); err != nil {
			return err
		}
		claims, err := claimsOf(a.tokens.Get("access_token").String())
		if err != nil {
			return fmt.Errorf("the access token: %w", err)
		}
		granted := strings.Fields(a.tokens.Get("scope").String() + " " + claims.Get("scope").String())
		if slices.Contains(granted, scope) {
			return w.unlike(what, "a token without "+scope, strings.Join(granted, " "))
		}
		return nil
	}
	return fmt.Errorf("nobody has tried to sign on to %s: an earlier sentence has to", label)
}

// finishSignOn brings a flow that was started to its end, up to the tokens.
func (w *World) finishSignOn(ctx context.Context, p *person, a *application) error {
	return inOrder(
		func() error { return w.getsFlow(ctx, p.label) },
		func() error { return w.answerEverything(ctx, p) },
		func() error { return w.resumes(ctx, p.label) },
		func() error { return w.receivesCode(a.label) },
		func() error { return w.exchangesCode(ctx, a.label) },
	)
}
