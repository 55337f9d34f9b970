package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// signOn is a sign-on from the authorization request to the end of its flow, whatever the
// flow asks for.
func signOn(r *suite.Registry, w *World) {
	r.When(`^([A-Z][a-z]+) asks to sign on to "([^"]*)"(?: \(step \d+\))?$`, w.asksToSignOn)
	r.When(`^([A-Z][a-z]+) asks to sign on to "([^"]*)" by a form$`, w.asksByForm)
	r.When(`^([A-Z][a-z]+) tries to sign on to "([^"]*)"( with the response type "token")?$`, w.triesToSignOn)
	r.When(`^([A-Z][a-z]+) tries to sign on to "([^"]*)" with the redirect URI "([^"]*)"$`, w.triesRedirectURI)
	r.When(`^([A-Z][a-z]+) tries to sign on to "([^"]*)" with the redirect URI "([^"]*)" as a second one$`, w.triesSecondRedirectURI)
	r.When(`^([A-Z][a-z]+) tries to sign on to an application that does not exist$`, w.triesUnknownApplication)
	r.When(`^([A-Z][a-z]+) tries to sign on to "([^"]*)", which asks for the scope "([^"]*)" as well$`, w.triesScope)
	r.Then(`^PingOne shows ([A-Z][a-z]+) its sign-on page$`, w.showsSignOnPage)
	r.Then(`^no flow is waiting for ([A-Z][a-z]+)$`, w.noFlowIsWaiting)
	r.Then(`^nobody is sent to "([^"]*)"$`, w.nobodyIsSentTo)
	r.Then(`^the sign-on of ([A-Z][a-z]+) does not lead to "([^"]*)"$`, w.endsElsewhere)

	r.When(`^([A-Z][a-z]+)'s browser gets the flow(?: \(step \d+\))?$`, w.getsFlow)
	r.When(`^([A-Z][a-z]+)'s browser tries to get a flow that does not exist$`, w.triesMissingFlow)
	r.Then(`^PingOne does not know the flow$`, w.flowIsUnknown)
	r.Then(`^PingOne refuses the flow action$`, w.refusesFlowAction)
	r.Then(`^the flow has not gone on$`, w.flowHasNotGoneOn)
	r.Then(`^sign-on is complete$`, w.signOnIsComplete)
	r.Then(`^sign-on goes no further$`, w.goesNoFurther)
	r.Then(`^no sign-on has been completed$`, w.noSignOnCompleted)
}

// The states of a flow that the suite names.
// https://developer.pingidentity.com/pingone-api/auth/flows.html
const (
	passwordRequired = "USERNAME_PASSWORD_REQUIRED"
	profileRequired  = "PROFILE_DATA_REQUIRED"
	otpRequired      = "OTP_REQUIRED"
	deviceSelection  = "DEVICE_SELECTION_REQUIRED"
	completed        = "COMPLETED"
	failed           = "FAILED"
)

// asksToSignOn sends the authorization request in redirect mode.
func (w *World) asksToSignOn(ctx context.Context, p *Person, a *Application) error {
	return w.startFlow(ctx, p, a, nil)
}

func (w *World) showsSignOnPage(ctx context.Context, p *Person) (suite.Evidence, error) {
	if err := p.asking(); err != nil {
		return nil, err
	}
	to := location(p.start)
	if to == nil {
		return nil, suite.Unlike(p.start, "the answer to the authorization request", "a redirect to the sign-on page", summary(p.start))
	}
	if problem := to.Query().Get("error"); problem != "" {
		return nil, suite.Unlike(p.start, "the redirect to the sign-on page", "no error", problem)
	}
	if !strings.Contains(to.Path, "/"+w.Env()+"/signon") {
		return nil, suite.Unlike(p.start, "the redirect", "the sign-on page of the environment", to.Path)
	}
	if _, err := uuid.Parse(to.Query().Get("flowId")); err != nil {
		return nil, suite.Unlike(p.start, "flowId in the redirect", "a UUID", fmt.Sprintf("%q", to.Query().Get("flowId")))
	}
	opened, err := w.opensPage(ctx, p, to)
	return suite.Read(p.start, p).And(opened), err
}

