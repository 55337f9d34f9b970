package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pingone-conformance/internal/hint"
)

var (
	hintSignedBy     = sentence(`{text} starts a sign-on for {name} with a login hint token that {text} signed`)
	hintForUsername  = sentence(`{text} starts a sign-on for {name} with a login hint token for {his} username`)
	triesHintThat    = sentence(`{text} tries a login hint token for {name} that (.+)`)
	noPasscodeFlow   = sentence(`no flow is waiting for a passcode of {name}`)
	triesInBrowserOf = sentence(`{text} tries a sign-on for {name} in the browser of {name}`)
	nothingFor       = sentence(`nothing comes out in the name of {name}`)
	allFor           = sentence(`whatever comes out is in the name of {name}`)
	triesHinted      = sentence(`{text} tries a sign-on for {name} with a login hint token`)
	offersOnlyTexts  = sentence(`PingOne offers {name} text messages only`)
	asksWhoIsThere   = sentence(`PingOne asks who is there`)
	noWayAround      = sentence(`there is no way around the password of {name}`)
	withoutNaming    = sentence(`{text} starts a sign-on for {name} without naming {his}`)
)

func refusedHintSentences(sc book, w *World) {
	sc.When(hintSignedBy, w.startsWithForeignHint)
	sc.When(hintForUsername, w.startsWithUsernameHint)
	sc.When(triesHintThat, w.triesHintThat)
	sc.When(triesHinted, w.triesHinted)
	sc.Then(offersOnlyTexts, w.offersOnlyTexts)
	sc.Then(noPasscodeFlow, w.noFlowWaitsForPasscode)
	sc.When(triesInBrowserOf, w.triesInBrowserOf)
	sc.Then(nothingFor, func(ctx context.Context, name string) error { return w.comesOut(ctx, name, false) })
	sc.Then(allFor, func(ctx context.Context, name string) error { return w.comesOut(ctx, name, true) })
	sc.When(withoutNaming, w.startsWithoutNaming)
	sc.Then(asksWhoIsThere, w.asksWhoIsThere)
	sc.Then(noWayAround, w.noWayAroundPassword)
}

// startsWithForeignHint: the vendor's page lets any enabled application of the environment sign.
func (w *World) startsWithForeignHint(ctx context.Context, label, name, signer string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	s, err := w.app(signer)
	if err != nil {
		return err
	}
	token, err := w.hintFor(s, p)
	if err != nil {
		return err
	}
	return w.startFlow(ctx, p, a, hinted(token))
}

func hinted(token string) map[string]string {
	return map[string]string{"response_mode": "pi.flow", "login_hint_token": token}
}

func (w *World) startsWithUsernameHint(ctx context.Context, label, name string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	claims := w.hintClaims(a, p)
	claims.Subject = p.username
	token, err := hint.Token(a.secret, claims)
	if err != nil {
		return fmt.Errorf("sign the login hint token: %w", err)
	}
	return w.startFlow(ctx, p, a, hinted(token))
}

// triesHintThat sends a login hint token with one fault, whatever comes back.
func (w *World) triesHintThat(ctx context.Context, label, name, fault string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	claims, form, secret := w.hintClaims(a, p), hint.Form{}, a.secret
	changes := map[string]string{}
	switch fault {
	case "is signed with the secret of another":
		for _, other := range w.applications() {
			if other != a && other.secret != "" {
				secret = other.secret
			}
		}
	case "claims to need no signature":
		form.Algorithm = hint.None
	case "has expired":
		claims.IssuedAt, claims.Expires = claims.IssuedAt.Add(-2*time.Hour), claims.Expires.Add(-2*time.Hour)
	case "is meant for another environment":
		claims.Audience = w.admin.AuthURL(w.place.Session.NewID(), "as")
	case "names nobody":
		claims.Subject = w.place.Session.NewID()
	case "has a content type in its header":
		form.Header = map[string]any{"cty": "JWT"}
	case "is in order":
	case "comes with a second hint":
		changes["login_hint"] = p.username
	default:
		return fmt.Errorf("no login hint token is known that %s", fault)
	}
	token, err := hint.TokenAs(form, secret, claims)
	if err != nil {
		return fmt.Errorf("sign the login hint token: %w", err)
	}
	for member, value := range hinted(token) {
		changes[member] = value
	}
	p.fault = "a login hint token that " + fault
	return w.sendAuthorize(ctx, p, a, changes)
}

// triesHinted sends a good login hint token where something else stands in the way, whatever comes back.
func (w *World) triesHinted(ctx context.Context, label, name string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	token, err := w.hintFor(a, p)
	if err != nil {
		return err
	}
	p.fault = "a sign-on for which there is no usable device"
	return w.sendAuthorize(ctx, p, a, hinted(token))
}

