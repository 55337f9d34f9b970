package deviation

import (
	"bytes"
	"net/http"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// acting refuse a call and carry it out all the same.
func acting() []Deviation {
	var all []Deviation
	for _, kind := range []struct{ name, what, operation, page string }{
		{"application", "an application", "application.create", pageApplication},
		{"grant", "a grant", "grant.create", pageGrant},
		{"policy", "a sign-on policy", "signOnPolicy.create", pagePolicy},
		{"action", "an action of a policy", "action.create", pageAction},
		{"assignment", "an assignment", "assignment.create", pageAssignment},
		{"population", "a population", "population.create", pageConventions},
		{"user", "a user", "user.create", pageUser},
		{"device", "a device", "device.create", pageDevice},
	} {
		all = append(all, refusedAndDone("refused-"+kind.name+"-created", "the creation of "+kind.what+" is refused and carried out", kind.page, kind.operation, func(d *Decisions, acts func() bool) {
			documented := d.Management.Overlooks
			d.Management.Overlooks = func(fault wire.Detail) bool { return acts() || documented(fault) }
		}))
	}
	return append(all,
		refusedAndDone("refused-action-deleted", "the deletion of a policy's last action is refused and carried out", pageAction, "action.delete", func(d *Decisions, acts func() bool) {
			documented := d.Management.Dispensable
			d.Management.Dispensable = func(p *tenant.SignOnPolicy) bool { return acts() || documented(p) }
		}),
		refusedAndDone("refused-password-set", "a password that is too weak is refused and set", pagePolicies, "user.password.set", func(d *Decisions, acts func() bool) {
			documented := d.Tenant.PasswordFaults
			d.Tenant.PasswordFaults = func(u *tenant.User, clear string) []string {
				if acts() {
					return nil
				}
				return documented(u, clear)
			}
		}),
		refusedAndDone("refused-hint-sends-passcode", "a login hint token that does not hold is refused, and a passcode is sent", pageHint, "authorize", func(d *Decisions, acts func() bool) {
			verify, alive := d.OAuth.Verify, d.OAuth.Alive
			d.OAuth.Verify = func(token *jose.JSONWebSignature, secrets []string) ([]byte, error) {
				if acts() {
					return token.UnsafePayloadWithoutVerification(), nil
				}
				return verify(token, secrets)
			}
			d.OAuth.Alive = func(c oauth.Claims, now time.Time) bool { return acts() || alive(c, now) }
		}),
		withoutToken(),
	)
}

// refusedAndDone is a deviation that hands a refused call in a second time, and then the decision acts, and answers with
// the refusal.
func refusedAndDone(name, breaks, page, operation string, decide func(d *Decisions, acts func() bool)) Deviation {
	var mu sync.Mutex
	acts := false
	return insecure(name, breaks, "what is refused is not done", page).
		by(func(d *Decisions) { decide(d, func() bool { return acts }) }).
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				mu.Lock() // so that nobody else's call is taken for the second
				defer mu.Unlock()
				answer := next(call)
				if call.Operation == operation && answer.Status >= http.StatusBadRequest && !withoutName(call) {
					acts = true
					next(call)
					acts = false
				}
				return answer
			}
		})
}

// withoutName tells of the creation of what everybody lists and what has no name: it would be seen by whom it does not concern.
func withoutName(call *wire.Call) bool {
	switch call.Operation {
	case "application.create", "signOnPolicy.create", "population.create":
		return !bytes.Contains(call.Body, []byte(`"name":`))
	}
	return false
}

// withoutToken carries out what is refused for want of a token, with that of an earlier call.
func withoutToken() Deviation {
	var mu sync.Mutex
	bearer := ""
	return insecure("unauthorized-and-created", "the creation of an application without a token is refused and carried out", "what is refused is not done", pageErrors).
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				answer := next(call)
				if call.Operation != "application.create" && call.Operation != "application.list" {
					return answer
				}
				mu.Lock()
				defer mu.Unlock()
				if answer.Status < http.StatusBadRequest {
					bearer = call.Header.Get("Authorization")
				}
				if answer.Status == http.StatusUnauthorized && bearer != "" {
					again := *call
					again.Header = call.Header.Clone()
					again.Header.Set("Authorization", bearer)
					next(&again)
				}
				return answer
			}
		})
}
