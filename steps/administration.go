package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// administration is the worker application's access, applications and their secrets.
func administration(r *suite.Registry, w *World) {
	r.Given(`^Priya has an access token of the worker application$`, w.authenticate)
	r.Given(`^Priya has an access token of a worker application of another environment$`, w.getsForeignToken)
	r.When(`^Priya tries to get an access token with a wrong secret$`, w.triesWrongWorkerSecret)
	r.When(`^Priya tries to create an application with (no access token|a token that is none|a token that PingOne has not signed|that token)$`, w.triesToCreateWith)
	r.When(`^Priya tries to create an application with the access token that "([^"]*)" holds$`, w.triesToCreateAs)
	r.Then(`^PingOne refuses the call as unauthorized$`, func() (suite.Evidence, error) { return w.refusesAccess("a call without a usable token") })
	r.Then(`^PingOne refuses the call as forbidden$`, func() (suite.Evidence, error) { return w.refusesAccess("a call by somebody who is not entitled") })
	r.Then(`^PingOne refuses the call for its form$`, w.refusesForm)
	r.Then(`^PingOne refuses to delete the last action$`, w.refusesLastDeletion)
	r.Then(`^PingOne refuses the deletion$`, w.refusesDeletion)
	r.Then(`^PingOne does not find it$`, w.doesNotFind)

	r.When(`^Priya creates the web application "([^"]*)"(?: \(step \d+\))?$`, w.createsWebApplication)
	r.When(`^Priya deletes "([^"]*)"$`, w.deletesApplication)
	r.Then(`^the secret of "([^"]*)" is not in the answer$`, w.secretIsNotInTheAnswer)
	r.Then(`^the secret of "([^"]*)" is the one that was read before$`, w.secretIsTheSame)
	r.When(`^Priya reads the secret of "([^"]*)"(?: \(step \d+\))?$`, w.readsSecret)
	r.When(`^Priya tries to read the secret of an application that does not exist$`, w.triesMissingSecret)
	r.Then(`^no secret is in the answer$`, w.noSecretInAnswer)
}

// authenticate is the prerequisite of every use case.
func (w *World) authenticate(ctx context.Context) error {
	if err := w.Authenticate(ctx); err != nil {
		return err
	}
	w.authenticated = true
	return nil
}

func (w *World) getsForeignToken(ctx context.Context) error {
	env, err := w.foreignEnvironment()
	if err != nil {
		return err
	}
	f := w.Place().Foreign
	id := w.Secret("id", func() string { return f.ClientID })
	secret := w.Secret("client-secret", func() string { return f.ClientSecret })
	ex, err := w.Admin().WorkerToken(ctx, env, id, secret, client.ClientSecretBasic)
	if err := suite.Must("get the other worker application's access token", ex, err, http.StatusOK); err != nil {
		return err
	}
	w.Admin().SetToken(ex.Get("access_token").String())
	w.authenticated = true
	return nil
}

// foreignEnvironment is the id of an environment beside the scenario's own.
func (w *World) foreignEnvironment() (string, error) {
	f := w.Place().Foreign
	if f == nil && !w.Place().Session.Replaying() {
		return "", errors.New("no worker application of another environment is configured: scenarios with @two-environments need the emulator")
	}
	return w.Secret("id", func() string { return f.EnvironmentID }), nil
}

func (w *World) triesWrongWorkerSecret(ctx context.Context) error {
	p := w.Place()
	ex, err := w.Admin().WorkerToken(ctx, p.WorkerEnvironmentID, p.ClientID, w.wrongSecret(p.ClientSecret), client.ClientSecretBasic)
	if err != nil {
		return err
	}
	w.try(tokenRequest, &attempt{by: priya, answer: ex})
	return nil
}