// opensPage asks for the page that a person was sent to. One that another domain shows, as a custom one may, is not asked for.
func (w *World) opensPage(ctx context.Context, p *Person, to *url.URL) (suite.Evidence, error) {
	const what = "opening the sign-on page"
	var ex *client.Exchange
	err := w.Aside(func() (err error) {
		ex, err = p.browser.OpenPage(ctx, to.String())
		return err
	})
	var elsewhere *client.ElsewhereError
	switch {
	case errors.As(err, &elsewhere):
		w.Outcome(what, "not tried: it is at a domain that is not configured")
		return nil, nil
	case err != nil:
		return nil, err
	case ex.Status == http.StatusMethodNotAllowed || ex.Status == http.StatusNotImplemented: // pages need not take HEAD
		w.Overcome(ex, what, "HEAD is not taken")
		return nil, nil
	}
	if err := suite.Must("open the sign-on page", ex, nil, http.StatusOK, http.StatusNoContent, http.StatusFound, http.StatusSeeOther); err != nil {
		return nil, err
	}
	if media := ex.Header.Get("Content-Type"); ex.Status == http.StatusOK && !strings.Contains(media, "html") {
		return nil, suite.Unlike(ex, "the sign-on page", "a page in HTML", fmt.Sprintf("%q", media))
	}
	return suite.Read(ex, p), nil
}

// flowHref is where the person's flow is: its own link, or the documented path
// with the id that the redirect gave.
func (w *World) flowHref(p *Person) (string, error) {
	if p.flow != nil {
		if self := p.flow.Link("self"); self != "" {
			return self, nil
		}
	}
	if err := p.asking(); err != nil {
		return "", err
	}
	id := startedFlow(p.start)
	if id == "" {
		return "", suite.Unlike(p.start, "the answer to the authorization request", "one that starts a flow", summary(p.start))
	}
	return w.Admin().FlowURL(w.Env(), id), nil
}

// startedFlow is the id of the flow that an authorization request started: from
// the redirect, or with pi.flow from the flow itself. "" means that there is none; the id
// of a refusal is no flow's.
func startedFlow(start *client.Exchange) string {
	if start.Status >= http.StatusBadRequest {
		return ""
	}
	location := start.Header.Get("Location")
	if location == "" {
		return start.Get("id").String()
	}
	id, err := client.FlowID(location)
	if err != nil {
		return ""
	}
	return id
}

func (w *World) getsFlow(ctx context.Context, p *Person) error {
	href, err := w.flowHref(p)
	if err != nil {
		return err
	}
	ex, err := p.browser.ReadFlow(ctx, href)
	if err := suite.Must("get the flow", ex, err, http.StatusOK); err != nil {
		return err
	}
	if want := startedFlow(p.start); want != "" && ex.Get("id").String() != want {
		return suite.Unlike(ex, "the flow's id", want, ex.Get("id").String())
	}
	w.wentOn(p, ex)
	return nil
}

// wentOn keeps an answer as the state of the person's flow.
func (w *World) wentOn(p *Person, ex *client.Exchange) {
	p.flow, p.answer, w.actor = ex, ex, p
	p.saw(ex)
}

// flowStatus wants the person's flow in a status, with the link of the action that it asks for.
func (w *World) flowStatus(p *Person, status, rel string) (suite.Evidence, error) {
	if err := p.inFlow(); err != nil {
		return nil, err
	}
	if err := suite.Expect(p.flow, "the status of "+p.label+"'s flow", status, p.flow.Get("status").String()); err != nil {
		return nil, err
	}
	if rel != "" && p.flow.Link(rel) == "" {
		return nil, suite.Unlike(p.flow, "the links of "+p.label+"'s flow", "one for "+rel, "none")
	}
	return suite.Read(p.flow, p), nil
}

// act sends one action of the owner's flow, tried by somebody, and keeps the answer; a
// refusal leaves the flow's newest state as it was.
func (w *World) act(by *Person, k kind, owner *Person, send func() (*client.Exchange, error)) error {
	return w.actAgainst(by, k, owner, send, "ACCESS_FAILED", "NOT_FOUND")
}

// actAgainst is act, with the codes that there may be for a refusal.
func (w *World) actAgainst(by *Person, k kind, owner *Person, send func() (*client.Exchange, error), because ...string) error {
	if err := owner.inFlow(); err != nil {
		return err
	}
	tried := &attempt{by: by, flow: owner, before: owner.flow.Get("status").String(), unbound: !owner.bound, because: because}
	ex, err := send()
	if err != nil {
		return err
	}
	owner.answer, w.actor, tried.answer = ex, owner, ex
	tried.elsewhere = by != owner || owner.bound && ex.Request.Header.Get("Cookie") == ""
	owner.saw(ex)
	w.try(k, tried)
	if ex.Status == http.StatusOK {
		owner.flow = ex
	}
	return nil
}

func (w *World) triesMissingFlow(ctx context.Context, p *Person) error {
	ex, err := p.browser.ReadFlow(ctx, w.Admin().FlowURL(w.Env(), w.NewID()))
	if err != nil {
		return err
	}
	w.try(flowReading, &attempt{by: p, answer: ex})
	return nil
}

