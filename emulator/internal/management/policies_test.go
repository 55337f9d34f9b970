package management

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSignOnPolicyLife(t *testing.T) {
	a := newAPI(t)
	r := a.made("{env}/signOnPolicies", `{"name":"Profile_Policy.1 a-b","default":"false","description":"For members"}`)
	require.Equal(t, "false", r.body.Get("default").Raw, "the word is answered as a flag")
	require.Equal(t, "For members", r.body.Get("description").String())
	require.Equal(t, "2026-01-15T09:00:00.000Z", r.body.Get("createdAt").String())
	path := "{env}/signOnPolicies/" + r.id()
	require.Contains(t, r.body.Get("_links.actions.href").String(), "/signOnPolicies/"+r.id()+"/actions")
	require.JSONEq(t, r.raw, a.get(path).raw)
	changed := a.put(path, `{"name":"https://example.com/policies/1"}`)
	require.Equal(t, 200, changed.status, "%s", changed)
	require.False(t, changed.body.Get("description").Exists(), "PUT clears what is left out")
	require.Equal(t, int64(2), a.get("{env}/signOnPolicies").body.Get("_embedded.signOnPolicies.#").Int())
	a.twice(path)
}

func TestSignOnPolicyRefusals(t *testing.T) {
	a := newAPI(t)
	a.made("{env}/signOnPolicies", `{"name":"Taken"}`)
	for _, row := range []struct{ name, body, class, detail string }{
		{"no name", `{}`, "INVALID_DATA", "name REQUIRED_VALUE"},
		{"name in use", `{"name":"Taken"}`, "INVALID_DATA", "name UNIQUENESS_VIOLATION"},
		{"characters", `{"name":"a/b"}`, "INVALID_DATA", "name INVALID_VALUE"},
		{"no absolute URI", `{"name":"://x"}`, "INVALID_DATA", "name INVALID_VALUE"},
		{"default at once", `{"name":"New","default":true}`, "INVALID_DATA", "default INVALID_VALUE"},
		{"another word", `{"name":"New","default":"no"}`, "INVALID_REQUEST", "default INVALID_VALUE"},
	} {
		t.Run(row.name, func(t *testing.T) {
			refused(t, a.post("{env}/signOnPolicies", row.body), 400, row.class, row.detail)
		})
	}
	require.Equal(t, "^[a-zA-Z0-9_. -]+$", a.post("{env}/signOnPolicies", `{"name":"a/b"}`).body.Get("details.0.innerError.allowedPattern").String())
}

