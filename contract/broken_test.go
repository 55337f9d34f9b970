package contract

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// TestBrokenAnswersAreNoticed breaks a good example in one way at a time, and wants the rule that says so.
func TestBrokenAnswersAreNoticed(t *testing.T) {
	for _, row := range []struct {
		breakage, example string
		by                func(*client.Exchange)
		rule, where       string
	}{
		{"a create that answers 200", "create-application", status(200), ruleStatus, "status"},
		{"a create that answers 202", "create-population", status(202), ruleStatus, "status"},
		{"a read that answers 201", "read-flow", status(201), ruleStatus, "status"},
		{"a read that redirects", "read-application", status(302), ruleStatus, "status"},
		{"a delete that answers 200", "delete-application", status(200), ruleStatus, "status"},
		{"a delete with a body", "delete-application", body(`{}`), ruleEmpty, "/"},
		{"HTML for JSON", "read-application", header("Content-Type", "text/html"), ruleMediaType, "header Content-Type"},
		{"no media type", "create-user", header("Content-Type", ""), ruleMediaType, "header Content-Type"},
		{"an error in plain text", "error-not-found", header("Content-Type", "text/plain"), ruleMediaType, "header Content-Type"},
		{"a body that is not JSON", "read-application", body(`<html>`), "application#/type", "/"},
		{"a body that ends early", "list-users", body(`{"_embedded":`), "user#/type", "/"},
		{"no body at all", "create-grant", body(``), "grant#/type", "/"},
		{"a list for an object", "create-grant", body(`[]`), "grant#/type", "/"},
		{"an id in capitals", "create-application", replace(`"id":"a0`, `"id":"A0`), "application#/pattern", "/id"},
		{"a time with a point and no fraction", "create-user", replace(`"createdAt":"2026-01-15T09:00:00.123Z"`, `"createdAt":"2026-01-15T09:00:00.Z"`), "user#/format", "/createdAt"},
		{"a required member that is null", "create-user", replace(`"email":"anna@example.com"`, `"email":null`), "user#/required", "/email"},
		{"a time of another zone", "create-user", replace(`"updatedAt":"2026-01-15T09:00:00.123Z"`, `"updatedAt":"2026-01-15T10:00:00.123+01:00"`), "user#/pattern", "/updatedAt"},
		{"a day that does not exist", "create-user", replace(`"createdAt":"2026-01-15`, `"createdAt":"2026-02-30`), "user#/format", "/createdAt"},
		{"updated before it was created", "create-user", replace(`"updatedAt":"2026-01-15T09:00`, `"updatedAt":"2026-01-15T08:00`), ruleTimes, "/updatedAt"},
		{"updated in a year to come", "create-user", both(header("Date", "Thu, 15 Jan 2026 09:00:00 GMT"), replace(`"updatedAt":"2026-01-15T09:00`, `"updatedAt":"2027-01-15T09:00`)), ruleFuture, "/updatedAt"},
		{"an item updated in a year to come", "list-users", both(header("Date", "Thu, 15 Jan 2026 09:00:00 GMT"), replace(`"updatedAt":"2026-`, `"updatedAt":"2027-`)), ruleFuture, "/_embedded/users/0/updatedAt"},
		{"a relative link", "create-population", replace(`"self":{"href":"https://api.pingone.com/`, `"self":{"href":"/`), ruleSelf, "/_links/self/href"},
		{"a self link to another host", "create-population", replace(`"self":{"href":"https://api.pingone.com/`, `"self":{"href":"https://api.example.com/`), ruleSelf, "/_links/self/href"},
		{"a self link to the collection", "create-population", replace(`/populations/b1000000-0000-4000-8000-000000000001"},"env`, `/populations"},"env`), ruleSelf, "/_links/self/href"},
		{"no resource for OpenID Connect", "list-resources", replace(`"type":"OPENID_CONNECT"`, `"type":"CUSTOM"`), ruleCount, "/_embedded/resources"},
		{"a resource under another name", "list-resources", replace(`"name":"openid"`, `"name":"OpenID"`), "resource#/const", "/_embedded/resources/0/name"},
		{"a new account that is locked", "create-user", replace(`"status":"OK"`, `"status":"LOCKED"`), "user#/const", "/account/status"},
		{"a new population with people in it", "create-population", replace(`"userCount":0`, `"userCount":1`), "population#/const", "/userCount"},
		{"an identity provider that changed", "read-user", replace(`"PING_ONE"`, `"PING_TWO"`), ruleKept, "/identityProvider/type"},
		{"a method flag that is not what was sent", "create-mfa-action", replace(`"sms":{"enabled":true}`, `"sms":{"enabled":false}`), ruleEcho, "/sms/enabled"},
		{"a session without an id", "flow-completed", replace(`"session":{"id":`, `"session":{"uid":`), "flow#/required", "/session/id"},
		{"an unfinished flow without its application", "flow-otp-required", replace(`"application":{`, `"app":{`), "flow#/required", "/_embedded/application"},
		{"an item of a list without a link to itself", "list-users", replace(`"_links":{"self":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users/b2`, `"_links":{"me":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users/b2`), "user#/required", "/_embedded/users/0/_links/self"},
		{"a flow that ends sooner than it did", "flow-completed", replace(`"expiresAt":"2026-01-15T09:15:00`, `"expiresAt":"2026-01-15T09:14:00`), ruleTimes, "/expiresAt"},
		{"the same device twice", "flow-otp-required", replace(`"devices":[{`, `"devices":[{"id":"d1000000-0000-4000-8000-000000000001","type":"SMS","status":"ACTIVE","phone":"*******55"},{`), "flow#/uniqueItems", "/_embedded/devices"},
		{"a sign-on page of another host", "authorize", header("Location", "https://apps.example.com/"+environmentID+"/signon/?flowId="+flowID), ruleRedirect, "header Location"},
		{"a secret link that leads elsewhere", "create-application", replace(`/secret"`, `/secrets"`), ruleLink, "/_links/secret/href"},
		{"a link to another person's roles", "create-user", replace(`b2000000-0000-4000-8000-000000000001/roleAssignments`, `b2000000-0000-4000-8000-000000000002/roleAssignments`), ruleLink, "/_links/roleAssignments/href"},
		{"a link to another person", "enable-mfa", replace(`"user":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users/b2`, `"user":{"href":"https://api.pingone.com/v1/environments/`+environmentID+`/users/b3`), ruleLink, "/_links/user/href"},
		{"session checks of another environment", "discovery", replace(`"request_parameter_supported"`, `"check_session_iframe":"https://auth.pingone.com/e1000000-0000-4000-8000-000000000001/as/checksession","request_parameter_supported"`), ruleLink, "/check_session_iframe"},
		{"a population of another environment", "create-user", replace(`"population":{"href":"https://api.pingone.com/v1/environments/e0`, `"population":{"href":"https://api.pingone.com/v1/environments/e1`), ruleLink, "/_links/population/href"},
		{"a sign-on before the person was there", "read-user", replace(`"lastSignOn":{"at":"2026-01-15`, `"lastSignOn":{"at":"2001-01-15`), ruleTimes, "/lastSignOn/at"},
		{"the password in a header", "flow-otp-required", header("X-Debug", "a password for examples"), ruleSecret, "header X-Debug"},
		{"all digits of a number", "flow-otp-required", replace(`"*******55"`, `"*******55","nickname":"Phone 1-51-25-55-01-55"`), ruleMasked, "/_embedded/devices/0/nickname"},
		{"another application's id in a flow", "flow-otp-required", replace(`"application":{`, `"application":{"id":"a9000000-0000-4000-8000-000000000001",`), ruleFlow, "/_embedded/application/id"},
		{"a device of another person", "flow-otp-required", replace(`"user":{"id":"b2`, `"user":{"id":"b9`), ruleFlow, "/_embedded/devices/0/id"},
		{"a sign-on page of somebody else's in a flow", "read-flow", replace(`"signOnPage":{"href":"https://apps.pingone.com/`, `"signOnPage":{"href":"https://evil.example.com/`), ruleLink, "/_links/signOnPage/href"},
		{"a resume address of two flows", "read-flow", replace(`flowId=f0000000-0000-4000-8000-000000000001","status"`, `flowId=f0000000-0000-4000-8000-000000000001&flowId=f9000000-0000-4000-8000-000000000001","status"`), ruleFlow, "/resumeUrl"},
		{"another issuer beside the code", "resume-in-pi-flow", replace(`"authorizeResponse":{`, `"authorizeResponse":{"iss":"https://auth.example.com/as",`), ruleRedirect, "/authorizeResponse/iss"},
		{"an environment that is another", "create-user", replace(`"environment":{"id":"e0`, `"environment":{"id":"e1`), ruleParent, "/environment/id"},
		{"a user that is another", "set-password", replace(`"user":{"id":"b2`, `"user":{"id":"b3`), ruleParent, "/user/id"},
		{"another resource than the one read", "read-application", replace(`"id":"a0000000`, `"id":"a9000000`), ruleID, "/id"},
		{"a name that is not what was sent", "create-application", replace(`"Example Shop"`, `"Example Shop 2"`), ruleEcho, "/name"},
		{"a list that is not what was sent", "create-application", replace(`["https://shop.example.com/callback"]`, `[]`), ruleEcho, "/redirectUris"},
		{"another scope than was sent", "create-grant", replace(`"scopes":[{"id":"c0`, `"scopes":[{"id":"c1`), ruleEcho, "/scopes"},
		{"another priority than was sent", "create-profiling-action", replace(`"priority":50`, `"priority":5`), ruleEcho, "/priority"},
		{"a name that changed since the create", "read-application", replace(`"Example Shop"`, `"Example Shop 2"`), ruleKept, "/name"},
		{"a birthday that moved", "read-application", replace(`"createdAt":"2026-01-15T09:00:00.123Z"`, `"createdAt":"2026-01-15T08:59:00.123Z"`), ruleKept, "/createdAt"},
		{"a listed item that is not what was created", "list-users", replace(`"username":"anna"`, `"username":"anne"`), ruleKept, "/_embedded/users/0/username"},
		{"a size that miscounts", "list-users", replace(`"size":1`, `"size":2`), ruleCount, "/size"},
		{"a count below the size", "list-users", replace(`"count":3`, `"count":0`), ruleCount, "/count"},
		{"a whole list that counts more", "list-scopes", replace(`"count":1`, `"count":2`), ruleCount, "/count"},
		{"a list under another name", "list-scopes", replace(`"scopes":[`, `"items":[`), "collection#/required", "/_embedded/scopes"},
		{"the same item twice", "list-scopes", twice("scopes"), ruleCount, "/_embedded/scopes/1/id"},
		{"a client secret in the application", "create-application", replace(`"id":`, `"secret":"it is here","id":`), ruleSecret, "/secret"},
		{"a client secret in a list", "list-scopes", replace(`"name":"openid"`, `"name":"openid","clientSecret":"it is here"`), ruleSecret, "/_embedded/scopes/0/clientSecret"},
		{"the password that was set", "set-password", replace(`"status":"OK"`, `"status":"OK","value":"x"`), ruleSecret, "/value"},
		{"an authenticator's secret, read again", "create-totp-device", replace(`"ACTIVATION_REQUIRED"`, `"ACTIVE"`), ruleSecret, "/secret"},
		{"a passcode of a device that is no test device", "create-sms-device", replace(`"type":"SMS"`, `"type":"SMS","test":{"otp":"123456"}`), ruleSecret, "/test/otp"},
		{"a passcode in the flow", "flow-otp-required", replace(`"bypassAllowed"`, `"test":{"otp":"123456"},"bypassAllowed"`), ruleSecret, "/test/otp"},
		{"the password in the flow", "flow-otp-required", replace(`"bypassAllowed"`, `"hint":"a password for examples","bypassAllowed"`), ruleSecret, "/"},
		{"a full number under the mask", "flow-otp-required", replace(`"*******55"`, `"*+1.5125550155"`), ruleMasked, "/"},
		{"a number without a mask", "flow-otp-required", replace(`"*******55"`, `"15125550155"`), "flow#/pattern", "/_embedded/devices/0/phone"},
		{"a mask of another number", "flow-otp-required", replace(`"*******55"`, `"*******56"`), ruleFlow, "/_embedded/devices/0/phone"},
		{"a device of another type", "flow-otp-required", replace(`"type":"SMS"`, `"type":"VOICE"`), ruleFlow, "/_embedded/devices/0/type"},
		{"a device selected that is not offered", "flow-otp-required", replace(`"selectedDevice":{"id":"d1`, `"selectedDevice":{"id":"d9`), ruleFlow, "/selectedDevice/id"},
		{"another flow than the one addressed", "read-flow", replace(`"id":"f0000000`, `"id":"f9000000`), ruleID, "/id"},
		{"an action link that leads elsewhere", "flow-otp-required", replace(`"otp.check":{"href":"https://auth`, `"otp.check":{"href":"https://auth2`), ruleLink, "/_links/otp.check/href"},
		{"an action that the state does not have", "flow-completed", replace(`"_links":{`, `"_links":{"otp.check":{"href":"https://auth.pingone.com/x"},`), "flow-resumed", ""},
		{"a state without its action", "flow-otp-required", replace(`"otp.check"`, `"otp.checked"`), "flow#/required", "/_links/otp.check"},
		{"a status that no page names", "read-flow", replace(`"USERNAME_PASSWORD_REQUIRED"`, `"WAITING"`), "flow-read#/enum", "/status"},
		{"a resume address of another flow", "read-flow", replace(`flowId=f0000000-0000-4000-8000-000000000001","status"`, `flowId=f9000000-0000-4000-8000-000000000001","status"`), ruleFlow, "/resumeUrl"},
		{"a flow that ends before it begins", "read-flow", replace(`"expiresAt":"2026-01-15T09:15`, `"expiresAt":"2026-01-15T08:15`), ruleTimes, "/expiresAt"},
		{"a flow that began at another time than before", "flow-completed", replace(`"createdAt":"2026-01-15T09:00:00`, `"createdAt":"2026-01-15T09:00:01`), ruleKept, "/createdAt"},
		{"another person in the flow", "flow-completed", replace(`"user":{"id":"b2`, `"user":{"id":"b9`), ruleFlow, "/_embedded/user/id"},
		{"a prompt that no action asks for", "flow-profile-data-required", replace(`Please tell us your number.`, `Please pay.`), ruleEcho, "/_embedded/promptText"},
		{"an attribute that no action asks for", "flow-profile-data-required", replace(`"name":"mobilePhone"`, `"name":"email"`), ruleEcho, "/_embedded/attributes/0/name"},
		{"a code before the flow is complete", "flow-otp-required", replace(`"bypassAllowed"`, `"authorizeResponse":{"code":"x"},"bypassAllowed"`), "flow#/false", "/authorizeResponse"},
		{"a completed flow without a code", "resume-in-pi-flow", replace(`"authorizeResponse":{"code":"031f9202-0000-4000-8000-000000000001","state":"a state"}`, `"authorizeResponse":{}`), "flow-resumed#/required", "/authorizeResponse/code"},
		{"another state than was sent", "resume-in-pi-flow", replace(`"a state"`, `"a+state"`), ruleRedirect, "/authorizeResponse/state"},
		{"a redirect without a Location", "authorize", header("Location", ""), ruleRedirect, "header Location"},
		{"a permanent redirect", "authorize", status(301), ruleStatus, "status"},
		{"a redirect to a page without a flow", "authorize", header("Location", "https://apps.pingone.com/"+environmentID+"/signon/"), ruleRedirect, "header Location"},
		{"a flow id that is none", "authorize", header("Location", "https://apps.pingone.com/"+environmentID+"/signon/?flowId=7"), ruleRedirect, "header Location"},
		{"a sign-on page of another environment", "authorize", header("Location", "https://apps.pingone.com/e9/signon/?flowId="+flowID), ruleRedirect, "header Location"},
		{"a code to a stranger", "resume", header("Location", "https://evil.example.com/callback?code=1&state=a%20state"), ruleRedirect, "header Location"},
		{"a redirect without a code", "resume", header("Location", "https://shop.example.com/callback?state=a%20state"), ruleRedirect, "header Location"},
		{"a code and an error", "resume", header("Location", "https://shop.example.com/callback?code=1&error=access_denied&state=a%20state"), ruleRedirect, "header Location"},
		{"a state that changed on the way", "resume", header("Location", "https://shop.example.com/callback?code=1&state=a"), ruleRedirect, "header Location"},
		{"no state", "resume", header("Location", "https://shop.example.com/callback?code=1"), ruleRedirect, "header Location"},
		{"a token beside the code", "resume", header("Location", "https://shop.example.com/callback?code=1&access_token=x&state=a%20state"), ruleRedirect, "header Location"},
		{"an id token in the fragment", "resume", header("Location", "https://shop.example.com/callback?code=1&state=a%20state#id_token=x"), ruleRedirect, "header Location"},
		{"a token in the flow", "resume-in-pi-flow", replace(`"authorizeResponse":{`, `"authorizeResponse":{"access_token":"x",`), ruleRedirect, "/authorizeResponse"},
		{"a known link to another host", "create-application", replace(`"environment":{"href":"https://api.pingone.com`, `"environment":{"href":"https://api.example.com`), ruleLink, "/_links/environment/href"},
		{"a known link to a host whose name begins alike", "create-application", replace(`"environment":{"href":"https://api.pingone.com`, `"environment":{"href":"https://api.pingone.com.evil.example.com`), ruleLink, "/_links/environment/href"},
		{"an error beside a code", "resume-in-pi-flow", replace(`"authorizeResponse":{`, `"authorizeResponse":{"error":"access_denied",`), ruleRedirect, "/authorizeResponse/error"},
		{"JSON that is said to be Latin-1", "read-user", header("Content-Type", "application/json;charset=ISO-8859-1"), ruleMediaType, "header Content-Type"},
		{"a password flagged for change that is good", "set-password", sent(`{"value":"x","forceChange":true}`), ruleEcho, "/status"},
		{"PKCE that is enforced by nobody's wish", "read-application", replace(`"pkceEnforcement":"OPTIONAL"`, `"pkceEnforcement":"S256_REQUIRED"`), ruleKept, "/pkceEnforcement"},
		{"a list of templates that are none", "create-population", replace(`"self":{`, `"curies":[{"href":"https://docs.example.com/{rel}"}],"self":{`), "population#/required", "/_links/curies/0/name"},
		{"a list for a link", "create-population", replace(`"environment":{"href"`, `"users":[{"href":"https://api.pingone.com/x"}],"environment":{"href"`), "population#/type", "/_links/users"},
		{"an unknown link that is no address", "create-population", replace(`"self":{`, `"more":{"href":7},"self":{`), "population#/type", "/_links/more/href"},
		{"a device that waits for its activation", "create-sms-device", replace(`"status":"ACTIVE"`, `"status":"ACTIVATION_REQUIRED"`), "device#/const", "/status"},
		{"a password that was set and is not good", "set-password", replace(`"status":"OK"`, `"status":"PASSWORD_EXPIRED"`), "password#/const", "/status"},
		{"PKCE that nobody asked for", "create-application", replace(`"pkceEnforcement":"OPTIONAL"`, `"pkceEnforcement":"REQUIRED"`), "application#/const", "/pkceEnforcement"},
		{"a verification status that is no text", "read-user", replace(`"NOT_INITIATED"`, `1`), "user#/enum", "/verifyStatus"},
		{"a cookie that scripts can read", "authorize", header("Set-Cookie", "ST=1; Path=/"), ruleFlow, "cookie ST"},
		{"a cookie for another path", "authorize", header("Set-Cookie", "ST=1; Path=/elsewhere; HttpOnly"), ruleFlow, "cookie ST"},
		{"a code that is not its status's", "error-not-found", replace(`"NOT_FOUND"`, `"MISSING"`), "error-404#/const", "/code"},
		{"a code of a refusal in another class", "error-not-found", status(500), "error-5xx#/const", "/code"},
		{"a refusal without an id", "error-no-token", replace(`"id":`, `"uid":`), "error-401#/required", "/id"},
		{"a detail code that is no text", "error-no-token", replace(`"INVALID_TOKEN"`, `7`), "error#/type", "/details/0/code"},
		{"details that are no list", "error-no-token", replace(`"details":[`, `"details":"none","reasons":[`), "error#/type", "/details"},
		{"a refusal without a code", "error-not-found", replace(`"code":`, `"kode":`), "error#/required", "/code"},
		{"no time to wait", "error-too-many", header("Retry-After", ""), ruleRetryAfter, "header Retry-After"},
		{"400 for a wrong client secret", "oauth-error", status(400), ruleStatus, "status"},
		{"401 for a wrong code", "oauth-error", replace(`"invalid_client"`, `"invalid_grant"`), ruleStatus, "status"},
		{"an issuer that is another", "discovery", replace(`"issuer":"https://auth.`, `"issuer":"https://auth2.`), ruleLink, "/issuer"},
		{"an endpoint of another host", "discovery", replace(`"token_endpoint":"https://auth.`, `"token_endpoint":"https://auth2.`), ruleLink, "/token_endpoint"},
		{"success without a token", "read-application", unauthorized, ruleAccepted, "status"},
		{"a create without a name that is accepted", "create-application", sent(`{"enabled":true,"type":"WEB_APP","protocol":"OPENID_CONNECT","tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC"}`), ruleAccepted, "status"},
		{"a passcode of plain JSON that is accepted", "flow-completed", plainJSON, ruleAccepted, "status"},
		{"a POST where only PUT is, accepted", "enable-mfa", func(ex *client.Exchange) { ex.Request.Method = "POST" }, ruleAccepted, "status"},
	} {
		t.Run(row.breakage, func(t *testing.T) {
			e := readExample(t, row.example)
			ex := e.exchange(t)
			ex.Body = compact(t, ex.Body)
			row.by(ex)
			report := e.after(t).Check(ex)
			require.Error(t, report.Err())
			found := false
			for _, v := range report.Violations {
				require.True(t, strings.HasPrefix(v.Source, "https://"), "%s has no source", v.Rule)
				found = found || v.Rule == row.rule && v.Where == row.where || row.where == "" && strings.HasPrefix(v.Rule, "flow")
			}
			require.True(t, found, "want %s at %s, got: %v", row.rule, row.where, report.Violations)
		})
	}
}

