package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/names"
	"pingone-conformance/suite"
)

// people is populations, users, and what is in a user's record.
func people(r *suite.Registry, w *World) {
	r.When(`^Priya creates the population "([^"]*)"(?: \(step \d+\))?$`, w.createsPopulation)
	r.When(`^Priya creates the user ([A-Z][a-z]+) in "([^"]*)"(?: \(step \d+\))?$`, w.createsUser)
	r.Then(`^([A-Z][a-z]+) has no mobile phone number(?: yet)?$`, w.hasNoPhone)
	r.When(`^Priya enables MFA for ([A-Z][a-z]+)(?: \(step \d+\))?$`, w.enablesMFA)
	r.Then(`^MFA is enabled for ([A-Z][a-z]+)$`, w.mfaIsEnabled)
	r.When(`^Priya reads the user ([A-Z][a-z]+)(?: \(step \d+\))?$`, w.readsUser)
	r.Then(`^the mobile phone number of ([A-Z][a-z]+) is "([^"]*)"$`, w.phoneIs)
	r.Then(`^nothing else in the profile of ([A-Z][a-z]+) has changed$`, w.nothingElseChanged)
}

// everybody is the population of all whom a scenario's set-up registers.
const everybody = "People"

func (w *World) createsPopulation(ctx context.Context, label string) error {
	ex, err := w.Admin().CreatePopulation(ctx, w.Env(), map[string]any{
		"name": w.Named(label), "description": label + ", made by " + names.Prefix,
	})
	if err := suite.Must("create the population "+label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.Created("the population "+label, ex)
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

func (w *World) createUser(ctx context.Context, p *Person, population string, changes map[string]any) error {
	body := w.userBody(p, population)
	for member, value := range changes {
		body[member] = value
	}
	ex, err := w.Admin().CreateUser(ctx, w.Env(), body)
	if err := suite.Must("create the user "+p.label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.Created("the user "+p.label, ex)
	p.created, p.read = ex, ex
	return nil
}

func (w *World) userBody(p *Person, population string) map[string]any {
	return map[string]any{
		"email": p.email, "username": p.username, "population": map[string]any{"id": population},
		"name": map[string]any{"given": p.given, "family": p.family},
	}
}

// upToDate says that the newest reading of the user has to be one of the profile as it is,
// and which sentence is missing.
func (p *Person) upToDate() error {
	if p.changed {
		return fmt.Errorf("the profile of %s may have changed since it was read: an earlier sentence has to read the user", p.label)
	}
	return nil
}

func (w *World) hasNoPhone(p *Person) (suite.Evidence, error) {
	if err := p.upToDate(); err != nil {
		return nil, err
	}
	if phone := p.read.Get(mobilePhone); given(phone) {
		return nil, suite.Unlike(p.read, "the mobile phone number of "+p.label, "none", phone.Raw)
	}
	return suite.Read(p.read, p), nil
}

// mfaSwitched are the statuses that the vendor's page lists for a change of mfaEnabled; the contract puts the one seen on record.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa/update-user-mfa-enabled.html
var mfaSwitched = []int{http.StatusOK, http.StatusNoContent}

func (w *World) enablesMFA(ctx context.Context, p *Person) error {
	ex, err := w.Admin().EnableMFA(ctx, p.created)
	p.mfa = ex
	return suite.Must("enable MFA for "+p.label, ex, err, mfaSwitched...)
}

// mfaIsEnabled looks at the answer to enabling MFA, unless that is empty, and at the user.
func (w *World) mfaIsEnabled(ctx context.Context, p *Person) (suite.Evidence, error) {
	if p.mfa == nil {
		return nil, fmt.Errorf("nobody has enabled MFA for %s: an earlier sentence has to", p.label)
	}
	ctx, what := suite.Patiently(ctx), "mfaEnabled of "+p.label
	look := func() (err error) {
		p.mfa, err = w.Admin().ReadUser(ctx, p.created)
		return suite.Must("read the user "+p.label, p.mfa, err, http.StatusOK)
	}
	check := func() error { return suite.Expect(p.mfa, what, "true", p.mfa.Get("mfaEnabled").Raw) }
	if p.mfa.Status != http.StatusNoContent {
		if err := check(); err != nil {
			return nil, err
		}
	}
	if err := w.Aside(look); err != nil {
		return nil, err
	}
	err := w.Settle(ctx, "that MFA is on, in the user", p.mfa.Request.URL, look, check)
	return suite.Read(p.mfa, p), err
}

func (w *World) readsUser(ctx context.Context, p *Person) error {
	ex, err := w.Admin().ReadUser(ctx, p.created)
	if err := suite.Must("read the user "+p.label, ex, err, http.StatusOK); err != nil {
		return err
	}
	p.read, p.changed = ex, false
	w.lookedAt = recordOf(p)
	return nil
}

// recordOf is the newest reading of a user, whose secret is the password, once it is set.
func recordOf(p *Person) *record {
	r := &record{of: p, answers: []*client.Exchange{p.read}}
	if p.passwordSet != nil {
		r.secrets = []string{p.password}
	}
	return r
}

// phoneIs wants the number that somebody gave, which the user shows a moment late; how it is spelled is PingOne's choice.
func (w *World) phoneIs(ctx context.Context, p *Person, want string) (suite.Evidence, error) {
	if err := p.upToDate(); err != nil {
		return nil, err
	}
	look := func() error { return w.readsUser(ctx, p) }
	err := w.Settle(ctx, "a number that was given, in the user", p.read.Request.URL, look, func() error {
		got := p.read.Get(mobilePhone).String()
		if got != want && digits(want) != "" && digits(got) == digits(want) {
			w.Outcome("the spelling of a mobile phone number", "other than given")
			return nil
		}
		return suite.Expect(p.read, "the mobile phone number of "+p.label, want, got)
	})
	return suite.Read(p.read, p), err
}

// digits are what makes two spellings of a telephone number the same.
func digits(number string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
}

// nothingElseChanged compares the person's own attributes with those they were created with.
func (w *World) nothingElseChanged(p *Person) (suite.Evidence, error) {
	if p.read == p.created {
		return nil, fmt.Errorf("%s has not been read again: an earlier sentence has to read the user", p.label)
	}
	if err := p.upToDate(); err != nil {
		return nil, err
	}
	for _, member := range membersOf(p.created, p.read) {
		if member == "mfaEnabled" && p.mfa != nil { // that was switched
			continue
		}
		if unordered(p.created.Get(member)) != unordered(p.read.Get(member)) {
			return nil, suite.Unlike(p.read, member+" of "+p.label, orNone(p.created.Get(member)), orNone(p.read.Get(member)))
		}
	}
	before, now := p.created.Get("createdAt").String(), p.read.Get("createdAt").String()
	if !contract.SameTime(before, now) {
		return nil, suite.Unlike(p.read, "createdAt of "+p.label, before, now)
	}
	return suite.Read(p.read, p), nil
}

// passing are the members of a user that change when somebody signs on and gives a number, each for a reason.
// The rest of a state that passes is looked at where it is the point.
var passing = []string{"_embedded", "_links", "account", "createdAt", "lastSignOn", mobilePhone, "updatedAt"}

// membersOf are the members that one of the answers has, but for those that change in passing.
func membersOf(answers ...*client.Exchange) []string {
	var members []string
	for _, ex := range answers {
		gjson.ParseBytes(ex.Body).ForEach(func(name, _ gjson.Result) bool {
			if !slices.Contains(passing, name.String()) && !slices.Contains(members, gjson.Escape(name.String())) {
				members = append(members, gjson.Escape(name.String()))
			}
			return true
		})
	}
	return members
}

func orNone(v gjson.Result) string {
	if !v.Exists() {
		return "none"
	}
	return shown(v)
}
