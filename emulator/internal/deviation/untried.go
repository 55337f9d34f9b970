package deviation

import (
	"strings"
	"sync"
	"unicode"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// untried are ways that nobody goes by accident.
func untried() []Deviation {
	return []Deviation{
		insecure("password-case-ignored", "a password is taken in other letters", "a wrong password is refused", pagePassword).by(func(d *Decisions) {
			documented := d.Tenant.PasswordMatches
			d.Tenant.PasswordMatches = func(p tenant.Password, clear string) bool {
				return documented(p, clear) || documented(p, otherCase(clear))
			}
		}),
		insecure("password-blanks-ignored", "a password is taken with blanks around it", "a wrong password is refused", pagePassword).by(func(d *Decisions) {
			documented := d.Tenant.PasswordMatches
			d.Tenant.PasswordMatches = func(p tenant.Password, clear string) bool {
				return documented(p, clear) || documented(p, strings.TrimSpace(clear))
			}
		}),
		secretChanges(),
		resumedAnywhere(),
		insecure("pending-device-asked", "a device that was never activated is asked for a passcode", "only a device that is ACTIVE may answer", pageDevice).
			around(func(next wire.Handler) wire.Handler {
				return func(call *wire.Call) *wire.Answer {
					const pending, active = `"ACTIVATION_REQUIRED"`, `"ACTIVE"`
					if call.Operation != "device.create" || !strings.Contains(string(call.Body), pending) {
						return next(call)
					}
					changed := *call
					changed.Body = []byte(strings.Replace(string(call.Body), pending, active, 1))
					answer := next(&changed)
					answer.Body = []byte(strings.Replace(string(answer.Body), active, pending, 1))
					return answer
				}
			}),
		shape("flow-links-ahead", "a flow that waits for a password links the passcode", "a flow links the actions that it takes", pageFlowActions,
			onSuccess(edit(func(_ *wire.Call, body object) {
				if link := links(body)["usernamePassword.check"]; link != nil {
					links(body)["otp.check"] = link
				}
			}), "flow.")),
	}
}

// otherCase swaps capitals and small letters.
func otherCase(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, text)
}

// secretChanges answers another secret each time but the first.
func secretChanges() Deviation {
	var read sync.Map
	return Deviation{Name: "secret-changes", Group: Semantics, Breaks: "the secret of an application is another one when it is read again", Rule: "a secret stays until it is rotated", Page: pageApplication}.
		answering(onSuccess(edit(func(call *wire.Call, body object) {
			if _, before := read.LoadOrStore(call.Path["appID"], true); before {
				body["secret"] = "Another.secret~each_time-" + call.ID
			}
		}), "application.secret.read"))
}

// resumedAnywhere lends a browser that resumes a flow without cookies those of the browser that the flow belongs to.
func resumedAnywhere() Deviation {
	return insecure("resume-in-any-browser", "a complete sign-on is resumed in a browser without its cookies", "a flow belongs to the browser that began it", pageSession).
		around(lending(func(brought string) bool { return brought == "" }))
}

// lending carries out a call that resumes a flow with the flow's own cookies, where it wants those that were brought replaced.
func lending(wants func(brought string) bool) func(wire.Handler) wire.Handler {
	cookies := newNotes[string]() // by flow: the newest that were good
	return func(next wire.Handler) wire.Handler {
		return func(call *wire.Call) *wire.Answer {
			if lent, known := cookies.of(call.URL.Query().Get("flowId")); call.Operation == "resume" && known && wants(call.Header.Get("Cookie")) {
				changed := *call
				changed.Header = call.Header.Clone()
				changed.Header.Set("Cookie", lent)
				return next(&changed)
			}
			answer := next(call)
			var pairs []string
			for _, cookie := range answer.Header["Set-Cookie"] {
				pair, _, _ := strings.Cut(cookie, ";")
				pairs = append(pairs, pair)
			}
			if id := call.Path["flowID"]; id != "" && pairs != nil {
				cookies.note(id, strings.Join(pairs, "; "))
			}
			return answer
		}
	}
}
