package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"mime"
	"net/http"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// passwords is passwords as an administrator sets them and as people sign on with them.
func passwords(r *suite.Registry, w *World) {
	r.When(`^Priya sets the password of ([A-Z][a-z]+)(?: \(step \d+\))?$`, func(ctx context.Context, p *Person) error {
		return w.setPassword(ctx, p, false)
	})
	r.Then(`^the password of ([A-Z][a-z]+) is in force$`, w.passwordIsInForce)
	r.When(`^Priya tries to set a password for ([A-Z][a-z]+) without naming the action$`, w.triesPlainPassword)
	r.When(`^Priya tries to set the password of ([A-Z][a-z]+) to "([^"]*)"$`, w.triesWeakPassword)

	r.Then(`^PingOne asks ([A-Z][a-z]+) for (?:his|her|their) username and password$`, w.asksForPassword)
	r.When(`^([A-Z][a-z]+) submits (?:his|her|their) username and password(?: \(step \d+\))?$`, w.submitsPassword)
	r.When(`^([A-Z][a-z]+) tries a wrong password( as often as the password policy allows)?$`, w.triesWrongPassword)
	r.When(`^([A-Z][a-z]+) tries (?:his|her|their) own password( in a browser without cookies)?$`, w.triesOwnPassword)
	r.When(`^([A-Z][a-z]+) tries the password of ([A-Z][a-z]+)$`, w.triesPasswordOf)
	r.When(`^([A-Z][a-z]+) tries a username that nobody has$`, w.triesNobody)
	r.When(`^([A-Z][a-z]+) tries (?:his|her|their) own password (with capitals and small letters swapped|with blanks around it|with one letter more|without its last letter)$`, w.triesPasswordSpelled)
	r.Then(`^PingOne refuses the credentials$`, w.refusesCredentials)
	r.Then(`^PingOne refuses both alike$`, w.refusesBothAlike)
	r.Then(`^the flow still asks ([A-Z][a-z]+) for (?:his|her|their) username and password$`, w.stillAsksForPassword)
	r.Then(`^there is no way around the password of ([A-Z][a-z]+)$`, w.noWayAroundPassword)
	r.Then(`^PingOne asks ([A-Z][a-z]+) to change (?:his|her|their) password$`, func(p *Person) (suite.Evidence, error) {
		return w.flowStatus(p, "MUST_CHANGE_PASSWORD", "password.reset")
	})
	r.When(`^([A-Z][a-z]+) changes (?:his|her|their) password$`, w.changesPassword)
	r.When(`^([A-Z][a-z]+) tries to change (?:his|her|their) password with a wrong current one$`, w.triesToChangePassword)
}

func (w *World) setPassword(ctx context.Context, p *Person, forceChange bool) error {
	ex, err := w.Admin().SetPassword(ctx, p.created, map[string]any{"value": p.password, "forceChange": forceChange})
	if err := suite.Must("set the password of "+p.label, ex, err, http.StatusOK); err != nil {
		return err
	}
	p.passwordSet = ex
	return nil
}

func (w *World) passwordIsInForce(p *Person) (suite.Evidence, error) {
	answer := p.passwordSet
	if answer == nil {
		return nil, fmt.Errorf("nobody has set the password of %s: an earlier sentence has to", p.label)
	}
	if err := suite.Expect(answer, "the status of the password", "OK", answer.Get("status").String()); err != nil {
		return nil, err
	}
	if err := suite.Expect(answer, "the password's user", p.ID(), answer.Get("user.id").String()); err != nil {
		return nil, err
	}
	if path := findMember(gjson.ParseBytes(answer.Body), "value", "password"); path != "" {
		return nil, suite.Unlike(answer, "the answer to setting the password", "no password", "the member "+path)
	}
	return suite.Read(answer, p), nil
}

func (w *World) triesPlainPassword(ctx context.Context, p *Person) error {
	// A good password, and a new one: nothing but its form may be at fault.
	fresh := w.Secret("password", newPassword)
	ex, err := w.Admin().Do(ctx, "Set Password", http.MethodPut, w.passwordHref(p), client.JSON, map[string]any{"value": fresh})
	if err != nil {
		return err
	}
	w.try(administrating, &attempt{by: p, answer: ex})
	return nil
}

func (w *World) passwordHref(p *Person) string {
	if href := p.created.Link("password.set"); href != "" {
		return href
	}
	return w.Admin().APIURL("environments", w.Env(), "users", p.ID(), "password")
}

func (w *World) triesWeakPassword(ctx context.Context, p *Person, password string) error {
	ex, err := w.Admin().SetPassword(ctx, p.created, map[string]any{"value": password, "forceChange": false})
	if err != nil {
		return err
	}
	w.try(administrating, &attempt{by: p, answer: ex})
	return nil
}

func (w *World) asksForPassword(p *Person) (suite.Evidence, error) {
	return w.flowStatus(p, passwordRequired, "usernamePassword.check")
}

func (w *World) submitsPassword(ctx context.Context, p *Person) error {
	if err := w.tryPassword(ctx, p, p.username, p.password); err != nil {
		return err
	}
	if err := suite.Must("submit username and password", p.answer, nil, http.StatusOK); err != nil {
		return err
	}
	return w.selectsIfAsked(ctx, p)
}

// tryPassword submits credentials, whatever comes back.
func (w *World) tryPassword(ctx context.Context, p *Person, username, password string) error {
	return w.act(p, credentials, p, func() (*client.Exchange, error) {
		return p.browser.CheckUsernamePassword(ctx, p.flow, username, password)
	})
}

