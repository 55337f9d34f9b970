package steps

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/names"
)

var (
	createsPopulation = sentence(`Priya creates the population {text}`)
	createsUser       = sentence(`Priya creates the user {name} in {text}`)
	noPhoneYet        = sentence(`{name} has no mobile phone number(?: yet)?`)
	setsPassword      = sentence(`Priya sets the password of {name}`)
	passwordInForce   = sentence(`the password of {name} is in force`)
	enablesMFA        = sentence(`Priya enables MFA for {name}`)
	mfaEnabled        = sentence(`MFA is enabled for {name}`)
	readsUser         = sentence(`Priya reads the user {name}`)
	phoneIs           = sentence(`the mobile phone number of {name} is {text}`)
	nothingElse       = sentence(`nothing else in the profile of {name} has changed`)
)

func peopleSentences(sc book, w *World) {
	sc.When(createsPopulation, w.createsPopulation)
	sc.When(createsUser, w.createsUser)
	sc.Then(noPhoneYet, w.hasNoPhone)
	sc.When(setsPassword, w.setsPassword)
	sc.Then(passwordInForce, w.passwordIsInForce)
	sc.When(enablesMFA, w.enablesMFA)
	sc.Then(mfaEnabled, w.mfaIsEnabled)
	sc.When(readsUser, w.readsUser)
	sc.Then(phoneIs, w.phoneIs)
	sc.Then(nothingElse, w.nothingElseChanged)
}

func (w *World) createsPopulation(ctx context.Context, label string) error {
	ex, err := w.admin.CreatePopulation(ctx, w.env(), map[string]any{
		"name": w.named(label), "description": label + ", made by " + names.Prefix,
	})
	if err := w.must("create the population "+label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.created("the population "+label, ex)
	w.populations[label] = ex.Get("id").String()
	return nil
}

func (w *World) createsUser(ctx context.Context, name, population string) error {
	id := w.populations[population]
	if id == "" {
		return fmt.Errorf("%q has not been created: an earlier sentence has to create the population", population)
	}
	return w.createUser(ctx, w.newPerson(name), id, nil)
}

func (w *World) createUser(ctx context.Context, p *person, population string, changes map[string]any) error {
	body := w.userBody(p, population)
	for member, value := range changes {
		body[member] = value
	}
	ex, err := w.admin.CreateUser(ctx, w.env(), body)
	if err := w.must("create the user "+p.label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.created("the user "+p.label, ex)
	p.created, p.read = ex, ex
	return nil
}

func (w *World) userBody(p *person, population string) map[string]any {
	return map[string]any{
		"email": p.email, "username": p.username, "population": map[string]any{"id": population},
		"name": map[string]any{"given": p.given, "family": p.family},
	}
}

func (w *World) hasNoPhone(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if phone := p.read.Get(mobilePhone); phone.Exists() {
		return w.unlike("the mobile phone number of "+name, "none", phone.Raw)
	}
	return nil
}

func (w *World) setsPassword(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.setPassword(ctx, p, false)
}

func (w *World) setPassword(ctx context.Context, p *person, forceChange bool) error {
	ex, err := w.admin.SetPassword(ctx, p.created, map[string]any{"value": p.password, "forceChange": forceChange})
	return w.must("set the password of "+p.label, ex, err, http.StatusOK)
}

// passwordIsInForce holds the newest answer, that of setting the password, against its person.
func (w *World) passwordIsInForce(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	if err := w.expect("the status of the password", "OK", w.last.Get("status").String()); err != nil {
		return err
	}
	if err := w.expect("the password's user", p.id(), w.last.Get("user.id").String()); err != nil {
		return err
	}
	if path := findMember(gjson.ParseBytes(w.last.Body), "value", "password"); path != "" {
		return w.unlike("the answer to setting the password", "no password", "the member "+path)
	}
	return nil
}

func (w *World) enablesMFA(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	ex, err := w.admin.EnableMFA(ctx, p.created)
	return w.must("enable MFA for "+name, ex, err, http.StatusOK)
}

func (w *World) mfaIsEnabled(string) error {
	return w.expect("mfaEnabled", "true", w.last.Get("mfaEnabled").Raw)
}

func (w *World) readsUser(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	ex, err := w.admin.ReadUser(ctx, p.created)
	if err := w.must("read the user "+name, ex, err, http.StatusOK); err != nil {
		return err
	}
	p.read = ex
	return nil
}

func (w *World) phoneIs(name, want string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	return w.expect("the mobile phone number of "+name, want, p.read.Get(mobilePhone).String())
}

// nothingElseChanged compares the person's own attributes with those they were created with.
func (w *World) nothingElseChanged(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	for _, member := range []string{"id", "username", "email", "name.given", "name.family", "population.id", "enabled", "createdAt"} {
		if err := w.expect(member+" of "+name, p.created.Get(member).String(), p.read.Get(member).String()); err != nil {
			return err
		}
	}
	return nil
}
