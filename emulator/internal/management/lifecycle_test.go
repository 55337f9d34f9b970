package management

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// lifecycle is one resource as the vendor's Terraform provider manages it: the body that
// its acceptance tests send with the least members, the members that the answer has
// besides (a provider sees any other as a change that nobody planned), and what is sent
// with all members.
//
// https://github.com/pingidentity/terraform-provider-pingone, internal/service/sso,
// internal/service/mfa and internal/service/base: the *_test.go and the functions that
// make a body of a plan, and a state of an answer.
type lifecycle struct {
	name, path        string
	least, more, full string
}

func lifecycles() []lifecycle {
	oidc := `"clientId":true,"hiddenFromAppPortal":false,"additionalRefreshTokenReplayProtectionEnabled":true,"assignActorRoles":false,"devicePollingInterval":5,
		"deviceTimeout":600,"idpSignoff":false,"parRequirement":"OPTIONAL","parTimeout":60,"requestScopesForMultipleResourcesEnabled":false,
		"requireSignedRequestObject":false,"supportUnsignedRequestObject":false`
	return []lifecycle{
		{"population", "/populations", `{"name":"Members"}`,
			`{"default":false,"preferredLanguage":"en","theme":true,"userCount":0}`,
			`{"name":"Members of the shop","description":"Words","preferredLanguage":"fr","passwordPolicy":{"id":"{passwordPolicy}"},"alternativeIdentifiers":["shoe"]}`},
		{"user", "/users", `{"username":"anna","email":"anna@example.com","population":{"id":"{population}"}}`,
			`{"account":{"canAuthenticate":true,"status":"OK"},"emailVerified":false,"enabled":true,"identityProvider":{"type":"PING_ONE"},
				"lifecycle":{"status":"ACCOUNT_OK"},"mfaEnabled":false,"verifyStatus":"NOT_INITIATED"}`,
			`{"username":"anna.example","email":"anna.example@example.com","population":{"id":"{population}"},"name":{"given":"Anna","family":"Example","formatted":"Anna Example"},
				"address":{"countryCode":"US","locality":"Exampleton","postalCode":"00001","region":"EX","streetAddress":"1 Example Road"},"externalId":"1","locale":"en-gb",
				"mobilePhone":"+1.5125550101","primaryPhone":"+1.5125550102","nickname":"An","photo":{"href":"https://shop.example.com/anna.png"},
				"preferredLanguage":"en","timezone":"Europe/London","title":"Tester","type":"Person"}`},
		{"web application", "/applications",
			`{"name":"Web","enabled":true,"type":"WEB_APP","protocol":"OPENID_CONNECT","grantTypes":["AUTHORIZATION_CODE"],"responseTypes":["CODE"],
				"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC","redirectUris":["https://shop.example.com/back"]}`,
			`{"pkceEnforcement":"OPTIONAL",` + oidc + `}`,
			`{"name":"Web","description":"Words","enabled":true,"type":"WEB_APP","protocol":"OPENID_CONNECT","grantTypes":["AUTHORIZATION_CODE","REFRESH_TOKEN"],"responseTypes":["CODE"],
				"tokenEndpointAuthMethod":"CLIENT_SECRET_POST","redirectUris":["https://shop.example.com/back","https://shop.example.com/there"],"tags":["PING_FED_CONNECTION_INTEGRATION"],
				"postLogoutRedirectUris":["https://shop.example.com/bye"],"homePageUrl":"https://shop.example.com","initiateLoginUri":"https://shop.example.com/start",
				"targetLinkUri":"https://shop.example.com/target","loginPageUrl":"https://shop.example.com/login","icon":{"id":"00000000-0000-4000-8000-000000000001","href":"https://shop.example.com/icon.png"},
				"accessControl":{"role":{"type":"ADMIN_USERS_ONLY"},"group":{"type":"ANY_GROUP","groups":[{"id":"00000000-0000-4000-8000-000000000002"}]}},"hiddenFromAppPortal":true,
				"refreshTokenDuration":3000000,"refreshTokenRollingDuration":30000000,"refreshTokenRollingGracePeriodDuration":80000,
				"pkceEnforcement":"REQUIRED","allowWildcardInRedirectUris":true,"supportUnsignedRequestObject":true,"parRequirement":"REQUIRED","parTimeout":61,
				"corsSettings":{"behavior":"ALLOW_SPECIFIC_ORIGINS","origins":["https://shop.example.com","http://localhost:3000"]}}`},
		{"single page application", "/applications",
			`{"name":"Page","enabled":true,"type":"SINGLE_PAGE_APP","protocol":"OPENID_CONNECT","grantTypes":["AUTHORIZATION_CODE"],"responseTypes":["CODE"],
				"tokenEndpointAuthMethod":"NONE","pkceEnforcement":"S256_REQUIRED","redirectUris":["https://shop.example.com/back"]}`,
			`{` + oidc + `}`,
			`{"name":"Page","enabled":false,"type":"SINGLE_PAGE_APP","protocol":"OPENID_CONNECT","grantTypes":["IMPLICIT"],"responseTypes":["TOKEN","ID_TOKEN"],
				"tokenEndpointAuthMethod":"NONE","pkceEnforcement":"OPTIONAL","redirectUris":["https://shop.example.com/back"],"requireSignedRequestObject":true}`},
		{"native application", "/applications",
			`{"name":"Native","enabled":true,"type":"NATIVE_APP","protocol":"OPENID_CONNECT","grantTypes":["CLIENT_CREDENTIALS"],"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC"}`,
			`{"pkceEnforcement":"OPTIONAL","mobile":true,` + oidc + `}`,
			`{"name":"Native","enabled":true,"type":"NATIVE_APP","protocol":"OPENID_CONNECT","grantTypes":["CLIENT_CREDENTIALS"],"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC",
				"mobile":{"bundleId":"com.example.shop","packageName":"com.example.shop","huaweiAppId":"huawei","huaweiPackageName":"com.example.shop.huawei","uriPrefix":"https://shop.example.com",
				"passcodeRefreshDuration":{"duration":45,"timeUnit":"SECONDS"},"integrityDetection":{"mode":"ENABLED","cacheDuration":{"amount":30,"units":"HOURS"},"excludedPlatforms":["GOOGLE"]}}}`},
		{"worker", "/applications",
			`{"name":"Worker of Terraform","enabled":true,"type":"WORKER","protocol":"OPENID_CONNECT","grantTypes":["CLIENT_CREDENTIALS"],"tokenEndpointAuthMethod":"CLIENT_SECRET_BASIC"}`,
			`{"pkceEnforcement":"OPTIONAL","accessControl":{"role":{"type":"ADMIN_USERS_ONLY"}},` + oidc + `}`,
			`{"name":"Worker of Terraform","description":"Words","enabled":true,"type":"WORKER","protocol":"OPENID_CONNECT","grantTypes":["CLIENT_CREDENTIALS"],"tokenEndpointAuthMethod":"CLIENT_SECRET_POST"}`},
		{"SAML application", "/applications",
			`{"name":"SAML","enabled":true,"type":"WEB_APP","protocol":"SAML","acsUrls":["https://shop.example.com/acs"],"assertionDuration":3600,"spEntityId":"sp"}`,
			`{"hiddenFromAppPortal":false}`,
			`{"name":"SAML","description":"Words","enabled":true,"type":"WEB_APP","protocol":"SAML","acsUrls":["https://shop.example.com/acs"],"assertionDuration":3600,"spEntityId":"sp",
				"assertionSigned":false,"responseSigned":true,"sloBinding":"HTTP_REDIRECT","sloEndpoint":"https://shop.example.com/slo","sloWindow":3,"nameIdFormat":"urn:x"}`},
		{"external link", "/applications",
			`{"name":"Link","enabled":true,"type":"PORTAL_LINK_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com"}`,
			`{"hiddenFromAppPortal":false}`,
			`{"name":"Link","description":"Words","enabled":false,"type":"PORTAL_LINK_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com/home","hiddenFromAppPortal":true}`},
		{"application attribute", "/applications/{application}/attributes", `{"name":"shoe","value":"${user.shoe}"}`,
			`{"mappingType":"CUSTOM","required":false}`,
			`{"name":"boot","value":"${user.boot}","required":true,"oidcScopes":["00000000-0000-4000-8000-000000000008"],"idToken":true,"userInfo":false}`},
		{"resource", "/resources", `{"name":"shop-api"}`,
			`{"accessTokenValiditySeconds":3600,"applicationPermissionsSettings":{"claimEnabled":false},"audience":"shop-api","introspectEndpointAuthMethod":"CLIENT_SECRET_BASIC","type":"CUSTOM"}`,
			`{"name":"shop-api-2","description":"Words","audience":"https://api.example.com","accessTokenValiditySeconds":7200,"introspectEndpointAuthMethod":"CLIENT_SECRET_POST",
				"applicationPermissionsSettings":{"claimEnabled":true}}`},
		{"scope", "/resources/{resource}/scopes", `{"name":"orders:read"}`, `{"resource":true}`, `{"name":"orders:write","description":"Words"}`},
		{"resource attribute", "/resources/{resource}/attributes", `{"name":"shoe","value":"${user.shoe}"}`, `{"type":"CUSTOM"}`, `{"name":"boot","value":"${user.boot}","idToken":true,"userInfo":true}`},
		{"grant", "/applications/{application}/grants", `{"resource":{"id":"{resource}"},"scopes":[{"id":"{scope}"}]}`, `{"application":true}`,
			`{"resource":{"id":"{resource}"},"scopes":[{"id":"{scope}"},{"id":"{otherScope}"}]}`},
		{"sign-on policy", "/signOnPolicies", `{"name":"two-factor"}`, `{"default":false}`, `{"name":"three-factor","description":"Words"}`},
		{"login action", "/signOnPolicies/{policy}/actions", `{"type":"LOGIN","priority":2,"recovery":{"enabled":true}}`,
			`{"registration":{"enabled":false},"signOnPolicy":true}`,
			`{"type":"LOGIN","priority":3,"recovery":{"enabled":false},"enforceLockoutForIdentityProviders":true,"socialProviders":[{"id":"{provider}"}],
				"registration":{"enabled":true,"population":{"id":"{population}"},"confirmIdentityProviderAttributes":true},
				"condition":{"or":[{"secondsSince":"${session.lastSignOn.withAuthenticator.pwd.at}","greater":3600},{"or":[{"value":"${user.population.id}","equals":"{population}"},
				{"value":"${user.name.given}","equals":"Anna"},{"value":"${user.enabled}","equals":true}]}]}}`},
		{"MFA action", "/signOnPolicies/{policy}/actions", `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2,"deviceAuthenticationPolicy":{"id":"{devicePolicy}"}}`,
			`{"signOnPolicy":true}`,
			`{"type":"MULTI_FACTOR_AUTHENTICATION","priority":3,"deviceAuthenticationPolicy":{"id":"{devicePolicy}"},"noDevicesMode":"BYPASS",
				"condition":{"or":[{"secondsSince":"${session.lastSignOn.withAuthenticator.mfa.at}","greater":3600},
				{"not":{"ipRange":["192.168.129.23/17","192.168.0.15/24"],"contains":"${flow.request.http.remoteIp}"}},{"value":"${user.lifecycle.status}","equals":"ACCOUNT_OK"}]}}`},
		{"profiling action", "/signOnPolicies/{policy}/actions",
			`{"type":"PROGRESSIVE_PROFILING","priority":2,"attributes":[{"name":"name.given","required":false},{"name":"name.family","required":true}],
				"preventMultiplePromptsPerFlow":true,"promptIntervalSeconds":7776000,"promptText":"Words"}`,
			`{"signOnPolicy":true}`,
			`{"type":"PROGRESSIVE_PROFILING","priority":3,"attributes":[{"name":"mobilePhone","required":true}],"preventMultiplePromptsPerFlow":false,"promptIntervalSeconds":3600,"promptText":"Other words"}`},
		{"identifier first action", "/signOnPolicies/{policy}/actions", `{"type":"IDENTIFIER_FIRST","priority":2,"recovery":{"enabled":true}}`, `{"signOnPolicy":true}`,
			`{"type":"IDENTIFIER_FIRST","priority":3,"recovery":{"enabled":false},"discoveryRules":[{"condition":{"contains":"@example.com","value":"${identifier}"},"identityProvider":{"id":"{provider}"}}]}`},
		{"identity provider action", "/signOnPolicies/{policy}/actions", `{"type":"IDENTITY_PROVIDER","priority":2,"identityProvider":{"id":"{provider}"}}`, `{"signOnPolicy":true}`,
			`{"type":"IDENTITY_PROVIDER","priority":3,"identityProvider":{"id":"{provider}"},"acrValues":"MFA","passUserContext":true}`},
		{"agreement action", "/signOnPolicies/{policy}/actions", `{"type":"AGREEMENT","priority":2,"agreement":{"id":"{agreement}"}}`, `{"signOnPolicy":true}`,
			`{"type":"AGREEMENT","priority":3,"agreement":{"id":"{agreement}"},"disableDeclineOption":true}`},
		{"PingID action", "/signOnPolicies/{policy}/actions", `{"type":"PINGID_AUTHENTICATION","priority":2}`, `{"signOnPolicy":true}`, `{"type":"PINGID_AUTHENTICATION","priority":3}`},
		{"assignment", "/applications/{application}/signOnPolicyAssignments", `{"priority":1,"signOnPolicy":{"id":"{policy}"}}`, `{"application":true}`, `{"priority":2,"signOnPolicy":{"id":"{policy}"}}`},
		{"group", "/groups", `{"name":"Members"}`, `{"directMemberCounts":{"users":0}}`,
			`{"name":"Members of the shop","description":"Words","population":{"id":"{population}"},"userFilter":"email ew \"@example.com\"","externalId":"1","customData":{"a":{"b":1}}}`},
		{"device policy", "/deviceAuthenticationPolicies",
			`{"name":"Devices","default":false,"forSignOnPolicy":false,"sms":{"enabled":true,"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}}}},
				"voice":{"enabled":false,"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}}}},
				"email":{"enabled":true,"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}}}},
				"mobile":{"enabled":false,"otp":{"failure":{"count":3,"coolDown":{"duration":2,"timeUnit":"MINUTES"}}}},"totp":{"enabled":true,"otp":{"failure":{"count":3,"coolDown":{"duration":2,"timeUnit":"MINUTES"}}}}}`,
			`{"authentication":true,"newDeviceNotification":"NONE","sms":true,"voice":true,"email":true,"mobile":true,"totp":true}`,
			`{"name":"Devices","default":false,"forSignOnPolicy":false,"newDeviceNotification":"EMAIL_THEN_SMS","authentication":{"deviceSelection":"ALWAYS_DISPLAY_DEVICES"},
				"sms":{"enabled":true,"pairingDisabled":true,"promptForNicknameOnPairing":true,"otp":{"otpLength":7,"lifeTime":{"duration":75,"timeUnit":"SECONDS"},"failure":{"count":5,"coolDown":{"duration":5,"timeUnit":"SECONDS"}}}},
				"voice":{"enabled":false,"pairingDisabled":false,"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}}}},
				"email":{"enabled":true,"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}}}},
				"mobile":{"enabled":false,"otp":{"failure":{"count":3,"coolDown":{"duration":2,"timeUnit":"MINUTES"}}}},
				"totp":{"enabled":true,"passcodeGracePeriod":4,"uriParameters":{"issuer":"shop"},"otp":{"failure":{"count":3,"coolDown":{"duration":2,"timeUnit":"MINUTES"}}}},
				"fido2":{"enabled":false}}`},
		{"password policy", "/passwordPolicies", `{"name":"Passwords","excludesCommonlyUsed":true,"excludesProfileData":true,"notSimilarToCurrent":true}`,
			`{"bypassPolicy":false,"default":false,"populationCount":0}`,
			`{"name":"Long passwords","description":"Words","excludesCommonlyUsed":true,"excludesProfileData":false,"notSimilarToCurrent":true,"history":{"count":6,"retentionDays":365},
				"lockout":{"failureCount":5,"durationSeconds":900},"length":{"min":12,"max":255},"minCharacters":{"0123456789":1},"maxAgeDays":182,"minAgeDays":1,"maxRepeatedCharacters":2,"minComplexity":7,"minUniqueCharacters":5}`},
		{"notification policy", "/notificationsPolicies", `{"name":"Notes","quotas":[]}`, `{"default":false}`,
			`{"name":"Other notes","quotas":[{"type":"ENVIRONMENT","deliveryMethods":["SMS","Voice"],"total":100},{"type":"USER","deliveryMethods":["Email"],"claimed":3,"unclaimed":4}],
				"countryLimit":{"type":"NONE"}}`},
		{"identity provider", "/identityProviders", `{"name":"Provider","enabled":true,"type":"GOOGLE","clientId":"client","clientSecret":"not-a-secret"}`, `{}`,
			`{"name":"Provider","description":"Words","enabled":false,"type":"GOOGLE","clientId":"client","clientSecret":"not-a-secret","registration":{"population":{"id":"{population}"}},
				"icon":{"id":"00000000-0000-4000-8000-000000000001","href":"https://shop.example.com/icon.png"}}`},
		{"theme", "/themes",
			`{"template":"split","configuration":{"name":"Theme","logoType":"NONE","backgroundType":"NONE","bodyTextColor":"#000000","cardColor":"#ffffff","headingTextColor":"#000000","linkTextColor":"#000000","buttonColor":"#000000","buttonTextColor":"#ffffff"}}`,
			`{"default":false}`,
			`{"template":"default","configuration":{"name":"Theme","logoType":"IMAGE","logo":{"id":"00000000-0000-4000-8000-000000000001","href":"https://shop.example.com/logo.png"},"backgroundType":"COLOR","backgroundColor":"#ededed",
				"bodyTextColor":"#000000","cardColor":"#ffffff","headingTextColor":"#000000","linkTextColor":"#000000","buttonColor":"#000000","buttonTextColor":"#ffffff","footer":"Words"}}`},
		{"language", "/languages", `{"locale":"fr","enabled":false}`, `{"customerAdded":true,"default":false}`, `{"locale":"fr","enabled":true}`},
		{"agreement", "/agreements", `{"name":"Terms","enabled":false}`, `{}`, `{"name":"New terms","description":"Words","enabled":true,"reconsentPeriodDays":31}`},
		{"role assignment", "/applications/{application}/roleAssignments", `{"role":{"id":"{role}"},"scope":{"id":"{env}","type":"ENVIRONMENT"}}`, `{"readOnly":false}`, ``},
	}
}

