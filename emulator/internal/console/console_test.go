package console_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/console"
	"pingone-conformance/emulator/internal/tenant"
)

// home is an environment whose default device policy takes e-mail and text messages.
func home() (*tenant.Tenant, *tenant.Environment) {
	t := tenant.New(tenant.Options{})
	return t, t.AddEnvironment(tenant.EnvironmentSpec{Name: "Home", Methods: []string{"sms", "email"}})
}

func TestAnActionInWords(t *testing.T) {
	made, e := home()
	voice := made.NewDevicePolicy("Voice", []string{"voice"})
	e.DevicePolicies.Add(voice)
	for _, row := range []struct {
		action tenant.Action
		words  string
	}{
		{tenant.Action{Type: tenant.ActionLogin}, "asks for username and password"},
		{tenant.Action{Type: tenant.ActionLogin, RecoveryEnabled: true}, "asks for username and password, and lets people recover a forgotten one"},
		{tenant.Action{Type: tenant.ActionMFA}, "asks for a passcode (email, sms)"},
		{tenant.Action{Type: tenant.ActionMFA, NoDevicesMode: "BLOCK"}, "asks for a passcode (email, sms)"},
		{tenant.Action{Type: tenant.ActionMFA, NoDevicesMode: "BYPASS"}, "asks for a passcode (email, sms), and lets pass who has no device"},
		{tenant.Action{Type: tenant.ActionMFA, DevicePolicyID: voice.ID}, "asks for a passcode (voice)"},
		{tenant.Action{Type: tenant.ActionMFA, DevicePolicyID: voice.ID, Methods: map[string]bool{"sms": true, "email": false, "authenticator": true}}, "asks for a passcode (authenticator, sms)"},
		{tenant.Action{Type: tenant.ActionProfiling, PromptText: "Please", PromptIntervalSeconds: 90, Attributes: []tenant.ProfileAttribute{{Name: "mobilePhone"}, {Name: "name.given", Required: true}}},
			"asks for Mobile Phone, Given Name (required) if it is missing, at most every 1m30s: “Please”"},
		{tenant.Action{Type: "AGREEMENT"}, "AGREEMENT"},
	} {
		require.Equal(t, row.words, console.Words(e, &row.action))
	}
	clear(e.DevicePolicies)
	require.Equal(t, "asks for a passcode ()", console.Words(e, &tenant.Action{Type: tenant.ActionMFA}), "there is no device policy at all")
}

func TestWhatIsShownOfAnEnvironment(t *testing.T) {
	made, e := home()
	empty := made.AddEnvironment(tenant.EnvironmentSpec{Name: "Away"})
	shop := &tenant.Application{Meta: made.NewMeta(made.Now()), Name: "Shop", Type: "WEB_APP", TokenEndpointAuthMethod: "CLIENT_SECRET_BASIC", Secret: "s3cret"}
	shop.Assignments = tenant.Table[*tenant.Assignment]{"1": {PolicyID: e.DefaultPolicy().ID}}
	page := &tenant.Application{Meta: made.NewMeta(made.Now()), Name: "Page", Type: "SINGLE_PAGE_APP", TokenEndpointAuthMethod: "NONE", Secret: "unused"}
	e.Applications.Add(shop)
	e.Applications.Add(page)
	e.PutUser(&tenant.User{Meta: made.NewMeta(made.Now()), Profile: map[string]any{"username": "anna"}, Enabled: true})

	all, people := console.Environments(made)
	require.Equal(t, 1, people)
	require.Len(t, all, 2)
	require.Equal(t, []string{e.ID, "Home", empty.ID, "Away"}, []string{all[0].ID, all[0].Name, all[1].ID, all[1].Name})
	require.Len(t, all[0].Applications, 5, "with those that every environment has")
	require.Equal(t, []console.Application{
		{ID: shop.ID, Name: "Shop", Type: "WEB_APP", Secret: "s3cret", Policies: []string{"Single_Factor"}},
		{ID: page.ID, Name: "Page", Type: "SINGLE_PAGE_APP", Policies: []string{}},
	}, all[0].Applications[3:])
	require.Equal(t, []console.Policies{{Name: "Single_Factor", Default: true, Words: []string{"asks for username and password, and lets people recover a forgotten one"}}}, all[0].Policies)
	require.Equal(t, "anna", all[0].People[0].Username)
	require.True(t, all[0].People[0].Enabled)
	require.Equal(t, []console.Person{}, all[1].People, "a list, and no null, for the page")
}

func TestWhatIsShownOfAPerson(t *testing.T) {
	for _, row := range []struct {
		name, password string
		devices        []string
		change         func(*tenant.Tenant, *tenant.User)
	}{
		{"without a password", "none", []string{}, func(*tenant.Tenant, *tenant.User) {}},
		{"with one", "set", []string{}, func(made *tenant.Tenant, u *tenant.User) { made.SetPassword(u, "2Fish&Chips", false) }},
		{"with one to change", "to be changed", []string{}, func(made *tenant.Tenant, u *tenant.User) { made.SetPassword(u, "2Fish&Chips", true) }},
		{"who is locked out", "locked", []string{}, func(made *tenant.Tenant, u *tenant.User) { u.LockedAt = made.Now() }},
		{"with devices", "none", []string{"SMS +1.5125550101", "EMAIL anna@example.com (not activated)", "TOTP"}, func(made *tenant.Tenant, u *tenant.User) {
			for _, d := range []*tenant.Device{
				{Type: "SMS", Phone: "+1.5125550101", Status: "ACTIVE"}, {Type: "EMAIL", Email: "anna@example.com", Status: "ACTIVATION_REQUIRED"}, {Type: "TOTP", Status: "ACTIVE"},
			} {
				d.Meta = made.NewMeta(made.Now())
				u.Devices.Add(d)
			}
		}},
	} {
		made, e := home()
		u := &tenant.User{Meta: made.NewMeta(made.Now()), Profile: map[string]any{"username": "anna"}, Devices: tenant.Table[*tenant.Device]{}}
		e.PutUser(u)
		row.change(made, u)
		all, _ := console.Environments(made)
		require.Equal(t, []console.Person{{ID: u.ID, Username: "anna", Password: row.password, Devices: row.devices}}, all[0].People, row.name)
	}
}

// The page lists two hundred people in all, of each environment the newest, and says how many there are.
func TestTheNewestPeopleAreShown(t *testing.T) {
	made, home := home()
	away := made.AddEnvironment(tenant.EnvironmentSpec{Name: "Away"})
	for _, row := range []struct{ home, away, shownHome, shownAway int }{
		{150, 0, 150, 0}, {150, 50, 150, 50}, {150, 51, 150, 50}, {199, 51, 199, 1}, {200, 51, 200, 0}, {201, 51, 200, 0},
	} {
		for e, wanted := range map[*tenant.Environment]int{home: row.home, away: row.away} {
			for len(e.Users) < wanted {
				e.PutUser(&tenant.User{Meta: made.NewMeta(time.Time{}), Profile: map[string]any{"username": fmt.Sprint("person ", len(e.Users)+1)}})
			}
		}
		all, people := console.Environments(made)
		require.Equal(t, row.home+row.away, people)
		require.Len(t, all[0].People, row.shownHome, row)
		require.Len(t, all[1].People, row.shownAway, row)
		require.Equal(t, fmt.Sprint("person ", row.home), all[0].People[row.shownHome-1].Username, "newest last")
	}
}
