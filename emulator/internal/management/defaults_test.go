package management

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// What was left out is answered with its default, and each thing links to what belongs
// to it. A link ends with the text, %s being the id of the thing.
func TestWhatIsAnsweredForWhatWasLeftOut(t *testing.T) {
	const native, spa = `{"name":"Shop","type":"NATIVE_APP",`, `{"name":"Shop","type":"WORKER",`
	rest := strings.Replace(webApp, `{"name":"Example Shop","enabled":true,"type":"WEB_APP",`, "", 1)
	sent := func(method string) string { return method + `.enabled:true ` + method + `.pairingDisabled:false` }
	for _, row := range []struct{ path, body, members, links string }{
		{"/applications", webApp, `hiddenFromAppPortal:false assignActorRoles:false idpSignoff:false requestScopesForMultipleResourcesEnabled:false
			additionalRefreshTokenReplayProtectionEnabled:true parRequirement:"OPTIONAL" parTimeout:60 deviceTimeout:600 devicePollingInterval:5
			supportUnsignedRequestObject:false requireSignedRequestObject:false pkceEnforcement:"OPTIONAL" mobile: accessControl: description: loginPageUrl:`,
			"attributes:/applications/%s/attributes secret:/%s/secret grants:/%s/grants signOnPolicyAssignments:/%s/signOnPolicyAssignments roleAssignments:"},
		{"/applications", native + rest, `mobile.integrityDetection.mode:"DISABLED" mobile.passcodeRefreshDuration.duration:30
			mobile.passcodeRefreshDuration.timeUnit:"SECONDS" mobile.passcodeGracePeriod:5 accessControl: enabled:false`, ""},
		{"/applications", spa + rest, `accessControl.role.type:"ADMIN_USERS_ONLY" mobile:`, "roleAssignments:/%s/roleAssignments"},
		{"/applications", strings.Replace(webApp, `{`, `{"description":"D","loginPageUrl":"https://shop.example.com/in","postLogoutRedirectUris":["https://shop.example.com/bye"],`, 1),
			`description:"D" loginPageUrl:"https://shop.example.com/in" postLogoutRedirectUris:["https://shop.example.com/bye"] grantTypes:["AUTHORIZATION_CODE"] responseTypes:["CODE"]`, ""},
		{"/applications", `{"name":"Link","type":"WEB_APP","protocol":"EXTERNAL_LINK","homePageUrl":"https://shop.example.com/"}`, "parTimeout: clientId: hiddenFromAppPortal:false", "secret: grants: attributes:/%s/attributes"},
		{"/applications/{application}/attributes", `{"name":"shoe"}`, `required:false mappingType:"CUSTOM"`, ""},
		{"/applications/{application}/roleAssignments", `{"role":{"id":"{role}"},"scope":{"id":"{env}","type":"ENVIRONMENT"}}`, `readOnly:false`, ""},
		{"/users/{user}/roleAssignments", `{"role":{"id":"{role}"},"scope":{"id":"{env}","type":"ENVIRONMENT"}}`, `readOnly:false`, ""},
		{"/resources", `{"name":"shop"}`, `type:"CUSTOM" audience:"shop" applicationPermissionsSettings.claimEnabled:false accessTokenValiditySeconds:3600
			introspectEndpointAuthMethod:"CLIENT_SECRET_BASIC" description:`, "scopes:/resources/%s/scopes attributes:/%s/attributes secret:/%s/secret"},
		{"/resources/{resource}/attributes", `{"name":"shoe"}`, `type:"CUSTOM"`, ""},
		{"/resources/{resource}/scopes", `{"name":"orders"}`, `description: schemaAttributes: mappedClaims:`, "resource:/resources/{resource}"},
		{"/resources/{resource}/scopes", `{"name":"orders","description":"D","schemaAttributes":["email"],"mappedClaims":["a"]}`,
			`description:"D" schemaAttributes:["email"] mappedClaims:["a"] resource.id:"{resource}"`, ""},
		{"/identityProviders", `{"name":"Google","enabled":true,"type":"GOOGLE"}`, "", "attributes:/identityProviders/%s/attributes"},
		{"/identityProviders/{provider}/attributes", `{"name":"shoe"}`, `mappingType:"CUSTOM"`, ""},
		{"/schemas/{schema}/attributes", `{"name":"shoe"}`, `type:"STRING" schemaType:"CUSTOM" enabled:true required:false unique:false multiValued:false`, ""},
		{"/groups", `{"name":"Staff"}`, `directMemberCounts.users:0`, "memberOfGroups:/groups/%s/memberOfGroups"},
		{"/agreements", `{"name":"Terms","enabled":true}`, "", "languages:/agreements/%s/languages"},
		{"/agreements/{agreement}/languages", `{"locale":"en"}`, "", "revisions:/languages/%s/revisions"},
		{"/notificationsPolicies", `{"name":"Loud"}`, `quotas:[] default:false`, ""},
		{"/languages", `{"locale":"fr"}`, `customerAdded:true enabled:false default:false`, ""},
		{"/themes", `{"template":"focus","configuration":{}}`, `default:false`, "default:/themes/%s/default"},
		{"/passwordPolicies", `{"name":"Strict"}`, `bypassPolicy:false populationCount:0 default:false`, ""},
		{"/populations", `{"name":"Members"}`, `preferredLanguage:"en" userCount:0 default:false theme.id:"{theme}" description:`, ""},
		{"/populations", `{"name":"Members","description":"D","preferredLanguage":"fr"}`, `preferredLanguage:"fr" description:"D"`, ""},
		{"/signOnPolicies", `{"name":"Policy","description":"D"}`, `default:false description:"D"`, "actions:/signOnPolicies/%s/actions"},
		{"/signOnPolicies/{policy}/actions", `{"type":"LOGIN","priority":2}`, `recovery.enabled:false registration.enabled:false`, "signOnPolicy:/signOnPolicies/{policy}"},
		{"/signOnPolicies/{policy}/actions", `{"type":"MULTI_FACTOR_AUTHENTICATION","priority":2}`, `recovery: registration:`, ""},
		{"/users", `{"username":"eve","email":"eve@example.com"}`, `enabled:true mfaEnabled:false emailVerified:false account.status:"OK" account.canAuthenticate:true
			lifecycle.status:"ACCOUNT_OK" identityProvider.type:"PING_ONE" verifyStatus:"NOT_INITIATED" lastSignOn: password:`,
			"population:/populations/{default} devices:/users/%s/devices memberOfGroups:/%s/memberOfGroups linkedAccounts:/%s/linkedAccounts password:/%s/password"},
		{"/users/{user}/devices", `{"type":"TOTP"}`, `status:"ACTIVATION_REQUIRED" block.status:"UNBLOCKED" lock.status:"UNLOCKED" phone: email: testMode:`, "user:/users/{user}"},
		{"/deviceAuthenticationPolicies", devicePolicy, `newDeviceNotification:"NONE" authentication.deviceSelection:"DEFAULT_TO_FIRST" ` +
			sent("sms") + " " + sent("email") + ` totp.pairingDisabled:false voice.pairingDisabled:false mobile.pairingDisabled: email.otp.otpLength:6 totp.otp.lifeTime:`, ""},
	} {
		t.Run(row.path+" "+row.body[:min(40, len(row.body))], func(t *testing.T) {
			a := newAPI(t)
			fill := a.filler()
			words := func(s string) string {
				return strings.ReplaceAll(fill(s), "{default}", a.env.DefaultPopulation().ID)
			}
			made := a.made("{env}"+fill(row.path), fill(row.body))
			for _, pair := range strings.Fields(words(row.members)) {
				path, want, _ := strings.Cut(pair, ":")
				require.Equal(t, want, made.body.Get(path).Raw, path)
			}
			for _, pair := range strings.Fields(words(row.links)) {
				relation, want, _ := strings.Cut(pair, ":")
				href := made.body.Get("_links." + relation + ".href").String()
				if want == "" {
					require.Empty(t, href, relation)
					continue
				}
				require.True(t, strings.HasSuffix(href, strings.ReplaceAll(want, "%s", made.id())), "%s: %q", relation, href)
			}
		})
	}
}