// offersOnlyTexts wants every device that the flow offers to be one for text messages.
func (w *World) offersOnlyTexts(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if err := w.asksForPasscode(name); err != nil {
		return err
	}
	for _, d := range p.flow.Get("_embedded.devices").Array() {
		if kind := d.Get("type").String(); kind != "SMS" {
			return w.unlike("the devices offered", "SMS only, as the action says", kind)
		}
	}
	return nil
}

// noFlowWaitsForPasscode wants no flow that could be finished with a passcode, and no code at once.
func (w *World) noFlowWaitsForPasscode(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	status, err := w.whereItStands(ctx, p, p.fault)
	if err != nil {
		return err
	}
	switch status {
	case otpRequired, deviceSelection, completed:
		return w.unlike(p.fault, "no flow that goes on", status)
	}
	return nil
}

// whereItStands is the state of the flow that an authorization request started,
// also behind a redirect to the sign-on page; "" means that it was refused. A code
// that comes at once, and a server that fails, are errors.
func (w *World) whereItStands(ctx context.Context, p *person, what string) (string, error) {
	w.observeOutcome(what, seenAs(p.start))
	if anyCode(p.start) != "" {
		return "", w.unlike(what, "no authorization code", "one")
	}
	if p.start.Status >= 400 {
		return "", w.refused(what, p.start)
	}
	w.proof.spoken()
	to := location(p.start)
	switch {
	case to == nil:
		return p.start.Get("status").String(), nil
	case startedFlow(p.start) == "" && to.Query().Has("error"):
		return "", nil
	case startedFlow(p.start) == "":
		return "", w.unlike(what, "a redirect with an error, or to a flow", to.Redacted())
	}
	ex, err := p.browser.ReadFlow(ctx, w.admin.FlowURL(w.env(), startedFlow(p.start)))
	if err != nil {
		return "", err
	}
	return ex.Get("status").String(), nil
}

// asksWhoIsThere wants a flow that asks for the person: by name, or by name and password.
func (w *World) asksWhoIsThere(ctx context.Context) error {
	const what = "sign-on of nobody in particular"
	p, err := w.lastToStart()
	if err != nil {
		return err
	}
	status, err := w.whereItStands(ctx, p, what)
	if err != nil {
		return err
	}
	return w.oneOf(what, status, "SIGN_ON_REQUIRED", passwordRequired)
}

// noWayAroundPassword wants the password asked for, or the request refused.
func (w *World) noWayAroundPassword(ctx context.Context, name string) error {
	const what = "a login hint token where the policy wants a password"
	p, err := w.person(name)
	if err != nil {
		return err
	}
	status, err := w.whereItStands(ctx, p, what)
	if err != nil || status == "" {
		return err
	}
	return w.oneOf(what, status, "SIGN_ON_REQUIRED", passwordRequired, "PASSWORD_REQUIRED", failed)
}

func (w *World) oneOf(what, status string, wanted ...string) error {
	if slices.Contains(wanted, status) {
		return nil
	}
	return w.unlike(what, strings.Join(wanted, " or "), fmt.Sprintf("%q", status))
}

// lastToStart is the one person who has started a sign-on.
func (w *World) lastToStart() (*person, error) {
	for _, p := range w.inOrderOfNames() {
		if p.start != nil {
			return p, nil
		}
	}
	return nil, errors.New("nobody has asked to sign on: an earlier sentence has to")
}

// triesInBrowserOf starts a sign-on for one person where another one, or the same, is signed on already.
func (w *World) triesInBrowserOf(ctx context.Context, label, name, host string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	h, err := w.person(host)
	if err != nil {
		return err
	}
	token, err := w.hintFor(a, p)
	if err != nil {
		return err
	}
	p.browser = h.browser
	return w.sendAuthorize(ctx, p, a, hinted(token))
}

// comesOut redeems the code that a live session may have given at once. wanted says
// whether it may be about the person: if not, it must not; if so, it must.
func (w *World) comesOut(ctx context.Context, name string, wanted bool) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	const what = "authorize in a browser with a live session"
	w.observeOutcome(what, seenAs(p.start))
	if p.start.Status >= 400 {
		return w.refused(what, p.start)
	}
	w.proof.spoken()
	if user := p.start.Get("_embedded.user.id").String(); wanted && user != "" && user != p.id() {
		return w.unlike("the flow's user", p.id(), user)
	}
	code := anyCode(p.start)
	if code == "" && p.start.Get("status").String() == completed {
		p.flow = p.start
		if _, err := w.resume(ctx, p); err != nil {
			return err
		}
		code = anyCode(p.resumed)
	}
	if code == "" {
		return nil
	}
	subject, err := w.subjectOf(ctx, p.app, code)
	if err != nil {
		return err
	}
	if (subject == p.id()) != wanted {
		want := "anybody but " + name
		if wanted {
			want = name
		}
		return w.unlike("whom the access token is about", want+" ("+name+" is "+p.id()+")", subject)
	}
	return nil
}

func (w *World) startsWithoutNaming(ctx context.Context, label, name string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	return w.startFlow(ctx, p, a, map[string]string{"response_mode": "pi.flow"})
}