// TestTerraformLifecycle: what was sent is answered as it was sent, with nothing that a
// provider would take for a change; replaced and put back, nothing is left of what was
// there between; deleted, it is gone.
func TestTerraformLifecycle(t *testing.T) {
	for _, l := range lifecycles() {
		t.Run(l.name, func(t *testing.T) {
			a := newAPI(t)
			fill := a.filler()
			path := "{env}" + fill(l.path)
			made := a.made(path, fill(l.least))
			one := path + "/" + made.id()
			planned(t, "created", fill(l.least), l.more, made.body)
			unchanged := func(where string, shown gjson.Result) {
				t.Helper()
				require.JSONEq(t, managed(made.body), managed(shown), where)
			}
			unchanged("read", a.get(one).body)
			unchanged("listed", a.get(path).body.Get(`_embedded.*.#(id=="`+made.id()+`")`))
			if l.full != "" {
				full := fill(l.full)
				put := a.put(one, full)
				require.Equal(t, http.StatusOK, put.status, "%s", put)
				planned(t, "replaced", full, l.more, put.body)
				require.JSONEq(t, managed(put.body), managed(a.get(one).body))
				unchanged("put back", a.put(one, withNulls(t, fill(l.least), full)).body)
				unchanged("read again", a.get(one).body)
			}
			require.Equal(t, http.StatusNoContent, a.delete(one).status)
			refused(t, a.get(one), 404, "NOT_FOUND")
			refused(t, a.delete(one), 404, "NOT_FOUND")
		})
	}
}

