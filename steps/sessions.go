package steps

import (
	"context"

	"pingone-conformance/suite"
)

// sessions is what a browser may do in which somebody has signed on before.
func sessions(r *suite.Registry, w *World) {
	r.When(`^"([^"]*)" tries a sign-on for ([A-Z][a-z]+) in the browser of ([A-Z][a-z]+)$`, w.triesInBrowserOf)
	r.Then(`^nothing comes out in the name of ([A-Z][a-z]+)$`, func(ctx context.Context, p *Person) (suite.Evidence, error) {
		return w.comesOut(ctx, p, false)
	})
	r.Then(`^whatever comes out is in the name of ([A-Z][a-z]+)$`, func(ctx context.Context, p *Person) (suite.Evidence, error) {
		return w.comesOut(ctx, p, true)
	})
}

// triesInBrowserOf starts a sign-on for one person where another one, or the same, is signed on already.
func (w *World) triesInBrowserOf(ctx context.Context, a *Application, p, host *Person) error {
	token, err := w.hintFor(a, p)
	if err != nil {
		return err
	}
	p.browser = host.browser
	return w.sendAuthorize(ctx, p, a, hinted(token))
}

// comesOut redeems the code that a live session may have given at once, or that the
// sign-on has given since. wanted says
// whether it may be about the person: if not, it must not; if so, it must.
func (w *World) comesOut(ctx context.Context, p *Person, wanted bool) (suite.Evidence, error) {
	if err := p.asking(); err != nil {
		return nil, err
	}
	const what = "authorize in a browser with a live session"
	evidence := suite.Read(p.start, p)
	w.Outcome(what, summary(p.start))
	if p.start.Status >= 400 {
		return evidence, refused(what, p.start)
	}
	if user := p.start.Get("_embedded.user.id").String(); wanted && user != "" && user != p.ID() {
		return nil, suite.Unlike(p.start, "the flow's user", p.ID(), user)
	}
	value := anyCode(p.start)
	if value == "" {
		if err := w.resumesComplete(ctx, p); err != nil {
			return nil, err
		}
		if p.resumed != nil {
			evidence = evidence.And(suite.Read(p.resumed, p))
			value = anyCode(p.resumed)
		}
	}
	if value == "" {
		return evidence, nil
	}
	answer, subject, err := w.subjectOf(ctx, p.app, p.gives(value))
	if err != nil {
		return nil, err
	}
	if (subject == p.ID()) != wanted {
		want := "anybody but " + p.label
		if wanted {
			want = p.label
		}
		return nil, suite.Unlike(answer, "whom the access token is about", want+" ("+p.label+" is "+p.ID()+")", subject)
	}
	return evidence.And(suite.Read(answer, p)), nil
}

// resumesComplete resumes an authorization whose flow is complete, if nobody has yet.
func (w *World) resumesComplete(ctx context.Context, p *Person) error {
	if p.flow == nil && p.start.Get("status").String() == completed {
		p.flow = p.start
	}
	if p.flow == nil || p.resumed != nil || p.flow.Get("status").String() != completed {
		return nil
	}
	return w.triesToResume(ctx, p)
}
