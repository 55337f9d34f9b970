package deviation

import (
	"time"

	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/wire"
)

// times tell of something that was done at a time at which it was not.
func times() []Deviation {
	const now = "a time tells when something was done, and it was done just now"
	const longAgo = "1970-01-01T00:00:00.000Z"
	both := func(at func(string) any, operations ...string) change {
		first, second := rewrite("createdAt", at, operations...), rewrite("updatedAt", at, operations...)
		inItems := onSuccess(edit(func(_ *wire.Call, body object) { eachItem(body, func(item object) { shiftTimes(item, at) }) }), operations...)
		return func(call *wire.Call, a *wire.Answer) {
			first(call, a)
			second(call, a)
			inItems(call, a)
		}
	}
	inHours := func(n int) func(string) any {
		return func(at string) any {
			t, err := time.Parse(time.RFC3339, at)
			if err != nil {
				return at
			}
			return t.Add(time.Duration(n) * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		}
	}
	old := func(string) any { return longAgo }
	return []Deviation{
		shape("created-in-1970", "a population was created in 1970", now, pageConventions, both(old, "population.create", "population.read", "population.list")),
		shape("created-yesterday", "a user was created twenty hours before it was", now, pageConventions, both(inHours(-20), "user.create", "user.read", "user.update", "user.list")),
		shape("created-tomorrow", "an application is created in twenty hours", now, pageConventions, both(inHours(20), "application.create", "application.read", "application.list")),
		shape("device-created-in-1970", "a device was created in 1970", now, pageConventions, both(old, "device.create")),
		shape("policy-created-in-1970", "a sign-on policy was created in 1970", now, pageConventions, both(old, "signOnPolicy.create")),
		shape("password-changed-long-ago", "a password that was just set was changed in 1970", "lastChangedAt tells of the last change", pageSetPassword,
			rewrite("lastChangedAt", old, "user.password.set")),
		shape("password-changes-tomorrow", "a password that was just set changes in twenty hours", "lastChangedAt tells of the last change", pageSetPassword,
			rewrite("lastChangedAt", inHours(20), "user.password.set")),
		shape("last-sign-on-tomorrow", "a user signs on last in twenty hours", "lastSignOn tells of a sign-on that was", pageUser,
			onSuccess(edit(func(_ *wire.Call, body object) {
				if updated, isText := body["updatedAt"].(string); isText {
					body["lastSignOn"] = object{"at": inHours(20)(updated)}
				}
			}), "user.read")),
		shape("user-updated-tomorrow", "a user is updated in twenty hours", "updatedAt tells of a change that was made", pageConventions,
			rewrite("updatedAt", inHours(20), "user.read")),
		shape("flow-created-in-1970", "a flow was created in 1970", "a flow is created by the authorization request", pageFlows,
			rewrite("createdAt", old, "flow.", "authorize", "authorize.post", "resume")),
		shape("flow-created-tomorrow", "a flow is created in twenty hours", "a flow is created by the authorization request", pageFlows,
			func(call *wire.Call, a *wire.Answer) {
				for _, member := range []string{"createdAt", "expiresAt"} {
					rewrite(member, inHours(20), "flow.", "authorize", "authorize.post", "resume")(call, a)
				}
			}),
		insecure("access-token-issued-earlier", "people's access tokens were issued half an hour ago", "iat is when the token was issued", pageClaims).
			by(accessClaims(shift(-30 * time.Minute))),
		insecure("access-token-issued-tomorrow", "people's access tokens are issued in a day", "iat is when the token was issued", pageClaims).
			by(accessClaims(shift(24 * time.Hour))),
		insecure("id-token-issued-tomorrow", "ID tokens are issued in a day", "iat is when the token was issued", oidcIDToken).by(idClaims(shift(24 * time.Hour))),
		insecure("id-token-sign-on-long-ago", "the ID token says that the person signed on a day ago", "auth_time is when the person signed on", oidcIDToken).
			by(idClaims(signedOn(-24 * time.Hour))),
		insecure("access-token-sign-on-long-ago", "the access token says that the person signed on a day ago", "auth_time is when the person signed on", pageClaims).
			by(accessClaims(func(c oauth.Claims) {
				c["auth_time"] = c["iat"]
				signedOn(-24 * time.Hour)(c)
			})),
	}
}

// accessClaims changes the claims of people's access tokens; without those of worker
// applications nothing else would be seen.
func accessClaims(change func(oauth.Claims)) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.OAuth.AccessClaims
		d.OAuth.AccessClaims = func(c oauth.Claims) oauth.Claims {
			c = documented(c)
			if _, about := c["sub"]; about {
				change(c)
			}
			return c
		}
	}
}

// shift issues tokens some time off.
func shift(off time.Duration) func(oauth.Claims) {
	return func(c oauth.Claims) {
		for _, name := range []string{"iat", "exp", "auth_time"} {
			if at, isNumber := c[name].(int64); isNumber {
				c[name] = at + int64(off/time.Second)
			}
		}
	}
}

// endsBefore lets a token expire a second before it is issued.
func endsBefore(c oauth.Claims) {
	if issued, isNumber := c["iat"].(int64); isNumber {
		c["exp"] = issued - 1
	}
}

func signedOn(off time.Duration) func(oauth.Claims) {
	return func(c oauth.Claims) {
		if at, isNumber := c["auth_time"].(int64); isNumber {
			c["auth_time"] = at + int64(off/time.Second)
		}
	}
}

// eachItem visits the items of a list.
func eachItem(body object, visit func(item object)) {
	embedded, _ := body["_embedded"].(object)
	for _, value := range embedded {
		items, _ := value.([]any)
		for _, item := range items {
			if o, isObject := item.(object); isObject {
				visit(o)
			}
		}
	}
}

func shiftTimes(of object, at func(string) any) {
	for _, member := range []string{"createdAt", "updatedAt"} {
		if text, isText := of[member].(string); isText {
			of[member] = at(text)
		}
	}
}
