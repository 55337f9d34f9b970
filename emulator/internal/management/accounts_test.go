package management

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhetherAPersonIsEnabledHasAnAddressOfItsOwn(t *testing.T) {
	a := newAPI(t)
	path := "{env}/users/" + a.user("anna")
	require.Equal(t, "true", a.get(path+"/enabled").body.Get("enabled").Raw)
	r := a.put(path+"/enabled", `{"enabled":false}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.Equal(t, "false", r.body.Get("enabled").Raw)
	shown := a.get(path).body
	require.Equal(t, "false", shown.Get("enabled").Raw)
	require.Equal(t, "false", shown.Get("account.canAuthenticate").Raw)
	refused(t, a.put(path+"/enabled", `{}`), 400, "INVALID_DATA", "enabled REQUIRED_VALUE")
	refused(t, a.get("{env}/users/00000000-0000-4000-8000-000000000000/enabled"), 404, "NOT_FOUND")
}

func TestAPersonMovesToAnotherPopulation(t *testing.T) {
	a := newAPI(t)
	path := "{env}/users/" + a.user("anna")
	members := a.made("{env}/populations", `{"name":"Members"}`).id()
	require.Equal(t, a.env.DefaultPopulation().ID, a.get(path+"/population").id())
	r := a.put(path+"/population", `{"id":"`+members+`"}`)
	require.Equal(t, 200, r.status, "%s", r)
	require.Equal(t, members, a.get(path).body.Get("population.id").String())
	refused(t, a.put(path+"/population", `{"id":"x"}`), 400, "INVALID_DATA", "id INVALID_VALUE")
	refused(t, a.put(path+"/population", `{}`), 400, "INVALID_DATA", "id REQUIRED_VALUE")
}

func TestAnAccountIsLockedUntilSomebodyUnlocksIt(t *testing.T) {
	a := newAPI(t)
	path := "{env}/users/" + a.user("anna")
	password := func(value string) reply {
		return a.send(http.MethodPost, path+"/password", mediaVendor+"password.check+json", `{"password":"`+value+`"}`)
	}
	require.Equal(t, 200, a.send(http.MethodPut, path+"/password", mediaVendor+"password.set+json", `{"value":"2Federate!"}`).status)

	locked := a.send(http.MethodPost, path, mediaVendor+"account.lock+json", "")
	require.Equal(t, 200, locked.status, "%s", locked)
	require.Equal(t, "LOCKED", locked.body.Get("account.status").String())
	require.Equal(t, "false", locked.body.Get("account.canAuthenticate").Raw)
	require.Equal(t, "2026-01-15T09:00:00.000Z", locked.body.Get("account.lockedAt").String())
	a.now = a.now.AddDate(1, 0, 0)
	refused(t, password("2Federate!"), 400, "INVALID_DATA", "password PASSWORD_LOCKED_OUT")

	unlocked := a.send(http.MethodPost, path, mediaVendor+"account.unlock+json", "")
	require.Equal(t, "OK", unlocked.body.Get("account.status").String())
	require.Equal(t, 200, password("2Federate!").status)

	for range 5 {
		password("wrong")
	}
	require.Equal(t, "LOCKED", a.get(path).body.Get("account.status").String())
	a.send(http.MethodPost, path, mediaVendor+"account.unlock+json", "")
	require.Equal(t, 200, password("2Federate!").status, "it undoes the lock of wrong passwords as well")
	require.Equal(t, http.StatusUnsupportedMediaType, a.post(path, `{}`).status)
}

func TestGroupMembership(t *testing.T) {
	a := newAPI(t)
	person := "{env}/users/" + a.user("anna") + "/memberOfGroups"
	group := a.made("{env}/groups", `{"name":"Staff","description":"Who works here"}`).id()
	refused(t, a.post(person, `{"id":"x"}`), 400, "INVALID_DATA", "id INVALID_VALUE")
	joined := a.made(person, `{"id":"`+group+`"}`)
	require.Equal(t, "Staff", joined.body.Get("name").String())
	require.Equal(t, "DIRECT", joined.body.Get("type").String())
	refused(t, a.post(person, `{"id":"`+group+`"}`), 400, "INVALID_DATA", "id UNIQUENESS_VIOLATION")
	require.Equal(t, group, a.get(person).body.Get("_embedded.groupMemberships.0.id").String())
	require.Equal(t, int64(1), a.get("{env}/groups/"+group).body.Get("directMemberCounts.users").Int())
	require.Equal(t, "Staff", a.get(person+"/"+group).body.Get("name").String())
	a.twice(person + "/" + group)

	a.made(person, `{"id":"`+group+`"}`)
	a.twice("{env}/groups/" + group)
	left := a.get(person)
	require.Equal(t, 200, left.status, "%s", left)
	require.Equal(t, int64(0), left.body.Get("size").Int(), "a group that is gone has no members")
}

// Codes by e-mail verify an account and recover a password.
func TestCodesByMail(t *testing.T) {
	a := newAPI(t)
	anna := "{env}/users/" + a.user("anna")
	act := func(path, action, body string) reply {
		return a.send("POST", path, mediaVendor+action+"+json", body)
	}
	code := func() string { all := a.tenant.Outbox(); return all[len(all)-1].OTP }

	sent := act(anna, "user.sendVerificationCode", "")
	require.Equal(t, "VERIFICATION_REQUIRED", sent.body.Get("lifecycle.status").String(), "%s", sent)
	refused(t, act(anna, "user.verify", `{"verificationCode":"wrong"}`), 400, "INVALID_DATA", "verificationCode INVALID_VALUE")
	refused(t, act(anna, "user.verify", `{}`), 400, "INVALID_DATA", "verificationCode REQUIRED_VALUE")
	verified := act(anna, "user.verify", `{"verificationCode":"`+code()+`"}`)
	require.Equal(t, "ACCOUNT_OK", verified.body.Get("lifecycle.status").String(), "%s", verified)
	require.True(t, verified.body.Get("emailVerified").Bool())
	require.False(t, a.put(anna, `{"username":"anna","email":"other@example.com"}`).body.Get("emailVerified").Bool(), "another address is not verified")

	password := anna + "/password"
	refused(t, act(password, "password.sendRecoveryCode", ""), 400, "REQUEST_FAILED", "NO_PASSWORD")
	set := a.send("PUT", password, mediaVendor+"password.set+json", `{"value":"Quiet-Harbour-52"}`)
	require.Equal(t, 200, set.status, "%s", set)
	require.Equal(t, "OK", act(password, "password.sendRecoveryCode", "").body.Get("status").String())
	refused(t, act(password, "password.recover", `{"recoveryCode":"`+code()+`","newPassword":"weak"}`), 400, "INVALID_DATA", "newPassword INVALID_VALUE")
	recovered := act(password, "password.recover", `{"recoveryCode":"`+code()+`","newPassword":"Another-Harbour-9"}`)
	require.Equal(t, 200, recovered.status, "%s", recovered)
	check := func(clear string) reply {
		return act(password, "password.check", `{"password":"`+clear+`"}`)
	}
	require.Equal(t, "OK", check("Another-Harbour-9").body.Get("status").String(), "the new one counts")
	refused(t, check("Quiet-Harbour-52"), 400, "INVALID_DATA", "password INVALID_VALUE")
	refused(t, act(password, "password.recover", `{"recoveryCode":"`+code()+`","newPassword":"Third-Harbour-77"}`), 400, "INVALID_DATA", "recoveryCode INVALID_VALUE")
	for range 3 {
		act(password, "password.recover", `{"recoveryCode":"wrong","newPassword":"Third-Harbour-77"}`)
	}
	refused(t, act(password, "password.recover", `{"recoveryCode":"wrong","newPassword":"Third-Harbour-77"}`), 400, "INVALID_DATA", "recoveryCode PASSWORD_LOCKED_OUT")
	refused(t, act(password, "password.sendRecoveryCode", ""), 400, "REQUEST_FAILED", "PASSWORD_LOCKED_OUT")

	id := a.user("eve")
	eve := "{env}/users/" + id + "/password"
	refused(t, act(eve, "password.check", `{"password":"Quiet-Harbour-52"}`), 400, "INVALID_DATA", "password NO_PASSWORD")
	a.send("PUT", eve, mediaVendor+"password.set+json", `{"value":"Quiet-Harbour-52"}`)
	refused(t, a.send("PUT", eve, mediaVendor+"password.reset+json", `{"currentPassword":"Quiet-Harbour-52","newPassword":"weak"}`), 400, "INVALID_DATA", "newPassword INVALID_VALUE")
	refused(t, a.send("PUT", eve, mediaVendor+"password.reset+json", `{"currentPassword":"Other-Harbour-52","newPassword":"Third-Harbour-77"}`), 400, "INVALID_DATA", "currentPassword INVALID_VALUE")
	require.Equal(t, "OK", act(eve, "password.check", `{"password":"Quiet-Harbour-52"}`).body.Get("status").String(), "it is the old one still")
	sentTo := len(a.tenant.Outbox())
	a.env.Users[id].Enabled = false
	refused(t, act(eve, "password.sendRecoveryCode", ""), 400, "REQUEST_FAILED", "ACCOUNT_NOT_USABLE")
	require.Len(t, a.tenant.Outbox(), sentTo, "who is disabled is sent nothing")

	to := len(a.tenant.Outbox())
	a.made("{env}/users", `{"username":"ben","email":"ben@example.com","lifecycle":{"status":"VERIFICATION_REQUIRED"}}`)
	require.Len(t, a.tenant.Outbox(), to+1)
	a.made("{env}/users", `{"username":"cleo","email":"cleo@example.com","lifecycle":{"status":"VERIFICATION_REQUIRED","suppressVerificationCode":true}}`)
	require.Len(t, a.tenant.Outbox(), to+1, "no code where none is wanted")
	imported := a.send("POST", "{env}/users", mediaVendor+"user.import+json", `{"username":"dan","email":"dan@example.com","emailVerified":true}`)
	require.True(t, imported.body.Get("emailVerified").Bool(), "%s", imported)
}
