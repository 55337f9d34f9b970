package oauth

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
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
		state := b.authorize()
		others := r.browser()
		others.authorize()
		for name, who := range map[string]*userAgent{"none": r.browser(), "another browser's": others} {
			for _, answer := range []*reply{who.read(state), who.login(state, "anna", goodPassword), who.resume(state), who.act(state, "rubbish", nil)} {
				requireProblem(t, answer, 401, "ACCESS_FAILED", "INVALID_TOKEN", "Authentication Credentials")
			}
			require.Equal(t, flow.PasswordRequired, b.read(state).json("status").String(), name)
		}
	})
	t.Run("ST-NO-SS alone is enough", func(t *testing.T) {
		b := newRig(t).browser()
		state := b.authorize()
		delete(b.cookies, "ST")
		require.Equal(t, 200, b.read(state).StatusCode)
		b.cookies["ST"] = "wrong"
		require.Equal(t, 401, b.read(state).StatusCode)
	})
	t.Run("the one from before the login is dead after it", func(t *testing.T) {
		b := newRig(t).browser()
		state := b.authorize()
		old := b.cookies["ST"]
		b.login(state, "anna", "wrong")
		require.Equal(t, old, b.cookies["ST"], "nothing was proven")
		b.login(state, "anna", goodPassword)
		b.cookies = map[string]string{"ST": old}
		require.Equal(t, 401, b.resume(state).StatusCode)
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
	state := b.authorize()
	for range 3 {
		b.pass(14 * time.Minute)
		require.Equal(t, 200, b.read(state).StatusCode, "each call gives it another 15 minutes")
	}
	b.pass(15 * time.Minute)
	for _, answer := range []*reply{b.read(state), b.login(state, "anna", goodPassword), b.resume(state)} {
		require.Equal(t, 404, answer.StatusCode)
		require.Equal(t, "NOT_FOUND", answer.json("code").String())
	}
	require.Equal(t, 404, b.send("GET", r.path("/flows/"+r.tenant.NewID()), "", "").StatusCode)
	state = b.authorize()
	elsewhere := r.tenant.AddEnvironment(tenant.EnvironmentSpec{Name: "Other", Type: "SANDBOX", Region: "NA"})
	elsewhere.Applications[r.app.ID] = r.app
	require.Equal(t, 200, b.read(state).StatusCode)
	require.Equal(t, 404, b.send("GET", "/"+elsewhere.ID+"/flows/"+state.json("id").String(), "", "").StatusCode, "it belongs to its environment")
	requireProblem(t, b.send("GET", r.path("/as/resume"), "", ""), 400, "INVALID_DATA", "REQUIRED_VALUE", "flowId")
}

func TestFlowsGoWithTheirApplicationAndPerson(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	state := b.authorize()
	delete(r.env.Applications, r.app.ID)
	require.Equal(t, 404, b.read(state).StatusCode)

	r.env.Applications[r.app.ID] = r.app
	done := b.login(state, "anna", goodPassword)
	r.server.UserDeleted(r.env.ID, r.anna.ID)
	require.Equal(t, 404, b.resume(done).StatusCode)
}

func TestFlowActionsAreChosenByMediaType(t *testing.T) {
	r := newRig(t)
	b := r.browser()
	state := b.authorize()
	path := r.path("/flows/" + state.json("id").String())
	for _, mediaType := range []string{"application/json", "", "application/vnd.pingidentity.nonsense+json", formType} {
		answer := b.send("POST", path, mediaType, `{"username":"anna","password":"`+goodPassword+`"}`)
		require.Equal(t, 415, answer.StatusCode, mediaType)
		requireProblem(t, answer, 415, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
	}
	for _, rel := range []string{flow.CheckPasscode, flow.SelectDevice, flow.UpdateUser, flow.ResetPassword, flow.LookUpUser, flow.RecoverPassword, flow.SendRecoveryCode, flow.ResetSession} {
		requireProblem(t, b.act(state, rel, object{}), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
	}
	for _, body := range []string{"", "null", "[]", "{", `{"username":"anna"} x`} {
		answer := b.send("POST", path, mediaTypeOf(flow.CheckPassword)+"; charset=UTF-8", body)
		require.Equal(t, 400, answer.StatusCode, body)
		require.Equal(t, "INVALID_REQUEST", answer.json("code").String())
	}
	require.Equal(t, 405, b.send("DELETE", path, "", "").StatusCode)
	require.Equal(t, flow.Completed, b.login(state, "anna", goodPassword).json("status").String())
	requireProblem(t, b.login(state, "anna", goodPassword), 400, "INVALID_REQUEST", "INVALID_VALUE", "Content-Type")
}

func TestProfiling(t *testing.T) {
	start := func(t *testing.T, change func(a *tenant.Action), prepare func(r *rig)) (*userAgent, *reply) {
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
		b, state := start(t, nil, nil)
		require.Equal(t, flow.Completed, b.act(state, flow.UpdateUser, object{}).json("status").String())
		require.NotContains(t, b.anna.Profile, "mobilePhone")
	})
	t.Run("and are not asked for again within the interval", func(t *testing.T) {
		b, state := start(t, nil, nil)
		b.act(state, flow.UpdateUser, object{})
		b.pass(time.Hour - time.Second)
		require.Equal(t, flow.Completed, b.browser().passcodeFlow().json("status").String())
		b.pass(time.Second)
		require.Equal(t, flow.ProfileRequired, b.browser().passcodeFlow().json("status").String())
	})
	t.Run("nothing is asked for that is there already", func(t *testing.T) {
		_, state := start(t, nil, func(r *rig) { r.anna.Profile["mobilePhone"] = "555-0101" })
		require.Equal(t, flow.Completed, state.json("status").String())
	})
	t.Run("a required one cannot be skipped, whatever the interval", func(t *testing.T) {
		b, state := start(t, nested, func(r *rig) { r.anna.Prompted = map[string]time.Time{"name.middle": r.now, "mobilePhone": r.now} })
		require.Len(t, state.json("_embedded.attributes").Array(), 2)
		requireProblem(t, b.act(state, flow.UpdateUser, object{}), 400, "INVALID_DATA", "REQUIRED_VALUE", "name.middle")
		requireProblem(t, b.act(state, flow.UpdateUser, object{"name": object{"middle": nil}}), 400, "INVALID_DATA", "REQUIRED_VALUE", "name.middle")
		requireProblem(t, b.act(state, flow.UpdateUser, object{"name": object{"middle": " "}}), 400, "INVALID_DATA", "EMPTY_VALUE", "name.middle")
		require.Equal(t, flow.ProfileRequired, b.read(state).json("status").String())
	})
	t.Run("dotted names are nested and leave their neighbours alone", func(t *testing.T) {
		b, state := start(t, nested, nil)
		done := b.act(state, flow.UpdateUser, object{"name": object{"middle": "Maria"}, "address": object{"postalCode": "78701"}})
		require.Equal(t, flow.Completed, done.json("status").String(), done.body)
		require.Equal(t, map[string]any{"given": "Anna", "middle": "Maria", "family": "Example"}, b.anna.Profile["name"])
		require.Equal(t, map[string]any{"postalCode": "78701"}, b.anna.Profile["address"])
	})
	t.Run("what was not asked for cannot be set", func(t *testing.T) {
		b, state := start(t, nested, nil)
		for target, body := range map[string]object{
			"username":    {"name": object{"middle": "M"}, "username": "root"},
			"name.family": {"name": object{"middle": "M", "family": "X"}},
			"name":        {"name": "M"},
			"enabled":     {"name": object{"middle": "M"}, "enabled": false},
		} {
			requireProblem(t, b.act(state, flow.UpdateUser, body), 400, "INVALID_DATA", "INVALID_VALUE", target)
		}
		require.Equal(t, "anna", b.anna.Username())
	})
	t.Run("values are checked", func(t *testing.T) {
		b, state := start(t, nil, nil)
		for _, phone := range []any{"no digits", strings.Repeat("5", 33), 5125550111, object{}} {
			requireProblem(t, b.act(state, flow.UpdateUser, object{"mobilePhone": phone}), 400, "INVALID_DATA", "INVALID_VALUE", "mobilePhone")
		}
		requireProblem(t, b.act(state, flow.UpdateUser, object{"mobilePhone": ""}), 400, "INVALID_DATA", "EMPTY_VALUE", "mobilePhone")
		require.NotContains(t, b.anna.Profile, "mobilePhone")
		require.Equal(t, flow.Completed, b.act(state, flow.UpdateUser, object{"mobilePhone": "+1 555-0142"}).json("status").String())
		require.Equal(t, "+1 555-0142", b.anna.Profile["mobilePhone"])
	})
	t.Run("a second action asks unless it does not want to", func(t *testing.T) {
		for _, once := range []bool{false, true} {
			r := newRig(t)
			second := profiling
			second.Attributes, second.PreventMultiplePromptsPerFlow = []tenant.ProfileAttribute{{Name: "nickname"}}, once
			r.policy(r.app, "Twice", tenant.Action{Type: "LOGIN"}, profiling, second)
			b := r.browser()
			after := b.act(b.passcodeFlow(), flow.UpdateUser, object{})
			require.Equal(t, map[bool]string{false: flow.ProfileRequired, true: flow.Completed}[once], after.json("status").String())
		}
	})
}

func TestResumeGivesOneCode(t *testing.T) {
	b := newRig(t).browser()
	state := b.authorize()
	require.Equal(t, flow.PasswordRequired, b.resume(state).json("status").String())
	require.False(t, b.resume(state).json("authorizeResponse").Exists())
	b.login(state, "anna", goodPassword)
	code := b.resume(state).json("authorizeResponse.code").String()
	require.Equal(t, 200, b.exchange(code).StatusCode)
	again := b.resume(state).json("authorizeResponse.code").String()
	require.Equal(t, code, again)
	requireOAuth(t, b.exchange(again), 400, "invalid_grant")
}
