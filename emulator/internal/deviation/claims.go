package deviation

import (
	"pingone-conformance/emulator/internal/oauth"
)

// claims say something else about a sign-on than what happened.
func claims() []Deviation {
	const person = "the claims of a person are those of the person's record"
	return []Deviation{
		insecure("id-token-policy-wrong", "the ID token says that another sign-on policy ran", "acr is the name of the policy that ran", pageClaims).
			by(idClaim("acr", "Another_Policy")),
		insecure("access-token-policy-wrong", "the access token says that another sign-on policy ran", "acr is the name of the policy that ran", pageClaims).
			by(accessClaim("acr", "Another_Policy")),
		insecure("access-token-ends-before-it-begins", "people's access tokens expire before they were issued", "exp lies after iat", pageClaims).
			by(accessClaims(endsBefore)),
		insecure("access-token-audience-foreign", "access tokens are for somebody else's API", "aud is the audience of the resource whose scopes were granted", pageClaims).
			by(accessClaim("aud", []string{"https://api.stranger.example.com"})),
		insecure("access-token-audience-wider", "access tokens are for somebody else's API as well", "aud is the audience of the resource whose scopes were granted", pageClaims).
			by(accessClaim("aud", []string{"https://api.pingone.com", "https://api.stranger.example.com"})),
		insecure("id-token-username-wrong", "the ID token has somebody else's preferred_username", person, pageClaims).by(idClaim("preferred_username", "somebody-else")),
		insecure("id-token-given-name-wrong", "the ID token has somebody else's given_name", person, pageClaims).by(idClaim("given_name", "Mallory")),
		insecure("id-token-family-name-wrong", "the ID token has somebody else's family_name", person, pageClaims).by(idClaim("family_name", "Mallory")),
		insecure("id-token-email-wrong", "the ID token has somebody else's e-mail address", person, pageClaims).by(addIDClaim("email", "mallory@example.com")),
		insecure("id-token-phone-wrong", "the ID token has somebody else's telephone number", person, pageClaims).by(addIDClaim("phone_number", "+1.5125550166")),
		insecure("id-token-organization-wrong", "the ID token names another organisation than the access token", "org is the organisation of the environment", pageClaims).
			by(idClaim("org", elsewhere)),
		insecure("access-token-organization-wrong", "people's access tokens name another organisation than the worker's", "org is the organisation of the environment", pageClaims).
			by(accessClaim("org", elsewhere)),
		shape("userinfo-environment-wrong", "userinfo names another environment", "env is the environment", pageClaims, set("env", elsewhere, "userinfo")),
		shape("userinfo-organization-wrong", "userinfo names another organisation than the token", "org is the organisation of the environment", pageClaims, set("org", elsewhere, "userinfo")),
		shape("userinfo-updated-in-1970", "userinfo says that the person was updated in 1970", "updated_at tells of a change that was made", oidcUser,
			set("updated_at", 1, "userinfo")),
	}
}

// idClaim gives a claim of ID tokens another value where it is there.
func idClaim(name string, value any) func(*Decisions) {
	return idClaims(func(c oauth.Claims) {
		if _, there := c[name]; there {
			c[name] = value
		}
	})
}

// addIDClaim gives ID tokens a claim.
func addIDClaim(name string, value any) func(*Decisions) {
	return idClaims(func(c oauth.Claims) { c[name] = value })
}
