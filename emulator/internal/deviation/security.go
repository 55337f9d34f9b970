package deviation

import (
	"encoding/json"
	"slices"

	"pingone-conformance/emulator/internal/wire"
)

// security deviations let in who has to stay out, or give away what is secret.
// Most are done where the emulator checks; see Tenant.Deviates.
func security() []Deviation {
	return slices.Concat(signOnSecurity(), clientSecurity(), leaks())
}

func insecure(name, breaks, rule, page string, change change) Deviation {
	return Deviation{Name: name, Group: Security, Breaks: breaks, Rule: rule, Page: page, change: change}
}

// signOnSecurity is about people: their passwords, passcodes, browsers and hints.
func signOnSecurity() []Deviation {
	return []Deviation{
		// Passwords and passcodes.
		insecure("password-not-checked", "any password signs a person on", "a wrong password is refused", pagePassword, nil),
		insecure("password-lockout-off", "wrong passwords never lock the account", "too many wrong passwords lock the account", pagePolicies, nil),
		insecure("password-change-not-forced", "a password flagged for change signs on like any other", "it has to be changed first", pageFlowActions, nil),
		insecure("password-policy-off", "any password may be set", "the password policy decides what a password may be", pagePolicies, nil),
		insecure("password-as-plain-json", "a password is taken as application/json", "setting a password has a media type of its own", pageSetPassword, nil),
		insecure("passcode-not-checked", "any passcode is taken", "a wrong passcode is refused with INVALID_OTP", pageOTP, nil),
		insecure("passcode-failures-not-counted", "wrong passcodes may be tried for ever", "the device policy bounds the failures", pageDevicePolicy, nil),
		insecure("passcode-expiry-ignored", "a passcode never expires", "a passcode lives as long as the device policy says", pageDevicePolicy, nil),
		insecure("old-passcode-accepted", "the passcode before the newest is still taken", "selecting a device again sends a new passcode", pageSelect, nil),
		insecure("passcode-shown", "the flow shows the passcode that was sent", "only test devices show their passcode, to a signed request", pageTestDevice, nil),
		insecure("mfa-skipped", "after the password nobody is asked for a passcode", "every action of the policy has to be passed", pageAction, nil),

		// Sessions and flows.
		insecure("cookie-not-required", "a flow takes actions without the browser's cookies", "a flow belongs to the browser that began it", pageSession, nil),
		insecure("cookie-of-any-browser", "a flow takes actions with the cookies of another browser", "a flow belongs to the browser that began it", pageSession, nil),
		insecure("cookie-readable", "the session cookie can be read by scripts", "the session cookie is HttpOnly", pageSession, onCookies("; HttpOnly", "")),
		insecure("session-of-any-browser", "a browser without a session is taken for the one that signed on last", "a session belongs to its browser", pageSession, nil),
		insecure("session-answers-for-another", "a hint for one person is answered by the session of another", "a flow about one person takes no other", pageHint, nil),
		insecure("unfinished-flow-gives-code", "resuming a flow that still waits gives a code", "the code comes when the flow is COMPLETED", pageResume, nil),

		// Login hint tokens.
		insecure("hint-signature-ignored", "the signature of a login hint token is not verified", "it is signed with the secret of the application in iss", pageHint, nil),
		insecure("hint-unsigned-accepted", "a login hint token with alg none is taken", "it is signed with HS256, HS384 or HS512", pageHint, nil),
		insecure("hint-expiry-ignored", "a login hint token that has expired is taken", "exp bounds its life", pageHint, nil),
		insecure("hint-audience-ignored", "a login hint token for another environment is taken", "aud is the issuer of the environment", pageHint, nil),
		insecure("hint-subject-ignored", "a login hint token that names nobody is taken for somebody", "sub names the person", pageHint, nil),
		insecure("hint-header-ignored", "a login hint token with a content type is taken", "its header has no cty", pageHint, nil),
		insecure("two-hints-accepted", "two hints at once are taken", "at most one hint may be sent", pageHint, nil),
		insecure("hint-replaces-password", "a login hint token passes for a password", "a policy that asks for a password gets one", pageAction, nil),
	}
}

