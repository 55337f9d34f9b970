package management

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// with is a body with another value for a member; a dot leads into an object.
func with(t *testing.T, body, member string, value any) string {
	t.Helper()
	var whole map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &whole))
	at := whole
	for head, rest, nested := strings.Cut(member, "."); nested; head, rest, nested = strings.Cut(member, ".") {
		inner, _ := at[head].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
		}
		at[head], at, member = inner, inner, rest
	}
	at[member] = value
	encoded, err := json.Marshal(whole)
	require.NoError(t, err)
	return string(encoded)
}

func letters(count int) string { return strings.Repeat("ü", count) }

// What the published models allow is taken up to the edge, and not beyond.
func TestLimitsOfMembers(t *testing.T) {
	const (
		login = `{"type":"LOGIN","priority":7}`
		saml  = `{"name":"SAML","type":"WEB_APP","protocol":"SAML","acsUrls":["https://shop.example.com/acs"],"spEntityId":"shop","assertionDuration":60}`
		link  = `{"name":"Link","type":"WEB_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com/"}`
	)
	const apps, actions, assignments = "/applications", "/signOnPolicies/{policy}/actions", "/applications/{application}/signOnPolicyAssignments"
	for _, row := range []limit{
		{apps, webApp, "name", []any{"N", letters(256)}, map[any]string{letters(257): tooLong, "": "EMPTY_VALUE"}},
		{apps, webApp, "description", []any{"", letters(1024)}, map[any]string{letters(1025): tooLong}},
		{apps, webApp, "parTimeout", []any{1, 600}, map[any]string{0: outOfRange, 601: outOfRange}},
		{apps, webApp, "deviceTimeout", []any{1, 3600}, map[any]string{0: outOfRange, 3601: outOfRange}},
		{apps, webApp, "devicePollingInterval", []any{1, 60}, map[any]string{0: outOfRange, 61: outOfRange}},
		{apps, webApp, "refreshTokenDuration", []any{60, math.MaxInt32}, map[any]string{59: outOfRange, math.MaxInt32 + 1: outOfRange}},
		{apps, webApp, "refreshTokenRollingDuration", []any{60, math.MaxInt32}, map[any]string{59: outOfRange, math.MaxInt32 + 1: outOfRange}},
		{apps, webApp, "refreshTokenRollingGracePeriodDuration", []any{0, 86400}, map[any]string{-1: outOfRange, 86401: outOfRange}},
		{apps, webApp, "loginPageUrl", []any{"https://shop.example.com/signon?a=b"}, map[any]string{"/signon": invalid, "https://shop.example.com/#a": invalid, "https://%zz": invalid}},
		{apps, webApp, "jwksUrl", []any{"https://shop.example.com/jwks"}, map[any]string{"shop.example.com": invalid}},
		{apps, saml, "spEntityId", []any{"s", letters(1024)}, map[any]string{letters(1025): tooLong, "": "EMPTY_VALUE"}},
		{apps, link, "homePageUrl", []any{"https://shop.example.com/a"}, map[any]string{"a": invalid}},
		{actions, login, "priority", []any{2, math.MaxInt32}, map[any]string{0: outOfRange, math.MaxInt32 + 1: outOfRange}},
		{actions, progressive, "promptText", []any{"?", letters(1024)}, map[any]string{letters(1025): tooLong, "": "EMPTY_VALUE"}},
		{actions, progressive, "promptIntervalSeconds", []any{1, math.MaxInt32}, map[any]string{0: outOfRange, math.MaxInt32 + 1: outOfRange}},
		{actions, `{"type":"LOGIN","priority":8,"registration":{"enabled":true}}`, "registration.population.id", []any{"{population}"}, map[any]string{"x": invalid}},
		{actions, `{"type":"IDENTITY_PROVIDER","priority":9}`, "identityProvider.id", nil, map[any]string{"x": invalid}},
		{assignments, `{"signOnPolicy":{"id":"{policy}"}}`, "priority", []any{1, math.MaxInt32}, map[any]string{0: outOfRange, math.MaxInt32 + 1: outOfRange}},
		{environments, newEnvironment, "name", []any{"E", letters(256)}, map[any]string{letters(257): tooLong, "": "EMPTY_VALUE"}},
		{environments, newEnvironment, "description", []any{"", letters(1024)}, map[any]string{letters(1025): tooLong}},
		{"/users/{user}/devices", `{"type":"EMAIL","email":"anna@example.com"}`, "nickname", []any{"N", letters(100)}, map[any]string{letters(101): tooLong, "": "EMPTY_VALUE"}},
		{"/populations", `{}`, "name", []any{"P", letters(256)}, map[any]string{letters(257): tooLong}},
	} {
		t.Run(row.body[:min(30, len(row.body))]+" "+row.member, row.hold)
	}
}

