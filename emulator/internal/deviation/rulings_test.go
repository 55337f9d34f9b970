package deviation

import (
	"encoding/json"
	"net/url"
	"time"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// of makes rulings of one decision about several cases, in the order in which they are given: what it is about and what it is.
func of[T any](decision string, by func(*Decisions, *world, T) any, cases ...any) []ruling {
	var all []ruling
	for i := 0; i < len(cases); i += 2 {
		about, _ := cases[i].(string)
		what, _ := cases[i+1].(T)
		all = append(all, ruling{decision, about, func(d *Decisions, w *world) any { return by(d, w, what) }})
	}
	return all
}

// aboutPeople are the rulings of passwords, browsers and what the management API does.
func aboutPeople() [][]ruling {
	const kept, given = "population.id eq \"one\" and enabled eq true", "username eq \"annabel\""
	return [][]ruling{
		of("Tenant.PasswordMatches", func(d *Decisions, w *world, clear string) any {
			return d.Tenant.PasswordMatches(w.anna.Password, clear)
		},
			"the right password", sesame, "another", "Sesame-2", "one in other letters", "sESAME-1", "one between blanks", " "+sesame+" ", "one with a letter more", sesame+"~", "one without its last letter", "Sesame-",
			"one without two letters", "Sesame", "none", ""),
		of("Tenant.Locks", func(d *Decisions, _ *world, failures int) any { return d.Tenant.Locks(failures) }, "four failures", 4, "five failures", 5),
		of("Tenant.MustChange", func(d *Decisions, _ *world, flagged bool) any {
			return d.Tenant.MustChange(tenant.Password{ForceChange: flagged})
		}, "a flagged password", true, "another", false),
		of("Tenant.PasswordFaults", func(d *Decisions, w *world, clear string) any { return d.Tenant.PasswordFaults(w.anna, clear) }, "a weak password", "aaaaaaaa", "a good one", "Open-Sesame-77"),
		of("Tenant.StorePassword", func(d *Decisions, w *world, scheme string) any {
			d.Tenant.StorePassword(w.anna, tenant.Password{Scheme: scheme})
			return w.anna.Password.Scheme
		}, "a new password", "new"),

		of("Browser.Holds", func(d *Decisions, _ *world, tokens []string) any {
			var sent *browser.Session
			if len(tokens) > 1 {
				sent = &browser.Session{Token: tokens[0]}
			}
			return d.Browser.Holds(&browser.Session{Token: "own"}, tokens, sent)
		}, "its own cookie", []string{"own"}, "no cookie", []string{}, "a cookie that nobody has", []string{"none"}, "the cookies of another browser", []string{"other", "none"}),
		of("Browser.Fresh", func(d *Decisions, w *world, signedOn bool) any { return w.fresh(d, signedOn) }, "a browser without cookies", false, "a browser without cookies after Anna's sign-on", true),

		of("Management.Stranger", func(d *Decisions, w *world, bearer string) any {
			who, known := d.Management.Stranger(w.env, bearer)
			if who.ClientID == w.worker.ID && who.EnvironmentID == w.env.ID && who.Worker && known {
				return "the worker"
			}
			return known
		}, "no token", "", "any text", "text", "a token that somebody has signed", "e30.eyJpc3MiOiJ4In0.AA"),
		of("Management.HoldsRole", func(d *Decisions, w *world, here bool) any {
			env := w.other
			if here {
				env = w.env
			}
			return d.Management.HoldsRole(w.worker, env, []string{"Environment Admin"})
		}, "a worker where its role is", true, "a worker elsewhere", false),
		of("Management.Query", func(d *Decisions, _ *world, filter string) any {
			sent := url.Values{"limit": {"5"}}
			if filter != "" {
				sent.Set("filter", filter)
			}
			return d.Management.Query(sent).Encode()
		}, "no filter", "", "a filter by population", kept, "a filter by username", given, "a filter by a short username", `username eq "anna"`, "a filter by one letter more", `username eq "annab"`, "another filter", `email eq "a"`),
		of("Management.PasswordMedia", func(d *Decisions, _ *world, _ string) any { return d.Management.PasswordMedia() }, "any call", ""),
		of("Management.Overlooks", func(d *Decisions, _ *world, code string) any { return d.Management.Overlooks(wire.Detail{Code: code}) },
			"what is missing", "REQUIRED_VALUE", "what is out of range", "OUT_OF_RANGE", "what is taken", "UNIQUENESS_VIOLATION", "what is invalid", "INVALID_VALUE"),
		of("Management.Overlooks", func(d *Decisions, _ *world, target string) any {
			return d.Management.Overlooks(wire.Detail{Code: "UNIQUENESS_VIOLATION", Target: target})
		}, "a name that is taken", "name", "a resource that was granted", "resource.id"),
		of("Management.IsWhole", func(d *Decisions, _ *world, n string) any { return d.Management.IsWhole(json.Number(n)) }, "1.5", "1.5", "2", "2"),
		of("Management.Merge", func(d *Decisions, _ *world, change map[string]any) any {
			return d.Management.Merge(map[string]any{"title": "Dr"}, change)
		}, "a new nickname", map[string]any{"nickname": "Annie"}),
		of("Management.SetMFA", func(d *Decisions, w *world, enabled bool) any {
			d.Management.SetMFA(w.ben, enabled)
			return map[string]any{"mfa": w.ben.MFAEnabled, "profile": w.ben.Profile}
		}, "switching on", true, "switching off", false),
		of("Management.Deletes", func(d *Decisions, _ *world, kind string) any { return d.Management.Deletes(kind + ".delete") },
			"an application", "application", "a grant", "grant", "an assignment", "assignment", "a policy", "signOnPolicy", "an action", "action", "a population", "population", "a user", "user", "a device", "device",
			"a device policy", "devicePolicy"),
		of("Management.Dispensable", func(d *Decisions, w *world, other bool) any {
			if !other {
				delete(w.steps.Actions, w.steps.ByPriority()[1].ID)
			}
			return d.Management.Dispensable(w.steps)
		}, "the last action", false, "one of two actions", true),
		of("Management.Vacant", func(d *Decisions, _ *world, people int) any { return d.Management.Vacant(people) }, "an empty population", 0, "one with somebody in it", 1),
		of("Management.Self", func(d *Decisions, _ *world, user string) any { return d.Management.Self("anna", user) }, "Anna herself", "anna", "Anna and Ben", "ben"),
		of("Management.Listed", func(d *Decisions, w *world, _ string) any {
			shown := map[string]any{}
			d.Management.Listed(w.shop, shown)
			return shown
		}, "an application", ""),
		of("Management.Shown", func(d *Decisions, w *world, _ string) any {
			w.anna.Password.Hash = []byte("hash")
			shown := map[string]any{}
			d.Management.Shown(w.anna, shown)
			return shown
		}, "a user", ""),
	}
}

// aboutFlows are those of how a sign-on goes on.
func aboutFlows() [][]ruling {
	now := newClock()
	return [][]ruling{
		of("Flow.Order", func(d *Decisions, w *world, _ string) any { return kinds(d.Flow.Order(w.steps)) }, "a policy of two actions", ""),
		of("Flow.Order", func(d *Decisions, w *world, _ string) any {
			late := &tenant.SignOnPolicy{Actions: tenant.Table[*tenant.Action]{}}
			late.Actions.Add(&tenant.Action{Meta: tenant.Meta{ID: "1", Seq: 1}, Type: tenant.ActionMFA, Priority: 10})
			late.Actions.Add(&tenant.Action{Meta: tenant.Meta{ID: "2", Seq: 2}, Type: tenant.ActionLogin, Priority: 9})
			return kinds(d.Flow.Order(late))
		}, "a policy whose first action was added last", ""),
		of("Flow.WantsPassword", func(d *Decisions, _ *world, f *flow.Flow) any { return d.Flow.WantsPassword(f) }, "a new flow", waiting(), "a flow with a hint", &flow.Flow{Request: flow.Request{Vouched: true}}, "a flow with a password", waiting(flow.Password)),
		of("Flow.WantsPasscode", func(d *Decisions, _ *world, f *flow.Flow) any { return d.Flow.WantsPasscode(f) }, "a new flow", waiting(), "a flow with a password", waiting(flow.Password), "a flow with a passcode", waiting(flow.Passcode)),
		of("Flow.WantsCurrent", func(d *Decisions, _ *world, _ string) any { return d.Flow.WantsCurrent() }, "a password that has to be changed", ""),
		of("Flow.PasswordFirst", func(d *Decisions, _ *world, f *flow.Flow) any { return d.Flow.PasswordFirst(f) }, "a new flow", waiting(), "a flow with a passcode", waiting(flow.Passcode)),
		of("Flow.NobodyNamed", func(d *Decisions, _ *world, _ string) any { return d.Flow.NobodyNamed() }, "an unknown name", ""),
		of("Flow.Ends", func(d *Decisions, _ *world, action string) any { return d.Flow.Ends(action) }, "a wrong password", flow.CheckPassword, "a wrong passcode", flow.CheckPasscode, "wrong data", flow.UpdateUser),
		of("Flow.HasMFA", func(d *Decisions, w *world, name string) any { return d.Flow.HasMFA(w.env.UserByUsername(name)) }, "Anna, who has it on", "anna", "Ben, who has it off", "ben"),
		of("Flow.DevicePolicy", func(d *Decisions, w *world, name string) any {
			own := w.tenant.NewDevicePolicy(name, nil)
			w.env.DevicePolicies.Add(own)
			return d.Flow.DevicePolicy(w.env, &tenant.Action{DevicePolicyID: own.ID}).Name
		}, "an action that names one", "Its own"),
		of("Flow.TakesType", func(d *Decisions, _ *world, kind string) any {
			return d.Flow.TakesType(&tenant.Action{Methods: map[string]bool{"sms": true}}, kind)
		}, "a kind that is switched on", "SMS", "a kind that is not", "EMAIL"),
		of("Flow.Excuses", func(d *Decisions, _ *world, f *flow.Flow) any { return d.Flow.Excuses(f, &tenant.Action{}) }, "a person without a device", waiting()),
		of("Flow.Excuses", func(d *Decisions, w *world, _ string) any {
			f := flow.New(w.tenant, d.Flow).New(flow.Request{Hinted: w.anna, Vouched: true})
			return d.Flow.Excuses(f, &tenant.Action{NoDevicesMode: "BYPASS"})
		}, "a hinted person without a device, where the action says BYPASS", ""),
		of("Flow.Chosen", func(d *Decisions, w *world, selected int) any {
			return d.Flow.Chosen(w.anna.Devices.Sorted(), selected).Type
		}, "the first device", 0, "the second device", 1),
		of("Flow.Sends", func(d *Decisions, _ *world, test bool) any { return d.Flow.Sends(&tenant.Device{TestMode: test}) }, "a device", false, "a test device", true),
		of("Flow.Matches", func(d *Decisions, w *world, given string) any {
			c := flow.Challenge{Sent: tenant.OTP{Code: "123456", ExpiresAt: now.Add(time.Minute)}, Former: tenant.OTP{Code: "654321", ExpiresAt: now.Add(time.Minute)}}
			at := now
			if given == "late" {
				given, at = c.Sent.Code, now.Add(time.Hour)
			}
			return d.Flow.Matches(c, w.email, given, at)
		}, "the right passcode", "123456", "the right one too late", "late", "the one before", "654321", "another", "000000", "what was sent to somebody else", "012345"),
		of("Flow.Matches", func(d *Decisions, w *world, devices []string) any {
			c := flow.Challenge{DeviceID: devices[1], FormerDeviceID: devices[0], Former: tenant.OTP{Code: "654321", ExpiresAt: now.Add(time.Minute)}}
			return d.Flow.Matches(c, w.email, "654321", now)
		}, "the one before, of the same device", []string{"1", "1"}, "the one before, of another device", []string{"1", "2"}),
		of("Flow.Matches", func(d *Decisions, w *world, given string) any {
			d.Flow.Matches(flow.Challenge{Sent: tenant.OTP{Code: given, ExpiresAt: now.Add(time.Minute)}}, w.email, given, now)
			return d.Flow.Matches(flow.Challenge{}, w.email, given, now)
		}, "one that was right in another sign-on", "123456"),
		of("Flow.Exhausted", func(d *Decisions, _ *world, failures int) any {
			return d.Flow.Exhausted(&tenant.Device{Failures: failures}, tenant.DeviceMethod{FailureCount: 3})
		}, "two failures of three", 2, "three failures of three", 3),
		of("Flow.Profiles", func(d *Decisions, _ *world, asked bool) any {
			return d.Flow.Profiles(asked, &tenant.Action{PreventMultiplePromptsPerFlow: true})
		}, "an action that profiles", false, "one that does not want to be the second", true),
		of("Flow.Spares", func(d *Decisions, _ *world, last time.Time) any { return d.Flow.Spares(last, time.Hour, now) }, "who was never asked", time.Time{}, "who was asked within the interval", now.Add(-time.Minute), "who was asked before it", now.Add(-2*time.Hour)),
		of("Flow.Asks", func(d *Decisions, _ *world, required bool) any {
			return d.Flow.Asks(tenant.ProfileAttribute{Required: required}, true)
		}, "a required attribute within the interval", true, "an optional one within it", false),
		of("Flow.Known", func(d *Decisions, w *world, path string) any { return d.Flow.Known(w.anna.Profile, path) }, "a name that is there", "name.given", "a title that is not", "title"),
		of("Flow.Insists", func(d *Decisions, _ *world, required bool) any {
			return d.Flow.Insists(tenant.ProfileAttribute{Required: required})
		}, "a required attribute", true, "an optional one", false),
		of("Flow.Faults", func(d *Decisions, _ *world, value string) any { return d.Flow.Faults("mobilePhone", value) }, "a number without a digit", "none", "a number", "+1.5125550100"),
		of("Flow.Store", func(d *Decisions, w *world, given map[string]any) any {
			d.Flow.Store(w.anna, given, now.Add(time.Minute))
			return map[string]any{"profile": w.anna.Profile, "updated": w.anna.UpdatedAt}
		}, "a number that was given", map[string]any{"mobilePhone": "+1.5125550100"}, "nothing that was given", map[string]any{}),
	}
}

func newClock() time.Time { return time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC) }
