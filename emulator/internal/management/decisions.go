package management

import (
	"encoding/json"
	"net/url"
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// Decisions are what the management API decides, each by its name. Documented are
// those of PingOne.
type Decisions struct {
	// Stranger is who calls an environment with a token that nobody issued, or with
	// none: nobody.
	Stranger func(env *tenant.Environment, bearer string) (Principal, bool)
	// HoldsRole says whether a worker has one of the roles in the environment.
	HoldsRole func(worker *tenant.Application, env *tenant.Environment, roles []string) bool
	// Query are the parameters of a call that count: all that were sent.
	Query func(url.Values) url.Values
	// PasswordMedia are the media types with which a password is set.
	PasswordMedia func() []string

	// Overlooks says whether a fault of a body is let pass: none is.
	Overlooks func(wire.Detail) bool
	// IsWhole says whether a number is a whole one.
	IsWhole func(json.Number) bool
	// Merge changes what is stored by what a PATCH sends.
	Merge func(old, change map[string]any) map[string]any
	// SetMFA switches MFA on or off for a person.
	SetMFA func(u *tenant.User, enabled bool)
	// Deletes says whether a deletion, by its operation, may go to work: it may.
	Deletes func(operation string) bool
	// Dispensable says whether a policy can lose an action: it keeps one at least.
	Dispensable func(*tenant.SignOnPolicy) bool

	// Vacant says whether a population of so many people can be deleted: it has to be empty.
	Vacant func(people int) bool
	// Self says whether a person may act on a person: on nobody else.
	Self func(caller, user string) bool

	// Listed is an application in a list: it looks as it does by itself.
	Listed func(a *tenant.Application, shown map[string]any)
	// Shown is a person as the API shows them: without anything of the password.
	Shown func(u *tenant.User, shown map[string]any)
}

// Documented are the decisions as PingOne's pages have them.
func Documented() Decisions {
	return Decisions{
		Stranger:      func(*tenant.Environment, string) (Principal, bool) { return Principal{}, false },
		HoldsRole:     holdsRole,
		Query:         func(sent url.Values) url.Values { return sent },
		PasswordMedia: func() []string { return []string{mediaVendor + "password.set+json"} },
		Overlooks:     func(wire.Detail) bool { return false },
		IsWhole:       func(n json.Number) bool { _, whole := wholeNumber(n); return whole },
		Merge:         merge,
		SetMFA:        func(u *tenant.User, enabled bool) { u.MFAEnabled = enabled },
		Deletes:       func(string) bool { return true },
		Dispensable:   func(p *tenant.SignOnPolicy) bool { return len(p.Actions) > 1 },
		Vacant:        func(people int) bool { return people == 0 },
		Self:          func(caller, user string) bool { return caller == user },
		Listed:        func(*tenant.Application, map[string]any) {},
		Shown:         func(*tenant.User, map[string]any) {},
	}
}

func holdsRole(worker *tenant.Application, env *tenant.Environment, roles []string) bool {
	return slices.Contains(worker.RoleEnvironments, env.ID) &&
		slices.ContainsFunc(roles, func(role string) bool { return slices.Contains(worker.Roles, role) })
}