// A sign-on goes by what was sent last, whatever stood there before.
func TestASignOnGoesByWhatWasSentLast(t *testing.T) {
	a := newAPI(t)
	id := a.application()
	path := "{env}/applications/" + id
	full := webApp
	for member, value := range map[string]any{
		"redirectUris": []string{"https://shop.example.com/new"}, "postLogoutRedirectUris": []string{"https://shop.example.com/bye"},
		"grantTypes": []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN"}, "responseTypes": []string{"CODE", "TOKEN"}, "requireSignedRequestObject": true,
		"pkceEnforcement": "S256_REQUIRED", "tokenEndpointAuthMethod": "CLIENT_SECRET_POST", "loginPageUrl": "https://shop.example.com/in", "type": "NATIVE_APP",
		"additionalRefreshTokenReplayProtectionEnabled": nil,
	} {
		full = with(t, full, member, value)
	}
	a.now = a.now.Add(time.Second)
	require.Equal(t, 200, a.put(path, full).status)
	held := a.env.Applications[id]
	require.Equal(t, []string{"https://shop.example.com/new"}, held.RedirectURIs)
	require.Equal(t, []string{"https://shop.example.com/bye"}, held.PostLogoutRedirectURIs)
	require.Equal(t, []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN"}, held.GrantTypes)
	require.Equal(t, []string{"CODE", "TOKEN"}, held.ResponseTypes)
	require.True(t, held.RequireSignedRequestObject)
	require.Equal(t, []string{"S256_REQUIRED", "CLIENT_SECRET_POST", "https://shop.example.com/in", "NATIVE_APP"},
		[]string{held.PKCEEnforcement, held.TokenEndpointAuthMethod, held.LoginPageURL, held.Type})
	require.Equal(t, a.now, held.UpdatedAt)
	require.False(t, held.Setting("additionalRefreshTokenReplayProtectionEnabled", true), "null is no protection")
	require.Equal(t, 200, a.put(path, with(t, full, "additionalRefreshTokenReplayProtectionEnabled", true)).status)
	require.True(t, held.Setting("additionalRefreshTokenReplayProtectionEnabled", false))
	require.Equal(t, 200, a.put(path, with(t, full, "requireSignedRequestObject", nil)).status)
	require.False(t, held.RequireSignedRequestObject)
	require.Equal(t, 200, a.put(path, with(t, with(t, full, "requireSignedRequestObject", nil), "supportUnsignedRequestObject", true)).status)
	require.True(t, held.SupportUnsignedRequestObject)
	require.Equal(t, 200, a.put(path, webApp).status)
	require.False(t, held.SupportUnsignedRequestObject)
	require.True(t, held.Setting("additionalRefreshTokenReplayProtectionEnabled", true), "left out is the default")
	require.Empty(t, held.PostLogoutRedirectURIs)
	require.Empty(t, held.LoginPageURL)

	policy := a.policyWithLogin("Sign-on")
	actions := "{env}/signOnPolicies/" + policy + "/actions"
	of := func(action string) *tenant.Action { return a.env.Policies[policy].Actions[action] }
	login := a.made(actions, `{"type":"LOGIN","priority":2,"recovery":{"enabled":true},"registration":{"enabled":true,"population":{"id":"`+a.env.DefaultPopulation().ID+`"}}}`).id()
	require.True(t, of(login).RecoveryEnabled && of(login).RegistrationEnabled)
	a.now = a.now.Add(time.Second)
	require.Equal(t, 200, a.put(actions+"/"+login, `{"type":"LOGIN","priority":3}`).status)
	require.False(t, of(login).RecoveryEnabled || of(login).RegistrationEnabled)
	require.Equal(t, 3, of(login).Priority)
	require.Equal(t, a.now, a.env.Policies[policy].UpdatedAt, "a policy changes with its actions")
	profile := a.made(actions, with(t, progressive, "preventMultiplePromptsPerFlow", true)).id()
	require.True(t, of(profile).PreventMultiplePromptsPerFlow)
	require.Equal(t, 200, a.put(actions+"/"+profile, progressive).status)
	require.False(t, of(profile).PreventMultiplePromptsPerFlow)
	require.Len(t, of(profile).Attributes, 1)
	a.now = a.now.Add(time.Second)
	require.Equal(t, 204, a.delete(actions+"/"+profile).status)
	require.Equal(t, a.now, a.env.Policies[policy].UpdatedAt)
}

// What an application is stays: its protocol, and that it came with the environment.
func TestWhatAnApplicationIsStays(t *testing.T) {
	a := newAPI(t)
	path := "{env}/applications/" + a.application()
	refused(t, a.put(path, `{"name":"Link","type":"WEB_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com/"}`), 400, "INVALID_DATA", "protocol INVALID_VALUE")
	refused(t, a.put(path, with(t, webApp, "type", "PING_ONE_PORTAL")), 400, "INVALID_DATA", "type INVALID_VALUE")
	refused(t, a.post("{env}/applications", with(t, with(t, webApp, "name", "Mine"), "type", "PING_ONE_PORTAL")), 400, "INVALID_DATA", "type INVALID_VALUE")
	refused(t, a.put(path, with(t, webApp, "protocol", nil)), 400, "INVALID_DATA", "protocol REQUIRED_VALUE")
	refused(t, a.put(path, with(t, webApp, "grantTypes", []string{"DEVICE_CODE", "AUTHORIZATION_CODE"})), 400, "INVALID_DATA", "grantTypes[0] INVALID_VALUE")
	for _, one := range a.env.Applications.Sorted() {
		if one.System() {
			refused(t, a.put("{env}/applications/"+one.ID, `{"name":"","type":"`+one.Type+`","protocol":"OPENID_CONNECT"}`), 400, "INVALID_DATA", "name EMPTY_VALUE")
			require.False(t, a.get("{env}/applications/"+one.ID).body.Get("parTimeout").Exists())
			body := `{"name":"` + one.Name + `","type":"WEB_APP","protocol":"OPENID_CONNECT","grantTypes":["CLIENT_CREDENTIALS"],"tokenEndpointAuthMethod":"NONE"}`
			refused(t, a.put("{env}/applications/"+one.ID, body), 400, "INVALID_DATA", "type INVALID_VALUE")
			require.True(t, one.System())
		}
	}
	link := a.made("{env}/applications", `{"name":"Link","type":"WEB_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com/"}`)
	for _, member := range []string{"parTimeout", "clientId", "_links.secret", "supportUnsignedRequestObject"} {
		require.False(t, link.body.Get(member).Exists(), member+" is of OpenID Connect")
	}
}
