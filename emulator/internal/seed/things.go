package seed

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

func (m *maker) populations(v *value) {
	for _, item := range v.items("populations") {
		create(m, item, "/populations", m.env.Populations, body(item))
	}
}

// resources: the two that are there already are only changed where the seed says more.
func (m *maker) resources(v *value) {
	for _, item := range v.items("resources") {
		resource := m.env.Resources.First(func(r *tenant.Resource) bool { return r.Name == item.text("name") })
		if resource != nil && resource.Type != tenant.ResourceCustom {
			was := resource.ID
			resource.Seq = m.t.NewMeta(time.Time{}).Seq
			m.rename(item, resource.GetMeta(), func() { delete(m.env.Resources, was); m.env.Resources.Add(resource) })
		} else {
			var ok bool
			if resource, ok = create(m, item, "/resources", m.env.Resources, body(item, "scopes")); !ok {
				continue
			}
		}
		for _, scope := range item.items("scopes") {
			m.scope(resource, scope)
		}
	}
}

func (m *maker) scope(resource *tenant.Resource, item *value) {
	known := resource.Scopes.First(func(s *tenant.Scope) bool { return s.Name == item.text("name") })
	if known == nil || resource.Type == tenant.ResourceCustom {
		create(m, item, "/resources/"+resource.ID+"/scopes", resource.Scopes, body(item))
		return
	}
	was := known.ID
	known.Seq = m.t.NewMeta(time.Time{}).Seq
	if item.members["schemaAttributes"] != nil {
		known.SchemaAttributes = item.texts("schemaAttributes")
	}
	m.rename(item, known.GetMeta(), func() { delete(resource.Scopes, was); resource.Scopes.Add(known) })
}

func (m *maker) devicePolicies(v *value) {
	for _, item := range v.items("deviceAuthenticationPolicies") {
		sent := body(item)
		if sent["default"] == nil {
			sent["default"] = false
		}
		products := m.env.Products
		if sent["default"] == true { // every environment has a default one, licensed or not
			m.env.Products = append(slices.Clone(products), "PING_ONE_MFA")
		}
		create(m, item, "/deviceAuthenticationPolicies", m.env.DevicePolicies, sent)
		m.env.Products = products
	}
}

func (m *maker) policies(v *value) {
	for _, item := range v.items("signOnPolicies") {
		policy, ok := create(m, item, "/signOnPolicies", m.env.Policies, body(item, "default", "actions"))
		if !ok {
			continue
		}
		for i, action := range item.items("actions") {
			sent := body(action)
			if sent["priority"] == nil {
				sent["priority"] = i + 1
			}
			if named := action.members["deviceAuthenticationPolicy"]; named != nil {
				id := find(m, named, "device policy", m.env.DevicePolicies, devicePolicyName)
				if sent["deviceAuthenticationPolicy"] = ref(id); id == "" {
					continue
				}
			}
			create(m, action, "/signOnPolicies/"+policy.ID+"/actions", policy.Actions, sent)
		}
		if item.flag("default", false) {
			for _, other := range m.env.Policies {
				other.Default = other == policy
			}
		}
	}
}

func devicePolicyName(p *tenant.DevicePolicy) string { return p.Name }

func (m *maker) applications(v *value) {
	for _, item := range v.items("applications") {
		sent := body(item, "secret", "roles", "roleEnvironments", "grants", "signOnPolicyAssignments")
		for name, usual := range map[string]any{"enabled": true, "protocol": "OPENID_CONNECT"} {
			if sent[name] == nil {
				sent[name] = usual
			}
		}
		app, ok := m.application(item, sent)
		if !ok {
			continue
		}
		m.made[item] = app
		app.Secret = cmp.Or(item.text("secret"), app.Secret)
		for _, grant := range item.items("grants") {
			m.grant(app, grant)
		}
		for i, assignment := range item.items("signOnPolicyAssignments") {
			sent := body(assignment)
			if sent["priority"] == nil {
				sent["priority"] = i + 1
			}
			policy := find(m, assignment.at("signOnPolicy"), "sign-on policy", m.env.Policies, func(p *tenant.SignOnPolicy) string { return p.Name })
			if sent["signOnPolicy"] = ref(policy); policy != "" {
				create(m, assignment, "/applications/"+app.ID+"/signOnPolicyAssignments", app.Assignments, sent)
			}
		}
	}
}

// application makes an application; those that come with an environment are only changed.
func (m *maker) application(item *value, sent map[string]any) (*tenant.Application, bool) {
	known := m.env.Applications.First(func(a *tenant.Application) bool { return a.System() && a.Type == item.text("type") })
	if known == nil {
		return create(m, item, "/applications", m.env.Applications, sent)
	}
	if _, refused := m.api.call(http.MethodPut, m.env.ID, "/applications/"+known.ID, "application/json", sent); refused != nil {
		m.explain(item, refused)
		return nil, false
	}
	was := known.ID
	known.Seq = m.t.NewMeta(time.Time{}).Seq
	m.rename(item, known.GetMeta(), func() { delete(m.env.Applications, was); m.env.Applications.Add(known) })
	return known, true
}

