package management

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestUserLife(t *testing.T) {
	a := newAPI(t)
	population := a.made("{env}/populations", `{"name":"Members"}`).id()
	r := a.made("{env}/users", `{"username":"anna","email":"anna@example.com","name":{"given":"Anna","family":"Example"},"population":{"id":"`+population+`"},"shoeSize":"38"}`)
	for path, want := range map[string]string{
		"username": "anna", "email": "anna@example.com", "name.given": "Anna", "population.id": population, "enabled": "true",
		"mfaEnabled": "false", "account.canAuthenticate": "true", "account.status": "OK", "lifecycle.status": "ACCOUNT_OK",
		"identityProvider.type": "PING_ONE", "verifyStatus": "NOT_INITIATED", "environment.id": a.env.ID, "shoeSize": "38",
	} {
		require.Equal(t, want, r.body.Get(path).String(), path)
	}
	require.False(t, r.body.Get("mobilePhone").Exists())
	require.False(t, r.body.Get("lastSignOn").Exists())
	path := "{env}/users/" + r.id()
	for rel, end := range map[string]string{
		"self": "/users/" + r.id(), "environment": a.env.ID, "population": "/populations/" + population, "devices": "/users/" + r.id() + "/devices",
		`password\.set`: "/users/" + r.id() + "/password", `password\.check`: "/users/" + r.id() + "/password", "roleAssignments": "/roleAssignments",
	} {
		require.True(t, strings.HasSuffix(r.body.Get("_links."+rel+".href").String(), end), rel)
	}
	require.JSONEq(t, r.raw, a.get(path).raw)

	a.now = a.now.Add(time.Minute)
	patched := a.send(http.MethodPatch, path, mediaJSON, `{"mobilePhone":"+1.5125550101","name":{"family":null},"shoeSize":null,"mfaEnabled":true}`)
	require.Equal(t, 200, patched.status, "%s", patched)
	require.Equal(t, "+1.5125550101", patched.body.Get("mobilePhone").String(), "exactly as typed")
	require.Equal(t, `{"given":"Anna"}`, patched.body.Get("name").Raw)
	require.False(t, patched.body.Get("shoeSize").Exists())
	require.False(t, patched.body.Get("mfaEnabled").Bool(), "it has an address of its own")
	require.Greater(t, patched.body.Get("updatedAt").String(), patched.body.Get("createdAt").String())

	put := a.put(path, `{"username":"anna","email":"anna@example.com"}`)
	require.False(t, put.body.Get("mobilePhone").Exists(), "PUT clears what is left out")
	require.Equal(t, population, put.body.Get("population.id").String())
	unchanged := a.send(http.MethodPatch, path, mediaJSON, `{"enabled":false}`)
	require.True(t, unchanged.body.Get("enabled").Bool(), "it has an address of its own")

	a.twice(path)
	require.Equal(t, []string{r.id()}, a.deleted)
}

