package steps

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// codes is the end of an authorization: it is resumed, and the application receives a code
// with the state that it sent, or none.
func codes(r *suite.Registry, w *World) {
	r.When(`^([A-Z][a-z]+)'s browser resumes the authorization(?: \(step \d+\))?$`, w.resumes)
	r.When(`^([A-Z][a-z]+)'s browser tries to resume the authorization$`, w.triesToResume)
	r.When(`^([A-Z][a-z]+) tries to resume the authorization in a browser without cookies$`, func(ctx context.Context, p *Person) error {
		return w.resumeIn(ctx, w.NewBrowser(), p)
	})
	r.When(`^([A-Z][a-z]+)'s browser tries to resume the authorization of ([A-Z][a-z]+)$`, func(ctx context.Context, other, p *Person) error {
		return w.resumeIn(ctx, other.browser, p)
	})
	r.When(`^([A-Z][a-z]+)'s browser resumes the authorization once more$`, w.resumesAgain)
	r.Then(`^"([^"]*)" receives an authorization code$`, w.receivesCode)
	r.Then(`^"([^"]*)" receives no authorization code$`, w.receivesNoCode)
	r.When(`^([A-Z][a-z]+) signs on to "([^"]*)" with the state "([^"]*)"$`, w.signsOnWithState)
	r.Then(`^"([^"]*)" gets back the state "([^"]*)"$`, w.getsBackState)
}

func (w *World) resumes(ctx context.Context, p *Person) error {
	if err := w.triesToResume(ctx, p); err != nil {
		return err
	}
	return suite.Must("resume the authorization", p.resumed, nil, http.StatusFound, http.StatusSeeOther, http.StatusOK)
}

// resumeIn calls the flow's resumeUrl, whatever comes back: from the person's browser, or as somebody would who has only read it.
func (w *World) resumeIn(ctx context.Context, browser *client.Client, p *Person) error {
	if err := p.inFlow(); err != nil {
		return err
	}
	ex, err := browser.Resume(ctx, p.flow)
	if err != nil {
		return err
	}
	p.resumed, p.answer, p.app.resumed = ex, ex, p
	return nil
}

// resumesAgain resumes a sign-on whose code was used. Whether that brings another code is not documented.
func (w *World) resumesAgain(ctx context.Context, p *Person) error {
	if p.resumed == nil {
		return fmt.Errorf("the authorization of %s has not been resumed: an earlier sentence has to", p.label)
	}
	if err := p.inFlow(); err != nil {
		return err
	}
	ex, err := p.browser.Resume(ctx, p.flow)
	if err != nil {
		return err
	}
	w.Overcome(ex, "resuming a complete sign-on once more", summary(ex))
	return nil
}

// triesToResume calls the flow's resumeUrl, whatever comes back.
func (w *World) triesToResume(ctx context.Context, p *Person) error {
	return w.resumeIn(ctx, p.browser, p)
}

// receivesCode finds the code that the newest resumed authorization gave the application:
// in the redirect, or in the flow's answer with pi.flow.
func (w *World) receivesCode(a *Application) (suite.Evidence, error) {
	p := a.resumed
	if p == nil || p.resumed == nil || p.app != a { // the person may have begun anew since, elsewhere
		return nil, fmt.Errorf("nobody has resumed an authorization for %s since somebody last asked to sign on to it: an earlier sentence has to", a.label)
	}
	if to := location(p.resumed); to != nil {
		if err := w.cameBack(a, p, to); err != nil {
			return nil, err
		}
	}
	value, err := client.Code(p.resumed)
	if err != nil {
		return nil, fmt.Errorf("the answer to resuming the authorization of %s: %w; %s%s", p.label, err, p.resumed, suite.VendorWords(p.resumed))
	}
	p.code, p.received = p.gives(value), true
	a.code = p.code
	return suite.Read(p.resumed, a, p), nil
}

// cameBack checks the redirect to the application: its registered address, no error, the state that was sent.
func (w *World) cameBack(a *Application, p *Person, to *url.URL) error {
	registered, err := url.Parse(a.redirectURI)
	if err != nil {
		return fmt.Errorf("the redirect URI of %s is no URL: %w", a.label, err)
	}
	query := to.Query()
	if problem := query.Get("error"); problem != "" {
		return suite.Unlike(p.resumed, "the redirect to "+a.label, "no error", problem+" "+query.Get("error_description"))
	}
	bare := url.URL{Scheme: to.Scheme, Host: to.Host, Path: to.Path}
	if !client.SameOrigin(&bare, registered) || strings.TrimSuffix(bare.Path, "/") != strings.TrimSuffix(registered.Path, "/") {
		return suite.Unlike(p.resumed, "the redirect of "+p.label, a.redirectURI, bare.String())
	}
	return suite.Expect(p.resumed, "state", p.authorize.Get("state"), query.Get("state"))
}

// receivesNoCode looks at every sign-on to the application whose code it has not received,
// resumes what nobody has resumed yet, and wants no code in any form.
func (w *World) receivesNoCode(ctx context.Context, a *Application) (suite.Evidence, error) {
	var evidence suite.Evidence
	for _, p := range w.everyone() {
		if p.app != a || p.flow == nil || p.received {
			continue
		}
		if p.resumed == nil {
			if err := w.triesToResume(ctx, p); err != nil {
				return nil, err
			}
		}
		if code, err := client.Code(p.resumed); err == nil && code != "" {
			return nil, suite.Unlike(p.resumed, "the answer to "+a.label, "no authorization code", "one")
		}
		w.Outcome("resuming an unfinished flow", summary(p.resumed))
		evidence = evidence.And(suite.Read(p.resumed, a, p))
	}
	if evidence == nil {
		return nil, fmt.Errorf("nobody has begun to sign on to %s: an earlier sentence has to", a.label)
	}
	return evidence, nil
}

func (w *World) signsOnWithState(ctx context.Context, p *Person, a *Application, state string) error {
	return inOrder(
		func() error { return w.startFlow(ctx, p, a, map[string]string{"state": state}) },
		func() error { return w.bringsToEnd(ctx, p, a) },
	)
}

// bringsToEnd brings a sign-on that was started to its authorization code: at once where a
// live session has given it, else by all that the flow asks for.
func (w *World) bringsToEnd(ctx context.Context, p *Person, a *Application) error {
	if anyCode(p.start) != "" {
		p.resumed, a.resumed = p.start, p
		return nil
	}
	return inOrder(
		func() error { return w.getsFlow(ctx, p) },
		func() error { return w.answerEverything(ctx, p) },
		func() error { return w.resumes(ctx, p) },
	)
}

func (w *World) getsBackState(a *Application, state string) (suite.Evidence, error) {
	evidence, err := w.receivesCode(a)
	if err != nil {
		return nil, err
	}
	answer := a.resumed.resumed
	if to := location(answer); to != nil {
		return evidence, suite.Expect(answer, "state", state, to.Query().Get("state"))
	}
	return evidence, suite.Expect(answer, "state", state, answer.Get("authorizeResponse.state").String())
}

// anyCode is the authorization code in an answer to authorize or resume, or "".
func anyCode(ex *client.Exchange) string {
	if code, err := client.Code(ex); err == nil {
		return code
	}
	return ""
}
