package deviation

import (
	"encoding/json"
	"slices"

	"pingone-conformance/emulator/internal/wire"
)

// security deviations let in who has to stay out, or give away what is secret.
// Most override a decision.
func security() []Deviation {
	return slices.Concat(signOnSecurity(), clientSecurity(), leaks())
}

func insecure(name, breaks, rule, page string) Deviation {
	return Deviation{Name: name, Group: Security, Breaks: breaks, Rule: rule, Page: page}
}

// signOnSecurity is about people: their passwords, passcodes, browsers and hints.
func signOnSecurity() []Deviation {
	return []Deviation{
		// Passwords and passcodes.
		insecure("password-not-checked", "any password signs a person on", "a wrong password is refused", pagePassword).by(anyPassword),
		insecure("password-lockout-off", "wrong passwords never lock the account", "too many wrong passwords lock the account", pagePolicies).by(noLockout),
		insecure("password-change-not-forced", "a password flagged for change signs on like any other", "it has to be changed first", pageFlowActions).by(noForcedChange),
		insecure("password-policy-off", "any password may be set", "the password policy decides what a password may be", pagePolicies).by(noPasswordPolicy),
		insecure("password-as-plain-json", "a password is taken as application/json", "setting a password has a media type of its own", pageSetPassword).by(plainPassword),
		insecure("passcode-not-checked", "any passcode is taken", "a wrong passcode is refused with INVALID_OTP", pageOTP).by(anyPasscode),
		insecure("passcode-failures-not-counted", "wrong passcodes may be tried for ever", "the device policy bounds the failures", pageDevicePolicy).by(endlessAttempts),
		insecure("passcode-expiry-ignored", "a passcode never expires", "a passcode lives as long as the device policy says", pageDevicePolicy).by(latePasscode),
		insecure("old-passcode-accepted", "the passcode before the newest is still taken", "selecting a device again sends a new passcode", pageSelect).by(formerPasscode),
		insecure("passcode-shown", "the flow shows the passcode that was sent", "only test devices show their passcode, to a signed request", pageTestDevice).by(passcodeForAll),
		insecure("mfa-skipped", "after the password nobody is asked for a passcode", "every action of the policy has to be passed", pageAction).by(noPasscode),

		// Sessions and flows.
		insecure("cookie-not-required", "a flow takes actions without the browser's cookies", "a flow belongs to the browser that began it", pageSession).by(noCookie),
		insecure("cookie-of-any-browser", "a flow takes actions with the cookies of another browser", "a flow belongs to the browser that began it", pageSession).by(anyCookie),
		insecure("cookie-readable", "the session cookie can be read by scripts", "the session cookie is HttpOnly", pageSession).answering(onCookies("; HttpOnly", "")),
		insecure("session-of-any-browser", "a browser without a session is taken for the one that signed on last", "a session belongs to its browser", pageSession).by(anySession),
		insecure("session-answers-for-another", "a hint for one person is answered by the session of another", "a flow about one person takes no other", pageHint).by(sessionForAnother),
		insecure("unfinished-flow-gives-code", "resuming a flow that still waits gives a code", "the code comes when the flow is COMPLETED", pageResume).by(alwaysFinished),

		// Login hint tokens.
		insecure("hint-signature-ignored", "the signature of a login hint token is not verified", "it is signed with the secret of the application in iss", pageHint).by(anySignature),
		insecure("hint-unsigned-accepted", "a login hint token with alg none is taken", "it is signed with HS256, HS384 or HS512", pageHint).by(unsignedHint),
		insecure("hint-expiry-ignored", "a login hint token that has expired is taken", "exp bounds its life", pageHint).by(anyAge),
		insecure("hint-audience-ignored", "a login hint token for another environment is taken", "aud is the issuer of the environment", pageHint).by(anyAudience),
		insecure("hint-subject-ignored", "a login hint token that names nobody is taken for somebody", "sub names the person", pageHint).by(anybodyHinted),
		insecure("hint-header-ignored", "a login hint token with a content type is taken", "its header has no cty", pageHint).by(anyHeader),
		insecure("two-hints-accepted", "two hints at once are taken", "at most one hint may be sent", pageHint).by(everyHint),
		insecure("hint-replaces-password", "a login hint token passes for a password", "a policy that asks for a password gets one", pageAction).by(hintForPassword),
	}
}