func TestUserRefusals(t *testing.T) {
	a := newAPI(t)
	anna := a.user("anna")
	for _, row := range []struct {
		name, body string
		details    []string
	}{
		{"nothing", `{}`, []string{"email REQUIRED_VALUE", "username REQUIRED_VALUE"}},
		{"empty", `{"username":"","email":""}`, []string{"email EMPTY_VALUE", "username EMPTY_VALUE"}},
		{"name in use, in other letters", `{"username":"ANNA","email":"a@example.com"}`, []string{"username UNIQUENESS_VIOLATION"}},
		{"long name", `{"username":"` + strings.Repeat("a", 129) + `","email":"a@example.com"}`, []string{"username SIZE_LIMIT_EXCEEDED"}},
		{"control character", `{"username":"a\u0007","email":"a@example.com"}`, []string{"username INVALID_VALUE"}},
		{"no mail address", `{"username":"ben","email":"ben"}`, []string{"email INVALID_VALUE"}},
		{"mail address with a name", `{"username":"ben","email":"Ben <ben@example.com>"}`, []string{"email INVALID_VALUE"}},
		{"phone without digit", `{"username":"ben","email":"b@example.com","mobilePhone":"none"}`, []string{"mobilePhone INVALID_VALUE"}},
		{"long phone", `{"username":"ben","email":"b@example.com","mobilePhone":"` + strings.Repeat("5", 33) + `"}`, []string{"mobilePhone INVALID_VALUE"}},
		{"unknown population", `{"username":"ben","email":"b@example.com","population":{"id":"x"}}`, []string{"population.id INVALID_VALUE"}},
		{"empty given name", `{"username":"ben","email":"b@example.com","name":{"given":""}}`, []string{"name.given EMPTY_VALUE"}},
	} {
		t.Run(row.name, func(t *testing.T) { refused(t, a.post("{env}/users", row.body), 400, "INVALID_DATA", row.details...) })
	}
	require.Equal(t, anna, a.post("{env}/users", `{"username":"anna","email":"a@example.com"}`).body.Get("details.0.innerError.existingId").String())
	refused(t, a.send(http.MethodPatch, "{env}/users/"+anna, mediaJSON, `{"email":null}`), 400, "INVALID_DATA", "email REQUIRED_VALUE")
	ben := a.user("ben")
	refused(t, a.send(http.MethodPatch, "{env}/users/"+ben, mediaJSON, `{"username":"anna"}`), 400, "INVALID_DATA", "username UNIQUENESS_VIOLATION")
	require.Equal(t, 200, a.send(http.MethodPatch, "{env}/users/"+ben, mediaJSON, `{"username":"Ben"}`).status, "one's own name is free")
}

func TestMFAEnabled(t *testing.T) {
	a := newAPI(t)
	path := "{env}/users/" + a.user("anna") + "/mfaEnabled"
	require.Equal(t, "false", a.get(path).body.Get("mfaEnabled").Raw)
	r := a.put(path, `{"mfaEnabled":true}`)
	require.Equal(t, 200, r.status)
	require.Equal(t, "true", r.body.Get("mfaEnabled").Raw)
	require.JSONEq(t, r.raw, a.get(path).raw)
	require.True(t, a.get(strings.TrimSuffix(path, "/mfaEnabled")).body.Get("mfaEnabled").Bool())
	refused(t, a.put(path, `{}`), 400, "INVALID_DATA", "mfaEnabled REQUIRED_VALUE")
	refused(t, a.put(path, `{"mfaEnabled":"true"}`), 400, "INVALID_REQUEST", "mfaEnabled INVALID_VALUE")
}

const setPassword = mediaVendor + "password.set+json"

