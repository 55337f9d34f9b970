package tenant

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What is in an environment from the start.
func TestWhatANewEnvironmentHas(t *testing.T) {
	tenant, _ := newTenant()
	e := tenant.AddEnvironment(EnvironmentSpec{Name: "Home", Description: "ours", Type: "PRODUCTION", Region: "EU", OrganizationID: "organization", LicenseID: "license", Methods: []string{"totp"}})
	require.Equal(t, "Home ours PRODUCTION EU organization license ACTIVE", fmt.Sprint(e.Name, " ", e.Description, " ", e.Type, " ", e.Region, " ", e.OrganizationID, " ", e.LicenseID, " ", e.Status))
	other := tenant.AddEnvironment(EnvironmentSpec{})
	require.Regexp(t, `^[0-9a-f-]{36}$`, other.OrganizationID)
	require.Regexp(t, `^[0-9a-f-]{36}$`, other.LicenseID)
	require.Equal(t, []*Environment{e, other}, tenant.Environments(), "in the order of their creation")

	require.Equal(t, "Default", e.DefaultPopulation().Name)
	login := e.DefaultPolicy().ByPriority()
	require.Equal(t, "Single_Factor LOGIN 1 true", fmt.Sprint(e.DefaultPolicy().Name, " ", login[0].Type, " ", login[0].Priority, " ", login[0].RecoveryEnabled))
	devices := e.DefaultDevicePolicy()
	require.Equal(t, "Default MFA Policy DEFAULT_TO_FIRST", devices.Name+" "+devices.DeviceSelection)
	for method, coolDown := range map[string]time.Duration{"sms": 0, "email": 0, "voice": 0, "totp": 2 * time.Minute, "mobile": 2 * time.Minute} {
		require.Equal(t, DeviceMethod{Enabled: method == "totp", OTPLength: 6, LifeTime: 30 * time.Minute, FailureCount: 3, CoolDown: coolDown}, devices.Methods[method], method)
	}
	for kind, audience := range map[string]string{ResourceOpenID: "", ResourcePingOne: "https://api.pingone.com"} {
		r := e.ResourceOfType(kind)
		require.Equal(t, fmt.Sprint(audience, " 3600 NONE"), fmt.Sprint(r.Audience, " ", r.AccessTokenValiditySeconds, " ", r.IntrospectAuthMethod))
		require.NotEmpty(t, r.Description)
		for _, s := range r.Scopes {
			require.Equal(t, s.Name == "p1:read:user" || s.Name == "p1:update:user", slices.Equal(s.SchemaAttributes, []string{"*"}), s.Name)
			require.True(t, BuiltInScope(r, s), s.Name)
		}
		require.False(t, BuiltInScope(r, &Scope{Name: "orders:read"}))
	}
	require.False(t, BuiltInScope(&Resource{Type: ResourceCustom}, &Scope{Name: "openid"}))
	require.Len(t, e.RecordsAt("/resources/"+e.ResourceOfType(ResourceOpenID).ID+"/attributes"), len(openIDClaims()))
	var types []string
	for _, a := range e.Applications.Sorted() {
		require.True(t, a.System() && a.Enabled, a.Name)
		types = append(types, a.Type)
	}
	require.Equal(t, []string{"PING_ONE_ADMIN_CONSOLE", "PING_ONE_PORTAL", "PING_ONE_SELF_SERVICE"}, types)
	require.False(t, SystemType("WORKER"))

	for path, count := range map[string]int{"/themes": 1, "/notificationsPolicies": 1, "/languages": 1, "/schemas": 1, "/passwordPolicies": 3} {
		require.Len(t, e.RecordsAt(path), count, path)
		require.NotNil(t, e.DefaultRecord(path), path)
	}
	require.Equal(t, e.PasswordPolicyID, e.DefaultRecord("/passwordPolicies").ID)
	standard := e.DefaultRecord("/passwordPolicies").Sent
	require.Equal(t, "Standard map[max:255 min:8] map[count:6 retentionDays:365] map[durationSeconds:900 failureCount:5] 2 5",
		fmt.Sprint(standard["name"], " ", standard["length"], " ", standard["history"], " ", standard["lockout"], " ", standard["maxRepeatedCharacters"], " ", standard["minUniqueCharacters"]), "what passwords are held against")
	for _, flag := range []string{"excludesProfileData", "notSimilarToCurrent", "excludesCommonlyUsed"} {
		require.Equal(t, true, standard[flag], flag)
	}
	require.Equal(t, map[string]any{"name": "English", "enabled": true}, e.DefaultRecord("/languages").Sent)
	require.Equal(t, map[string]any{"locale": "en", "customerAdded": false}, e.DefaultRecord("/languages").Fixed)
}

func TestThereMayBeNoDefault(t *testing.T) {
	tenant, _ := newTenant()
	e := tenant.AddEnvironment(EnvironmentSpec{})
	e.DefaultPolicy().Default, e.DefaultPopulation().Default, e.DefaultDevicePolicy().Default = false, false, false
	require.Nil(t, e.DefaultPolicy())
	require.Nil(t, e.DefaultPopulation())
	require.Nil(t, e.DefaultDevicePolicy())
}

