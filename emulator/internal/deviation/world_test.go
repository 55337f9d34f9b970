package deviation

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

// ruling is a decision about one case; by takes it, and tells what came of it.
type ruling struct {
	decision, about string
	by              func(d *Decisions, w *world) any
}

// world is what decisions are about.
type world struct {
	t            *testing.T
	now          time.Time
	tenant       *tenant.Tenant
	env, other   *tenant.Environment
	anna, ben    *tenant.User
	email, phone *tenant.Device
	shop, worker *tenant.Application
	steps        *tenant.SignOnPolicy // with a password and a passcode, in this order
}

const (
	sesame = "Sesame-1"
	// secret is the one that the exchanges of package difference read.
	secret = "S3cret~of-the.shop"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, now: time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)}
	w.tenant = tenant.New(tenant.Options{Now: func() time.Time { return w.now }})
	meta := func() tenant.Meta { return w.tenant.NewMeta(w.now) }
	w.env, w.other = w.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Here", Methods: []string{"email", "sms"}}), w.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "There"})

	person := func(name string, mfa bool) *tenant.User {
		u := &tenant.User{Meta: meta(), Enabled: true, MFAEnabled: mfa, Devices: tenant.Table[*tenant.Device]{}, Profile: map[string]any{"username": name, "name": map[string]any{"given": name, "family": "Example"}}}
		w.tenant.SetPassword(u, sesame, false)
		w.env.PutUser(u)
		return u
	}
	w.anna, w.ben = person("anna", true), person("ben", false)
	w.email = &tenant.Device{Meta: meta(), Type: "EMAIL", Status: "ACTIVE", Email: "anna@example.com"}
	w.phone = &tenant.Device{Meta: meta(), Type: "SMS", Status: "ACTIVE", Phone: "+1.5125550100"}
	w.anna.Devices.Add(w.email)
	w.anna.Devices.Add(w.phone)

	w.steps = &tenant.SignOnPolicy{Meta: meta(), Name: "Two_Steps", Actions: tenant.Table[*tenant.Action]{}}
	w.steps.Actions.Add(&tenant.Action{Meta: meta(), Type: tenant.ActionLogin, Priority: 1})
	w.steps.Actions.Add(&tenant.Action{Meta: meta(), Type: tenant.ActionMFA, Priority: 2})
	w.env.Policies.Add(w.steps)
	w.shop = &tenant.Application{
		Meta: meta(), Name: "Shop", Enabled: true, Type: "WEB_APP", Secret: secret, TokenEndpointAuthMethod: "CLIENT_SECRET_BASIC", RedirectURIs: []string{"https://shop.example.com/callback"},
		Grants: tenant.Table[*tenant.Grant]{}, Assignments: tenant.Table[*tenant.Assignment]{},
	}
	openID := w.env.ResourceOfType(tenant.ResourceOpenID)
	w.shop.Grants.Add(&tenant.Grant{Meta: meta(), ResourceID: openID.ID, ScopeIDs: []string{openID.Scopes.Sorted()[0].ID}})
	w.shop.Assignments.Add(&tenant.Assignment{Meta: meta(), PolicyID: w.steps.ID, Priority: 1})
	w.worker = &tenant.Application{Meta: meta(), Name: "Worker", Enabled: true, Type: "WORKER", Roles: []string{"Environment Admin"}, RoleEnvironments: []string{w.env.ID}}
	w.env.Applications.Add(w.shop)
	w.env.Applications.Add(w.worker)
	return w
}

// nameOf is who is meant.
func nameOf(u *tenant.User) string {
	if u == nil {
		return "nobody"
	}
	return u.Username()
}

func kinds(actions []*tenant.Action) []string {
	var all []string
	for _, a := range actions {
		all = append(all, a.Type)
	}
	return all
}

// policies are told by their names.
func (w *world) policies(all []*tenant.SignOnPolicy) []string {
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return names
}

// scopes are those of grants, resource by resource.
func (w *world) scopes(grants []*tenant.Grant) map[string][]string {
	all := map[string][]string{}
	for _, g := range grants {
		r := w.env.Resources[g.ResourceID]
		for _, id := range g.ScopeIDs {
			all[r.Name] = append(all[r.Name], r.Scopes[id].Name)
		}
	}
	return all
}

// fresh says whose session a browser gets that brings none, after Anna has signed on in another.
func (w *world) fresh(d *Decisions, signedOn bool) string {
	sessions := browser.NewSessions(w.tenant, browser.Documented(), 10)
	if signedOn {
		sessions.Of(w.env, http.Header{}, w.now).UserID = w.anna.ID
	}
	if got := d.Browser.Fresh(sessions, w.env, w.now); got.UserID != "" {
		return "the session of " + w.env.Users[got.UserID].Username()
	}
	return "a session of its own"
}

// waiting is a flow of somebody who has proven some factors.
func waiting(proven ...string) *flow.Flow { return &flow.Flow{Methods: proven} }

func (w *world) must(err error) { w.t.Helper(); require.NoError(w.t, err) }
