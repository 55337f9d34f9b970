package steps

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/oauth2"

	"pingone-conformance/client"
)

var (
	triesWrongPassword = sentence(`{name} tries a wrong password(?: {int} times)?`)
	triesOwnPassword   = sentence(`{name} tries {his} own password( in a browser without cookies)?`)
	triesNobody        = sentence(`{name} tries a username that nobody has`)
	refusesCredentials = sentence(`PingOne refuses the credentials`)
	stillAsksPassword  = sentence(`the flow still asks {name} for {his} username and password`)
	hasNotGoneOn       = sentence(`the flow has not gone on`)
	asksToChange       = sentence(`PingOne asks {name} to change {his} password`)
	changesPassword    = sentence(`{name} changes {his} password`)
	triesToSkip        = sentence(`{name} tries to skip the question`)
	triesPhone         = sentence(`{name} tries to give the mobile phone number {text}`)
	refusesProfile     = sentence(`PingOne refuses the profile data`)
	unknownFlow        = sentence(`PingOne does not know the flow`)
	triesMissingFlow   = sentence(`{name}'s browser tries to get a flow that does not exist`)
	triesToResume      = sentence(`{name}'s browser tries to resume the authorization`)
	receivesNoCode     = sentence(`{text} receives no authorization code`)
	triesRedirectURI   = sentence(`{name} tries to sign on to {text} with the redirect URI {text}`)
	triesUnknownApp    = sentence(`{name} tries to sign on to an application that does not exist`)
	noFlowWaiting      = sentence(`no flow is waiting for {name}`)
	nobodySentTo       = sentence(`nobody is sent to {text}`)
	signsOnWithState   = sentence(`{name} signs on to {text} with the state {text}`)
	getsBackState      = sentence(`{text} gets back the state {text}`)
	asksByForm         = sentence(`{name} asks to sign on to {text} by a form`)
	refusesFlowAction  = sentence(`PingOne refuses the flow action`)
)

func refusedSignOnSentences(sc book, w *World) {
	sc.When(triesWrongPassword, w.triesWrongPassword)
	sc.When(triesOwnPassword, w.triesOwnPassword)
	sc.When(triesNobody, w.triesNobody)
	sc.Then(refusesCredentials, w.refusesCredentials)
	sc.Then(stillAsksPassword, w.stillAsksForPassword)
	sc.Then(hasNotGoneOn, w.flowHasNotGoneOn)
	sc.Then(asksToChange, w.asksToChangePassword)
	sc.When(changesPassword, w.changesPassword)
	sc.When(triesToSkip, func(ctx context.Context, name string) error { return w.triesProfile(ctx, name, map[string]any{}) })
	sc.When(triesPhone, func(ctx context.Context, name, phone string) error {
		return w.triesProfile(ctx, name, map[string]any{mobilePhone: phone})
	})
	sc.Then(refusesProfile, w.refusesProfile)
	sc.Then(unknownFlow, w.flowIsUnknown)
	sc.When(triesMissingFlow, w.triesMissingFlow)
	sc.When(triesToResume, w.triesToResume)
	sc.Then(receivesNoCode, w.receivesNoCode)
	sc.When(triesRedirectURI, w.triesRedirectURI)
	sc.When(triesUnknownApp, w.triesUnknownApplication)
	sc.Then(noFlowWaiting, w.noFlowIsWaiting)
	sc.Then(nobodySentTo, w.nobodyIsSentTo)
	sc.When(signsOnWithState, w.signsOnWithState)
	sc.Then(getsBackState, w.getsBackState)
	sc.When(asksByForm, w.asksByForm)
	sc.Then(refusesFlowAction, w.refusesFlowAction)
}

func (w *World) triesWrongPassword(ctx context.Context, name, times string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	n := 1
	if times != "" {
		if n, err = strconv.Atoi(times); err != nil {
			return fmt.Errorf("%q is no number: %w", times, err)
		}
	}
	wrong := w.place.Session.Secret("password", newPassword)
	for range n {
		if err := w.tryPassword(ctx, p, p.username, wrong); err != nil {
			return err
		}
	}
	return nil
}

func (w *World) triesOwnPassword(ctx context.Context, name, elsewhere string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if elsewhere == "" {
		return w.tryPassword(ctx, p, p.username, p.password)
	}
	return w.act(p, func() (*client.Exchange, error) {
		return w.newBrowser().CheckUsernamePassword(ctx, p.flow, p.username, p.password)
	})
}

func (w *World) triesNobody(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.tryPassword(ctx, p, "nobody-"+p.username, p.password)
}

// refusesCredentials takes either of the detail codes that public sources give for a wrong password.
func (w *World) refusesCredentials() error {
	const what = "a sign-on with wrong credentials"
	return inOrder(
		func() error { return w.refused(what, w.last) },
		func() error { return w.code(what, w.last, "INVALID_DATA", "REQUEST_FAILED") },
		func() error {
			return w.detail(what, w.last, "INVALID_VALUE", "INVALID_CREDENTIALS", "PASSWORD_LOCKED_OUT", "ACCOUNT_NOT_USABLE")
		},
	)
}

func (w *World) stillAsksForPassword(ctx context.Context, name string) error {
	if err := w.getsFlow(ctx, name); err != nil {
		return err
	}
	return w.asksForPassword(name)
}

