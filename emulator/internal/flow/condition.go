package flow

import (
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/condition"
	"pingone-conformance/emulator/internal/tenant"
)

// applies evaluates the condition of an action. One that finds the last sign-on with
// a factor too long ago has that factor proven again.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions.html
func applies(at Visit, f *Flow, action *tenant.Action) bool {
	raw, sent := action.Sent["condition"].(map[string]any)
	if !sent {
		return true
	}
	c, err := condition.Parse(raw, func(string) bool { return true })
	facts := condition.Facts{Now: at.Now, Value: func(name string) any { return f.value(at, name) }}
	if err != nil || !c.Holds(facts) {
		return false
	}
	for variable, method := range map[string]string{condition.PasswordAt: Password, condition.MFAAt: Passcode} {
		if c.Stale(variable, facts) {
			f.Methods = slices.DeleteFunc(f.Methods, func(proven string) bool { return proven == method })
		}
	}
	return true
}

// value is a variable of a condition, nil when it has none.
func (f *Flow) value(at Visit, name string) any {
	switch name {
	case condition.RemoteIP:
		return at.Remote
	case condition.PasswordAt:
		return f.provenAt[Password]
	case condition.MFAAt:
		return f.provenAt[Passcode]
	}
	u := at.Env.Users[f.UserID]
	attribute, aboutUser := strings.CutPrefix(name, "user.")
	if u == nil || !aboutUser {
		return nil
	}
	switch attribute {
	case "id":
		return u.ID
	case "population.id":
		return u.PopulationID
	case "memberOfGroups", "memberOfGroupIDs":
		return u.Groups
	case "enabled":
		return u.Enabled
	case "mfaEnabled":
		return u.MFAEnabled
	case "lastSignOn.at":
		return u.LastSignOnAt
	case "lastSignOn.remoteIp":
		return u.LastSignOnIP
	}
	return valueAt(u.Profile, attribute)
}

func valueAt(members map[string]any, path string) any {
	head, rest, nested := strings.Cut(path, ".")
	if !nested {
		return members[head]
	}
	inner, _ := members[head].(map[string]any)
	return valueAt(inner, rest)
}
