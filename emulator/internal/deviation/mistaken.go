package deviation

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// mistaken take one thing for another: somebody's token, passcode or proof for another's, an order for another.
func mistaken() []Deviation {
	misordered := func(name, breaks string) Deviation {
		return Deviation{Name: name, Group: Semantics, Breaks: breaks, Rule: "the action with the lowest priority runs first", Page: pageAction}
	}
	return []Deviation{
		lostAgain(),
		unkeptPassword(),
		anybodysClaims(),
		personAdministers(),
		passcodeOfAnother(),
		insecure("bearer-signature-not-verified", "the management API takes an access token that somebody else has signed", "a token that is none is 401", pageErrors).
			by(func(d *Decisions) { stranger(d, looksSigned) }),
		insecure("pkce-challenge-for-verifier", "the challenge itself is taken for the code verifier", "the verifier has to match the challenge", pagePKCE).
			by(func(d *Decisions) {
				documented := d.OAuth.Proves
				d.OAuth.Proves = func(verifier, challenge, method string) bool {
					return documented(verifier, challenge, method) || verifier == challenge
				}
			}),
		insecure("state-with-blanks-for-plus", "a plus in the state comes back as a blank", "state comes back unchanged", rfcCode).
			by(returned("state", func(state string) string { return strings.ReplaceAll(state, "+", " ") })),
		misordered("policy-order-of-creation", "the actions of a policy run as they were added").by(inOrderOf(func(a *tenant.Action) string { return "" })),
		misordered("policy-order-as-text", "the actions of a policy run in the order of their priorities as texts").
			by(inOrderOf(func(a *tenant.Action) string { return strconv.Itoa(a.Priority) })),
	}
}

func inOrderOf(key func(*tenant.Action) string) func(*Decisions) {
	return func(d *Decisions) {
		d.Flow.Order = func(p *tenant.SignOnPolicy) []*tenant.Action {
			actions := p.Actions.Sorted()
			slices.SortStableFunc(actions, func(a, b *tenant.Action) int { return cmp.Compare(key(a), key(b)) })
			return actions
		}
	}
}

// looksSigned tells whether a text has the form of a token of the management API.
func looksSigned(bearer string) bool {
	parts := strings.Split(bearer, ".")
	if len(parts) != 3 {
		return false
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims object
	return err == nil && json.Unmarshal(text, &claims) == nil && claims["iss"] != nil
}

// lostAgain shows a telephone number once.
func lostAgain() Deviation {
	shown := newNotes[bool]()
	return Deviation{
		Name: "profile-lost-again", Group: Semantics, Breaks: "a telephone number is shown once and then gone", Rule: "the attribute is stored in the user's record", Page: pageUpdate,
	}.answering(onSuccess(edit(func(call *wire.Call, body object) {
		if number, isText := body["mobilePhone"].(string); isText {
			if _, before := shown.first(call.Path["userID"]+number, true); before {
				delete(body, "mobilePhone")
			}
		}
	}), "user.read"))
}

// unkeptPassword changes a password to another one than was sent.
func unkeptPassword() Deviation {
	return Deviation{
		Name: "changed-password-not-kept", Group: Semantics, Breaks: "a password that is changed at sign-on is not kept", Rule: "it is in force from then on", Page: pageFlowActions,
	}.around(func(next wire.Handler) wire.Handler {
		return func(call *wire.Call) *wire.Answer {
			var body object
			if call.Operation != "flow.password.reset" || json.Unmarshal(call.Body, &body) != nil {
				return next(call)
			}
			sent, _ := body["newPassword"].(string)
			body["newPassword"] = sent + "x"
			other := *call
			other.Body, _ = json.Marshal(body) // what was decoded from JSON encodes
			return next(&other)
		}
	})
}

// anybodysClaims tells of the person whom a token names that nobody has verified.
func anybodysClaims() Deviation {
	return insecure("userinfo-for-any-token", "userinfo tells of the person whom any token names", "an access token that is none is refused", "https://www.rfc-editor.org/rfc/rfc6750#section-3.1").
		answering(func(call *wire.Call, a *wire.Answer) {
			parts := strings.Split(call.Bearer(), ".")
			if call.Operation != "userinfo" || good(a) || len(parts) != 3 {
				return
			}
			text, _ := base64.RawURLEncoding.DecodeString(parts[1]) // what is none has no claims
			var claims object
			if json.Unmarshal(text, &claims) == nil {
				*a = *wire.JSON(200, object{"sub": claims["sub"]})
			}
		})
}

// personAdministers lets a person's token do what the worker's may.
func personAdministers() Deviation {
	workers, people := newNotes[string](), newNotes[bool]()
	const key = "newest"
	return insecure("persons-token-administers", "the management API takes a person's access token for a worker's", "a person's token opens what its scopes say", pageRoles).
		answering(onSuccess(edit(func(call *wire.Call, body object) {
			form, _ := url.ParseQuery(string(call.Body))
			token, _ := body["access_token"].(string)
			if form.Get("grant_type") == "client_credentials" {
				workers.note(key, token)
			} else {
				people.note(token, true)
			}
		}), "token")).
		around(func(next wire.Handler) wire.Handler {
			return func(call *wire.Call) *wire.Answer {
				if theirs, _ := people.of(call.Bearer()); theirs && strings.HasPrefix(call.Operation, "application.") {
					worker, _ := workers.of(key)
					call.Header = call.Header.Clone()
					call.Header.Set("Authorization", "Bearer "+worker)
				}
				return next(call)
			}
		})
}

// passcodeOfAnother takes whatever passcode was sent to anybody.
func passcodeOfAnother() Deviation {
	sent := newNotes[bool]()
	return insecure("passcode-of-another", "a passcode that was sent to somebody else is taken", "a wrong passcode is refused with INVALID_OTP", pageOTP).
		by(func(d *Decisions) {
			d.OAuth.ShowsPasscode = func(device *tenant.Device, _ bool) bool { return device != nil }
			documented := d.Flow.Matches
			d.Flow.Matches = func(c flow.Challenge, device *tenant.Device, given string, now time.Time) bool {
				known, _ := sent.of(given)
				return known && given != c.Sent.Code && given != c.Former.Code || documented(c, device, given, now)
			}
		}).
		answering(onSuccess(edit(func(_ *wire.Call, body object) {
			test, _ := body["test"].(object)
			delete(body, "test")
			if code, isText := test["otp"].(string); isText {
				sent.note(code, true)
			}
		}), "flow.", "authorize", "authorize.post", "resume"))
}
