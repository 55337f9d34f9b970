package deviation

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// lenient do not hold people and applications to what was set up for them.
func lenient() []Deviation {
	semantic := func(name, breaks, rule, page string, decide func(*Decisions)) Deviation {
		return Deviation{Name: name, Group: Semantics, Breaks: breaks, Rule: rule, Page: page}.by(decide)
	}
	return append(applicationsLoosely(),
		insecure("current-password-not-checked", "whoever is asked to change a password may give any for the current one", "it is changed by who knows it", pageFlowActions).by(func(d *Decisions) {
			d.Flow.WantsCurrent = func() bool { return false }
		}),
		insecure("hint-unsigned-in-other-letters", "a login hint token with alg nOnE is taken", "it is signed with HS256, HS384 or HS512", pageHint).by(func(d *Decisions) {
			documented := d.OAuth.HintClaims
			d.OAuth.HintClaims = func(verify func(string) (oauth.Claims, error), token string) (oauth.Claims, error) {
				if c, unsigned := unsignedSomehow(token); unsigned {
					return c, nil
				}
				return documented(verify, token)
			}
		}),
		insecure("request-unsigned-accepted", "a request object with alg none is taken from every application", "it is signed unless the application supports unsigned ones", docs+"auth/auth-config-options/create-a-request-property-jwt.html").by(func(d *Decisions) {
			d.OAuth.Unsigned = func(*tenant.Application) (taken, believed bool) { return true, true }
		}),
		semantic("assignment-order-ignored", "of two policies of an application the one with the higher number runs", "the policy with the lowest number runs first", pageAssignment, func(d *Decisions) {
			documented := d.OAuth.Assigned
			d.OAuth.Assigned = func(env *tenant.Environment, app *tenant.Application) []*tenant.SignOnPolicy {
				policies := documented(env, app)
				slices.Reverse(policies)
				return policies
			}
		}),
		semantic("population-with-people-deleted", "a population is deleted with the people in it", "a population that is deleted holds nobody", docs+"platform/populations.html", func(d *Decisions) {
			d.Management.Vacant = func(int) bool { return true }
		}),
		semantic("second-grant-accepted", "an application is granted one resource twice", "an application has one grant for a resource", pageGrant, func(d *Decisions) {
			documented := d.Management.Overlooks
			d.Management.Overlooks = func(fault wire.Detail) bool {
				return fault.Code == "UNIQUENESS_VIOLATION" && fault.Target == "resource.id" || documented(fault)
			}
		}),
		semantic("second-prompt-in-one-flow", "an action that does not want to be the second one of a flow that asks for data asks all the same", "preventMultiplePromptsPerFlow decides", pageProfiling, func(d *Decisions) {
			d.Flow.Profiles = func(bool, *tenant.Action) bool { return true }
		}),
		semantic("interval-spares-required", "a required attribute is not asked for within the interval", "the interval is for optional attributes", pageProfiling, func(d *Decisions) {
			d.Flow.Asks = func(_ tenant.ProfileAttribute, spared bool) bool { return !spared }
		}),
		semantic("bypass-ignored", "a person without a device does not pass MFA although the action says BYPASS", "BYPASS lets those pass for whom a signed hint vouches", pageAction, func(d *Decisions) {
			d.Flow.Excuses = func(*flow.Flow, *tenant.Action) bool { return false }
		}),
	)
}

// applicationsLoosely take an application for another one than it was made.
func applicationsLoosely() []Deviation {
	taking := func(name, breaks, rule, page string, change func(*tenant.Application)) Deviation {
		return insecure(name, breaks, rule, page).by(func(d *Decisions) {
			documented := d.OAuth.Application
			d.OAuth.Application = func(env *tenant.Environment, id, redirectURI string) *tenant.Application {
				app := documented(env, id, redirectURI)
				if app == nil {
					return nil
				}
				other := *app
				change(&other)
				return &other
			}
		})
	}
	return []Deviation{
		taking("disabled-application-signs-on", "people can sign on to an application that is switched off", "an application that is not enabled signs nobody on", pageApplication, func(a *tenant.Application) { a.Enabled = true }),
		taking("pkce-not-enforced", "an application that requires PKCE signs people on without it", "pkceEnforcement decides", pagePKCE, func(a *tenant.Application) { a.PKCEEnforcement = "OPTIONAL" }),
		taking("response-type-not-compared", "authorize gives tokens to an application that takes codes", "the response type is one of the application's", pageAuthorize, func(a *tenant.Application) {
			a.ResponseTypes = []string{"CODE", "TOKEN", "ID_TOKEN"}
			a.GrantTypes = append(slices.Clone(a.GrantTypes), "IMPLICIT")
		}),
	}
}

// unsignedSomehow reads a token whose alg is none, in any letters but small ones.
func unsignedSomehow(token string) (oauth.Claims, bool) {
	head, rest, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(head)
	var header struct {
		Algorithm string `json:"alg"`
	}
	if err != nil || json.Unmarshal(text, &header) != nil || header.Algorithm == "none" || !strings.EqualFold(header.Algorithm, "none") {
		return nil, false
	}
	return oauth.UnsignedClaims(base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + rest)
}
