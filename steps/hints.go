package steps

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/internal/hint"
	"pingone-conformance/internal/passcode"
	"pingone-conformance/suite"
)

// hints is sign-on by a login hint token, with which an application vouches for a person.
func hints(r *suite.Registry, w *World) {
	r.When(`^"([^"]*)" starts a sign-on for ([A-Z][a-z]+) with a login hint token(?: \(step \d+\))?$`, func(ctx context.Context, a *Application, p *Person) error {
		return w.startsWithHint(ctx, a, p, a)
	})
	// The vendor's page lets any enabled application of the environment sign.
	r.When(`^"([^"]*)" starts a sign-on for ([A-Z][a-z]+) with a login hint token that "([^"]*)" signed$`, w.startsWithHint)
	r.When(`^"([^"]*)" starts a sign-on for ([A-Z][a-z]+) with a login hint token for (?:his|her|their) username$`, w.startsWithUsernameHint)
	r.When(`^"([^"]*)" starts a sign-on for ([A-Z][a-z]+) without naming (?:her|him|them)$`, func(ctx context.Context, a *Application, p *Person) error {
		return w.startFlow(ctx, p, a, map[string]string{"response_mode": piFlow})
	})
	r.When(`^"([^"]*)" tries a login hint token for ([A-Z][a-z]+) that (.+)$`, w.triesHintThat)
	r.When(`^"([^"]*)" tries a request object for ([A-Z][a-z]+) that nobody has signed$`, w.triesUnsignedRequest)
	r.When(`^"([^"]*)" tries a sign-on for ([A-Z][a-z]+) with a login hint token$`, w.triesHinted)
	r.Then(`^no flow is waiting for a passcode of ([A-Z][a-z]+)$`, w.noFlowWaitsForPasscode)
	r.Then(`^no passcode was sent to ([A-Z][a-z]+)$`, w.noPasscodeSent)
	r.Then(`^PingOne asks who is there$`, w.asksWhoIsThere)
}

const piFlow = "pi.flow"

// hintLifetime is how long a login hint token is valid; the vendor's own samples use 60 to 3600 seconds.
const hintLifetime = 5 * time.Minute

// startsWithHint starts a pi.flow for the person for whom the signer vouches.
func (w *World) startsWithHint(ctx context.Context, a *Application, p *Person, signer *Application) error {
	token, err := w.hintFor(signer, p)
	if err != nil {
		return err
	}
	return w.startsHinted(ctx, p, a, token)
}

func (w *World) startsHinted(ctx context.Context, p *Person, a *Application, token string) error {
	if err := w.startFlow(ctx, p, a, hinted(token)); err != nil {
		return err
	}
	return w.selectsIfAsked(ctx, p)
}

// hinted are the parameters of a pi.flow with a login hint token.
func hinted(token string) map[string]string {
	return map[string]string{"response_mode": piFlow, "login_hint_token": token}
}

// hintFor makes the published login hint token: the application's id issues it, the person is its subject.
func (w *World) hintFor(a *Application, p *Person) (string, error) {
	return sign(a, hint.Form{}, a.secret, w.hintClaims(a, p))
}

// sign makes a login hint token for an application whose secret has been read.
func sign(a *Application, form hint.Form, secret string, claims hint.Claims) (string, error) {
	if a.secret == "" {
		return "", fmt.Errorf("the secret of %s has not been read: an earlier sentence has to", a.label)
	}
	token, err := hint.TokenAs(form, secret, claims)
	if err != nil {
		return "", fmt.Errorf("sign the login hint token: %w", err)
	}
	return token, nil
}

func (w *World) hintClaims(a *Application, p *Person) hint.Claims {
	now := w.Now()
	return hint.Claims{
		Issuer: a.ID(), Subject: p.ID(), Audience: w.Issuer(),
		IssuedAt: now, Expires: now.Add(hintLifetime), ID: w.Word(32),
	}
}

func (w *World) startsWithUsernameHint(ctx context.Context, a *Application, p *Person) error {
	claims := w.hintClaims(a, p)
	claims.Subject = p.username
	token, err := sign(a, hint.Form{}, a.secret, claims)
	if err != nil {
		return err
	}
	return w.startsHinted(ctx, p, a, token)
}

