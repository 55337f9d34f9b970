package management

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	environments = "/v1/environments"
	outOfRange   = "OUT_OF_RANGE"
	tooLong      = "SIZE_LIMIT_EXCEEDED"
	invalid      = "INVALID_VALUE"
	empty        = "EMPTY_VALUE"
)

// limit says of a member of a body what is taken, up to the edges, and what is refused.
// Variables in path, body and values are those of filler.
type limit struct {
	path, body, member string
	good               []any
	bad                map[any]string
}

func (l limit) hold(t *testing.T) {
	attempt := func(value any) reply {
		a := newAPI(t)
		fill := a.filler()
		path := l.path
		if path != environments {
			path = "{env}" + fill(path)
		}
		return a.post(path, fill(with(t, l.body, l.member, value)))
	}
	for _, value := range l.good {
		r := attempt(value)
		require.Equal(t, http.StatusCreated, r.status, "%v: %s", value, r)
	}
	for value, code := range l.bad {
		refused(t, attempt(value), 400, "INVALID_DATA", l.member+" "+code)
	}
}

func TestLimitsOfMembersOfOtherThings(t *testing.T) {
	const (
		devices   = "/deviceAuthenticationPolicies"
		provider  = `{"name":"Google","enabled":true,"type":"GOOGLE"}`
		agreement = `{"name":"Terms","enabled":true}`
		theme     = `{"template":"focus","configuration":{}}`
		anna      = `{"username":"anna","email":"anna@example.com"}`
		role      = `{"role":{"id":"{role}"},"scope":{"id":"{env}","type":"ENVIRONMENT"}}`
	)
	name := func(path, body string) limit {
		return limit{path, body, "name", []any{"N", letters(256)}, map[any]string{letters(257): tooLong, "": empty}}
	}
	described := func(path, body string) limit {
		return limit{path, body, "description", []any{"", letters(1024)}, map[any]string{letters(1025): tooLong}}
	}
	within := func(path, body, member string, least, most int) limit {
		return limit{path, body, member, []any{least, most}, map[any]string{least - 1: outOfRange, most + 1: outOfRange}}
	}
	word := func(path, body, member string, most int) limit {
		return limit{path, body, member, []any{"x", letters(most)}, map[any]string{letters(most + 1): tooLong, "": empty}}
	}
	for _, row := range []limit{
		name("/groups", `{}`), described("/groups", `{"name":"Staff"}`),
		{"/groups", `{"name":"Staff"}`, "externalId", []any{"", letters(1024)}, map[any]string{letters(1025): tooLong}},
		{"/groups", `{"name":"Staff"}`, "population.id", []any{"{population}"}, map[any]string{"x": invalid}},
		{"/groups/{group}/memberOfGroups", `{}`, "id", nil, map[any]string{"x": invalid}},
		name("/identityProviders", provider), described("/identityProviders", provider), word("/identityProviders", provider, "type", 64),
		name("/agreements", agreement), described("/agreements", agreement),
		{"/agreements/{agreement}/languages", `{}`, "locale", []any{"fr", letters(16)}, map[any]string{"f": invalid, letters(17): tooLong}},
		name("/notificationsPolicies", `{}`), word("/themes", theme, "template", 64),
		{"/languages", `{}`, "locale", []any{"fr", letters(16)}, map[any]string{"f": invalid, letters(17): tooLong, "en": "UNIQUENESS_VIOLATION"}},
		word("/languages", `{"locale":"fr"}`, "name", 256),
		name("/passwordPolicies", `{}`), described("/passwordPolicies", `{"name":"Strict"}`),
		name("/populations", `{}`), described("/populations", `{"name":"Members"}`), word("/populations", `{"name":"Members"}`, "preferredLanguage", 64),
		{"/populations", `{"name":"Members"}`, "theme.id", []any{"{theme}"}, map[any]string{"x": invalid}},
		{"/populations", `{"name":"Members"}`, "passwordPolicy.id", []any{"{passwordPolicy}"}, map[any]string{"x": invalid}},
		name("/resources", `{}`), described("/resources", `{"name":"shop"}`), word("/resources", `{"name":"shop"}`, "audience", 1024),
		within("/resources", `{"name":"shop"}`, "accessTokenValiditySeconds", 300, 2592000),
		{"/resources", `{"name":"shop"}`, "introspectEndpointAuthMethod", []any{"NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST"}, map[any]string{"PRIVATE_KEY_JWT": invalid}},
		{"/resources/{resource}/scopes", `{}`, "name", []any{"s", strings.Repeat("s", 256), "!#[]~"},
			map[any]string{strings.Repeat("s", 257): tooLong, "a b": invalid, `a"b`: invalid, `a\b`: invalid, "ü": invalid, "p1:read": invalid}},
		described("/resources/{resource}/scopes", `{"name":"orders"}`), name("/resources/{resource}/attributes", `{}`),
		name("/applications/{application}/attributes", `{}`), name("/identityProviders/{provider}/attributes", `{}`),
		{"/identityProviders/{provider}/attributes", `{"name":"shoe"}`, "update", []any{"ALWAYS", "EMPTY_ONLY"}, map[any]string{"NEVER": invalid}},
		{"/schemas/{schema}/attributes", `{"name":"shoe"}`, "type", []any{"STRING", "JSON", "BOOLEAN", "COMPLEX"}, map[any]string{"NUMBER": invalid}},
		{"/schemas/{schema}/attributes", `{}`, "name", []any{"s"}, map[any]string{"": empty, "two words": invalid}},
		{"/applications/{application}/roleAssignments", role, "scope.type", []any{"ORGANIZATION", "ENVIRONMENT", "POPULATION", "APPLICATION"}, map[any]string{"WORLD": invalid}},
		{"/users/{user}/roleAssignments", role, "role.id", []any{"{role}"}, map[any]string{"x": invalid}},
		word("/users", anna, "username", 128), word("/users", anna, "name.given", 256), word("/users", anna, "name.family", 256),
		word("/users", anna, "name.middle", 256), word("/users", anna, "name.formatted", 256), word("/users", anna, "name.honorificPrefix", 256),
		word("/users", anna, "name.honorificSuffix", 256), word("/users", anna, "verifyStatus", 64),
		{"/users", anna, "lifecycle.status", []any{"ACCOUNT_OK", "VERIFICATION_REQUIRED"}, map[any]string{"ASLEEP": invalid}},
		{"/users", anna, "population.id", []any{"{population}"}, map[any]string{"x": invalid}},
		{"/users", anna, "primaryPhone", []any{"+1.5125550101"}, map[any]string{"none": invalid}},
		name(devices, devicePolicy), within(devices, devicePolicy, "sms.otp.failure.count", 1, 7), within(devices, devicePolicy, "totp.otp.failure.count", 1, 7),
		within(devices, devicePolicy, "sms.otp.failure.coolDown.duration", 0, 1800), within(devices, devicePolicy, "mobile.otp.failure.coolDown.duration", 1, 1800),
		within(devices, devicePolicy, "email.otp.lifeTime.duration", 1, 7200), within(devices, devicePolicy, "voice.otp.otpLength", 6, 10),
		within(devices, devicePolicy, "totp.passcodeGracePeriod", 1, 10),
		{devices, devicePolicy, "email.otp.lifeTime.timeUnit", []any{"SECONDS", "MINUTES", "HOURS"}, map[any]string{"DAYS": invalid}},
		{devices, devicePolicy, "newDeviceNotification", []any{"NONE", "SMS_THEN_EMAIL", "EMAIL_THEN_SMS"}, map[any]string{"LOUD": invalid}},
		{devices, devicePolicy, "authentication.deviceSelection", []any{"DEFAULT_TO_FIRST", "PROMPT_TO_SELECT", "ALWAYS_DISPLAY_DEVICES"}, map[any]string{"GUESS": invalid}},
		{"/signOnPolicies", `{}`, "name", []any{"n", strings.Repeat("n", 256), "urn:shop:policy"}, map[any]string{strings.Repeat("n", 257): tooLong, "": empty, "a/b": invalid}},
		described("/signOnPolicies", `{"name":"policy"}`),
		{"/applications", webApp, "tokenEndpointAuthMethod", []any{"NONE", "CLIENT_SECRET_JWT", "PRIVATE_KEY_JWT"}, map[any]string{"GUESS": invalid}},
		{"/applications", webApp, "parRequirement", []any{"OPTIONAL", "REQUIRED"}, map[any]string{"MAYBE": invalid}},
		{"/applications", webApp, "corsSettings.behavior", []any{"ALLOW_NO_ORIGINS", "ALLOW_SPECIFIC_ORIGINS"}, map[any]string{"ALLOW_ALL": invalid}},
	} {
		t.Run(row.path+" "+row.member, row.hold)
	}
}

