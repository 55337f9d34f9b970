package seed_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/tenant"
)

func named[T tenant.Thing](t *testing.T, things tenant.Table[T], is func(T) bool) T {
	t.Helper()
	for _, thing := range things.Sorted() {
		if is(thing) {
			return thing
		}
	}
	require.Fail(t, "there is no such thing")
	panic("unreachable")
}

func namesOf[T tenant.Thing](things tenant.Table[T], name func(T) string) (all []string) {
	for _, thing := range things.Sorted() {
		all = append(all, name(thing))
	}
	return all
}

// What a seed says is what the tenant holds, also when it was written and read again: read from
// the tenant, not from what is written of it.
func TestWhatASeedMakes(t *testing.T) {
	made, err := apply(t, "everything", everything)
	require.NoError(t, err)
	holdsEverything(t, made)
	again, err := apply(t, "written", export(t, made))
	require.NoError(t, err)
	holdsEverything(t, again)
}

func holdsEverything(t *testing.T, made *tenant.Tenant) {
	t.Helper()
	require.Len(t, made.Environments(), 2)
	e := made.Environments()[0]
	require.Equal(t, []string{"Home", "08", "SANDBOX", "EU"}, []string{e.Name, e.Description, e.Type, e.Region})
	require.Equal(t, []string{"PING_ONE_BASE", "PING_ONE_MFA"}, e.Products)
	away := made.Environments()[1]
	require.Equal(t, "SANDBOX NA [PING_ONE_BASE PING_ONE_MFA]", fmt.Sprint(away.Type, " ", away.Region, " ", away.Products))
	require.True(t, away.DefaultDevicePolicy().Method("SMS").Enabled, "the methods of the options")
	require.Empty(t, away.Users)

	require.Len(t, e.Populations, 2, "the default one is the seed's")
	require.Equal(t, "Customers", e.DefaultPopulation().Name)
	staff := named(t, e.Populations, func(p *tenant.Population) bool { return p.Name == "Staff" })
	require.Equal(t, "de", staff.Sent["preferredLanguage"])
	require.NotContains(t, staff.Sent, "more", "is the seed's own word")

	orders := named(t, e.Resources, func(r *tenant.Resource) bool { return r.Name == "Orders" })
	require.Equal(t, "https://orders.example.com 600", fmt.Sprint(orders.Audience, " ", orders.AccessTokenValiditySeconds))
	require.Len(t, orders.Scopes, 2)
	pingOne := e.Resources["44444444-4444-4444-8444-000000000001"]
	require.Equal(t, tenant.ResourcePingOne, pingOne.Type)
	require.Equal(t, []string{"openid", "Orders", "PingOne API"}, namesOf(e.Resources, func(r *tenant.Resource) string { return r.Name }), "in the order of the seed")
	variant := named(t, pingOne.Scopes, func(s *tenant.Scope) bool { return s.Name == "p1:read:user:name" })
	require.Equal(t, []string{"name"}, variant.SchemaAttributes)

	own := e.DefaultPolicy()
	require.Equal(t, "Own", own.Name)
	require.Len(t, e.Policies, 2)
	strict := named(t, e.DevicePolicies, func(p *tenant.DevicePolicy) bool { return p.Name == "Strict" })
	actions := own.ByPriority()
	require.Equal(t, "LOGIN 10 MULTI_FACTOR_AUTHENTICATION 20", fmt.Sprint(actions[0].Type, " ", actions[0].Priority, " ", actions[1].Type, " ", actions[1].Priority))
	require.Equal(t, strict.ID, actions[1].DevicePolicyID)
	require.False(t, strict.Default)
	require.Equal(t, "2 1m30s 5m0s 8", fmt.Sprint(strict.Method("SMS").FailureCount, strict.Method("SMS").CoolDown, strict.Method("SMS").LifeTime, strict.Method("SMS").OTPLength))
	password := named(t, e.Policies, func(p *tenant.SignOnPolicy) bool { return p.Name == "Password" })
	require.Equal(t, 1, password.ByPriority()[0].Priority, "the place in the list")

	shop := named(t, e.Applications, func(a *tenant.Application) bool { return a.Name == "Shop" })
	require.Equal(t, "OPENID_CONNECT", shop.Protocol)
	require.False(t, shop.Enabled)
	require.Len(t, shop.Grants, 2)
	require.Len(t, named(t, shop.Grants, func(g *tenant.Grant) bool { return g.ResourceID == orders.ID }).ScopeIDs, 2)
	priorities := map[string]int{}
	for _, a := range shop.Assignments {
		priorities[a.PolicyID] = a.Priority
	}
	require.Equal(t, map[string]int{own.ID: 7, password.ID: 2}, priorities)
	require.NotNil(t, shop.Sent["icon"])
	require.Empty(t, shop.Roles, "it is no worker")
	worker := e.Applications["44444444-4444-4444-8444-0000000000a1"]
	require.True(t, worker.Enabled)
	require.NotContains(t, worker.Sent, "id", "no call that creates takes one")
	require.Empty(t, worker.Roles, "none was given")
	require.Equal(t, []string{e.ID}, worker.RoleEnvironments)

	on := e.UserByUsername("on")
	require.False(t, on.Enabled)
	require.Equal(t, staff.ID, on.PopulationID)
	require.Equal(t, "MUST_CHANGE_PASSWORD", on.PasswordStatus(time.Now()))
	require.True(t, made.CheckPassword(on, "Quiet-Harbour-52").OK)
	require.Equal(t, time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC), on.Prompted["mobilePhone"])
	require.NotNil(t, on.Profile["favourite"])
	desk := named(t, on.Devices, func(d *tenant.Device) bool { return d.Nickname == "Desk" })
	require.Equal(t, fmt.Sprint("VOICE ACTIVE true 00000008 ", strict.ID), fmt.Sprint(desk.Type, " ", desk.Status, " ", desk.Blocked, " ", desk.Passcode, " ", desk.PolicyID))
}