func (w *World) flowIsUnknown() (suite.Evidence, error) {
	const what = "a flow that is gone or never was"
	return w.judge(func(ex *client.Exchange) error {
		if err := refused(what, ex); err != nil {
			return err
		}
		if ex.Status == http.StatusGone { // in one account; the vendor's page has 404
			w.Outcome(what, summary(ex))
			return nil
		}
		return errorCode(what, ex, "NOT_FOUND")
	}, append([]kind{flowReading}, flowActions...)...)
}

func (w *World) refusesFlowAction() (suite.Evidence, error) {
	const what = "a flow action that may not be taken"
	a, err := w.tried(flowActions...)
	if err != nil {
		return nil, err
	}
	if w.ofAnyBrowser(a) {
		return a.evidence(), nil
	}
	w.Outcome(what, summary(a.answer))
	if err := refused(what, a.answer); err != nil {
		return nil, err
	}
	return a.evidence(), errorCode(what, a.answer, a.because...)
}

// signOnIsComplete looks at the newest state of the flow in which somebody acted last:
// completed and resumable.
func (w *World) signOnIsComplete() (suite.Evidence, error) {
	if w.actor == nil {
		return nil, errNothingStarted
	}
	evidence, err := w.flowStatus(w.actor, completed, "")
	if err != nil {
		return nil, err
	}
	if w.actor.flow.Get("resumeUrl").String() == "" {
		return nil, suite.Unlike(w.actor.flow, "resumeUrl", "an address", "none")
	}
	return evidence, nil
}

// goesNoFurther wants a refusal, or a flow that has failed: neither a passcode to be given nor completion.
func (w *World) goesNoFurther() (suite.Evidence, error) {
	const what = "sign-on without a usable device"
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		if ex.Status != http.StatusOK {
			return refused(what, ex)
		}
		if status := ex.Get("status").String(); status == completed || status == otpRequired || status == profileRequired {
			return suite.Unlike(ex, what, "no way on", status)
		}
		return nil
	}, flowActions...)
}

// flowHasNotGoneOn asks for the flow of the newest action again and wants it where it was
// before that action, or failed.
func (w *World) flowHasNotGoneOn(ctx context.Context) (suite.Evidence, error) {
	a, err := w.tried(flowActions...)
	if err != nil {
		return nil, err
	}
	if w.ofAnyBrowser(a) {
		return suite.Read(a.answer, a.flow), nil
	}
	ex, err := w.flowAgain(ctx, a.flow)
	if err != nil {
		return nil, err
	}
	if status := ex.Get("status").String(); ex.Status == http.StatusOK && status != a.before && status != failed {
		return nil, suite.Unlike(ex, "the flow of "+a.flow.label, a.before, status)
	}
	return suite.Read(ex, a.flow), nil
}

// flowAgain asks for a person's flow once more and wants anything but a complete one: as
// it was, failed, or closed to this browser.
func (w *World) flowAgain(ctx context.Context, p *Person) (*client.Exchange, error) {
	href, err := w.flowHref(p)
	if err != nil {
		return nil, err
	}
	ex, err := p.browser.ReadFlow(ctx, href)
	if err != nil {
		return nil, err
	}
	if a := w.newestOf(p); a != nil && a.elsewhere && p.bound && ex.Status != http.StatusOK && ex.Status != http.StatusGone && ex.Status != http.StatusNotFound {
		return nil, suite.Unlike(ex, "the flow of "+p.label+" in the browser that began it, after somebody else was refused", "open as before", summary(ex))
	}
	switch {
	case ex.Status == http.StatusOK && ex.Get("status").String() == completed:
		return nil, suite.Unlike(ex, "the flow of "+p.label, "not complete", completed)
	case ex.Status == http.StatusOK, ex.Status >= 400 && ex.Status < 500:
		return ex, nil
	}
	return nil, fmt.Errorf("get the flow of %s again: %s%s", p.label, ex, suite.VendorWords(ex))
}

// noSignOnCompleted asks for every flow again and wants none complete.
func (w *World) noSignOnCompleted(ctx context.Context) (suite.Evidence, error) {
	var evidence suite.Evidence
	for _, p := range w.everyone() {
		if p.flow == nil {
			continue
		}
		ex, err := w.flowAgain(ctx, p)
		if err != nil {
			return nil, err
		}
		evidence = evidence.And(suite.Read(ex, p))
	}
	if evidence == nil {
		return nil, errNothingStarted
	}
	return evidence, nil
}

// everyone lists the people by name; a replayed scenario has to make its calls in the
// same order each time.
func (w *World) everyone() []*Person {
	var all []*Person
	for _, name := range slices.Sorted(maps.Keys(w.people)) {
		all = append(all, w.people[name])
	}
	return all
}
