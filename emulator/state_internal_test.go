package emulator

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// What is made after a restart is newer than whatever the file holds, of whichever kind that is.
func TestTheNewestThingOfAFile(t *testing.T) {
	at := func(seq int) tenant.Meta { return tenant.Meta{ID: "x", Seq: seq} }
	for what, add := range map[string]func(*tenant.Environment){
		"environment":   func(e *tenant.Environment) { e.Seq = 9 },
		"application":   func(e *tenant.Environment) { e.Applications.Add(&tenant.Application{Meta: at(9)}) },
		"population":    func(e *tenant.Environment) { e.Populations.Add(&tenant.Population{Meta: at(9)}) },
		"user":          func(e *tenant.Environment) { e.Users.Add(&tenant.User{Meta: at(9)}) },
		"device policy": func(e *tenant.Environment) { e.DevicePolicies.Add(&tenant.DevicePolicy{Meta: at(9)}) },
		"resource":      func(e *tenant.Environment) { e.Resources.Add(&tenant.Resource{Meta: at(9)}) },
		"policy":        func(e *tenant.Environment) { e.Policies.Add(&tenant.SignOnPolicy{Meta: at(9)}) },
		"group":         func(e *tenant.Environment) { e.RecordsAt("/groups").Add(&tenant.Record{Meta: at(9)}) },
		"grant": func(e *tenant.Environment) {
			e.Applications.Add(&tenant.Application{Meta: at(3), Grants: tenant.Table[*tenant.Grant]{"x": {Meta: at(9)}}})
		},
		"assignment": func(e *tenant.Environment) {
			e.Applications.Add(&tenant.Application{Meta: at(3), Assignments: tenant.Table[*tenant.Assignment]{"x": {Meta: at(9)}}})
		},
		"scope": func(e *tenant.Environment) {
			e.Resources.Add(&tenant.Resource{Meta: at(3), Scopes: tenant.Table[*tenant.Scope]{"x": {Meta: at(9)}}})
		},
		"action": func(e *tenant.Environment) {
			e.Policies.Add(&tenant.SignOnPolicy{Meta: at(3), Actions: tenant.Table[*tenant.Action]{"x": {Meta: at(9)}}})
		},
		"device": func(e *tenant.Environment) {
			e.Users.Add(&tenant.User{Meta: at(3), Devices: tenant.Table[*tenant.Device]{"x": {Meta: at(9)}}})
		},
	} {
		e := &tenant.Environment{
			Meta: at(2), Applications: tenant.Table[*tenant.Application]{}, Populations: tenant.Table[*tenant.Population]{}, Users: tenant.Table[*tenant.User]{},
			DevicePolicies: tenant.Table[*tenant.DevicePolicy]{}, Resources: tenant.Table[*tenant.Resource]{}, Policies: tenant.Table[*tenant.SignOnPolicy]{},
		}
		add(e)
		require.Equal(t, 9, newest(tenant.Data{Environments: tenant.Table[*tenant.Environment]{"x": e}}), what)
	}
}