// planned holds an answer against what was sent and against what else may be there: with
// this value, or with any where the value is true.
func planned(t *testing.T, where, sent, more string, shown gjson.Result) {
	t.Helper()
	same(t, where, "", gjson.Parse(sent), shown)
	want, have := gjson.Parse(sent), gjson.Parse(managed(shown))
	have.ForEach(func(name, value gjson.Result) bool {
		expected := gjson.Get(more, name.String())
		switch asked := want.Get(name.String()); {
		case asked.Exists() && expected.Type != gjson.True:
			require.JSONEq(t, asked.Raw, value.Raw, "%s: %s", where, name)
		case asked.Exists():
		case !expected.Exists():
			t.Errorf("%s: nobody asked for %s: %s", where, name, value.Raw)
		case expected.Type != gjson.True:
			require.JSONEq(t, expected.Raw, value.Raw, "%s: %s", where, name)
		}
		return true
	})
}

// managed is an answer without what PingOne alone decides.
func managed(shown gjson.Result) string {
	members := map[string]json.RawMessage{}
	shown.ForEach(func(name, value gjson.Result) bool { members[name.String()] = json.RawMessage(value.Raw); return true })
	maps.DeleteFunc(members, func(name string, _ json.RawMessage) bool { return slices.Contains(readOnly(), name) })
	encoded, _ := json.Marshal(members)
	return string(encoded)
}

// withNulls is a body with a null for each member that another body has besides.
func withNulls(t *testing.T, body, other string) string {
	t.Helper()
	var members, others map[string]any
	require.NoError(t, json.Unmarshal([]byte(body), &members))
	require.NoError(t, json.Unmarshal([]byte(other), &others))
	for name := range others {
		if _, there := members[name]; !there {
			members[name] = nil
		}
	}
	encoded, err := json.Marshal(members)
	require.NoError(t, err)
	return string(encoded)
}
