package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"pingone-conformance/client"
)

var (
	asksToSignOn    = sentence(`{name} asks to sign on to {text}`)
	showsSignOnPage = sentence(`PingOne shows {name} its sign-on page`)
	getsFlow        = sentence(`{name}'s browser gets the flow`)
	asksForPassword = sentence(`PingOne asks {name} for {his} username and password`)
	submitsPassword = sentence(`{name} submits {his} username and password`)
	isComplete      = sentence(`sign-on is complete`)
	resumes         = sentence(`{name}'s browser resumes the authorization`)
	receivesCode    = sentence(`{text} receives an authorization code`)
)

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

func signOnSentences(sc book, w *World) {
	sc.When(asksToSignOn, w.asksToSignOn)
	sc.Then(showsSignOnPage, w.showsSignOnPage)
	sc.When(getsFlow, w.getsFlow)
	sc.Then(asksForPassword, w.asksForPassword)
	sc.When(submitsPassword, w.submitsPassword)
	sc.Then(isComplete, w.signOnIsComplete)
	sc.When(resumes, w.resumes)
	sc.Then(receivesCode, w.receivesCode)
}

// asksToSignOn sends the authorization request in redirect mode.
func (w *World) asksToSignOn(ctx context.Context, name, label string) error {
	p, a, err := w.personAndApp(name, label)
	if err != nil {
		return err
	}
	return w.startFlow(ctx, p, a, nil)
}

func (w *World) personAndApp(name, label string) (*person, *application, error) {
	p, err := w.person(name)
	if err != nil {
		return nil, nil, err
	}
	a, err := w.app(label)
	return p, a, err
}

func (w *World) showsSignOnPage(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	location, err := url.Parse(p.start.Header.Get("Location"))
	if err != nil {
		return fmt.Errorf("the redirect's Location is no URL: %w", err)
	}
	if problem := location.Query().Get("error"); problem != "" {
		return w.unlike("the redirect to the sign-on page", "no error", problem)
	}
	if !strings.Contains(location.Path, "/"+w.env()+"/signon") {
		return w.unlike("the redirect", "the sign-on page of the environment", location.Path)
	}
	if _, err := uuid.Parse(location.Query().Get("flowId")); err != nil {
		return w.unlike("flowId in the redirect", "a UUID", fmt.Sprintf("%q", location.Query().Get("flowId")))
	}
	return nil
}

// flowHref is where the person's flow is: its own link, or the documented path
// with the id that the redirect gave.
func (w *World) flowHref(p *person) (string, error) {
	if p.flow != nil {
		if self := p.flow.Link("self"); self != "" {
			return self, nil
		}
	}
	if p.start == nil {
		return "", fmt.Errorf("%s has not asked to sign on: an earlier sentence has to", p.label)
	}
	id := startedFlow(p.start)
	if id == "" {
		return "", w.unlike("the answer to the authorization request", "one that starts a flow", seenAs(p.start))
	}
	return w.admin.FlowURL(w.env(), id), nil
}

