package deviation

import "encoding/json"

const rfcIntrospection = "https://www.rfc-editor.org/rfc/rfc7662#section-2.2"

// introspected say something else of a token than the token itself.
func introspected() []Deviation {
	const rule = "introspection answers what the token holds"
	says := func(name, breaks, member string, value any) Deviation {
		return shape("introspection-"+name, "introspection "+breaks, rule, rfcIntrospection, set(member, value, "introspect"))
	}
	return []Deviation{
		says("subject-wrong", "says that a token is somebody else's", "sub", elsewhere),
		says("client-wrong", "says that a token was issued to another application", "client_id", elsewhere),
		says("username-wrong", "names somebody else by username", "username", "somebody-else"),
		says("issuer-wrong", "names another issuer", "iss", "https://issuer.example.com/as"),
		says("audience-wrong", "says that a token is for somebody else's API", "aud", []string{"https://api.stranger.example.com"}),
		says("expiry-wrong", "says that a token ends in 2096", "exp", json.Number("4000000000")),
		says("issued-earlier", "says that a token was issued in 2001", "iat", json.Number("1000000000")),
		says("environment-wrong", "names another environment", "env", elsewhere),
		says("organization-wrong", "names another organisation", "org", elsewhere),
		says("session-wrong", "names another session", "sid", elsewhere),
		says("active-as-text", "answers active as a text", "active", "true"),
		says("inactive", "says that a good token is none", "active", false),
		shape("introspection-scope-wider", "introspection names a scope that the token has not", rule, rfcIntrospection,
			rewrite("scope", func(scope string) any { return scope + " email" }, "introspect")),
		shape("introspection-expiry-in-milliseconds", "introspection counts the end of a token in milliseconds", "times in tokens are seconds", rfcIntrospection, inMilliseconds("exp", "introspect")),
		shape("introspection-without-active", "introspection does not say whether the token is good", rule, rfcIntrospection, drop("active", "introspect")),
	}
}