// What a seed may say in more than one way, and what it leaves out.
func TestWhatASeedSaysOfOneThing(t *testing.T) {
	const begin = "seed: 1\nenvironments:\n- name: Home\n  id: 44444444-4444-4444-8444-0000000000e1\n"
	const anna = begin + "  users:\n  - username: anna\n    email: anna@example.com\n"
	const worker = begin + "  applications:\n  - {name: W, type: WORKER, grantTypes: [CLIENT_CREDENTIALS], tokenEndpointAuthMethod: NONE"
	encoded := base64.StdEncoding.EncodeToString([]byte("some bytes"))
	person := func(e *tenant.Environment) *tenant.User { return e.UserByUsername("anna") }
	app := func(e *tenant.Environment) *tenant.Application {
		return e.Applications.First(func(a *tenant.Application) bool { return a.Name == "W" })
	}
	for _, row := range []struct {
		name, text, want string
		of               func(*tenant.Environment) any
	}{
		{"an environment", begin + "  type: PRODUCTION\n  products: [PING_ONE_BASE]\n  organizationId: 44444444-4444-4444-8444-0000000000e2\n  licenseId: 44444444-4444-4444-8444-0000000000e3\n",
			"44444444-4444-4444-8444-0000000000e1 PRODUCTION [PING_ONE_BASE] 44444444-4444-4444-8444-0000000000e2 44444444-4444-4444-8444-0000000000e3",
			func(e *tenant.Environment) any {
				return fmt.Sprint(e.ID, " ", e.Type, " ", e.Products, " ", e.OrganizationID, " ", e.LicenseID)
			}},
		{"a worker", worker + "}\n", fmt.Sprint(management.AllRoles(), " [44444444-4444-4444-8444-0000000000e1] true"),
			func(e *tenant.Environment) any {
				return fmt.Sprint(app(e).Roles, app(e).RoleEnvironments, " ", app(e).Enabled)
			}},
		{"a worker elsewhere", worker + ", secret: s3cret, roles: [Environment Admin], roleEnvironments: []}\n", "[Environment Admin] [] s3cret",
			func(e *tenant.Environment) any {
				return fmt.Sprint(app(e).Roles, app(e).RoleEnvironments, " ", app(e).Secret)
			}},
		{"two workers", worker + "}\n  - {name: V, type: WORKER, grantTypes: [CLIENT_CREDENTIALS], tokenEndpointAuthMethod: NONE}\n", "5 W",
			func(e *tenant.Environment) any { return fmt.Sprint(len(e.Applications), " ", app(e).Name) }},
		{"a person", anna, "true false NO_PASSWORD", func(e *tenant.Environment) any {
			return fmt.Sprint(person(e).Enabled, " ", person(e).MFAEnabled, " ", person(e).PasswordStatus(time.Now()))
		}},
		{"a password in a word", anna + "    mfaEnabled: true\n    password: Quiet-Harbour-52\n", "true OK", func(e *tenant.Environment) any {
			return fmt.Sprint(person(e).MFAEnabled, " ", person(e).PasswordStatus(time.Now()))
		}},
		{"a password that was written", anna + "    password: {scheme: x, hash: " + encoded + ", salt: " + encoded + ", history: [" + encoded + "], forceChange: true, changedAt: 2026-01-15T09:00:00Z}\n",
			"x some bytes some bytes [some bytes] true true 2026-01-15 09:00:00 +0000 UTC", func(e *tenant.Environment) any {
				p := person(e).Password
				return fmt.Sprintf("%s %s %s %s %v %v %v", p.Scheme, p.Hash, p.Salt, p.History, p.Set, p.ForceChange, p.ChangedAt)
			}},
		{"an authenticator", begin + "  deviceMethods: [totp]\n" + strings.TrimPrefix(anna, begin) + "    devices: [{type: TOTP, secret: JBSWY3DPEHPK3PXP}, {type: EMAIL, email: anna@example.com, status: ACTIVATION_REQUIRED}]\n", "",
			nil},
		{"a known authenticator", anna + "    devices: [{type: TOTP, secret: JBSWY3DPEHPK3PXP}]\n", "ACTIVE JBSWY3DPEHPK3PXP true", func(e *tenant.Environment) any {
			d := person(e).Devices.Sorted()[0]
			return fmt.Sprint(d.Status, " ", d.Secret, " ", strings.Contains(d.KeyURI, "secret=JBSWY3DPEHPK3PXP"))
		}},
		{"a device that waits", anna + "    devices: [{type: EMAIL, email: anna@example.com, status: ACTIVATION_REQUIRED}]\n", "ACTIVATION_REQUIRED false ", func(e *tenant.Environment) any {
			d := person(e).Devices.Sorted()[0]
			return fmt.Sprint(d.Status, " ", d.Blocked, " ", d.Passcode)
		}},
		{"a system application", begin + "  applications:\n  - {name: W, type: WORKER, grantTypes: [CLIENT_CREDENTIALS], tokenEndpointAuthMethod: NONE}\n  - {name: Portal, type: PING_ONE_PORTAL, id: 44444444-4444-4444-8444-0000000000a1, enabled: false}\n", "PING_ONE_PORTAL Portal false 4 Portal",
			func(e *tenant.Environment) any {
				a := e.Applications["44444444-4444-4444-8444-0000000000a1"]
				return fmt.Sprint(a.Type, " ", a.Name, " ", a.Enabled, " ", len(e.Applications), " ", e.Applications.Sorted()[3].Name)
			}},
		{"a scope that is there", begin + "  resources:\n  - {name: openid, scopes: [{name: profile, id: 44444444-4444-4444-8444-0000000000c1, schemaAttributes: [email]}, {name: email}]}\n", "profile [email] 6",
			func(e *tenant.Environment) any {
				r := e.ResourceOfType(tenant.ResourceOpenID)
				s := r.Scopes["44444444-4444-4444-8444-0000000000c1"]
				return fmt.Sprint(s.Name, " ", s.SchemaAttributes, " ", len(r.Scopes))
			}},
		{"a scope that is there and stays as it was", begin + "  resources:\n  - {name: PingOne API, scopes: [{name: \"p1:read:user\", id: 44444444-4444-4444-8444-0000000000c1}]}\n", "p1:read:user [*] 14",
			func(e *tenant.Environment) any {
				r := e.ResourceOfType(tenant.ResourcePingOne)
				s := r.Scopes["44444444-4444-4444-8444-0000000000c1"]
				return fmt.Sprint(s.Name, " ", s.SchemaAttributes, " ", len(r.Scopes))
			}},
		{"what belongs to a resource", begin + "  resources: [{name: openid, id: 44444444-4444-4444-8444-0000000000c1}]\n", "19",
			func(e *tenant.Environment) any {
				return fmt.Sprint(len(e.Records["/resources/44444444-4444-4444-8444-0000000000c1/attributes"]))
			}},
		{"a new default policy", begin + "  signOnPolicies:\n  - {name: A, default: true, actions: [{type: LOGIN}]}\n  - {name: B, actions: [{type: LOGIN}]}\n", "A 2",
			func(e *tenant.Environment) any { return fmt.Sprint(e.DefaultPolicy().Name, " ", len(e.Policies)) }},
		{"no default policy of its own", begin + "  signOnPolicies:\n  - {name: B, actions: [{type: LOGIN}]}\n", "false 2",
			func(e *tenant.Environment) any {
				return fmt.Sprint(e.DefaultPolicy().Name == "B", " ", len(e.Policies))
			}},
	} {
		t.Run(row.name, func(t *testing.T) {
			made, err := apply(t, "seed.yaml", row.text)
			if row.of == nil {
				require.ErrorContains(t, err, "Pairing device type EMAIL is not allowed")
				return
			}
			require.NoError(t, err)
			require.Equal(t, row.want, row.of(made.Environments()[0]))
			again, err := apply(t, "written", export(t, made))
			require.NoError(t, err)
			require.Equal(t, row.want, row.of(again.Environments()[0]), "written and read again")
		})
	}
	const policy = "{enabled: true, otp: {failure: {count: 3, coolDown: {duration: 2, timeUnit: MINUTES}}, lifeTime: {duration: 5, timeUnit: MINUTES}}}"
	_, err := apply(t, "bad.yaml", begin+"  products: [PING_ONE_BASE]\n  deviceAuthenticationPolicies:\n  - {name: Own, sms: "+policy+", email: "+policy+", voice: "+policy+", mobile: "+policy+", totp: "+policy+"}\n")
	require.ErrorContains(t, err, "does not allow (more) deviceAuthenticationPolicies", "one more than the default one needs its product")
	_, err = apply(t, "bad.yaml", worker+", roleEnvironments: [44444444-4444-4444-8444-0000000000ff]}\n")
	require.ErrorContains(t, err, "applications[0].roleEnvironments[0]: there is no environment 44444444-4444-4444-8444-0000000000ff")
}