// clientSecurity is about applications: their redirects, codes, grants and tokens.
func clientSecurity() []Deviation {
	return []Deviation{
		// Applications and redirects.
		insecure("redirect-uri-not-registered", "authorize takes any redirect URI", "the redirect URI is one of the application's", rfcRedirect, nil),
		insecure("error-to-unregistered-uri", "a refusal is sent to a redirect URI that nobody registered", "nothing is sent to a redirect URI that is not registered", rfcRedirect, nil),
		insecure("client-unknown-accepted", "authorize starts a flow for an application that does not exist", "client_id names an application", pageAuthorize, nil),
		insecure("client-secret-not-checked", "the token endpoint takes any client secret", "wrong credentials are invalid_client", rfcError, nil),
		insecure("client-auth-method-ignored", "credentials may come in the header or in the form, whatever is configured", "tokenEndpointAuthMethod decides", pageApplication, nil),

		// Authorization codes.
		insecure("code-reusable", "an authorization code works more than once", "an authorization code is good once", rfcCode, nil),
		insecure("code-of-another-application", "an authorization code works for every application", "a code is good for the application it was issued to", rfcExchange, nil),
		insecure("code-redirect-uri-ignored", "the token endpoint does not compare the redirect URI", "it is the one of the authorization request", rfcExchange, nil),
		insecure("pkce-ignored", "the code verifier is not compared with the challenge", "the verifier has to match the challenge", pagePKCE, nil),
		insecure("state-dropped", "the state does not come back", "state comes back unchanged", rfcCode, nil),
		insecure("state-altered", "the state comes back in lower case", "state comes back unchanged", rfcCode, nil),

		// Tokens.
		insecure("bearer-not-required", "the management API works without a token", "a call without a token is 401", pageErrors, nil),
		insecure("bearer-not-verified", "the management API takes any text for a token", "a token that is none is 401", pageErrors, nil),
		insecure("bearer-expiry-ignored", "an access token never expires", "an access token lives for an hour", pageErrors, nil),
		insecure("environment-not-compared", "a worker application may do everything in every environment", "roles hold where they were assigned", pageRoles, nil),
		insecure("grant-not-required", "an application gets scopes that it was not granted", "an application gets the scopes that it was granted", pageGrant, nil),
		insecure("id-token-unsigned", "ID tokens have alg none and no signature", "ID tokens are signed with RS256", oidcIDToken, nil),
		insecure("id-token-foreign-key", "ID tokens are signed by a key that is not published", "the key set holds the key that signs", oidcIDToken, nil),
		insecure("id-token-audience-wrong", "ID tokens are for another application", "aud is the client_id", oidcIDToken, nil),
		insecure("id-token-expired", "ID tokens have expired when they are issued", "exp lies an hour ahead", oidcIDToken, nil),
		insecure("nonce-dropped", "the ID token has no nonce", "nonce comes back in the ID token", oidcIDToken, nil),
		insecure("nonce-altered", "the ID token has another nonce", "nonce comes back unchanged", oidcIDToken, nil),
		insecure("token-issuer-wrong", "tokens name another issuer", "iss is the issuer of the environment", pageClaims, nil),
		insecure("token-subject-wrong", "access tokens are about somebody else", "sub is the person who signed on", pageClaims, nil),
		insecure("token-client-wrong", "access tokens are for another application", "client_id is the application", pageClaims, nil),
	}
}

// leaks show what is no caller's business.
func leaks() []Deviation {
	return []Deviation{
		insecure("secret-in-create-answer", "the answer to creating an application holds a secret", "the secret has an address of its own", pageApplication,
			onSuccess(edit(func(_ *wire.Call, b object) { b["clientSecret"] = "6yQ~3xkq.8Tn2-vWz_L0rPbS5" }), "application.create")),
		insecure("secret-in-list", "the list of applications holds their secrets", "the secret has an address of its own", pageApplication, nil),
		insecure("password-echoed", "the answer to setting a password repeats it", "a password is in no answer", pageSetPassword,
			onSuccess(edit(echoPassword), "user.password.set")),
		insecure("password-in-user", "the record of a user holds the password", "a password is in no answer", pageUser, nil),
		insecure("device-address-unmasked", "a flow shows the whole number and address of a device", "they are masked", pageMFAOnly, nil),
	}
}

// echoPassword repeats the password of the request.
func echoPassword(call *wire.Call, body object) {
	var sent struct {
		Value string `json:"value"`
	}
	if json.Unmarshal(call.Body, &sent) == nil {
		body["value"] = sent.Value
	}
}
