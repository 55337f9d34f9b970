package deviation

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// refused are refusals of a sign-on that act all the same, and refusals that do not say why.
func refused() []Deviation {
	return slices.Concat(flowsRefused(), accessRefused(), []Deviation{
		shape("error-code-missing", "a refusal has no code", "an error has id, code and message", pageErrors,
			onRefusal(http.StatusBadRequest, edit(func(_ *wire.Call, b object) { delete(b, "code") }))),
		shape("error-detail-code-missing", "the details of a refusal have no code", "a detail has code and message", pageErrors,
			onRefusal(http.StatusBadRequest, edit(eachDetail(func(d object) { delete(d, "code") })))),
		shape("error-details-as-text", "the details of a refusal are a text", "details are a list", pageErrors,
			onRefusal(http.StatusBadRequest, edit(func(_ *wire.Call, b object) {
				if b["details"] != nil {
					b["details"] = "see the manual"
				}
			}))),
		shape("flow-refusal-code-missing", "the refusal of a flow action has no code", "an error has id, code and message", pageErrors,
			func(call *wire.Call, a *wire.Answer) {
				if a.Status >= http.StatusBadRequest && named(call.Operation, []string{"flow."}) {
					edit(func(_ *wire.Call, b object) { delete(b, "code") })(call, a)
				}
			}),
		shape("profile-data-as-too-many", "profile data that is not valid is refused as an attempt too many", "the code says why a call is refused", pageUpdate,
			refusing("flow.user.update", edit(inDetails("code", "LIMIT_EXCEEDED")))),
	})
}

func eachDetail(do func(object)) func(*wire.Call, object) {
	return func(_ *wire.Call, body object) {
		details, _ := body["details"].([]any)
		for _, detail := range details {
			if d, isObject := detail.(object); isObject {
				do(d)
			}
		}
	}
}

// flowsRefused refuse what was sent to a flow, and take it.
func flowsRefused() []Deviation {
	return []Deviation{
		profileKept(),
		refusedAndDone("refused-skip-goes-on", "skipping a required attribute is refused, and sign-on goes on", pageUpdate, "flow.user.update", func(d *Decisions, acts func() bool) {
			documented := d.Flow.Insists
			d.Flow.Insists = func(a tenant.ProfileAttribute) bool { return !acts() && documented(a) }
		}),
		refusedAndDone("refused-password-goes-on", "a wrong password is refused, and sign-on goes on", pagePassword, "flow.usernamePassword.check", func(d *Decisions, acts func() bool) {
			documented := d.Tenant.PasswordMatches
			d.Tenant.PasswordMatches = func(p tenant.Password, clear string) bool { return acts() || documented(p, clear) }
		}),
		refusedAndDone("refused-passcode-completes", "a wrong passcode is refused, and sign-on is complete", pageOTP, "flow.otp.check", func(d *Decisions, acts func() bool) {
			documented := d.Flow.Matches
			d.Flow.Matches = func(c flow.Challenge, device *tenant.Device, given string, now time.Time) bool {
				return acts() || documented(c, device, given, now)
			}
		}),
	}
}

// profileKept refuses profile data and shows it in the record all the same.
func profileKept() Deviation {
	people, kept := newNotes[string](), newNotes[object]()
	return insecure("refused-profile-data-stored", "profile data that is not valid is refused and stored", "what is refused is not done", pageUpdate).
		answering(func(call *wire.Call, a *wire.Answer) {
			id := call.Path["flowID"]
			if call.Operation == "flow.user.update" && a.Status >= http.StatusBadRequest {
				var sent object
				if user, known := people.of(id); known && json.Unmarshal(call.Body, &sent) == nil {
					kept.note(user, sent)
				}
				return
			}
			edit(func(call *wire.Call, body object) {
				embedded, _ := body["_embedded"].(object)
				user, _ := embedded["user"].(object)
				if person, isText := user["id"].(string); isText && id != "" {
					people.note(id, person)
				}
				if more, known := kept.of(call.Path["userID"]); known && call.Operation == "user.read" {
					for name, value := range more {
						body[name] = value
					}
				}
			})(call, a)
		})
}

// accessRefused refuse a call for want of access, and carry it out with what another call had.
func accessRefused() []Deviation {
	const rule = "what is refused is not done"
	return []Deviation{
		cookieLent(),
		refusedAndDone("forbidden-and-created", "the creation of an application by another environment's worker is refused and carried out", pageRoles, "application.create",
			func(d *Decisions, acts func() bool) {
				documented := d.Management.HoldsRole
				d.Management.HoldsRole = func(worker *tenant.Application, env *tenant.Environment, roles []string) bool {
					return acts() || documented(worker, env, roles)
				}
			}),
		refusedAndDone("expired-and-created", "the creation of an application with a token that has expired is refused and carried out", pageErrors, "application.create",
			func(d *Decisions, acts func() bool) {
				documented := d.OAuth.Expired
				d.OAuth.Expired = func(expires, now time.Time) bool { return !acts() && documented(expires, now) }
			}),
		insecure("plain-password-refused-and-set", "a password without its media type is refused and set", rule, pageSetPassword).
			by(plainPassword).
			around(func(next wire.Handler) wire.Handler {
				return func(call *wire.Call) *wire.Answer {
					if call.Operation == "user.password.set.again" {
						<-time.After(2 * time.Millisecond) // the time of the change is told in milliseconds, and has to be another than that of the last
					}
					answer := next(call)
					if call.Operation == "user.password.set.again" && good(answer) {
						instead(wire.UnsupportedMediaType())(call, answer)
					}
					return answer
				}
			}),
	}
}

// cookieLent hands an action of a flow in again that was refused for want of cookies, with those of the flow's own browser.
func cookieLent() Deviation {
	cookies := newNotes[string]()
	return insecure("cookieless-action-done", "a flow action without cookies is refused and carried out", "what is refused is not done", pageSession).
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				answer := next(call)
				id := call.Path["flowID"]
				if has := cookiesAfter(call, answer); good(answer) && id != "" && has != "" {
					cookies.note(id, has)
				}
				if own, known := cookies.of(id); known && call.Method == http.MethodPost && answer.Status == http.StatusUnauthorized {
					again := *call
					again.Header = call.Header.Clone()
					again.Header.Set("Cookie", own)
					next(&again)
				}
				return answer
			}
		})
}

// cookiesAfter are what a browser that sent cookies has after an answer: a proven factor may have given it others.
func cookiesAfter(call *wire.Call, answer *wire.Answer) string {
	cookies := (&http.Request{Header: call.Header}).Cookies()
	for _, fresh := range (&http.Response{Header: answer.Header}).Cookies() {
		cookies = slices.DeleteFunc(cookies, func(c *http.Cookie) bool { return c.Name == fresh.Name })
		cookies = append(cookies, fresh)
	}
	var pairs []string
	for _, c := range cookies {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return strings.Join(pairs, "; ")
}