func (w *World) triesToCreateWith(ctx context.Context, token string) error {
	caller, body := w.Admin(), w.applicationBody(w.knownApplication(shop))
	if token == "that token" { // nobody else's application has the name
		w.stock = newStock(w.under("applications")(), body)
	} else if err := w.takeStock(ctx, w.under("applications")(), body); err != nil {
		return err
	}
	switch token {
	case "no access token":
		caller = caller.WithToken("")
	case "a token that is none":
		caller = caller.WithToken(w.Secret("access-token", func() string { return "not-a-token-" + newPassword() }))
	case "a token that PingOne has not signed":
		p := w.Place()
		ex, err := w.Admin().WorkerToken(ctx, p.WorkerEnvironmentID, p.ClientID, p.ClientSecret, client.ClientSecretBasic)
		if err := suite.Must("get an access token to change", ex, err, http.StatusOK); err != nil {
			return err
		}
		caller = caller.WithToken(w.Secret("access-token", func() string { return signedByNobody(ex.Get("access_token").String()) }))
	}
	return w.createAs(ctx, caller, body)
}

// signedByNobody is a token with another signature of the same length.
func signedByNobody(token string) string {
	signature := strings.LastIndex(token, ".") + 1
	return token[:signature] + strings.Repeat("A", len(token)-signature)
}

// triesToCreateAs comes with a token that was issued for a person, and opens what the person has a say in.
func (w *World) triesToCreateAs(ctx context.Context, a *Application) error {
	if a.tokens == nil {
		return fmt.Errorf("%s holds no access token: an earlier sentence has to exchange a code", a.label)
	}
	body := w.applicationBody(w.knownApplication("Example Backdoor"))
	if err := w.takeStock(ctx, w.under("applications")(), body); err != nil {
		return err
	}
	return w.createAs(ctx, w.Admin().WithToken(a.tokens.Get("access_token").String()), body)
}

// createAs tries to create an application as a caller who should be refused.
func (w *World) createAs(ctx context.Context, caller *client.Client, body map[string]any) error {
	ex, err := caller.CreateApplication(ctx, w.Env(), body)
	if err != nil {
		return err
	}
	w.Created("the application that should have been refused", ex)
	w.try(administrating, &attempt{by: priya, answer: ex})
	return nil
}

// refusesAccess wants the code that both have in common: the pages give 401 to one and 403 to the other.
func (w *World) refusesAccess(what string) (suite.Evidence, error) {
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		if err := refused(what, ex); err != nil {
			return err
		}
		return errorCode(what, ex, "ACCESS_FAILED")
	}, administrating)
}

// refusesForm wants the code that the pages give for a media type or a body that a call does not take.
func (w *World) refusesForm() (suite.Evidence, error) {
	const what = "a call without its media type"
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		if err := refused(what, ex); err != nil {
			return err
		}
		return errorCode(what, ex, "INVALID_REQUEST", "INVALID_DATA")
	}, administrating)
}

// refusesLastDeletion wants CONSTRAINT_VIOLATION where there are details.
func (w *World) refusesLastDeletion() (suite.Evidence, error) {
	const what = "the deletion of a policy's last action"
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		return inOrder(
			func() error { return refused(what, ex) },
			func() error { return errorCode(what, ex, "INVALID_DATA", "INVALID_REQUEST", "REQUEST_FAILED") },
			func() error { return w.detail(what, ex, "CONSTRAINT_VIOLATION") },
		)
	}, administrating)
}

// refusesDeletion wants a refusal: with which code is not documented.
func (w *World) refusesDeletion() (suite.Evidence, error) {
	const what = "the deletion of what is in use"
	return w.judge(func(ex *client.Exchange) error {
		w.Outcome(what, summary(ex))
		return refused(what, ex)
	}, administrating)
}

func (w *World) doesNotFind() (suite.Evidence, error) {
	const what = "something that does not exist"
	return w.judge(func(ex *client.Exchange) error {
		if err := refused(what, ex); err != nil {
			return err
		}
		return errorCode(what, ex, "NOT_FOUND")
	}, administrating)
}

func (w *World) applicationBody(a *Application) map[string]any {
	body := map[string]any{
		"name": w.Named(a.label), "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT",
		"grantTypes": []string{"AUTHORIZATION_CODE"}, "responseTypes": []string{"CODE"},
		"tokenEndpointAuthMethod": a.authMethod, "redirectUris": []string{a.redirectURI},
	}
	maps.Copy(body, a.settings)
	return body
}

func (w *World) createsWebApplication(ctx context.Context, label string) error {
	return w.createsWith(ctx, label, nil)
}

