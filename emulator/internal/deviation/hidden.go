package deviation

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// hidden are secrets under names that do not tell.
func hidden() []Deviation {
	nested := func(value string) any { return []any{object{"kind": "basic", "parts": []any{value}}} }
	return []Deviation{
		leakedPasscode("passcode-as-reference", "the flow shows the passcode that was sent as a reference", func(body object, code string) { body["reference"] = code }),
		leakedPasscode("passcode-as-number", "the flow shows the passcode that was sent as a number", func(body object, code string) {
			body["reference"] = json.Number(strings.TrimLeft(code, "0")) // JSON has no leading zeros
		}),
		leakedPasscode("passcode-in-a-list", "the flow shows the passcode that was sent deep in a list", func(body object, code string) { body["hints"] = nested(code) }),
		leakedPasscode("passcode-in-a-sentence", "the flow tells in a sentence which passcode was sent", func(body object, code string) {
			body["message"] = "We sent " + code + " to your device."
		}),
		insecure("access-token-in-userinfo", "userinfo tells in a sentence with which access token it was asked", "an access token is shown to its client only, and once", oidcUser).
			answering(onSuccess(edit(func(call *wire.Call, body object) {
				_, token, _ := strings.Cut(call.Header.Get("Authorization"), " ")
				body["note"] = "You came with " + token + "."
			}), "userinfo")),
		leakedSecret("secret-by-another-name", "the answer to creating an application holds its secret under another name", func(body object, secret string) { body["reference"] = secret }),
		leakedSecret("secret-in-a-nested-list", "the answer to creating an application holds its secret in a list", func(body object, secret string) { body["credentials"] = nested(secret) }),
		leakedSecret("secret-in-the-description", "the answer to creating an application tells its secret in a sentence", func(body object, secret string) {
			body["description"] = "The secret is " + secret + "."
		}),
	}
}

// leakedPasscode lets a flow that waits for a passcode show it.
func leakedPasscode(name, breaks string, put func(body object, code string)) Deviation {
	return insecure(name, breaks, "only test devices show their passcode, to a signed request", pageTestDevice).
		by(func(d *Decisions) {
			d.OAuth.ShowsPasscode = func(device *tenant.Device, _ bool) bool { return device != nil }
		}).
		answering(onSuccess(edit(func(_ *wire.Call, body object) {
			test, _ := body["test"].(object)
			delete(body, "test")
			if code, isText := test["otp"].(string); isText && body["status"] == flow.PasscodeRequired {
				put(body, code)
			}
		}), "flow.", "authorize", "authorize.post", "resume"))
}

// leakedSecret lets the answer to creating an application hold its secret. The answer is written before the secret can be
// read, so the emulator takes another one for it, which follows from the application's id.
func leakedSecret(name, breaks string, put func(body object, secret string)) Deviation {
	var others sync.Map // the emulator's own secret to the one that is shown
	secretOf := func(id string) string { return "Shown~too.early_" + id }
	other := func(own string) string {
		shown, _ := others.Load(own)
		text, _ := shown.(string)
		return text
	}
	return insecure(name, breaks, "the secret has an address of its own", pageApplication).
		by(func(d *Decisions) {
			matches, verify := d.OAuth.SecretMatches, d.OAuth.Verify
			d.OAuth.SecretMatches = func(sent, secret string) bool {
				return matches(sent, secret) || sent != "" && sent == other(secret)
			}
			d.OAuth.Verify = func(token *jose.JSONWebSignature, secrets []string) ([]byte, error) {
				all := slices.Clone(secrets)
				for _, secret := range secrets {
					all = append(all, other(secret))
				}
				return verify(token, slices.DeleteFunc(all, func(s string) bool { return s == "" }))
			}
		}).
		answering(onSuccess(edit(func(call *wire.Call, body object) {
			switch id, _ := body["id"].(string); call.Operation {
			case "application.create":
				put(body, secretOf(id))
			case "application.secret.read":
				own, _ := body["secret"].(string)
				shown := secretOf(call.Path["appID"])
				others.Store(own, shown)
				body["secret"] = shown
			}
		}), "application.create", "application.secret.read"))
}
