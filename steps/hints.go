package steps

import (
	"context"
	"fmt"
	"time"

	"pingone-conformance/internal/hint"
)

var startsWithHint = sentence(`{text} starts a sign-on for {name} with a login hint token`)

// hintLifetime is how long a login hint token is valid; the vendor's own samples use 60 to 3600 seconds.
const hintLifetime = 5 * time.Minute

func hintSentences(sc book, w *World) {
	sc.When(startsWithHint, w.startsWithHint)
}

// startsWithHint starts a pi.flow for the person whom the application vouches for.
func (w *World) startsWithHint(ctx context.Context, label, name string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	token, err := w.hintFor(a, p)
	if err != nil {
		return err
	}
	return w.startFlow(ctx, p, a, map[string]string{"response_mode": "pi.flow", "login_hint_token": token})
}

// hintFor makes the published login hint token: the application's id issues it, the person is its subject.
func (w *World) hintFor(a *application, p *person) (string, error) {
	if a.secret == "" {
		return "", fmt.Errorf("the secret of %s has not been read: an earlier sentence has to", a.label)
	}
	token, err := hint.Token(a.secret, w.hintClaims(a, p))
	if err != nil {
		return "", fmt.Errorf("sign the login hint token: %w", err)
	}
	return token, nil
}

func (w *World) hintClaims(a *application, p *person) hint.Claims {
	now := w.place.Session.Now()
	return hint.Claims{
		Issuer: a.id(), Subject: p.id(), Audience: w.issuer(),
		IssuedAt: now, Expires: now.Add(hintLifetime), ID: w.word(32),
	}
}
