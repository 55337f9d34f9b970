package steps

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

var (
	triesWrongWorker   = sentence(`Priya tries to get an access token with a wrong secret`)
	foreignWorker      = sentence(`Priya has an access token of a worker application of another environment`)
	triesWithToken     = sentence(`Priya tries to create an application with (no access token|a token that is none|that token)`)
	refusesUnauthor    = sentence(`PingOne refuses the call as unauthorized`)
	refusesForbidden   = sentence(`PingOne refuses the call as forbidden`)
	refusesCall        = sentence(`PingOne refuses the call`)
	triesMissingSecret = sentence(`Priya tries to read the secret of an application that does not exist`)
	notFound           = sentence(`PingOne does not find it`)
	triesPlainPassword = sentence(`Priya tries to set a password without naming the action`)
	triesWeakPassword  = sentence(`Priya tries to set the password {text}`)
	noSecretInAnswer   = sentence(`no secret is in the answer`)
	builtInsThere      = sentence(`exactly one resource is {text} and exactly one is {text}`)
)

func refusedCallSentences(sc book, w *World) {
	sc.When(triesWrongWorker, w.triesWrongWorkerSecret)
	sc.Given(foreignWorker, w.getsForeignToken)
	sc.When(triesWithToken, w.triesToCreateWith)
	sc.Then(refusesUnauthor, func() error { return w.refusesAccess(http.StatusUnauthorized) })
	sc.Then(refusesForbidden, func() error { return w.refusesAccess(http.StatusForbidden) })
	sc.Then(refusesCall, w.refusesCall)
	sc.When(triesMissingSecret, w.triesMissingSecret)
	sc.Then(notFound, w.isNotFound)
	sc.When(triesPlainPassword, w.triesPlainPassword)
	sc.When(triesWeakPassword, w.triesWeakPassword)
	sc.Then(noSecretInAnswer, w.noSecretInAnswer)
	sc.Then(builtInsThere, w.builtInsAreThere)
}

func (w *World) triesWrongWorkerSecret(ctx context.Context) error {
	_, err := w.admin.WorkerToken(ctx, w.place.WorkerEnvironmentID, w.place.ClientID, w.wrongSecret(), client.ClientSecretBasic)
	return err
}

func (w *World) getsForeignToken(ctx context.Context) error {
	f, session := w.place.Foreign, w.place.Session
	if f == nil && !session.Replaying() {
		return fmt.Errorf("no worker application of another environment is configured: scenarios with @two-environments need the emulator")
	}
	env := session.Secret("id", func() string { return f.EnvironmentID })
	id := session.Secret("id", func() string { return f.ClientID })
	secret := session.Secret("client-secret", func() string { return f.ClientSecret })
	ex, err := w.admin.WorkerToken(ctx, env, id, secret, client.ClientSecretBasic)
	if err := w.must("get the other worker application's access token", ex, err, http.StatusOK); err != nil {
		return err
	}
	w.admin.SetToken(ex.Get("access_token").String())
	return nil
}

func (w *World) triesToCreateWith(ctx context.Context, token string) error {
	caller := w.admin
	switch token {
	case "no access token":
		caller = w.admin.WithToken("")
	case "a token that is none":
		caller = w.admin.WithToken(w.place.Session.Secret("access-token", func() string { return "not-a-token-" + newPassword() }))
	}
	ex, err := caller.CreateApplication(ctx, w.env(), w.applicationBody(w.newApplication("Example Shop")))
	if err != nil {
		return err
	}
	w.created("the application that should have been refused", ex)
	return nil
}

func (w *World) refusesAccess(status int) error {
	const what = "a call by somebody who is not entitled"
	return inOrder(
		func() error { return w.refused(what, w.last, status) },
		func() error { return w.code(what, w.last, "ACCESS_FAILED") },
	)
}

func (w *World) refusesCall() error {
	const what = "a call that may not be made"
	w.observeOutcome(what, seenAs(w.last))
	return w.refused(what, w.last)
}

func (w *World) triesMissingSecret(ctx context.Context) error {
	href := w.admin.APIURL("environments", w.env(), "applications", w.place.Session.NewID(), "secret")
	_, err := w.admin.Do(ctx, "Read Application Secret", http.MethodGet, href, "", nil)
	return err
}

func (w *World) isNotFound() error {
	const what = "something that does not exist"
	return inOrder(
		func() error { return w.refused(what, w.last, http.StatusNotFound) },
		func() error { return w.code(what, w.last, "NOT_FOUND") },
	)
}

// newcomer is the user of the scenarios about administration.
const newcomer = "Anna"

func (w *World) triesPlainPassword(ctx context.Context) error {
	p, err := w.person(newcomer)
	if err != nil {
		return err
	}
	// A good password, and a new one: nothing but its form may be at fault.
	fresh := w.place.Session.Secret("password", newPassword)
	_, err = w.admin.Do(ctx, "Set Password", http.MethodPut, w.passwordHref(p), client.JSON, map[string]any{"value": fresh})
	return err
}

func (w *World) passwordHref(p *person) string {
	if href := p.created.Link("password.set"); href != "" {
		return href
	}
	return w.admin.APIURL("environments", w.env(), "users", p.id(), "password")
}

func (w *World) triesWeakPassword(ctx context.Context, password string) error {
	p, err := w.person(newcomer)
	if err != nil {
		return err
	}
	_, err = w.admin.SetPassword(ctx, p.created, map[string]any{"value": password, "forceChange": false})
	return err
}

func (w *World) noSecretInAnswer() error {
	if path := findMember(gjson.ParseBytes(w.last.Body), "password", "secret", "clientSecret", "value"); path != "" {
		return w.unlike("the answer", "no secret", "the member "+path)
	}
	return nil
}

func (w *World) builtInsAreThere(one, two string) error {
	for _, name := range []string{one, two} {
		found := 0
		for _, r := range w.listed {
			if resourceKey(r) == name {
				found++
			}
		}
		if err := w.expect("how many resources are "+name, "1", fmt.Sprint(found)); err != nil {
			return err
		}
	}
	return nil
}