func (w *World) triesWrongPassword(ctx context.Context, p *Person, often string) error {
	times := 1
	if often != "" {
		var err error
		if times, err = w.wrongPasswordsAllowed(ctx, p); err != nil {
			return err
		}
	}
	wrong := w.Secret("password", newPassword)
	for range times {
		if err := w.tryPassword(ctx, p, p.username, wrong); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) triesOwnPassword(ctx context.Context, p *Person, elsewhere string) error {
	if elsewhere == "" {
		return w.tryPassword(ctx, p, p.username, p.password)
	}
	return w.act(p, credentials, p, func() (*client.Exchange, error) {
		return w.NewBrowser().CheckUsernamePassword(ctx, p.flow, p.username, p.password)
	})
}

// triesPasswordOf submits what somebody else signs on with.
func (w *World) triesPasswordOf(ctx context.Context, p, other *Person) error {
	if p == other {
		return fmt.Errorf("the password of %s is %s's own: name somebody else", other.label, p.label)
	}
	return w.tryPassword(ctx, p, p.username, other.password)
}

// triesPasswordSpelled tries the right password written otherwise, whatever comes back.
func (w *World) triesPasswordSpelled(ctx context.Context, p *Person, spelling string) error {
	spelled := w.Secret("password", func() string {
		switch spelling {
		case "with blanks around it":
			return " " + p.password + " "
		case "with one letter more":
			return p.password + "x"
		case "without its last letter":
			return p.password[:len(p.password)-1]
		}
		return swapped(p.password)
	})
	return w.tryPassword(ctx, p, p.username, spelled)
}

// swapped is a text whose capitals are small and whose small letters are capitals.
func swapped(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

// refusesBothAlike compares the two newest refusals of credentials in all but what names the refusal itself: an answer must
// not say whose name is known.
func (w *World) refusesBothAlike() (suite.Evidence, error) {
	a, err := w.tried(credentials)
	if err != nil {
		return nil, err
	}
	if a.earlier == nil {
		return nil, errors.New("credentials were tried only once: an earlier sentence has to try others")
	}
	first, second := a.earlier.answer, a.answer
	const what = "the refusal of a username that nobody has, beside that of a wrong password"
	if err := refused(what, first); err != nil {
		return nil, err
	}
	if first.Status != second.Status {
		return nil, suite.Unlike(second, what, fmt.Sprint(first.Status), fmt.Sprint(second.Status))
	}
	for _, member := range append(membersOf(first, second), "details") {
		if one, other := unordered(first.Get(member)), unordered(second.Get(member)); one != other && member != "id" {
			return nil, suite.Unlike(second, what, "the same "+member, orNone(first.Get(member))+" and "+orNone(second.Get(member)))
		}
	}
	for _, header := range []string{"Content-Type", "WWW-Authenticate", "Retry-After", "Location"} {
		one, other := first.Header.Get(header), second.Header.Get(header)
		if same := one == other || header == "Content-Type" && sameMedia(one, other); !same {
			return nil, suite.Unlike(second, what, "the same "+header, fmt.Sprintf("%q and %q", one, other))
		}
	}
	return a.earlier.evidence().And(a.evidence()), nil
}

// sameMedia tells whether two media types are one, however they are spelled.
func sameMedia(one, other string) bool {
	a, has, err := mime.ParseMediaType(one)
	b, had, fault := mime.ParseMediaType(other)
	return err == nil && fault == nil && a == b && maps.EqualFunc(has, had, strings.EqualFold)
}

func (w *World) triesNobody(ctx context.Context, p *Person) error {
	return w.tryPassword(ctx, p, "nobody-"+p.username, p.password)
}

// refusesCredentials takes either of the detail codes that public sources give for a wrong password.
func (w *World) refusesCredentials() (suite.Evidence, error) {
	const what = "a sign-on with wrong credentials"
	return w.judge(func(ex *client.Exchange) error {
		return inOrder(
			func() error { return refused(what, ex) },
			func() error { return errorCode(what, ex, "INVALID_DATA", "REQUEST_FAILED") },
			func() error {
				return w.detail(what, ex, "INVALID_VALUE", "INVALID_CREDENTIALS", "PASSWORD_LOCKED_OUT", "ACCOUNT_NOT_USABLE")
			},
		)
	}, credentials)
}

func (w *World) stillAsksForPassword(ctx context.Context, p *Person) (suite.Evidence, error) {
	if err := w.getsFlow(ctx, p); err != nil {
		return nil, err
	}
	return w.asksForPassword(p)
}

// noWayAroundPassword wants the password asked for, or the request refused.
func (w *World) noWayAroundPassword(ctx context.Context, p *Person) (suite.Evidence, error) {
	const what = "a login hint token where the policy wants a password"
	status, evidence, err := w.standing(ctx, p, what)
	if err != nil || status == "" {
		return evidence, err
	}
	return evidence, oneOf(p.start, what, status, "SIGN_ON_REQUIRED", passwordRequired, "PASSWORD_REQUIRED", failed)
}

func (w *World) changesPassword(ctx context.Context, p *Person) error {
	replacement := w.Secret("password", newPassword)
	if err := w.act(p, otherAction, p, func() (*client.Exchange, error) {
		return p.browser.ResetPassword(ctx, p.flow, p.password, replacement)
	}); err != nil {
		return err
	}
	p.password = replacement
	return suite.Must("change the password", p.answer, nil, http.StatusOK)
}

// triesToChangePassword comes with a good new password: nothing but the current one may be at fault.
func (w *World) triesToChangePassword(ctx context.Context, p *Person) error {
	wrong, replacement := w.Secret("password", newPassword), w.Secret("password", newPassword)
	return w.act(p, credentials, p, func() (*client.Exchange, error) {
		return p.browser.ResetPassword(ctx, p.flow, wrong, replacement)
	})
}
