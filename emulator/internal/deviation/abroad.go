package deviation

import (
	"slices"
	"strings"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const rfcIssuer = "https://www.rfc-editor.org/rfc/rfc9207#section-2.4"

// abroad lead to somebody else's, or tell what is nobody's business where nobody looks for it.
func abroad() []Deviation {
	const leads = "a link leads where its name says"
	return append(untold(),
		shape("population-link-of-another-environment", "the link population of a user leads to another environment", leads, pageConventions, bendLink("population", another("environments"), "user.create")),
		shape("flow-sign-on-page-elsewhere", "a flow links a sign-on page of somebody else's", leads, pageFlowModes,
			bendLink("signOnPage", func(href string) string { return "https://thief.example.com" + pathOf(href) + "?" + queryOf(href) }, "flow.")),
		shape("flow-resume-of-two", "resumeUrl names another flow as well", "resumeUrl resumes this flow", pageFlows, rewrite("resumeUrl", func(address string) any { return address + "&flowId=" + elsewhere }, "flow.")),
		shape("flow-application-id-wrong", "a flow names the id of another application", "a flow names the application that people sign on to", pageFlows, onSuccess(edit(func(_ *wire.Call, body object) {
			if application, there := inside(body)["application"].(object); there {
				application["id"] = elsewhere
			}
		}), "flow.")),
		withCode("redirect-code-in-fragment", "the redirect back to the application carries the code in its fragment", "the code stands in the query", rfcCode, func(to string) string { return strings.Replace(to, "?", "#", 1) }),
		withCode("redirect-with-a-slash-more", "the redirect back to the application has a slash more", "it leads to the redirect URI", rfcRedirect, func(to string) string { return strings.Replace(to, "?", "/?", 1) }),
		withCode("redirect-issuer-wrong", "the redirect back to the application names another issuer", "iss is the issuer of the environment", rfcIssuer, func(to string) string { return to + "&iss=https%3A%2F%2Fauth.example.com%2Fas" }),
		shape("pi-flow-issuer-wrong", "the resumed flow names another issuer beside the code", "iss is the issuer of the environment", rfcIssuer, onSuccess(edit(func(_ *wire.Call, body object) {
			if response, there := body["authorizeResponse"].(object); there {
				response["iss"] = "https://auth.example.com/as"
			}
		}), "resume")),
		shape("last-sign-on-before-creation", "a user signed on last in 2001", "lastSignOn tells of a sign-on that was", pageUser,
			onSuccess(edit(func(_ *wire.Call, body object) { body["lastSignOn"] = object{"at": "2001-01-01T00:00:00.000Z"} }), "user.read")),
		shape("introspection-scope-as-list", "introspection answers the scopes as a list", "introspection answers what the token holds", rfcIntrospection,
			rewrite("scope", func(scope string) any { return strings.Fields(scope) }, "introspect")),
		shape("introspection-policy-wrong", "introspection says that another sign-on policy ran", "acr is the name of the policy that ran", pageClaims,
			onSuccess(edit(func(_ *wire.Call, body object) { body["acr"] = "Another_Policy" }), "introspect")),
		insecure("id-token-audience-wider", "ID tokens are for another application as well", "aud is the client_id", oidcIDToken).
			by(idClaims(func(c oauth.Claims) { c["aud"] = []any{c["aud"], elsewhere} })),
		insecure("tokens-for-every-cache", "the answer with tokens may be kept by every cache", "no answer with tokens is kept", rfcToken).
			answering(onSuccess(func(_ *wire.Call, a *wire.Answer) { a.With("Cache-Control", "public, max-age=3600") }, "token")),
	)
}

// untold are what a person's browser, or anybody's log, is not to be told.
func untold() []Deviation {
	const passcode = "only test devices show their passcode, to a signed request"
	numbers, devices := newNotes[string](), newNotes[[]object]()
	waiting := func(do func(call *wire.Call, body object)) change {
		return onSuccess(edit(func(call *wire.Call, body object) {
			if body["status"] == flow.PasscodeRequired {
				do(call, body)
			}
		}), "flow.", "authorize", "authorize.post")
	}
	return []Deviation{
		insecure("password-in-a-header", "a header of the answer to setting a password repeats it", "a password is in no answer", pageSetPassword).
			answering(onSuccess(func(call *wire.Call, a *wire.Answer) {
				body := object{}
				echoPassword(call, body)
				if value, isText := body["value"].(string); isText {
					a.With("X-Debug", value)
				}
			}, "user.password.set")),
		insecure("passcode-in-a-header", "a header of a flow shows the passcode that was sent", passcode, pageTestDevice).
			by(func(d *Decisions) {
				d.OAuth.ShowsPasscode = func(device *tenant.Device, _ bool) bool { return device != nil }
			}).
			answering(func(call *wire.Call, a *wire.Answer) {
				onSuccess(edit(func(_ *wire.Call, body object) {
					test, _ := body["test"].(object)
					delete(body, "test")
					if code, isText := test["otp"].(string); isText {
						a.With("X-Debug", "sent "+code)
					}
				}), "flow.", "authorize", "authorize.post", "resume")(call, a)
			}),
		insecure("device-nickname-tells-number", "a flow names a device by the whole number, spelled otherwise", "they are masked", pageMFAOnly).
			answering(func(call *wire.Call, a *wire.Answer) {
				onSuccess(edit(func(_ *wire.Call, body object) {
					id, _ := body["id"].(string)
					if phone, isText := body["phone"].(string); isText {
						numbers.note(id, strings.Join(strings.Split(strings.Trim(phone, "+"), ""), " "))
					}
				}), "device.create")(call, a)
				waiting(func(_ *wire.Call, body object) {
					for _, device := range devicesOf(body) {
						id, _ := device["id"].(string)
						device["nickname"], _ = numbers.of(id)
					}
				})(call, a)
			}),
		insecure("flow-device-of-another", "a flow offers the devices of other people as well", "it shows the person's devices", pageFlows).
			answering(func(call *wire.Call, a *wire.Answer) {
				onSuccess(edit(func(call *wire.Call, body object) {
					known, _ := devices.of(call.Path["envID"])
					devices.note(call.Path["envID"], append(slices.Clip(known), body))
				}), "device.create")(call, a)
				waiting(func(call *wire.Call, body object) { offerAll(call, body, devices) })(call, a)
			}),
	}
}

// offerAll adds to the devices of a flow those that were created for others, masked as one's own are.
func offerAll(call *wire.Call, body object, devices *notes[[]object]) {
	offered := map[any]bool{}
	shown, _ := inside(body)["devices"].([]any)
	for _, device := range devicesOf(body) {
		offered[device["id"]] = true
	}
	known, _ := devices.of(call.Path["envID"])
	for _, device := range known {
		if offered[device["id"]] {
			continue
		}
		other := object{"id": device["id"], "type": device["type"], "status": device["status"]}
		if email, isText := device["email"].(string); isText {
			_, domain, _ := strings.Cut(email, "@")
			other["email"] = email[:1] + "***@" + domain
		}
		shown = append(shown, other)
	}
	inside(body)["devices"] = shown
}

// inside is what a body has embedded; what is put into that of another is lost.
func inside(body object) object {
	embedded, there := body["_embedded"].(object)
	if !there {
		return object{}
	}
	return embedded
}

// withCode alters the redirect that brings the code to the application.
func withCode(name, breaks, rule, page string, bend func(to string) string) Deviation {
	return shape(name, breaks, rule, page, whenRedirecting(func(a *wire.Answer) {
		if to := a.Header.Get("Location"); strings.Contains(to, "code=") {
			a.With("Location", bend(to))
		}
	}, "resume"))
}

func queryOf(href string) string {
	_, query, _ := strings.Cut(href, "?")
	return query
}