// startedFlow is the id of the flow that an authorization request started: from
// the redirect, or with pi.flow from the flow itself. "" means that there is none.
func startedFlow(start *client.Exchange) string {
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

func (w *World) getsFlow(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	href, err := w.flowHref(p)
	if err != nil {
		return err
	}
	ex, err := p.browser.ReadFlow(ctx, href)
	if err := w.must("get the flow", ex, err, http.StatusOK); err != nil {
		return err
	}
	if want := startedFlow(p.start); want != "" && ex.Get("id").String() != want {
		return w.unlike("the flow's id", want, ex.Get("id").String())
	}
	p.flow, p.answer = ex, ex
	return nil
}

// flowStatus wants the person's flow in a status, with the link of the action that it asks for.
func (w *World) flowStatus(p *person, status, rel string) error {
	if p.flow == nil {
		return fmt.Errorf("%s has no flow: an earlier sentence has to start one", p.label)
	}
	if err := w.expect("the flow's status", status, p.flow.Get("status").String()); err != nil {
		return err
	}
	if rel != "" && p.flow.Link(rel) == "" {
		return w.unlike("the flow's links", "one for "+rel, "none")
	}
	return nil
}

func (w *World) asksForPassword(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.flowStatus(p, passwordRequired, "usernamePassword.check")
}

func (w *World) submitsPassword(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if err := w.tryPassword(ctx, p, p.username, p.password); err != nil {
		return err
	}
	return w.must("submit username and password", p.answer, nil, http.StatusOK)
}

// tryPassword submits credentials, whatever comes back.
func (w *World) tryPassword(ctx context.Context, p *person, username, password string) error {
	return w.act(p, func() (*client.Exchange, error) {
		return p.browser.CheckUsernamePassword(ctx, p.flow, username, password)
	})
}

// act sends one action of the person's flow and keeps the answer; a refusal
// leaves the flow's newest state as it was.
func (w *World) act(p *person, send func() (*client.Exchange, error)) error {
	if p.flow == nil {
		return fmt.Errorf("%s has no flow: an earlier sentence has to start one", p.label)
	}
	ex, err := send()
	if err != nil {
		return err
	}
	p.answer = ex
	if ex.Status == http.StatusOK {
		p.flow = ex
	}
	return nil
}

// signOnIsComplete looks at the newest flow answer: completed, resumable, nothing left to ask.
func (w *World) signOnIsComplete() error {
	if err := w.expect("the flow's status", completed, w.last.Get("status").String()); err != nil {
		return err
	}
	if w.last.Get("resumeUrl").String() == "" {
		return w.unlike("resumeUrl", "an address", "none")
	}
	return nil
}

func (w *World) resumes(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	ex, err := w.resume(ctx, p)
	if err != nil {
		return err
	}
	return w.must("resume the authorization", ex, nil, http.StatusFound, http.StatusSeeOther, http.StatusOK)
}

// resume calls the flow's resumeUrl, whatever comes back.
func (w *World) resume(ctx context.Context, p *person) (*client.Exchange, error) {
	if p.flow == nil {
		return nil, fmt.Errorf("%s has no flow: an earlier sentence has to start one", p.label)
	}
	ex, err := p.browser.Resume(ctx, p.flow)
	if err != nil {
		return nil, err
	}
	p.resumed, p.answer = ex, ex
	return ex, nil
}

// receivesCode finds the code in the redirect to the application, or in the flow's answer with pi.flow.
func (w *World) receivesCode(label string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	p := w.lastFor(a)
	if p == nil || p.resumed == nil {
		return fmt.Errorf("nobody has resumed an authorization for %s: an earlier sentence has to", label)
	}
	if location := p.resumed.Header.Get("Location"); location != "" {
		if err := w.cameBack(a, p, location); err != nil {
			return err
		}
	}
	if a.code, err = client.Code(p.resumed); err != nil {
		return fmt.Errorf("the authorization's answer: %w", err)
	}
	return nil
}

// cameBack checks the redirect to the application: its registered address, no error, the state that was sent.
func (w *World) cameBack(a *application, p *person, location string) error {
	to, err := url.Parse(location)
	if err != nil {
		return fmt.Errorf("the redirect's Location is no URL: %w", err)
	}
	registered, err := url.Parse(a.redirectURI)
	if err != nil {
		return fmt.Errorf("the redirect URI of %s is no URL: %w", a.label, err)
	}
	query := to.Query()
	if problem := query.Get("error"); problem != "" {
		return w.unlike("the redirect to "+a.label, "no error", problem+" "+query.Get("error_description"))
	}
	to.RawQuery, to.Fragment = "", ""
	if to.Scheme != registered.Scheme || to.Host != registered.Host || strings.TrimSuffix(to.Path, "/") != strings.TrimSuffix(registered.Path, "/") {
		return w.unlike("the redirect", a.redirectURI, to.String())
	}
	return w.expect("state", p.authorize.Get("state"), query.Get("state"))
}

// lastFor is the person whose newest authorization request was for a.
func (w *World) lastFor(a *application) *person {
	for _, p := range w.inOrderOfNames() {
		if p.app == a && p.resumed != nil {
			return p
		}
	}
	return nil
}
