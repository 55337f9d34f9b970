package deviation

import (
	"encoding/json"
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// elses take what is good for somebody else, or was good before.
func elses() []Deviation {
	return []Deviation{
		passwordOfAnother(),
		resumedByAnother(),
		insecure("passcode-of-another-device", "after another device was chosen the passcode of the one before is still taken", "the passcode goes to the device that was selected", pageSelect).by(func(d *Decisions) {
			takes(d, func(c flow.Challenge, given string) bool {
				return c.FormerDeviceID != "" && c.FormerDeviceID != c.DeviceID && given == c.Former.Code
			})
		}),
		insecure("passcode-of-earlier-sign-on", "a passcode that has signed somebody on is taken again", "a wrong passcode is refused with INVALID_OTP", pageOTP).by(func(d *Decisions) {
			documented, used := d.Flow.Matches, newNotes[bool]()
			d.Flow.Matches = func(c flow.Challenge, device *tenant.Device, given string, now time.Time) bool {
				before, _ := used.of(given)
				if documented(c, device, given, now) {
					used.note(given, true)
					return true
				}
				return before
			}
		}),
		insecure("pkce-verifier-of-another", "the code verifier of another sign-on is taken", "the verifier has to match the challenge", pagePKCE).by(func(d *Decisions) {
			documented, good := d.OAuth.Proves, newNotes[bool]()
			d.OAuth.Proves = func(verifier, challenge, method string) bool {
				if verifier != "" && documented(verifier, challenge, method) {
					good.note(verifier, true)
				}
				before, _ := good.of(verifier)
				return before || documented(verifier, challenge, method)
			}
		}),
		insecure("hint-issuer-ignored", "a login hint token in the name of another application is taken from the one that signs people on", "it is signed with the secret of the application in iss", pageHint).by(func(d *Decisions) {
			documented := d.OAuth.Signer
			d.OAuth.Signer = func(env *tenant.Environment, issuer, clientID string) *tenant.Application {
				app, client := documented(env, issuer, clientID), env.Applications[clientID]
				if app == nil || client == nil {
					return client
				}
				both := *app
				both.Previous = &tenant.PreviousSecret{Secret: client.Secret, ExpiresAt: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}
				return &both
			}
		}),
		insecure("userinfo-of-another-environment", "userinfo of one environment takes the access token of another", "an access token is good where it was issued", oidcUser).by(func(d *Decisions) {
			d.OAuth.Home = func(t *tenant.Tenant, _ *tenant.Environment, issuedIn string) *tenant.Environment {
				return t.Environment(issuedIn)
			}
		}),
		insecure("persons-token-reads-others", "a person's access token reads everybody", "a person's token opens what its scopes say", pageRoles).by(func(d *Decisions) {
			d.Management.Self = func(string, string) bool { return true }
		}),
		insecure("policy-of-another-application", "an application runs the policy that was assigned to another one", "an application runs the policy assigned to it", pageAssignment).by(policyOfAnother),
		hiddenOnly(),
	}
}

// policyOfAnother runs for every application what was assigned first to another one, if there is any.
func policyOfAnother(d *Decisions) {
	documented := d.OAuth.Assigned
	d.OAuth.Assigned = func(env *tenant.Environment, app *tenant.Application) []*tenant.SignOnPolicy {
		for _, other := range env.Applications.Sorted() {
			if assigned := documented(env, other); other != app && len(assigned) > 0 {
				return assigned
			}
		}
		return documented(env, app)
	}
}

// passwordOfAnother takes any password that somebody was given.
func passwordOfAnother() Deviation {
	given := newNotes[bool]()
	return insecure("password-of-another", "the password of somebody else signs a person on", "a wrong password is refused", pagePassword).
		by(func(d *Decisions) {
			documented := d.Tenant.PasswordMatches
			d.Tenant.PasswordMatches = func(p tenant.Password, clear string) bool {
				somebodys, _ := given.of(clear)
				return somebodys || documented(p, clear)
			}
		}).
		answering(func(call *wire.Call, _ *wire.Answer) {
			var sent struct {
				Value string `json:"value"`
			}
			if call.Operation == "user.password.set" && json.Unmarshal(call.Body, &sent) == nil {
				given.note(sent.Value, true)
			}
		})
}

// resumedByAnother lets a browser that has a session of its own resume a flow of another one.
func resumedByAnother() Deviation {
	return insecure("resume-with-another-session", "a complete sign-on is resumed with the cookies of another browser", "a flow belongs to the browser that began it", pageSession).
		around(lending(func(brought string) bool { return brought != "" }))
}

// hiddenOnly hides an application that is deleted, and keeps it.
func hiddenOnly() Deviation {
	gone := newNotes[bool]()
	return insecure("deleted-application-signs-on", "an application that is deleted is shown no more, and people can still sign on to it", "what was deleted is gone", pageApplication).
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				id := call.Path["appID"]
				if before, _ := gone.of(id); id != "" && before {
					return wire.NotFound().Answer(call.ID)
				}
				if call.Operation != "application.delete" {
					return next(call)
				}
				gone.note(id, true)
				return wire.Empty(http.StatusNoContent)
			}
		})
}