const (
	environmentID = "e0000000-0000-4000-8000-000000000001"
	flowID        = "f0000000-0000-4000-8000-000000000001"
)

func status(code int) func(*client.Exchange) {
	return func(ex *client.Exchange) { ex.Status = code }
}

func header(name, value string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		ex.Header.Del(name)
		if value != "" {
			ex.Header.Set(name, value)
		}
	}
}

func body(text string) func(*client.Exchange) {
	return func(ex *client.Exchange) { ex.Body = []byte(text) }
}

func sent(text string) func(*client.Exchange) {
	return func(ex *client.Exchange) { ex.Request.Body = []byte(text) }
}

func unauthorized(ex *client.Exchange) { ex.Request.Header.Del("Authorization") }

func plainJSON(ex *client.Exchange) { ex.Request.Header.Set("Content-Type", "application/json") }

// replace changes every occurrence of a text in the answer, and fails when there is none.
func replace(old, replacement string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		if !strings.Contains(string(ex.Body), old) {
			panic("the example has no " + old)
		}
		ex.Body = []byte(strings.ReplaceAll(string(ex.Body), old, replacement))
	}
}

// twice repeats the items of a list, and counts them right.
func twice(plural string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		text := string(ex.Body)
		start := strings.Index(text, `"`+plural+`":[`) + len(plural) + 4
		end := strings.LastIndex(text, "]}")
		text = text[:end] + "," + text[start:end] + text[end:]
		text = strings.ReplaceAll(text, `"count":1`, `"count":2`)
		ex.Body = []byte(strings.ReplaceAll(text, `"size":1`, `"size":2`))
	}
}