func (w *World) createsWith(ctx context.Context, label string, settings map[string]any) error {
	a := w.newApplication(label)
	a.settings = settings
	ex, err := w.Admin().CreateApplication(ctx, w.Env(), w.applicationBody(a))
	if err := suite.Must("create the application "+label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.Created("the application "+label, ex)
	a.created, w.newestApp = ex, a
	return nil
}

func (w *World) deletesApplication(ctx context.Context, a *Application) error {
	ex, err := w.Delete(ctx, a.created)
	a.deleted = true
	return suite.Must("delete "+a.label, ex, err, http.StatusNoContent)
}

// secretIsNotInTheAnswer looks for a member of that name at any depth.
func (w *World) secretIsNotInTheAnswer(a *Application) (suite.Evidence, error) {
	if path := findMember(gjson.ParseBytes(a.created.Body), "secret", "clientSecret"); path != "" {
		return nil, suite.Unlike(a.created, "the answer to creating "+a.label, "no secret", "the member "+path)
	}
	return suite.Read(a.created, a), nil
}

// findMember returns the path of the first string member with one of the names, outside _links.
func findMember(v gjson.Result, names ...string) string {
	found := ""
	v.ForEach(func(key, value gjson.Result) bool {
		switch {
		case key.String() == "_links":
		case value.Type == gjson.String && slices.Contains(names, key.String()):
			found = key.String()
		case value.IsObject() || value.IsArray():
			if inner := findMember(value, names...); inner != "" {
				found = strings.TrimPrefix(key.String()+"."+inner, ".")
			}
		}
		return found == ""
	})
	return found
}

func (w *World) readsSecret(ctx context.Context, a *Application) error {
	ex, err := w.Admin().ReadApplicationSecret(ctx, a.created)
	if err := suite.Must("read the secret of "+a.label, ex, err, http.StatusOK); err != nil {
		return err
	}
	a.secrets = append(a.secrets, ex)
	if a.secret = ex.Get("secret").String(); a.secret == "" {
		return suite.Unlike(ex, "the secret of "+a.label, "some text", "none")
	}
	return nil
}

// secretIsTheSame compares the two newest readings of a secret.
func (w *World) secretIsTheSame(a *Application) (suite.Evidence, error) {
	n := len(a.secrets)
	if n < 2 {
		return nil, fmt.Errorf("the secret of %s has not been read twice: an earlier sentence has to read it again", a.label)
	}
	before, now := a.secrets[n-2], a.secrets[n-1]
	if before.Get("secret").String() != now.Get("secret").String() {
		return nil, suite.Unlike(now, "the secret of "+a.label, "the one that was read before", "another")
	}
	return suite.Read(before, a).And(suite.Read(now, a)), nil
}

func (w *World) triesMissingSecret(ctx context.Context) error {
	href := w.Admin().APIURL("environments", w.Env(), "applications", w.NewID(), "secret")
	ex, err := w.Admin().Do(ctx, "Read Application Secret", http.MethodGet, href, "", nil)
	if err != nil {
		return err
	}
	w.try(administrating, &attempt{by: priya, answer: ex})
	return nil
}

// noSecretInAnswer looks at the newest record or list whose things have a secret: a user
// with a password, or the applications of the environment.
func (w *World) noSecretInAnswer() (suite.Evidence, error) {
	holder := w.lookedAt
	if holder == nil {
		return nil, errors.New("nothing was read that could hold a secret: an earlier sentence has to read a user or list the applications")
	}
	var evidence suite.Evidence
	for _, ex := range holder.answers {
		if path := findMember(gjson.ParseBytes(ex.Body), "password", "secret", "clientSecret", "value"); path != "" {
			return nil, suite.Unlike(ex, "the answer", "no secret", "the member "+path)
		}
		for _, secret := range holder.secrets {
			if ex.Says(secret) {
				return nil, suite.Unlike(ex, "the answer", "no secret", "the very secret of "+holder.of.Label())
			}
		}
		evidence = evidence.And(suite.Read(ex, holder.of))
	}
	if len(holder.secrets) == 0 {
		return nil, fmt.Errorf("nobody has given %s a secret that could be in the answer: an earlier sentence has to set a password, or read a secret", holder.of.Label())
	}
	return evidence, nil
}

// record is what an administrator has looked at: answers about a subject that has secrets.
type record struct {
	of      suite.Subject
	answers []*client.Exchange
	secrets []string
}
