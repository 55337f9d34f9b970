package difference

import (
	"net/http"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

const (
	cookie = "Cookie: ST=one"
	first  = "ST=one; Path=/env-1; Max-Age=2592000; HttpOnly"
	proven = "ST=two; Path=/env-1; Max-Age=2592000; HttpOnly"
	basic  = "Authorization: Basic c2hvcDpzZWNyZXQ="
)

// flowIn is a flow in a state, with the action that it links and the members that the state has.
func flowIn(id, status, action, more string) string {
	return `{"_links":{"self":{"href":"` + Origin + `/env-1/flows/` + id + `"},"signOnPage":{"href":"` + Origin + `/signon/"},"` + action + `":{"href":"` + Origin + `/env-1/flows/` + id + `"}},"id":"` + id + `",` + belonging + `,"status":"` + status +
		`","resumeUrl":"` + Origin + `/env-1/as/resume?flowId=` + id + `",` + created + `,"expiresAt":"2026-01-15T09:15:00.000Z","session":{"id":"session-1"}` + more + `}`
}

const (
	person  = `"application":{"name":"Shop"},"user":{"id":"` + anna + `","username":"anna","name":{"given":"Anna"}}`
	waiting = `,"test":{"otp":"012345"},"bypassAllowed":false,"selectedDevice":{"id":"device-1"},"_embedded":{` + person +
		`,"devices":[{"id":"device-1","type":"EMAIL","status":"ACTIVE","userRetries":3},{"id":"device-3","type":"SMS"}]}`
	prompting = `,"_embedded":{` + person + `,"promptText":"Please.","attributes":[{"name":"mobilePhone","schemaPropertyName":"mobilePhone"},{"name":"title"}]}`
	finished  = `,"authenticationMethods":["pwd"],"authorizeResponse":{"code":"code-1"},"_embedded":{` + person + `}`
)

// authorizations begin flows, in a browser and without redirects.
func authorizations() []Exchange {
	const get, post, asked = http.MethodGet, http.MethodPost, "/env-1/as/authorize?client_id=shop&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcallback"
	start := Origin + "/signon/?environmentId=env-1&flowId="
	begun := flowIn("flow-3", "OTP_REQUIRED", "otp.check", waiting)
	return []Exchange{
		to("authorize", get, asked, "").redirects(start+"flow-1", first),
		to("authorize (again)", get, asked, "", cookie).redirects(start+"flow-2", first),
		to("authorize (two addresses)", get, asked+"&redirect_uri=https%3A%2F%2Fthief.example.com%2Fcallback", "", cookie).redirects(start + "flow-2"),
		to("authorize (pi.flow)", get, asked+"&response_mode=pi.flow", "").hal(http.StatusOK, begun, first),
		to("authorize (refused hint)", get, asked+"&login_hint_token=x", "").refused(wire.InvalidRequest(wire.Detail{Code: "INVALID_VALUE", Target: "login_hint_token", Message: "It does not hold."})),
		to("authorize.post", post, "/env-1/as/authorize", "client_id=shop&response_mode=pi.flow").hal(http.StatusOK, begun, first),
		to("par", post, "/env-1/as/par", "client_id=shop", basic).json(http.StatusCreated, `{"request_uri":"urn:one","expires_in":60}`),
		to("signOnPage", get, "/signon/?environmentId=env-1&flowId=flow-1", "").answered(func(string) *wire.Answer { return wire.Text(http.StatusOK, "text/html;charset=UTF-8", "<form>") }),
	}
}

// flows act on the flow, and read it in between.
func flows() []Exchange {
	const get, post, address = http.MethodGet, http.MethodPost, "/env-1/flows/flow-1"
	act := func(action, body, sent string) Exchange { return to("flow."+action, post, address, body, sent) }
	wrong := func(code, target, message string) wire.Problem {
		return wire.InvalidData(wire.Detail{Code: code, Target: target, Message: message})
	}
	read := func(what, body string) Exchange {
		return to("flow.read ("+what+")", get, address, "", cookie).hal(http.StatusOK, body)
	}
	const profile = `{"title":"Dr"}`
	return []Exchange{
		read("password", flowIn("flow-1", "USERNAME_PASSWORD_REQUIRED", "usernamePassword.check", `,"_embedded":{"application":{"name":"Shop"}}`)),
		to("flow.read (no cookie)", get, address, "").hal(http.StatusOK, flowIn("flow-1", "USERNAME_PASSWORD_REQUIRED", "usernamePassword.check", ``)),
		act("usernamePassword.check (wrong)", `{"password":"wrong"}`, "Cookie: ST=other").refused(wrong("INVALID_VALUE", "password", "Wrong.")),
		to("flow.read (refused)", get, address, "").refused(wire.AccessFailed()),
		act("usernamePassword.check (no cookie)", `{"password":"right"}`, "X-None: 1").refused(wire.AccessFailed()),
		act("usernamePassword.check", `{"password":"right"}`, cookie).hal(http.StatusOK, flowIn("flow-1", "OTP_REQUIRED", "device.select", waiting), proven),
		act("user.update (refused)", profile, "Cookie: ST=two").refused(wrong("INVALID_VALUE", "mobilePhone", "No number.")),
		read("passcode", flowIn("flow-1", "OTP_REQUIRED", "otp.check", waiting)),
		act("otp.check (wrong)", `{"otp":"000000"}`, "Cookie: ST=two; AWSALB=kept").refused(wrong("INVALID_OTP", "otp", "Wrong.")),
		act("otp.check (used up)", `{"otp":"000000"}`, "Cookie: ST=two").refused(wire.LimitExceeded("otp", 3)),
		act("otp.check (quota)", `{"otp":"000000"}`, "Cookie: ST=two").refused(wire.InvalidData(wire.Detail{Code: "QUOTA_EXCEEDED", Target: "otp", Message: "Too many."})),
		act("otp.check (plain)", `{"otp":"000000"}`, "Cookie: ST=two").refused(wire.UnsupportedMediaType()),
		manage("user.read (meanwhile)", get, "/users/"+anna, "").hal(http.StatusOK, `{"id":"`+anna+`","nickname":"third","mfaEnabled":true}`),
		manage("user.update (meanwhile)", http.MethodPatch, "/users/"+anna, `{"title":null}`).hal(http.StatusOK, `{"id":"`+anna+`","nickname":"third"}`),
		read("profile", flowIn("flow-1", "PROFILE_DATA_REQUIRED", "user.update", prompting)),
		act("user.update", profile, "Cookie: ST=two").hal(http.StatusOK, flowIn("flow-1", "COMPLETED", "device.select", finished)),
		manage("user.read (late)", get, "/users/"+anna, "").hal(http.StatusOK, `{"id":"`+anna+`","nickname":"fourth"}`),
		manage("user.read (later)", get, "/users/"+anna, "").hal(http.StatusOK, `{"id":"`+anna+`","nickname":"fifth"}`),
		manage("user.read (last)", get, "/users/"+anna, "").hal(http.StatusOK, `{"id":"`+anna+`","nickname":"sixth"}`),
		read("complete", flowIn("flow-1", "COMPLETED", "device.select", finished)),
		act("password.reset", `{"currentPassword":"one","newPassword":"two"}`, "Cookie: ST=two").refused(wrong("INVALID_VALUE", "newPassword", "Too weak.")),
		to("flow.read (gone)", get, "/env-1/flows/none", "", cookie).refused(wire.NotFound()),
	}
}

// endings resume flows and sign off.
func endings() []Exchange {
	const get, back = http.MethodGet, "https://shop.example.com/callback?code="
	resume := func(what, flow string, sent ...string) Exchange {
		return to(strings.TrimSuffix("resume ("+what+")", " ()"), get, "/env-1/as/resume?flowId="+flow, "", sent...)
	}
	return []Exchange{
		resume("", "flow-1", "Cookie: ST=two").redirects(back + "code-1&state=s"),
		resume("no cookie", "flow-1").redirects(back + "code-1&state=s"),
		resume("other cookie", "flow-1", "Cookie: ST=other").refused(wire.AccessFailed()),
		resume("another", "flow-2", cookie).redirects(back + "code-2&state=s"),
		resume("pi.flow", "flow-3", cookie).hal(http.StatusOK, flowIn("flow-3", "COMPLETED", "device.select", finished)),
		to("signoff", get, "/env-1/as/signoff?id_token_hint=another", "", cookie).redirects("https://shop.example.com/"),
	}
}

// tokens are asked for, asked about and used.
func tokens() []Exchange {
	const get, post, address = http.MethodGet, http.MethodPost, "/env-1/as/token"
	access := signed(`{"sub":"` + anna + `","aud":["https://api.pingone.com"],"scope":"openid profile","iat":1768467600,"exp":1768471200,"env":"env-1"}`)
	id := signed(`{"sub":"` + anna + `","aud":"shop","iat":1768467600,"exp":1768471200,"auth_time":1768467590,"acr":"Policy","amr":["pwd"],"org":"org-1","at_hash":"as_it_was"}`)
	given := `{"access_token":"` + access + `","token_type":"Bearer","expires_in":3600,"scope":"openid profile","id_token":"` + id + `"}`
	exchange := func(what, form string) Exchange {
		return to(strings.TrimSuffix("token ("+what+")", " ()"), post, address, form, basic)
	}
	const code = "grant_type=authorization_code&code=code-1&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcallback"
	userinfo := `{"sub":"` + anna + `","env":"env-1","org":"org-1","name":"Anna","updated_at":1768467600}`
	about := `{"active":true,"sub":"` + anna + `","client_id":"shop","username":"anna","iss":"` + Origin + `/env-1/as","aud":["https://api.pingone.com"],"exp":1768471200,"iat":1768467600,"env":"env-1","org":"org-1","sid":"session-1","scope":"openid profile"}`
	discovery := `{"issuer":"` + Origin + `/env-1/as","token_endpoint":"` + Origin + `/env-1/as/token","jwks_uri":"` + Origin + `/env-1/as/jwks"}`
	bearer := "Authorization: Bearer " + access
	return []Exchange{
		exchange("", code).json(http.StatusOK, given),
		exchange("used", code).json(http.StatusOK, strings.Replace(given, "openid profile", "openid email", 1)),
		to("resume (revived)", get, "/env-1/as/resume?flowId=flow-1", "", "Cookie: ST=two").redirects("https://shop.example.com/callback?code=code-1b&state=s"),
		exchange("after that", code).json(http.StatusOK, given),
		exchange("worker", "grant_type=client_credentials").json(http.StatusOK, `{"access_token":"`+signed(`{"iat":1768467600,"client_id":"worker","aud":["https://api.pingone.com"]}`)+`","token_type":"Bearer","expires_in":3600}`),
		exchange("wrong secret", code).denied(http.StatusUnauthorized, "invalid_client"),
		exchange("no address", "grant_type=authorization_code&code=code-1").denied(http.StatusBadRequest, "invalid_grant"),
		exchange("no code", "grant_type=refresh_token").denied(http.StatusBadRequest, "invalid_grant"),
		exchange("fails", code).denied(http.StatusInternalServerError, "server_error"),
		to("introspect", post, "/env-1/as/introspect", "token="+access, basic).json(http.StatusOK, about),
		to("introspect (refused)", post, "/env-1/as/introspect", "token="+access).denied(http.StatusUnauthorized, "invalid_client"),
		to("revoke", post, "/env-1/as/revoke", "token="+access, basic).empty(),
		to("userinfo", get, "/env-1/as/userinfo", "", bearer).json(http.StatusOK, userinfo),
		to("userinfo (refused)", get, "/env-1/as/userinfo", "", "Authorization: Bearer none").denied(http.StatusUnauthorized, "invalid_token"),
		to("userinfo (null)", get, "/env-1/as/userinfo", "", bearer).json(http.StatusOK, `null`),
		to("userinfo.post", post, "/env-1/as/userinfo", "", bearer).json(http.StatusOK, userinfo),
		to("discovery", get, "/env-1/as/.well-known/openid-configuration", "").json(http.StatusOK, discovery),
		to("jwks", get, "/env-1/as/jwks", "").json(http.StatusOK, `{"keys":[{"kty":"RSA","kid":"key-1","use":"sig","e":"AQAB","n":"xQxQ"}]}`),
		to("userinfo (signed by nobody)", get, "/env-1/as/userinfo", "", "Authorization: Bearer "+access[:strings.LastIndex(access, ".")]+".AA").denied(http.StatusUnauthorized, "invalid_token"),
		to("application.create (a person's token)", post, "/v1/environments/env-1/applications", `{"name":"Backdoor"}`, bearer).refused(wire.Forbidden()),
	}
}