func compact(t testing.TB, text []byte) []byte {
	t.Helper()
	if len(text) == 0 {
		return nil
	}
	var short bytes.Buffer
	require.NoError(t, json.Compact(&short, text))
	return short.Bytes()
}

func TestASecretLeaksByValueAnywhere(t *testing.T) {
	for _, row := range []struct{ what, secret, after, leak string }{
		{"the application's secret in a user", "a-secret~with.the_characters-of-a-real-one", "read-application-secret", "create-user"},
		{"a password in an application", "a password for examples", "set-password", "create-application"},
		{"an authenticator's secret in a list", "GEZDGNBVGY3TQOJQ", "create-totp-device", "list-scopes"},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker := NewChecker()
			require.NoError(t, checker.Check(readExample(t, row.after).exchange(t)).Err())
			ex := readExample(t, row.leak).exchange(t)
			require.NoError(t, NewChecker().Check(ex).Err())
			ex.Body = []byte(strings.Replace(string(ex.Body), "{", `{ "note": "`+row.secret+`",`, 1))
			report := checker.Check(ex)
			require.ErrorContains(t, report.Err(), "gives away a secret")
			require.NotContains(t, report.Err().Error(), row.secret)
		})
	}
}

func TestTheSecretsOwnEndpointMayShowItAgain(t *testing.T) {
	checker := NewChecker()
	for range 2 {
		require.NoError(t, checker.Check(readExample(t, "read-application-secret").exchange(t)).Err())
	}
}

func TestAClientSecretOfABasicHeaderMayNotComeBack(t *testing.T) {
	checker := NewChecker()
	token := readExample(t, "oauth-error").exchange(t)
	token.Request.Body = []byte("grant_type=client_credentials")
	token.Request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("client:"+url.QueryEscape("a secret of its own"))))
	require.NoError(t, checker.Check(token).Err())
	ex := readExample(t, "error-not-found").exchange(t)
	ex.Body = []byte(strings.Replace(string(ex.Body), "could not be", "with a secret of its own could not be", 1))
	require.ErrorContains(t, checker.Check(ex).Err(), "gives away a secret")
}