// clientSecurity is about applications: their redirects, codes, grants and tokens.
func clientSecurity() []Deviation {
	return []Deviation{
		// Applications and redirects.
		insecure("redirect-uri-not-registered", "authorize takes any redirect URI", "the redirect URI is one of the application's", rfcRedirect).by(anyRedirect),
		insecure("error-to-unregistered-uri", "a refusal is sent to a redirect URI that nobody registered", "nothing is sent to a redirect URI that is not registered", rfcRedirect).by(anyRefusalRedirect),
		insecure("client-unknown-accepted", "authorize starts a flow for an application that does not exist", "client_id names an application", pageAuthorize).by(anyApplication),
		insecure("client-secret-not-checked", "the token endpoint takes any client secret", "wrong credentials are invalid_client", rfcError).by(anySecret),
		insecure("client-auth-method-ignored", "credentials may come in the header or in the form, whatever is configured", "tokenEndpointAuthMethod decides", pageApplication).by(anyMethod),

		// Authorization codes.
		insecure("code-reusable", "an authorization code works more than once", "an authorization code is good once", rfcCode).by(codeKept),
		insecure("code-of-another-application", "an authorization code works for every application", "a code is good for the application it was issued to", rfcExchange).by(anyClient),
		insecure("code-redirect-uri-ignored", "the token endpoint does not compare the redirect URI", "it is the one of the authorization request", rfcExchange).by(anyExchangeRedirect),
		insecure("pkce-ignored", "the code verifier is not compared with the challenge", "the verifier has to match the challenge", pagePKCE).by(anyVerifier),
		insecure("state-dropped", "the state does not come back", "state comes back unchanged", rfcCode).by(returned("state", dropped)),
		insecure("state-altered", "the state comes back in lower case", "state comes back unchanged", rfcCode).by(returned("state", altered)),

		// Tokens.
		insecure("bearer-not-required", "the management API works without a token", "a call without a token is 401", pageErrors).by(noToken),
		insecure("bearer-not-verified", "the management API takes any text for a token", "a token that is none is 401", pageErrors).by(anyToken),
		insecure("bearer-expiry-ignored", "an access token never expires", "an access token lives for an hour", pageErrors).by(neverExpired),
		insecure("environment-not-compared", "a worker application may do everything in every environment", "roles hold where they were assigned", pageRoles).by(everyEnvironment),
		insecure("grant-not-required", "an application gets scopes that it was not granted", "an application gets the scopes that it was granted", pageGrant).by(everythingGranted),
		insecure("id-token-unsigned", "ID tokens have alg none and no signature", "ID tokens are signed with RS256", oidcIDToken).by(noSignature),
		insecure("id-token-foreign-key", "ID tokens are signed by a key that is not published", "the key set holds the key that signs", oidcIDToken).by(foreignSignature),
		insecure("id-token-audience-wrong", "ID tokens are for another application", "aud is the client_id", oidcIDToken).by(idClaims(foreignAudience)),
		insecure("id-token-expired", "ID tokens have expired when they are issued", "exp lies an hour ahead", oidcIDToken).by(idClaims(expiredAtBirth)),
		insecure("nonce-dropped", "the ID token has no nonce", "nonce comes back in the ID token", oidcIDToken).by(returned("nonce", dropped)),
		insecure("nonce-altered", "the ID token has another nonce", "nonce comes back unchanged", oidcIDToken).by(returned("nonce", altered)),
		insecure("token-issuer-wrong", "tokens name another issuer", "iss is the issuer of the environment", pageClaims).by(accessClaim("iss", "https://issuer.example.com/as")),
		insecure("token-subject-wrong", "access tokens are about somebody else", "sub is the person who signed on", pageClaims).by(accessClaim("sub", elsewhere)),
		insecure("token-client-wrong", "access tokens are for another application", "client_id is the application", pageClaims).by(accessClaim("client_id", elsewhere)),
	}
}

// leaks show what is no caller's business.
func leaks() []Deviation {
	return []Deviation{
		insecure("secret-in-create-answer", "the answer to creating an application holds a secret", "the secret has an address of its own", pageApplication).
			answering(onSuccess(edit(func(_ *wire.Call, b object) { b["clientSecret"] = "6yQ~3xkq.8Tn2-vWz_L0rPbS5" }), "application.create")),
		insecure("secret-in-list", "the list of applications holds their secrets", "the secret has an address of its own", pageApplication).by(secretListed),
		insecure("password-echoed", "the answer to setting a password repeats it", "a password is in no answer", pageSetPassword).
			answering(onSuccess(edit(echoPassword), "user.password.set")),
		insecure("password-in-user", "the record of a user holds the password", "a password is in no answer", pageUser).by(passwordShown),
		insecure("device-address-unmasked", "a flow shows the whole number and address of a device", "they are masked", pageMFAOnly).by(unmasked),
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