// A body that lacks what a kind needs is refused with the name of each member.
func TestMembersThatAreNeeded(t *testing.T) {
	a := newAPI(t)
	fill := a.filler()
	for _, row := range []struct{ path, body, missing string }{
		{"/groups", `{}`, "name"},
		{"/groups/{group}/memberOfGroups", `{}`, "id"},
		{"/agreements", `{}`, "enabled,name"},
		{"/agreements/{agreement}/languages", `{}`, "locale"},
		{"/identityProviders", `{}`, "enabled,name,type"},
		{"/languages", `{}`, "locale"},
		{"/themes", `{}`, "configuration,template"},
		{"/notificationsPolicies", `{}`, "name"},
		{"/passwordPolicies", `{}`, "name"},
		{"/populations", `{"theme":{},"passwordPolicy":{}}`, "name,passwordPolicy.id,theme.id"},
		{"/resources/{resource}/scopes", `{}`, "name"},
		{"/applications/{application}/attributes", `{}`, "name"},
		{"/applications/{application}/roleAssignments", `{}`, "role,scope"},
		{"/users/{user}/roleAssignments", `{"role":{},"scope":{}}`, "role.id,scope.id,scope.type"},
		{"/applications", `{"name":"S","type":"WEB_APP","protocol":"SAML"}`, "acsUrls,assertionDuration,spEntityId"},
		{"/applications", `{"name":"W","type":"WEB_APP","protocol":"WS_FED"}`, "domainName,replyUrl"},
		{"/applications", `{"name":"L","type":"WEB_APP","protocol":"EXTERNAL_LINK"}`, "homePageUrl"},
		{"/applications", strings.Replace(webApp, `{"name":"Example Shop"`, `{"name":"Second Shop","accessControl":{"group":{"groups":[{}]}},"corsSettings":{}`, 1),
			"accessControl.group.groups[0].id,corsSettings.behavior"},
		{"/applications", `{"name":"I","type":"WEB_APP","protocol":"OPENID_CONNECT","grantTypes":["IMPLICIT"],"tokenEndpointAuthMethod":"NONE"}`, "redirectUris,responseTypes"},
		{"/signOnPolicies/{policy}/actions", `{"type":"AGREEMENT","priority":2}`, "agreement"},
		{"/signOnPolicies/{policy}/actions", `{"type":"IDENTITY_PROVIDER","priority":2,"identityProvider":{}}`, "identityProvider.id"},
		{"/signOnPolicies/{policy}/actions", `{"type":"LOGIN","priority":2,"recovery":{},"registration":{"population":{}}}`, "recovery.enabled,registration.enabled,registration.population.id"},
		{"/signOnPolicies/{policy}/actions", `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2,"deviceAuthenticationPolicy":{}}`, "deviceAuthenticationPolicy.id"},
		{"/users", `{"username":"eve","email":"eve@example.com","population":{}}`, "population.id"},
		{"/users/{user}/devices", `{"type":"SMS"}`, "phone"},
		{"/users/{user}/devices", `{"type":"VOICE"}`, "phone"},
		{"/users/{user}/devices", `{"type":"EMAIL","policy":{}}`, "email,policy.id"},
	} {
		var details []string
		for _, name := range strings.Split(row.missing, ",") {
			details = append(details, name+" REQUIRED_VALUE")
		}
		t.Run(row.path+" "+row.missing, func(t *testing.T) {
			refused(t, a.post("{env}"+fill(row.path), row.body), 400, "INVALID_DATA", details...)
		})
	}
}
