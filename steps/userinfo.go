package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

func (w *World) asksWho(ctx context.Context, a *Application) error {
	if err := a.holding(); err != nil {
		return err
	}
	ex, err := w.NewBrowser().UserInfo(ctx, w.Env(), a.tokens.Get("access_token").String())
	if err := suite.Must("ask who the access token is about", ex, err, http.StatusOK); err != nil {
		return err
	}
	a.userinfo, w.asked = ex, a
	return nil
}

// asksWhoWithoutRight comes with the application's own access token, but for its signature.
func (w *World) asksWhoWithoutRight(ctx context.Context, a *Application) error {
	if err := a.holding(); err != nil {
		return err
	}
	token := w.Secret("access-token", func() string { return signedByNobody(a.tokens.Get("access_token").String()) })
	ex, err := w.NewBrowser().UserInfo(ctx, w.Env(), token)
	if err != nil {
		return err
	}
	w.try(claimsRequest, &attempt{by: a, answer: ex})
	return nil
}

// asksElsewhere comes with a good access token to an environment that did not issue it.
func (w *World) asksElsewhere(ctx context.Context, a *Application) error {
	if err := a.holding(); err != nil {
		return err
	}
	env, err := w.foreignEnvironment()
	if err != nil {
		return err
	}
	ex, err := w.NewBrowser().UserInfo(ctx, env, a.tokens.Get("access_token").String())
	if err != nil {
		return err
	}
	w.try(claimsRequest, &attempt{by: a, answer: ex})
	return nil
}

// triesToRead asks the management API about a person with a token that was issued for another one.
func (w *World) triesToRead(ctx context.Context, a *Application, p *Person) error {
	if err := a.holding(); err != nil {
		return err
	}
	if a.tokensFor.person == p {
		return fmt.Errorf("the access token of %s is about %s: name somebody else", a.label, p.label)
	}
	ex, err := w.Admin().WithToken(a.tokens.Get("access_token").String()).ReadUser(ctx, p.created)
	if err != nil {
		return err
	}
	w.try(administrating, &attempt{by: p, answer: ex})
	return nil
}

// doesNotShow takes either code of a refusal that says nothing of the person: that one is not entitled, or that nobody is there.
func (w *World) doesNotShow(p *Person) (suite.Evidence, error) {
	a, err := w.tried(administrating)
	if err != nil {
		return nil, err
	}
	if a.by != suite.Subject(p) {
		return nil, fmt.Errorf("nobody has tried to read the user %s: an earlier sentence has to", p.label)
	}
	what := "reading the user " + p.label + " with the token of another"
	w.Outcome("reading a user with the token of another", summary(a.answer))
	if err := refused(what, a.answer); err != nil {
		return nil, err
	}
	return a.evidence(), errorCode(what, a.answer, "ACCESS_FAILED", "NOT_FOUND")
}

// nobodyIsNamed wants a refusal: https://www.rfc-editor.org/rfc/rfc6750#section-3.1.
func (w *World) nobodyIsNamed() (suite.Evidence, error) {
	const what = "asking who a token is about that is none"
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		return refused(what, ex)
	}, claimsRequest)
}

// introspects asks about the access token with the application's own credentials, whatever comes back.
func (w *World) introspects(ctx context.Context, a *Application) error {
	if err := a.holding(); err != nil {
		return err
	}
	ex, err := w.NewBrowser().Introspect(ctx, w.Env(), a.tokens.Get("access_token").String(), a.ID(), a.secret, a.authMethod)
	a.introspected = ex
	return err
}

// knowsToken wants a token that has just been issued to be good; the contract holds what is said of it against the token. Which
// applications may ask is not documented: a refusal is put on record.
func (w *World) knowsToken(a *Application) (suite.Evidence, error) {
	const what = "what PingOne knows of an access token"
	ex := a.introspected
	if ex == nil {
		return nil, fmt.Errorf("nobody has asked what PingOne knows of the token of %s: an earlier sentence has to", a.label)
	}
	w.Outcome(what, summary(ex))
	if ex.Status != http.StatusOK {
		return suite.Read(ex, a), refused(what, ex)
	}
	return suite.Read(ex, a), suite.Expect(ex, "whether the token is good", "true", ex.Get("active").Raw)
}

func (w *World) answerIsAbout(p *Person) (suite.Evidence, error) {
	if w.asked == nil {
		return nil, errors.New("no application has asked who its access token is about: an earlier sentence has to")
	}
	answer := w.asked.userinfo
	claims := []struct{ name, want string }{
		{"preferred_username", p.username}, {"given_name", p.given}, {"family_name", p.family}, {"email", p.email},
	}
	if err := w.about(answer, "sub", p, answer.Get("sub").String()); err != nil {
		return nil, err
	}
	for _, claim := range claims {
		// Which of them come is the environment's choice, that they are the person's is not.
		if got := answer.Get(claim.name); given(got) && got.String() != claim.want {
			return nil, suite.Unlike(answer, claim.name, claim.want, got.String())
		}
	}
	return suite.Read(answer, w.asked, p), nil
}

// subjectOf redeems a code, unless the application has done so, and says for whom the access token was issued.
func (w *World) subjectOf(ctx context.Context, a *Application, c code) (*client.Exchange, string, error) {
	ex := a.tokens
	if ex == nil || a.tokensFor.value != c.value {
		var err error
		ex, err = w.redeem(ctx, a, c, nil)
		if err := suite.Must("exchange the code", ex, err, http.StatusOK); err != nil {
			return nil, "", err
		}
	}
	claims, err := claimsOf(ex.Get("access_token").String())
	if err != nil {
		return nil, "", fmt.Errorf("the access token: %w", err)
	}
	return ex, claims.Get("sub").String(), nil
}