// flowHasNotGoneOn wants every flow where it was, or failed.
func (w *World) flowHasNotGoneOn(ctx context.Context) error {
	return w.eachFlowAgain(ctx, func(p *person, ex *client.Exchange) error {
		before, status := p.flow.Get("status").String(), ex.Get("status").String()
		if ex.Status == http.StatusOK && status != before && status != failed {
			return w.unlike("the flow of "+p.label, before, status)
		}
		return nil
	})
}

func (w *World) asksToChangePassword(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.flowStatus(p, "MUST_CHANGE_PASSWORD", "password.reset")
}

func (w *World) changesPassword(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	replacement := w.place.Session.Secret("password", newPassword)
	if err := w.act(p, func() (*client.Exchange, error) {
		return p.browser.ResetPassword(ctx, p.flow, p.password, replacement)
	}); err != nil {
		return err
	}
	p.password = replacement
	return w.must("change the password", p.answer, nil, http.StatusOK)
}

func (w *World) triesProfile(ctx context.Context, name string, data map[string]any) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.tryProfile(ctx, p, data)
}

func (w *World) refusesProfile() error {
	const what = "the profile data"
	w.observeOutcome(what+" refused", seenAs(w.last))
	return w.refused(what, w.last)
}

func (w *World) flowIsUnknown() error {
	const what = "a flow that is gone or never was"
	if err := w.refused(what, w.last, http.StatusNotFound, http.StatusGone); err != nil {
		return err
	}
	if w.last.Status == http.StatusGone { // in one account; the vendor's page has 404
		w.observeOutcome(what, seenAs(w.last))
		return nil
	}
	return w.code(what, w.last, "NOT_FOUND")
}

func (w *World) triesMissingFlow(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	_, err = p.browser.ReadFlow(ctx, w.admin.FlowURL(w.env(), w.place.Session.NewID()))
	return err
}

func (w *World) triesToResume(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	_, err = w.resume(ctx, p)
	return err
}

// receivesNoCode resumes what nobody has resumed yet, and wants no code in any form.
func (w *World) receivesNoCode(ctx context.Context, label string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	looked := 0
	for _, p := range w.inOrderOfNames() {
		if p.app != a || p.flow == nil {
			continue
		}
		if p.resumed == nil {
			if _, err := w.resume(ctx, p); err != nil {
				return err
			}
		}
		if code, err := client.Code(p.resumed); err == nil && code != "" {
			return w.unlike("the answer to "+label, "no authorization code", "one")
		}
		w.observeOutcome("resuming an unfinished flow", seenAs(p.resumed))
		looked++
	}
	if looked == 0 {
		return fmt.Errorf("nobody has begun to sign on to %s: an earlier sentence has to", label)
	}
	w.proof.spoken()
	return nil
}

func (w *World) triesRedirectURI(ctx context.Context, name, label, uri string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	return w.sendAuthorize(ctx, p, a, map[string]string{"redirect_uri": uri})
}

func (w *World) triesUnknownApplication(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	for _, a := range w.applications() {
		return w.sendAuthorize(ctx, p, a, map[string]string{"client_id": w.place.Session.NewID()})
	}
	return fmt.Errorf("no application has been created: an earlier sentence has to create one")
}

// noFlowIsWaiting wants the authorization request refused: by its status, or by a
// redirect that carries an error and no flow.
func (w *World) noFlowIsWaiting(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	w.proof.spoken()
	w.observeOutcome("an authorization request that must be refused", seenAs(p.start))
	to := location(p.start)
	switch {
	case p.start.Status >= 400 && p.start.Status < 500:
		return nil
	case to != nil && to.Query().Has("error") && startedFlow(p.start) == "":
		return nil
	}
	return w.unlike("the authorization request", "a refusal and no flow", seenAs(p.start))
}

func (w *World) nobodyIsSentTo(uri string) error {
	if to := w.last.Header.Get("Location"); strings.HasPrefix(to, uri) {
		return w.unlike("the redirect", "anywhere but "+uri, to)
	}
	return nil
}

func (w *World) signsOnWithState(ctx context.Context, name, label, state string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	return inOrder(
		func() error { return w.startFlow(ctx, p, a, map[string]string{"state": state}) },
		func() error { return w.getsFlow(ctx, name) },
		func() error { return w.answerEverything(ctx, p) },
		func() error { return w.resumes(ctx, name) },
	)
}

func (w *World) getsBackState(label, state string) error {
	if err := w.receivesCode(label); err != nil {
		return err
	}
	to := location(w.last)
	if to == nil {
		return w.expect("state", state, w.last.Get("authorizeResponse.state").String())
	}
	return w.expect("state", state, to.Query().Get("state"))
}

func (w *World) asksByForm(ctx context.Context, name, label string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	params, err := w.authorizeParams(ctx, a)
	if err != nil {
		return err
	}
	w.begin(p, a, params)
	if p.start, err = p.browser.AuthorizeByPost(ctx, w.env(), params); err != nil {
		return err
	}
	return w.must("ask to sign on by a form", p.start, nil, http.StatusFound, http.StatusSeeOther)
}

// withPKCE gives the person's next authorization request an S256 challenge.
func (w *World) withPKCE(p *person) map[string]string {
	p.verifier = w.word(64)
	return map[string]string{
		"code_challenge": oauth2.S256ChallengeFromVerifier(p.verifier), "code_challenge_method": "S256",
	}
}

func (w *World) refusesFlowAction() error {
	const what = "a flow action that may not be taken"
	w.observeOutcome(what, seenAs(w.last))
	return w.refused(what, w.last)
}