func TestDefaultSignOnPolicy(t *testing.T) {
	a := newAPI(t)
	former := a.env.DefaultPolicy().ID
	refused(t, a.delete("{env}/signOnPolicies/"+former), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	refused(t, a.put("{env}/signOnPolicies/"+former, `{"name":"Single","default":false}`), 400, "INVALID_DATA", "default CONSTRAINT_VIOLATION")

	empty := a.made("{env}/signOnPolicies", `{"name":"Empty"}`).id()
	refused(t, a.put("{env}/signOnPolicies/"+empty, `{"name":"Empty","default":true}`), 400, "INVALID_DATA", "default CONSTRAINT_VIOLATION")

	next := a.policyWithLogin("Next")
	require.Equal(t, 200, a.put("{env}/signOnPolicies/"+next, `{"name":"Next","default":true}`).status)
	require.False(t, a.get("{env}/signOnPolicies/"+former).body.Get("default").Bool())
	require.Equal(t, 204, a.delete("{env}/signOnPolicies/"+former).status)
}

func TestAssignedPolicyTakesItsAssignmentsAlong(t *testing.T) {
	a := newAPI(t)
	app, policy := a.application(), a.policyWithLogin("Sign-on")
	assignments := "{env}/applications/" + app + "/signOnPolicyAssignments"
	assignment := a.made(assignments, `{"priority":1,"signOnPolicy":{"id":"`+policy+`"}}`).id()
	a.twice("{env}/signOnPolicies/" + policy)
	refused(t, a.get(assignments+"/"+assignment), 404, "NOT_FOUND")
}

const progressive = `{"type":"PROGRESSIVE_PROFILING","priority":50,"promptText":"Please provide the following information.",
	"promptIntervalSeconds":3600,"preventMultiplePromptsPerFlow":false,"attributes":[{"name":"mobilePhone","required":false}]}`

func TestActionLife(t *testing.T) {
	a := newAPI(t)
	policy := a.policyWithLogin("Sign-on")
	actions := "{env}/signOnPolicies/" + policy + "/actions"
	login := a.get(actions).body.Get("_embedded.actions.0")
	require.Equal(t, "false", login.Get("recovery.enabled").Raw)
	require.Equal(t, policy, login.Get("signOnPolicy.id").String())

	r := a.made(actions, progressive)
	require.Equal(t, int64(50), r.body.Get("priority").Int())
	require.Equal(t, int64(3600), r.body.Get("promptIntervalSeconds").Int())
	require.Equal(t, `[{"name":"mobilePhone","required":false}]`, r.body.Get("attributes").Raw)
	one := actions + "/" + r.id()
	require.JSONEq(t, r.raw, a.get(one).raw)
	held := a.env.Policies[policy].Actions[r.id()]
	require.Equal(t, "mobilePhone", held.Attributes[0].Name)
	require.Equal(t, 3600, held.PromptIntervalSeconds)

	mfa := a.made(actions, `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":10,"sms":{"enabled":true},"email":{"enabled":false},"noDevicesMode":"BLOCK"}`)
	require.True(t, mfa.body.Get("sms.enabled").Bool())
	require.Equal(t, map[string]bool{"sms": true, "email": false}, a.env.Policies[policy].Actions[mfa.id()].Methods)
	order := a.get(actions).body.Get("_embedded.actions.#.type").Raw
	require.Equal(t, `["LOGIN","MULTI_FACTOR_AUTHENTICATION","PROGRESSIVE_PROFILING"]`, order)

	bound := a.put(actions+"/"+mfa.id(), `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":11,"deviceAuthenticationPolicy":{"id":"`+a.env.DefaultDevicePolicy().ID+`"}}`)
	require.Equal(t, 200, bound.status, "%s", bound)
	require.Nil(t, a.env.Policies[policy].Actions[mfa.id()].Methods)
	require.Equal(t, a.env.DefaultDevicePolicy().ID, a.env.Policies[policy].Actions[mfa.id()].DevicePolicyID)

	a.twice(one)
	a.twice(actions + "/" + mfa.id())
	refused(t, a.delete(actions+"/"+login.Get("id").String()), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
}

func TestActionRefusals(t *testing.T) {
	a := newAPI(t)
	actions := "{env}/signOnPolicies/" + a.policyWithLogin("Sign-on") + "/actions"
	attributes := "{env}/schemas/" + a.env.DefaultRecord("/schemas").ID + "/attributes"
	a.made(attributes, `{"name":"likes","type":"JSON"}`)
	for _, row := range []struct {
		name, body, class string
		details           []string
	}{
		{"nothing", `{}`, "INVALID_DATA", []string{"priority REQUIRED_VALUE", "type REQUIRED_VALUE"}},
		{"priority zero", `{"type":"LOGIN","priority":0}`, "INVALID_DATA", []string{"priority OUT_OF_RANGE"}},
		{"priority with a fraction", `{"type":"LOGIN","priority":1.5}`, "INVALID_REQUEST", []string{"priority INVALID_VALUE"}},
		{"a type that is none", `{"type":"ASKING","priority":1}`, "INVALID_DATA", []string{"type INVALID_VALUE"}},
		{"an agreement that is none", `{"type":"AGREEMENT","priority":1,"agreement":{"id":"x"}}`, "INVALID_DATA", []string{"agreement.id INVALID_VALUE"}},
		{"a condition that is none", `{"type":"LOGIN","priority":1,"condition":{"sunny":true}}`, "INVALID_DATA", []string{"condition INVALID_VALUE"}},
		{"a condition about nothing", `{"type":"LOGIN","priority":1,"condition":{"or":[{"value":"${user.shoe}","equals":"x"}]}}`, "INVALID_DATA", []string{"condition.or[0].value INVALID_VALUE"}},
		{"a condition not emulated", `{"type":"LOGIN","priority":1,"condition":{"ipRisk":{"minScore":80,"maxScore":100},"valid":"${flow.request.http.remoteIp}"}}`,
			"INVALID_DATA", []string{"condition.ipRisk INVALID_VALUE"}},
		{"profiling of what is no attribute, twice, and PingOne's own", strings.Replace(progressive, `{"name":"mobilePhone","required":false}`,
			`{"name":"shoe","required":true},{"name":"name.given","required":true},{"name":"name.given","required":true},{"name":"name.nick","required":true},{"name":"population","required":true},{"name":"likes","required":true}`, 1),
			"INVALID_DATA", []string{"attributes[0].name INVALID_VALUE", "attributes[2].name UNIQUENESS_VIOLATION", "attributes[3].name INVALID_VALUE", "attributes[4].name INVALID_VALUE", "attributes[5].name INVALID_VALUE"}},
		{"no identity provider", `{"type":"IDENTITY_PROVIDER","priority":1}`, "INVALID_DATA", []string{"identityProvider REQUIRED_VALUE"}},
		{"bare profiling", `{"type":"PROGRESSIVE_PROFILING","priority":2}`, "INVALID_DATA", []string{
			"attributes REQUIRED_VALUE", "preventMultiplePromptsPerFlow REQUIRED_VALUE", "promptIntervalSeconds REQUIRED_VALUE", "promptText REQUIRED_VALUE"}},
		{"profiling of nothing", `{"type":"PROGRESSIVE_PROFILING","priority":2,"promptText":"Please","promptIntervalSeconds":0,"preventMultiplePromptsPerFlow":true,"attributes":[]}`,
			"INVALID_DATA", []string{"attributes EMPTY_VALUE", "promptIntervalSeconds OUT_OF_RANGE"}},
		{"an attribute without flag", `{"type":"PROGRESSIVE_PROFILING","priority":2,"promptText":"Please","promptIntervalSeconds":1,"preventMultiplePromptsPerFlow":true,"attributes":[{"name":"a b"}]}`,
			"INVALID_DATA", []string{"attributes[0].name INVALID_VALUE", "attributes[0].required REQUIRED_VALUE"}},
		{"no method", `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2,"sms":{"enabled":false}}`, "INVALID_DATA", []string{"type INVALID_VALUE"}},
		{"unknown device policy", `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2,"deviceAuthenticationPolicy":{"id":"x"},"noDevicesMode":"HOPE"}`,
			"INVALID_DATA", []string{"deviceAuthenticationPolicy.id INVALID_VALUE", "noDevicesMode INVALID_VALUE"}},
	} {
		t.Run(row.name, func(t *testing.T) { refused(t, a.post(actions, row.body), 400, row.class, row.details...) })
	}
	refused(t, a.post("{env}/signOnPolicies/00000000-0000-4000-8000-000000000000/actions", progressive), 404, "NOT_FOUND")
	login := a.get(actions).body.Get("_embedded.actions.0.id").String()
	refused(t, a.put(actions+"/"+login, progressive), 400, "INVALID_DATA", "type INVALID_VALUE")
}

func TestPolicyHoldsTwentyActions(t *testing.T) {
	a := newAPI(t)
	actions := "{env}/signOnPolicies/" + a.policyWithLogin("Sign-on") + "/actions"
	for i := 2; i <= 20; i++ {
		a.made(actions, fmt.Sprintf(`{"type":"LOGIN","priority":%d}`, i))
	}
	refused(t, a.post(actions, `{"type":"LOGIN","priority":21}`), 400, "INVALID_DATA", "CONSTRAINT_VIOLATION")
}

func TestPopulationLife(t *testing.T) {
	a := newAPI(t)
	r := a.made("{env}/populations", `{"name":"Members","description":"Of the shop"}`)
	require.Equal(t, int64(0), r.body.Get("userCount").Int())
	require.Equal(t, "false", r.body.Get("default").Raw)
	require.Equal(t, "en", r.body.Get("preferredLanguage").String())
	path := "{env}/populations/" + r.id()
	require.JSONEq(t, r.raw, a.get(path).raw)
	require.False(t, a.put(path, `{"name":"Members"}`).body.Get("description").Exists())

	user := a.made("{env}/users", `{"username":"anna","email":"anna@example.com","population":{"id":"`+r.id()+`"}}`).id()
	require.Equal(t, int64(1), a.get(path).body.Get("userCount").Int())
	refused(t, a.delete(path), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	a.delete("{env}/users/" + user)
	a.twice(path)
}

func TestPopulationRefusals(t *testing.T) {
	a := newAPI(t)
	refused(t, a.post("{env}/populations", `{}`), 400, "INVALID_DATA", "name REQUIRED_VALUE")
	refused(t, a.post("{env}/populations", `{"name":"Default","passwordPolicy":{"id":"x"}}`), 400, "INVALID_DATA",
		"name UNIQUENESS_VIOLATION", "passwordPolicy.id INVALID_VALUE")
	former := a.env.DefaultPopulation().ID
	refused(t, a.delete("{env}/populations/"+former), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	next := a.made("{env}/populations", `{"name":"Next","default":true}`).id()
	require.False(t, a.get("{env}/populations/"+former).body.Get("default").Bool())
	refused(t, a.delete("{env}/populations/"+next), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
	refused(t, a.put("{env}/populations/"+next, `{"name":"Next","default":false}`), 400, "INVALID_DATA", "default CONSTRAINT_VIOLATION")
	require.Equal(t, 204, a.delete("{env}/populations/"+former).status)
}
