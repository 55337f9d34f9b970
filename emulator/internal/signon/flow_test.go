package signon

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func TestCookies(t *testing.T) {
	t.Run("attributes", func(t *testing.T) {
		r := newRig(t)
		for _, cookie := range r.browser().authorize().Cookies() {
			require.Equal(t, r.path(""), cookie.Path)
			require.Equal(t, 2592000, cookie.MaxAge)
			require.True(t, cookie.HttpOnly)
			require.False(t, cookie.Secure, "plain http would never get it back")
		}
	})
	t.Run("flow calls and resume need them", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		flow := b.authorize()
		others := r.browser()
		others.authorize()
		for name, who := range map[string]*browser{"none": r.browser(), "another browser's": others} {
			for _, answer := range []*reply{who.read(flow), who.login(flow, "anna", goodPassword), who.resume(flow), who.act(flow, "rubbish", nil)} {
				requireProblem(t, answer, 401, "ACCESS_FAILED", "INVALID_TOKEN", "Authentication Credentials")
			}
			require.Equal(t, statusUsernamePassword, b.read(flow).json("status").String(), name)
		}
	})
	t.Run("ST-NO-SS alone is enough", func(t *testing.T) {
		b := newRig(t).browser()
		flow := b.authorize()
		delete(b.cookies, "ST")
		require.Equal(t, 200, b.read(flow).StatusCode)
		b.cookies["ST"] = "wrong"
		require.Equal(t, 401, b.read(flow).StatusCode)
	})
	t.Run("the one from before the login is dead after it", func(t *testing.T) {
		b := newRig(t).browser()
		flow := b.authorize()
		old := b.cookies["ST"]
		b.login(flow, "anna", goodPassword)
		b.cookies = map[string]string{"ST": old}
		require.Equal(t, 401, b.resume(flow).StatusCode)
	})
	t.Run("over TLS they are Secure", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		answer := b.send("GET", "https://127.0.0.1:9000"+r.path("/as/authorize?"+r.query().Encode()), "", "")
		require.Len(t, answer.Cookies(), 2)
		for _, header := range answer.Header.Values("Set-Cookie") {
			require.Contains(t, header, "; Secure")
			require.Equal(t, strings.HasPrefix(header, "ST="), strings.Contains(header, "SameSite=None"))
		}
	})
}

func TestFlowsExpire(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	flow := b.authorize()
	for range 3 {
		b.pass(14 * time.Minute)
		require.Equal(t, 200, b.read(flow).StatusCode, "each call gives it another 15 minutes")
	}
	b.pass(15 * time.Minute)
	for _, answer := range []*reply{b.read(flow), b.login(flow, "anna", goodPassword), b.resume(flow)} {
		require.Equal(t, 404, answer.StatusCode)
		require.Equal(t, "NOT_FOUND", answer.json("code").String())
	}
	require.Equal(t, 404, b.send("GET", r.path("/flows/"+r.tenant.NewID()), "", "").StatusCode)
	requireProblem(t, b.send("GET", r.path("/as/resume"), "", ""), 400, "INVALID_DATA", "REQUIRED_VALUE", "flowId")
}

func TestFlowsGoWithTheirApplicationAndPerson(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	flow := b.authorize()
	delete(r.env.Applications, r.app.ID)
	require.Equal(t, 404, b.read(flow).StatusCode)

	r.env.Applications[r.app.ID] = r.app
	done := b.login(flow, "anna", goodPassword)
	r.server.UserDeleted(r.env.ID, r.anna.ID)
	require.Equal(t, 404, b.resume(done).StatusCode)
}