func TestPasswordLife(t *testing.T) {
	a := newAPI(t)
	path := "{env}/users/" + a.user("anna") + "/password"
	require.Equal(t, "NO_PASSWORD", a.get(path).body.Get("status").String())
	r := a.send(http.MethodPut, path, setPassword, `{"value":"2Fish&Chips","forceChange":false}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.Equal(t, "OK", r.body.Get("status").String())
	require.Equal(t, "2026-01-15T09:00:00.000Z", r.body.Get("lastChangedAt").String())
	require.Equal(t, a.env.PasswordPolicyID, r.body.Get("passwordPolicy.id").String())
	require.NotContains(t, r.raw, "2Fish&Chips")

	check := func(password string) reply {
		return a.send(http.MethodPost, path, mediaVendor+"password.check+json", `{"password":"`+password+`"}`)
	}
	require.Equal(t, 200, check("2Fish&Chips").status)
	wrong := check("2Fish&Chops")
	refused(t, wrong, 400, "INVALID_DATA", "password INVALID_VALUE")
	require.Equal(t, int64(4), wrong.body.Get("details.0.innerError.failuresRemaining").Int())
	for range 3 {
		check("wrong")
	}
	locked := check("wrong")
	refused(t, locked, 400, "INVALID_DATA", "password PASSWORD_LOCKED_OUT")
	require.Equal(t, int64(900), locked.body.Get("details.0.innerError.secondsUntilUnlock").Int())
	user := a.get(strings.TrimSuffix(path, "/password"))
	require.Equal(t, "LOCKED", user.body.Get("account.status").String())
	require.Equal(t, "2026-01-15T09:15:00.000Z", user.body.Get("account.unlockAt").String())
	require.Equal(t, "PASSWORD_LOCKED_OUT", a.get(path).body.Get("status").String())
	refused(t, check("2Fish&Chips"), 400, "INVALID_DATA", "password PASSWORD_LOCKED_OUT")
	a.now = a.now.Add(15 * time.Minute)
	require.Equal(t, 200, check("2Fish&Chips").status, "after a quarter of an hour")
	require.Equal(t, "OK", a.get(path).body.Get("status").String())

	forced := a.send(http.MethodPut, path, setPassword, `{"value":"3Fish&Chips","forceChange":true}`)
	require.Equal(t, "MUST_CHANGE_PASSWORD", forced.body.Get("status").String())
	const reset = mediaVendor + "password.reset+json"
	refused(t, a.send(http.MethodPut, path, reset, `{"currentPassword":"no","newPassword":"4Fish&Chips"}`), 400, "INVALID_DATA", "currentPassword INVALID_VALUE")
	require.Equal(t, "OK", a.send(http.MethodPut, path, reset, `{"currentPassword":"3Fish&Chips","newPassword":"4Fish&Chips"}`).body.Get("status").String())
}

func TestPasswordRefusals(t *testing.T) {
	a := newAPI(t)
	path := "{env}/users/" + a.user("anna") + "/password"
	put := func(value string) reply { return a.send(http.MethodPut, path, setPassword, `{"value":"`+value+`"}`) }
	for value, rule := range map[string]string{
		"2Fish&C": "length", "2fish&chips": "minCharacters", "2Fish&Chipsss": "maxRepeatedCharacters", "Aa1!Aa1!": "minUniqueCharacters",
	} {
		r := put(value)
		refused(t, r, 400, "INVALID_DATA", "value INVALID_VALUE")
		require.Equal(t, `["`+rule+`"]`, r.body.Get("details.0.innerError.unsatisfiedRequirements").Raw, value)
	}
	require.Equal(t, 200, put("2Fish&Chips").status)
	refused(t, put("2Fish&Chips"), 400, "INVALID_DATA", "value INVALID_VALUE")
	refused(t, put(""), 400, "INVALID_DATA", "value EMPTY_VALUE")
	refused(t, put("{ROT13}abc"), 400, "INVALID_DATA", "value INVALID_VALUE")
	require.Equal(t, 200, a.send(http.MethodPut, path, setPassword, `{"value":"weak","bypassPolicy":true}`).status)
	refused(t, a.send(http.MethodPut, "{env}/users/00000000-0000-4000-8000-000000000000/password", setPassword, `{"value":"2Fish&Chips"}`), 404, "NOT_FOUND")
}

func TestImportUser(t *testing.T) {
	a := newAPI(t)
	const media = mediaVendor + "user.import+json"
	a.user("zoe")
	r := a.send(http.MethodPost, "{env}/users", media, `{"username":"anna","email":"anna@example.com","password":{"value":"2Fish&Chips"}}`)
	require.Equal(t, 201, r.status, "%s", r)
	require.NotContains(t, r.raw, "2Fish&Chips")
	require.True(t, a.tenant.CheckPassword(a.env.Users[r.id()], "2Fish&Chips").OK)
	refused(t, a.send(http.MethodPost, "{env}/users", media, `{"username":"ben","email":"b@example.com","password":{"value":"weak"}}`),
		400, "INVALID_DATA", "password.value INVALID_VALUE")
	require.Nil(t, a.env.UserByUsername("ben"))
}

func TestPreEncodedPassword(t *testing.T) {
	a := newAPI(t)
	id := a.user("anna")
	// {SSHA256} over "2Fish&Chips" and the salt "salt".
	const encoded = "{SSHA256}H6lx5XaHpNTmle4Y3ID4vJwFLCkqpGkh39Ym/t2Y33BzYWx0"
	r := a.send(http.MethodPut, "{env}/users/"+id+"/password", setPassword, `{"value":"`+encoded+`"}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.True(t, a.tenant.CheckPassword(a.env.Users[id], "2Fish&Chips").OK)
	require.False(t, a.tenant.CheckPassword(a.env.Users[id], "2Fish&Chops").OK)
}