func TestRecordsOfAThingGoWithIt(t *testing.T) {
	tenant, _ := newTenant()
	e := &Environment{}
	for _, path := range []string{"/groups", "/providers", "/providers/one/attributes", "/providers/one/attributes/deep", "/providers/other/attributes"} {
		tenant.AddRecord(e, path, nil, nil)
	}
	e.ForgetRecords("/providers/one")
	require.Len(t, e.Records, 3)
	require.Len(t, e.RecordsAt("/providers/other/attributes"), 1)
	require.Nil(t, e.DefaultRecord("/groups"), "none is the default one")
	tenant.AddCoreAttribute(e, "/providers/one/attributes", "username", "${sub}", "mappingType")
	core := e.RecordsAt("/providers/one/attributes").Sorted()[0]
	require.Equal(t, map[string]any{"name": "username", "value": "${sub}"}, core.Sent)
	require.Equal(t, map[string]any{"name": "username", "mappingType": "CORE"}, core.Fixed)
}

// The user schema: https://developer.pingidentity.com/pingone-api/platform/schemas.html
func TestAttributesOfTheUserSchema(t *testing.T) {
	tenant, _ := newTenant()
	e := tenant.AddEnvironment(EnvironmentSpec{})
	schema := e.DefaultRecord("/schemas")
	attributes := "/schemas/" + schema.ID + "/attributes"
	tenant.AddRecord(e, attributes, map[string]any{"name": "shoes", "type": "JSON"}, nil)
	tenant.AddRecord(e, attributes, map[string]any{"name": "size", "type": "STRING"}, nil)
	for path, has := range map[string]bool{
		"username": true, "account": true, "identityProvider": true, "lastSignOn": true, "lifecycle": true, "population": true, "memberOfGroups": true, "memberOfGroupIDs": true,
		"enabled": true, "mfaEnabled": true, "emailVerified": true, "id": true, "environment": true, "createdAt": true, "updatedAt": true, "verifyStatus": true,
		"email": true, "mobilePhone": true, "primaryPhone": true, "nickname": true, "title": true, "preferredLanguage": true, "locale": true, "timezone": true,
		"type": true, "externalId": true, "accountId": true, "name": true, "address": true, "photo": true, "shoes": true, "size": true,
		"name.given": true, "name.family": true, "name.middle": true, "name.formatted": true, "name.honorificPrefix": true, "name.honorificSuffix": true,
		"address.streetAddress": true, "address.locality": true, "address.region": true, "address.postalCode": true, "address.countryCode": true, "photo.href": true,
		"account.canAuthenticate": true, "shoes.left": true,
		"": false, "surname": false, "name.first": false, "address.given": false, "photo.": false, "email.domain": false, "size.left": false, "surname.given": false,
	} {
		require.Equal(t, has, e.HasAttribute(path), path)
	}
	for _, name := range []string{"username", "email", "mfaEnabled"} {
		attribute := e.SchemaAttribute(name)
		require.Equal(t, []any{name, true, name == "username", name == "username", false}, []any{
			attribute.Fixed["ldapAttribute"], attribute.Sent["enabled"], attribute.Sent["required"], attribute.Sent["unique"], attribute.Sent["multiValued"],
		})
		require.Equal(t, attribute.Fixed["schemaType"], attribute.Sent["schemaType"])
	}
	require.Equal(t, "CORE COMPLEX BOOLEAN STANDARD", fmt.Sprint(e.SchemaAttribute("username").Sent["schemaType"], " ", e.SchemaAttribute("account").Sent["type"], " ", e.SchemaAttribute("enabled").Sent["type"], " ", e.SchemaAttribute("email").Sent["schemaType"]))
	renamed := e.SchemaAttribute("email")
	renamed.Sent = map[string]any{"type": "STRING"}
	require.Same(t, renamed, e.SchemaAttribute("email"), "what was sent last need not name it")
	require.False(t, (&Environment{}).HasAttribute("email"), "there is no schema")
}

func TestDeletedEnvironmentsAreRememberedForAWhile(t *testing.T) {
	tenant, _ := newTenant()
	for i := range maxRemoved + 2 {
		require.False(t, tenant.WasRemoved(fmt.Sprint(i)))
		tenant.RemoveEnvironment(fmt.Sprint(i))
		require.True(t, tenant.WasRemoved(fmt.Sprint(i)))
		require.Len(t, tenant.Data().Removed, min(i+1, maxRemoved))
	}
	require.Equal(t, []bool{false, false, true}, []bool{tenant.WasRemoved("0"), tenant.WasRemoved("1"), tenant.WasRemoved("2")})
}

func TestARenamedEnvironmentIsFoundByItsNewIdAlone(t *testing.T) {
	tenant, _ := newTenant()
	e := tenant.AddEnvironment(EnvironmentSpec{})
	was := e.ID
	tenant.RenameEnvironment(e, "new")
	require.Nil(t, tenant.Environment(was))
	require.Same(t, e, tenant.Environment("new"))
	require.Equal(t, "new", e.ID)
}

// Counts add up over all environments.
func TestHowManyThereAre(t *testing.T) {
	tenant, _ := newTenant()
	for range 2 {
		e := tenant.AddEnvironment(EnvironmentSpec{})
		u := &User{Meta: tenant.NewMeta(tenant.Now()), Devices: Table[*Device]{"a": {}, "b": {}}}
		e.Users.Add(u)
		app := e.Applications.Sorted()[0]
		app.Grants, app.Assignments = Table[*Grant]{"a": {}, "b": {}, "c": {}}, Table[*Assignment]{"a": {}}
		e.DefaultPolicy().Actions["second"] = &Action{}
	}
	require.Equal(t, map[string]int{
		"environments": 2, "applications": 6, "grants": 6, "signOnPolicyAssignments": 2, "resources": 4, "scopes": 40, "signOnPolicies": 2, "actions": 4,
		"populations": 2, "deviceAuthenticationPolicies": 2, "users": 2, "devices": 4,
	}, tenant.Counts())
}