// records takes over what Export wrote of them, as it is.
func (m *maker) records(v *value) {
	given := v.members["records"]
	if given == nil {
		return
	}
	var records map[string]tenant.Table[*tenant.Record]
	encoded, err := json.Marshal(given.plain())
	if err == nil {
		err = json.Unmarshal(encoded, &records)
	}
	if err != nil {
		m.report(given, "are not what GET /emulator/seed writes: %v", err)
		return
	}
	m.env.Records = records
}

func (m *maker) grant(app *tenant.Application, item *value) {
	id := find(m, item.at("resource"), "resource", m.env.Resources, func(r *tenant.Resource) string { return r.Name })
	resource := m.env.Resources[id]
	if resource == nil {
		return
	}
	var scopes []any
	for _, scope := range item.items("scopes") {
		scopes = append(scopes, ref(find(m, scope, "scope of "+resource.Name, resource.Scopes, func(s *tenant.Scope) string { return s.Name })))
	}
	if m.faults == nil {
		create(m, item, "/applications/"+app.ID+"/grants", app.Grants, map[string]any{"resource": ref(id), "scopes": scopes})
	}
}

func (m *maker) users(v *value) {
	for _, item := range v.items("users") {
		sent := body(item, "password", "devices", "prompted", "emailVerified")
		if named := item.members["population"]; named != nil {
			id := find(m, named, "population", m.env.Populations, func(p *tenant.Population) string { return p.Name })
			if sent["population"] = ref(id); id == "" {
				continue
			}
		}
		u, ok := create(m, item, "/users", m.env.Users, sent)
		if !ok {
			continue
		}
		u.Enabled, u.EmailVerified = item.flag("enabled", true), item.flag("emailVerified", false)
		if password := item.members["password"]; password != nil {
			m.password(u, password)
		}
		for _, device := range item.items("devices") {
			m.device(u, device)
		}
		if prompted := item.members["prompted"]; prompted != nil {
			for _, name := range prompted.names {
				u.Prompted[name] = m.moment(prompted.members[name])
			}
		}
	}
}

func (m *maker) moment(v *value) time.Time {
	at, err := time.Parse(time.RFC3339, v.textOf())
	if err != nil {
		m.report(v, "is no time such as 2026-01-15T09:00:00Z")
	}
	return at
}

// password takes a password in clear text to the API, which holds it against the
// password policy, and one that was written by Export as it is.
func (m *maker) password(u *tenant.User, v *value) {
	if v.members == nil || v.members["value"] != nil {
		clear, sent := v.textOf(), map[string]any{"forceChange": v.flag("forceChange", false)}
		at := v
		if v.members != nil {
			clear, at = v.text("value"), v.members["value"]
		}
		sent["value"] = clear
		media := "application/vnd.pingidentity.password.set+json"
		if _, refused := m.api.call(http.MethodPut, m.env.ID, "/users/"+u.ID+"/password", media, sent); refused != nil {
			m.explain(at, refused)
		}
		return
	}
	u.Password = tenant.Password{
		Set: true, Scheme: v.text("scheme"), Hash: m.bytes(v, "hash"), Salt: m.bytes(v, "salt"), ForceChange: v.flag("forceChange", false),
	}
	for i := range v.items("history") {
		u.Password.History = append(u.Password.History, m.decode(v.members["history"].list[i]))
	}
	if v.members["changedAt"] != nil {
		u.Password.ChangedAt = m.moment(v.members["changedAt"])
	}
}

func (m *maker) bytes(v *value, name string) []byte {
	if v.members[name] == nil {
		m.report(v, "has neither value nor %s", name)
		return nil
	}
	return m.decode(v.members[name])
}

func (m *maker) decode(v *value) []byte {
	decoded, err := base64.StdEncoding.DecodeString(v.textOf())
	if err != nil {
		m.report(v, "is no base64")
	}
	return decoded
}

func (m *maker) device(u *tenant.User, item *value) {
	sent := body(item, "status", "blocked", "secret", "passcode")
	if named := item.members["policy"]; named != nil {
		id := find(m, named, "device policy", m.env.DevicePolicies, devicePolicyName)
		if sent["policy"] = ref(id); id == "" {
			return
		}
	}
	d, ok := create(m, item, "/users/"+u.ID+"/devices", u.Devices, sent)
	if !ok {
		return
	}
	d.Status, d.Blocked = cmp.Or(item.text("status"), "ACTIVE"), item.flag("blocked", false)
	if secret := item.text("secret"); secret != "" && d.Type == "TOTP" {
		d.KeyURI = strings.Replace(d.KeyURI, d.Secret, secret, 1)
		d.Secret = secret
	} else if secret != "" {
		m.report(item.at("secret"), "only a TOTP device has a secret")
	}
	passcode := item.text("passcode")
	digits := m.env.DevicePolicies[d.PolicyID].Method(d.Type).OTPLength
	switch {
	case passcode != "" && d.Type == "TOTP":
		m.report(item.at("passcode"), "a TOTP device computes its passcodes: give its secret instead")
	case passcode != "" && len(passcode) != digits:
		m.report(item.at("passcode"), "has %d digits, and the device policy says %d", len(passcode), digits)
	}
	d.Passcode = passcode
}
