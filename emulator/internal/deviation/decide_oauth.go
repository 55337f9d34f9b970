package deviation

import (
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
)

// Authorization requests.

func noForm(d *Decisions) { d.OAuth.TakesForm = func() bool { return false } }

func noFlow(d *Decisions) { d.OAuth.ShowsFlow = func(string) bool { return false } }

func anyRedirect(d *Decisions) {
	d.OAuth.Registered = func(*tenant.Application, string) bool { return true }
}

func anyRefusalRedirect(d *Decisions) { d.OAuth.Trusts = func(uri string) bool { return uri != "" } }

func anyApplication(d *Decisions) {
	documented := d.OAuth.Application
	d.OAuth.Application = func(env *tenant.Environment, id, redirectURI string) *tenant.Application {
		if app := documented(env, id, redirectURI); app != nil {
			return app
		}
		return env.Applications.First(func(a *tenant.Application) bool { return slices.Contains(a.RedirectURIs, redirectURI) })
	}
}

func nothingAssigned(d *Decisions) {
	d.OAuth.Assigned = func(*tenant.Environment, *tenant.Application) []*tenant.SignOnPolicy { return nil }
}

func nothingGranted(d *Decisions) {
	d.OAuth.Grants = func(*tenant.Environment, *tenant.Application) []*tenant.Grant { return nil }
}

func everythingGranted(d *Decisions) {
	d.OAuth.Grants = func(env *tenant.Environment, _ *tenant.Application) []*tenant.Grant {
		var all []*tenant.Grant
		for _, r := range env.Resources.Sorted() {
			grant := &tenant.Grant{ResourceID: r.ID}
			for _, scope := range r.Scopes.Sorted() {
				grant.ScopeIDs = append(grant.ScopeIDs, scope.ID)
			}
			all = append(all, grant)
		}
		return all
	}
}

func sessionForAnother(d *Decisions) {
	documented := d.OAuth.Answers
	d.OAuth.Answers = func(u, hinted *tenant.User) *tenant.User {
		if u != nil && hinted != nil {
			return hinted
		}
		return documented(u, hinted)
	}
}

// returned changes a parameter that comes back.
func returned(name string, change func(string) string) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.OAuth.Returned
		d.OAuth.Returned = func(parameter, value string) string {
			if parameter == name && value != "" {
				return change(value)
			}
			return documented(parameter, value)
		}
	}
}

func dropped(string) string { return "" }

func altered(value string) string { return strings.ToLower(value) + "-" }

// Login hint tokens.

func everyHint(d *Decisions) { d.OAuth.Hints = func(int) bool { return true } }

func unsignedHint(d *Decisions) {
	documented := d.OAuth.HintClaims
	d.OAuth.HintClaims = func(verify func(string) (oauth.Claims, error), token string) (oauth.Claims, error) {
		if c, unsigned := oauth.UnsignedClaims(token); unsigned {
			return c, nil
		}
		return documented(verify, token)
	}
}

func anySignature(d *Decisions) {
	d.OAuth.Verify = func(token *jose.JSONWebSignature, _ []string) ([]byte, error) {
		return token.UnsafePayloadWithoutVerification(), nil
	}
}

func anyHeader(d *Decisions) { d.OAuth.ForbiddenHeaders = func() []jose.HeaderKey { return nil } }

func anyAudience(d *Decisions) { d.OAuth.Addressed = func(oauth.Claims, string) bool { return true } }

func anyAge(d *Decisions) { d.OAuth.Alive = func(oauth.Claims, time.Time) bool { return true } }

func ownHintsOnly(d *Decisions) {
	d.OAuth.Vouches = func(issuer, clientID string) bool { return issuer == clientID }
}

func usernameUnknown(d *Decisions) {
	documented := d.OAuth.Named
	d.OAuth.Named = func(env *tenant.Environment, name string) *tenant.User {
		if u := documented(env, name); u != nil && u.ID == name {
			return u
		}
		return nil
	}
}

func anybodyHinted(d *Decisions) {
	documented := d.OAuth.Named
	d.OAuth.Named = func(env *tenant.Environment, name string) *tenant.User {
		u := documented(env, name)
		if u == nil {
			for _, other := range env.Users.Sorted() {
				if other.MFAEnabled && len(other.Devices) > 0 {
					u = other
				}
			}
		}
		return u
	}
}

// Flows.

func fixedDeadline(d *Decisions) {
	documented := d.OAuth.Deadline
	d.OAuth.Deadline = func(begun, _ time.Time) time.Time { return documented(begun, begun) }
}

func keptForever(d *Decisions) {
	documented := d.OAuth.Forgotten
	d.OAuth.Forgotten = func(deadline time.Time) time.Time { return documented(deadline).Add(browser.Lifetime) }
}

func passcodeAsDefault(d *Decisions) {
	documented := d.OAuth.Default
	d.OAuth.Default = func(f *flow.Flow) string {
		if f.Status == flow.PasscodeRequired {
			return flow.CheckPasscode
		}
		return documented(f)
	}
}

func alwaysFinished(d *Decisions) { d.OAuth.Finished = func(*flow.Flow) bool { return true } }

func passcodeForAll(d *Decisions) {
	d.OAuth.ShowsPasscode = func(*tenant.Device, bool) bool { return true }
}

func unmasked(d *Decisions) {
	d.OAuth.Address = func(device *tenant.Device) (string, string) { return device.Phone, device.Email }
}

// Applications and their codes.

func anyMethod(d *Decisions) {
	d.OAuth.Method = func(*tenant.Application, string) bool { return true }
}

func anySecret(d *Decisions) { d.OAuth.SecretMatches = func(string, string) bool { return true } }

func codeKept(d *Decisions) { d.OAuth.UsesUp = func() bool { return false } }

func anyClient(d *Decisions) { d.OAuth.SameClient = func(string, string) bool { return true } }

func anyExchangeRedirect(d *Decisions) {
	d.OAuth.SameRedirect = func(*tenant.Application, string, string) bool { return true }
}

func anyVerifier(d *Decisions) { d.OAuth.Proves = func(string, string, string) bool { return true } }