// The limits that a device policy was sent are those that passcodes go by.
func TestADevicePolicyHoldsTheLimitsThatWereSent(t *testing.T) {
	a := newAPI(t)
	body := devicePolicy
	for member, value := range map[string]any{
		"sms.otp.failure.count": 5, "sms.otp.failure.coolDown": map[string]any{"duration": 2, "timeUnit": "HOURS"},
		"sms.otp.lifeTime": map[string]any{"duration": 90, "timeUnit": "SECONDS"}, "sms.otp.otpLength": 7,
		"authentication.deviceSelection": "PROMPT_TO_SELECT",
	} {
		body = with(t, body, member, value)
	}
	r := a.made("{env}/deviceAuthenticationPolicies", with(t, body, "totp.otp", nil))
	held := a.env.DevicePolicies[r.id()]
	require.Equal(t, "PROMPT_TO_SELECT", held.DeviceSelection)
	sms := held.Method("SMS")
	require.True(t, sms.Enabled)
	require.Equal(t, "5 2h0m0s 1m30s 7", fmt.Sprint(sms.FailureCount, sms.CoolDown, sms.LifeTime, sms.OTPLength))
	require.False(t, held.Method("VOICE").Enabled)
	totp, usual := held.Method("TOTP"), tenant.DefaultDeviceMethod("totp")
	require.Equal(t, []any{usual.FailureCount, usual.CoolDown}, []any{totp.FailureCount, totp.CoolDown}, "nothing was sent")
	for path, want := range map[string]string{
		"count": fmt.Sprint(usual.FailureCount), "coolDown.duration": fmt.Sprint(int(usual.CoolDown.Minutes())), "coolDown.timeUnit": `"MINUTES"`,
	} {
		require.Equal(t, want, r.body.Get("totp.otp.failure."+path).Raw, path)
	}
	shown := a.get("{env}/deviceAuthenticationPolicies/" + a.env.DefaultDevicePolicy().ID).body
	usual = a.env.DefaultDevicePolicy().Methods["email"]
	require.EqualValues(t, usual.LifeTime.Minutes(), shown.Get("email.otp.lifeTime.duration").Int())
	require.EqualValues(t, usual.OTPLength, shown.Get("email.otp.otpLength").Int())

	require.Equal(t, 200, a.put("{env}/deviceAuthenticationPolicies/"+r.id(), devicePolicy).status)
	require.Equal(t, "3 0s 30m0s 8", fmt.Sprint(held.Method("SMS").FailureCount, held.Method("SMS").CoolDown, held.Method("SMS").LifeTime, held.Method("SMS").OTPLength))
	require.Equal(t, "DEFAULT_TO_FIRST", held.DeviceSelection)
}