func TestFlowActionsAreChosenByMediaType(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	flow := b.authorize()
	path := r.path("/flows/" + flow.json("id").String())
	for _, mediaType := range []string{"application/json", "", "application/vnd.pingidentity.nonsense+json", formType} {
		answer := b.send("POST", path, mediaType, `{"username":"anna","password":"`+goodPassword+`"}`)
		require.Equal(t, 415, answer.StatusCode, mediaType)
		require.Equal(t, "INVALID_REQUEST", answer.json("code").String())
	}
	for _, rel := range []string{relCheckOTP, relSelectDevice, relUpdateUser, relResetPassword, relLookup, relForgot, relRecover, relResetSession} {
		requireProblem(t, b.act(flow, rel, object{}), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
	}
	for _, body := range []string{"", "null", "[]", "{", `{"username":"anna"} x`} {
		answer := b.send("POST", path, mediaTypeOf(relLogin)+"; charset=UTF-8", body)
		require.Equal(t, 400, answer.StatusCode, body)
		require.Equal(t, "INVALID_REQUEST", answer.json("code").String())
	}
	require.Equal(t, 405, b.send("DELETE", path, "", "").StatusCode)
	require.Equal(t, statusCompleted, b.login(flow, "anna", goodPassword).json("status").String())
	requireProblem(t, b.login(flow, "anna", goodPassword), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
}

func TestLogin(t *testing.T) {
	t.Run("wrong ones and unknown ones get one answer", func(t *testing.T) {
		r := newRig(t)
		b := r.browser()
		flow := b.authorize()
		wrong := b.login(flow, "anna", "wrong")
		unknown := b.login(flow, "nobody", goodPassword)
		requireProblem(t, wrong, 400, "INVALID_DATA", "INVALID_VALUE", "username")
		require.Equal(t, wrong.json("details").Raw, unknown.json("details").Raw)
		require.Equal(t, statusUsernamePassword, b.read(flow).json("status").String())
		require.Equal(t, statusCompleted, b.login(flow, "Anna", goodPassword).json("status").String(), "names have no case")
	})
	t.Run("missing ones", func(t *testing.T) {
		b := newRig(t).browser()
		flow := b.authorize()
		requireProblem(t, b.act(flow, relLogin, object{"password": "x"}), 400, "INVALID_DATA", "REQUIRED_VALUE", "username")
		requireProblem(t, b.act(flow, relLogin, object{"username": "anna"}), 400, "INVALID_DATA", "REQUIRED_VALUE", "password")
		requireProblem(t, b.act(flow, relLogin, object{"username": "anna", "password": 1}), 400, "INVALID_REQUEST", "INVALID_VALUE", "password")
	})
	t.Run("five wrong ones lock the right one for fifteen minutes", func(t *testing.T) {
		b := newRig(t).browser()
		flow := b.authorize()
		for range 5 {
			b.login(flow, "anna", "wrong")
		}
		locked := b.login(flow, "anna", goodPassword)
		requireProblem(t, locked, 400, "INVALID_DATA", "PASSWORD_LOCKED_OUT", "password")
		require.Equal(t, int64(900), locked.json("details.0.innerError.secondsUntilUnlock").Int())
		b.pass(14 * time.Minute)
		requireProblem(t, b.login(flow, "anna", goodPassword), 400, "INVALID_DATA", "PASSWORD_LOCKED_OUT", "password")
		b.pass(time.Minute)
		require.Equal(t, statusCompleted, b.login(flow, "anna", goodPassword).json("status").String())
	})
	t.Run("a disabled person with the right one", func(t *testing.T) {
		b := newRig(t).browser()
		b.anna.Enabled = false
		flow := b.authorize()
		requireProblem(t, b.login(flow, "anna", goodPassword), 400, "REQUEST_FAILED", "ACCOUNT_NOT_USABLE", "")
		requireProblem(t, b.login(flow, "anna", "wrong"), 400, "INVALID_DATA", "INVALID_VALUE", "username")
	})
	t.Run("a person without a password", func(t *testing.T) {
		b := newRig(t).browser()
		b.anna.Password = tenant.Password{}
		requireProblem(t, b.login(b.authorize(), "anna", "x"), 400, "INVALID_DATA", "NO_PASSWORD", "password")
	})
	t.Run("a flow that knows its person needs no name and takes no other", func(t *testing.T) {
		r := newRig(t)
		r.addUser("ben")
		b := r.browser()
		flow := b.authorize("login_hint", "anna")
		requireProblem(t, b.login(flow, "ben", goodPassword), 400, "INVALID_DATA", "INVALID_VALUE", "username")
		require.Equal(t, statusCompleted, b.act(flow, relLogin, object{"password": goodPassword}).json("status").String())
	})
}

func TestPasswordFlaggedForChange(t *testing.T) {
	r := newRig(t)
	r.tenant.SetPassword(r.anna, goodPassword, true)
	b := r.browser()
	flow := b.login(b.authorize(), "anna", goodPassword)
	require.Equal(t, statusMustChange, flow.json("status").String(), flow.body)
	require.True(t, flow.json(`_links.password\.reset`).Exists())
	require.Equal(t, r.env.PasswordPolicyID, flow.json("_embedded.passwordPolicy.id").String())
	require.False(t, b.resume(flow).json("authorizeResponse").Exists())

	change := func(current, fresh string) *reply {
		return b.act(flow, relResetPassword, object{"currentPassword": current, "newPassword": fresh})
	}
	requireProblem(t, change("wrong", "Another-Harbour-9"), 400, "INVALID_DATA", "INVALID_VALUE", "currentPassword")
	requireProblem(t, change(goodPassword, "weak"), 400, "INVALID_DATA", "INVALID_VALUE", "newPassword")
	requireProblem(t, change(goodPassword, goodPassword), 400, "INVALID_DATA", "INVALID_VALUE", "newPassword")
	requireProblem(t, b.act(flow, relResetPassword, object{"currentPassword": "x"}), 400, "INVALID_DATA", "REQUIRED_VALUE", "newPassword")
	require.Equal(t, statusCompleted, change(goodPassword, "Another-Harbour-9").json("status").String())
	require.True(t, r.tenant.CheckPassword(r.anna, "Another-Harbour-9").OK)
	require.Equal(t, "OK", r.anna.PasswordStatus(r.now))
}

func TestForgottenPassword(t *testing.T) {
	r := newRig(t)
	r.policy(r.app, "Recovery", tenant.Action{Type: "LOGIN", RecoveryEnabled: true})
	b := r.browser()
	flow := b.authorize()
	require.True(t, flow.json(`_links.password\.forgot`).Exists())

	known := b.act(flow, relForgot, object{"username": "anna"})
	require.Equal(t, statusRecoveryCode, known.json("status").String(), known.body)
	code := r.sent().OTP
	other := r.browser()
	unknown := other.act(other.authorize(), relForgot, object{"username": "nobody"})
	require.Equal(t, known.json("_links|@keys").Raw, unknown.json("_links|@keys").Raw, "an answer must not tell who exists")
	require.Len(t, r.tenant.Outbox(), 1)

	recoverWith := func(code, fresh string) *reply {
		return b.act(flow, relRecover, object{"recoveryCode": code, "newPassword": fresh})
	}
	requireProblem(t, recoverWith(code, "weak"), 400, "INVALID_DATA", "INVALID_VALUE", "newPassword")
	require.Equal(t, statusCompleted, recoverWith(code, "Another-Harbour-9").json("status").String())

	b = r.browser()
	flow = b.authorize()
	b.act(flow, relForgot, object{"username": "anna"})
	code = r.sent().OTP
	requireProblem(t, recoverWith("00000000", "Third-Harbour-77"), 400, "INVALID_DATA", "INVALID_VALUE", "recoveryCode")
	requireProblem(t, recoverWith(code, "Third-Harbour-77"), 400, "INVALID_DATA", "INVALID_VALUE", "recoveryCode")
}

func TestProfiling(t *testing.T) {
	start := func(t *testing.T, change func(a *tenant.Action), prepare func(r *rig)) (*browser, *reply) {
		r := newRig(t)
		action := profiling
		if change != nil {
			change(&action)
		}
		r.policy(r.app, "Profiling", tenant.Action{Type: "LOGIN"}, action)
		if prepare != nil {
			prepare(r)
		}
		b := r.browser()
		return b, b.passcodeFlow()
	}
	nested := func(a *tenant.Action) {
		a.Attributes = []tenant.ProfileAttribute{{Name: "name.middle", Required: true}, {Name: "address.postalCode"}, {Name: "mobilePhone"}}
	}

	t.Run("optional attributes can be skipped", func(t *testing.T) {
		b, flow := start(t, nil, nil)
		require.Equal(t, statusCompleted, b.act(flow, relUpdateUser, object{}).json("status").String())
		require.NotContains(t, b.anna.Profile, "mobilePhone")
	})
	t.Run("and are not asked for again within the interval", func(t *testing.T) {
		b, flow := start(t, nil, nil)
		b.act(flow, relUpdateUser, object{})
		b.pass(time.Hour - time.Second)
		require.Equal(t, statusCompleted, b.browser().passcodeFlow().json("status").String())
		b.pass(time.Second)
		require.Equal(t, statusProfile, b.browser().passcodeFlow().json("status").String())
	})
	t.Run("nothing is asked for that is there already", func(t *testing.T) {
		_, flow := start(t, nil, func(r *rig) { r.anna.Profile["mobilePhone"] = "555-0101" })
		require.Equal(t, statusCompleted, flow.json("status").String())
	})
	t.Run("a required one cannot be skipped, whatever the interval", func(t *testing.T) {
		b, flow := start(t, nested, func(r *rig) { r.anna.Prompted = map[string]time.Time{"name.middle": r.now, "mobilePhone": r.now} })
		require.Len(t, flow.json("_embedded.attributes").Array(), 2)
		requireProblem(t, b.act(flow, relUpdateUser, object{}), 400, "INVALID_DATA", "REQUIRED_VALUE", "name.middle")
		requireProblem(t, b.act(flow, relUpdateUser, object{"name": object{"middle": nil}}), 400, "INVALID_DATA", "REQUIRED_VALUE", "name.middle")
		requireProblem(t, b.act(flow, relUpdateUser, object{"name": object{"middle": " "}}), 400, "INVALID_DATA", "EMPTY_VALUE", "name.middle")
		require.Equal(t, statusProfile, b.read(flow).json("status").String())
	})
	t.Run("dotted names are nested and leave their neighbours alone", func(t *testing.T) {
		b, flow := start(t, nested, nil)
		done := b.act(flow, relUpdateUser, object{"name": object{"middle": "Maria"}, "address": object{"postalCode": "78701"}})
		require.Equal(t, statusCompleted, done.json("status").String(), done.body)
		require.Equal(t, map[string]any{"given": "Anna", "middle": "Maria", "family": "Example"}, b.anna.Profile["name"])
		require.Equal(t, map[string]any{"postalCode": "78701"}, b.anna.Profile["address"])
	})
	t.Run("what was not asked for cannot be set", func(t *testing.T) {
		b, flow := start(t, nested, nil)
		for target, body := range map[string]object{
			"username":    {"name": object{"middle": "M"}, "username": "root"},
			"name.family": {"name": object{"middle": "M", "family": "X"}},
			"name":        {"name": "M"},
			"enabled":     {"name": object{"middle": "M"}, "enabled": false},
		} {
			requireProblem(t, b.act(flow, relUpdateUser, body), 400, "INVALID_DATA", "INVALID_VALUE", target)
		}
		require.Equal(t, "anna", b.anna.Username())
	})
	t.Run("values are checked", func(t *testing.T) {
		b, flow := start(t, nil, nil)
		for _, phone := range []any{"no digits", strings.Repeat("5", 33), 5125550111, object{}} {
			requireProblem(t, b.act(flow, relUpdateUser, object{"mobilePhone": phone}), 400, "INVALID_DATA", "INVALID_VALUE", "mobilePhone")
		}
		requireProblem(t, b.act(flow, relUpdateUser, object{"mobilePhone": ""}), 400, "INVALID_DATA", "EMPTY_VALUE", "mobilePhone")
		require.NotContains(t, b.anna.Profile, "mobilePhone")
		require.Equal(t, statusCompleted, b.act(flow, relUpdateUser, object{"mobilePhone": "+1 555-0142"}).json("status").String())
		require.Equal(t, "+1 555-0142", b.anna.Profile["mobilePhone"])
	})
	t.Run("a second action asks unless it does not want to", func(t *testing.T) {
		for _, once := range []bool{false, true} {
			r := newRig(t)
			second := profiling
			second.Attributes, second.PreventMultiplePromptsPerFlow = []tenant.ProfileAttribute{{Name: "nickname"}}, once
			r.policy(r.app, "Twice", tenant.Action{Type: "LOGIN"}, profiling, second)
			b := r.browser()
			after := b.act(b.passcodeFlow(), relUpdateUser, object{})
			require.Equal(t, map[bool]string{false: statusProfile, true: statusCompleted}[once], after.json("status").String())
		}
	})
}

func TestResumeGivesOneCode(t *testing.T) {
	b := newRig(t).browser()
	flow := b.authorize()
	require.Equal(t, statusUsernamePassword, b.resume(flow).json("status").String())
	require.False(t, b.resume(flow).json("authorizeResponse").Exists())
	b.login(flow, "anna", goodPassword)
	code := b.resume(flow).json("authorizeResponse.code").String()
	require.Equal(t, 200, b.exchange(code).StatusCode)
	again := b.resume(flow).json("authorizeResponse.code").String()
	require.Equal(t, code, again)
	requireOAuth(t, b.exchange(again), 400, "invalid_grant")
}

func TestMasks(t *testing.T) {
	for phone, want := range map[string]string{
		"+1.5125550101": "*******01", "+1 (512) 555-0142": "*******42", "7": "*******7", "": "*******",
	} {
		require.Equal(t, want, maskPhone(phone))
	}
	for email, want := range map[string]string{
		"anna@example.com": "an****@example.com", "an@example.com": "a****@example.com", "a@example.com": "****@example.com", "rubbish": "****",
	} {
		require.Equal(t, want, maskEmail(email))
	}
}

func TestDisplayNames(t *testing.T) {
	for path, want := range map[string]string{
		"mobilePhone": "Mobile Phone", "name.given": "Given Name", "address.postalCode": "Postal Code", "email": "Email",
	} {
		require.Equal(t, want, displayName(path))
	}
}