// triesHintThat sends a login hint token with one fault, whatever comes back.
func (w *World) triesHintThat(ctx context.Context, a *Application, p *Person, fault string) error {
	claims, form, secret := w.hintClaims(a, p), hint.Form{}, a.secret
	changes := map[string]string{}
	switch fault {
	case "is signed with the secret of another":
		other := w.another(a)
		if other == nil {
			return errNoOther
		}
		secret = other.secret
	case "claims to need no signature":
		form.Algorithm = hint.None
	case "claims in other letters to need no signature":
		form.Algorithm = "nOnE"
	case "names another as its issuer":
		other := w.another(a)
		if other == nil {
			return errNoOther
		}
		claims.Issuer = other.ID()
	case "has expired":
		claims.IssuedAt, claims.Expires = claims.IssuedAt.Add(-2*time.Hour), claims.Expires.Add(-2*time.Hour)
	case "is meant for another environment":
		claims.Audience = w.Admin().AuthURL(w.NewID(), "as")
	case "names nobody":
		claims.Subject = w.NewID()
	case "has a content type in its header":
		form.Header = map[string]any{"cty": "JWT"}
	case "is in order":
	case "comes with a second hint":
		changes["login_hint"] = p.username
	default:
		return fmt.Errorf("no login hint token is known that %s", fault)
	}
	token, err := sign(a, form, secret, claims)
	if err != nil {
		return err
	}
	maps.Copy(changes, hinted(token))
	err = w.sendAuthorize(ctx, p, a, changes)
	p.fault = "a login hint token that " + fault
	return err
}

var errNoOther = errors.New("there is no other application whose secret has been read: an earlier sentence has to create one")

// another is an application beside this one whose secret has been read, nil when there is none.
func (w *World) another(a *Application) *Application {
	for _, label := range slices.Sorted(maps.Keys(w.apps)) {
		if other := w.apps[label]; other != a && other.secret != "" {
			return other
		}
	}
	return nil
}

// triesUnsignedRequest sends a request object that names the person as its subject, and that nobody has signed.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/create-a-request-property-jwt.html
func (w *World) triesUnsignedRequest(ctx context.Context, a *Application, p *Person) error {
	token, err := sign(a, hint.Form{Algorithm: hint.None}, "", w.hintClaims(a, p))
	if err != nil {
		return err
	}
	err = w.sendAuthorize(ctx, p, a, map[string]string{"response_mode": piFlow, "request": token})
	p.fault = "a request object that nobody has signed"
	return err
}

// triesHinted sends a good login hint token where something else stands in the way, whatever comes back.
func (w *World) triesHinted(ctx context.Context, a *Application, p *Person) error {
	token, err := w.hintFor(a, p)
	if err != nil {
		return err
	}
	err = w.sendAuthorize(ctx, p, a, hinted(token))
	p.fault = "a sign-on for which there is no usable device"
	return err
}

// noFlowWaitsForPasscode wants no flow that could be finished with a passcode, and no code at once.
func (w *World) noFlowWaitsForPasscode(ctx context.Context, p *Person) (suite.Evidence, error) {
	what := cmp.Or(p.fault, "the sign-on of "+p.label)
	status, evidence, err := w.standing(ctx, p, what)
	if err != nil {
		return nil, err
	}
	switch status {
	case otpRequired, deviceSelection, completed:
		return nil, suite.Unlike(p.start, what, "no flow that goes on", status)
	}
	return evidence, nil
}

// outbox is a source of passcodes in which one can see that nothing was sent.
type outbox interface {
	Sent(ctx context.Context, d passcode.Device, since time.Time) (bool, error)
}

// noPasscodeSent looks where passcodes are sent to, if that can be seen: a request that is refused sends none, or whoever
// can make one could have anybody's telephone ring.
func (w *World) noPasscodeSent(ctx context.Context, p *Person) (suite.Evidence, error) {
	if err := p.asking(); err != nil {
		return nil, err
	}
	devices := slices.DeleteFunc([]*client.Exchange{p.device, p.other}, func(d *client.Exchange) bool { return d == nil })
	if len(devices) == 0 {
		return nil, fmt.Errorf("%s has no device to which a passcode could be sent: an earlier sentence has to register one", p.label)
	}
	source, canLook := w.Place().Passcodes.(outbox)
	if w.Place().Session.Replaying() || !canLook {
		return suite.Read(p.start, p), nil
	}
	for _, d := range devices {
		device := passcode.Device{ID: d.Get("id").String(), Type: d.Get("type").String(), Address: firstOf(d, "phone", "email")}
		sent, err := source.Sent(ctx, device, p.passcodedAt)
		switch {
		case err != nil:
			return nil, fmt.Errorf("look whether a passcode was sent to %s: %w", p.label, err)
		case sent:
			return nil, suite.Unlike(p.start, "the message to "+p.label+" after "+cmp.Or(p.fault, "the sign-on"), "none", "a passcode")
		}
	}
	return suite.Read(p.start, p), nil
}

// asksWhoIsThere wants the newest flow to ask for the person: by name, or by name and password.
func (w *World) asksWhoIsThere(ctx context.Context) (suite.Evidence, error) {
	const what = "sign-on of nobody in particular"
	if w.starter == nil {
		return nil, errors.New("nobody has asked to sign on: an earlier sentence has to")
	}
	status, evidence, err := w.standing(ctx, w.starter, what)
	if err != nil {
		return nil, err
	}
	return evidence, oneOf(w.starter.start, what, status, "SIGN_ON_REQUIRED", passwordRequired)
}
