package deviation

import (
	"encoding/base64"
	"encoding/json"
	"net/url"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// stranger takes the environment's worker application for who calls.
func stranger(d *Decisions, meant func(bearer string) bool) {
	documented := d.Management.Stranger
	d.Management.Stranger = func(env *tenant.Environment, bearer string) (management.Principal, bool) {
		for _, a := range env.Applications.Sorted() {
			if a.Type == "WORKER" && meant(bearer) {
				return management.Principal{EnvironmentID: env.ID, ClientID: a.ID, Worker: true}, true
			}
		}
		return documented(env, bearer)
	}
}

func noToken(d *Decisions) { stranger(d, func(bearer string) bool { return bearer == "" }) }

func anyToken(d *Decisions) { stranger(d, func(bearer string) bool { return bearer != "" }) }

func everyEnvironment(d *Decisions) {
	d.Management.HoldsRole = func(*tenant.Application, *tenant.Environment, []string) bool { return true }
}

// without loses a parameter of the query.
func without(parameter string) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.Management.Query
		d.Management.Query = func(sent url.Values) url.Values {
			sent.Del(parameter)
			return documented(sent)
		}
	}
}

func plainPassword(d *Decisions) {
	documented := d.Management.PasswordMedia
	d.Management.PasswordMedia = func() []string { return append(documented(), "application/json") }
}

// overlooked lets the faults of a code pass.
func overlooked(code string) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.Management.Overlooks
		d.Management.Overlooks = func(fault wire.Detail) bool { return fault.Code == code || documented(fault) }
	}
}

func fractionsWhole(d *Decisions) { d.Management.IsWhole = func(json.Number) bool { return true } }

func changeLost(d *Decisions) {
	d.Management.Merge = func(old, _ map[string]any) map[string]any { return old }
}

func mfaLost(d *Decisions) { d.Management.SetMFA = func(*tenant.User, bool) {} }

func nothingDeleted(d *Decisions) { d.Management.Deletes = func(string) bool { return false } }

func emptyPolicy(d *Decisions) {
	d.Management.Dispensable = func(*tenant.SignOnPolicy) bool { return true }
}

func secretListed(d *Decisions) {
	d.Management.Listed = func(a *tenant.Application, shown map[string]any) { shown["secret"] = a.Secret }
}

func passwordShown(d *Decisions) {
	d.Management.Shown = func(u *tenant.User, shown map[string]any) {
		shown["password"] = base64.StdEncoding.EncodeToString(u.Password.Hash)
	}
}
