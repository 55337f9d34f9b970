package seed_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"pingone-conformance/emulator/internal/seed"
	"pingone-conformance/emulator/internal/tenant"
)

const examples = "../../../examples/seeds"

func apply(t *testing.T, name, text string) (*tenant.Tenant, error) {
	t.Helper()
	document, err := seed.Parse(name, []byte(text), nil)
	if err != nil {
		return nil, err
	}
	made := tenant.New(tenant.Options{})
	return made, document.Apply(made, seed.Options{Methods: []string{"email", "sms", "totp"}})
}

func export(t *testing.T, from *tenant.Tenant) string {
	t.Helper()
	text, err := seed.Export(from)
	require.NoError(t, err)
	return string(text)
}

func TestASeedSurvivesTheRoundTrip(t *testing.T) {
	seeds := map[string]string{"everything": everything}
	for _, name := range exampleNames(t) {
		text, err := os.ReadFile(filepath.Join(examples, name))
		require.NoError(t, err)
		seeds[name] = string(text)
	}
	for name, text := range seeds {
		t.Run(name, func(t *testing.T) { roundTrip(t, name, text) })
	}
}

// Whoever looks at what there is changes nothing: neither what is there nor the ids to come.
func TestWritingASeedChangesNothing(t *testing.T) {
	var both [2]*tenant.Tenant
	for i := range both {
		document, err := seed.Parse("seed.yaml", []byte(everything), nil)
		require.NoError(t, err)
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		both[i] = tenant.New(tenant.Options{Random: rand.NewChaCha8([32]byte{}), Now: func() time.Time { return now }})
		require.NoError(t, document.Apply(both[i], seed.Options{}))
	}
	export(t, both[0])
	require.Equal(t, both[1].Data(), both[0].Data())
	require.Equal(t, both[1].NewMeta(time.Time{}), both[0].NewMeta(time.Time{}))
}

func TestASeedOfManySurvivesTheRoundTrip(t *testing.T) { roundTrip(t, "many", many(1200)) }

func roundTrip(t *testing.T, name, text string) {
	t.Helper()
	first, err := apply(t, name, text)
	require.NoError(t, err)
	written := export(t, first)
	require.Len(t, first.Environments(), strings.Count(text, "\n- id: ")+strings.Count(text, "\n- name: "), "nothing of the writing is left")
	again, err := apply(t, "written", written)
	require.NoError(t, err)
	require.Equal(t, written, export(t, again), "byte for byte")
	require.Equal(t, first.Counts(), again.Counts())
	holds(t, written)
	asJSON, err := seed.JSON([]byte(written))
	require.NoError(t, err)
	third, err := apply(t, "JSON", string(asJSON))
	require.NoError(t, err)
	require.Equal(t, written, export(t, third))
}

func TestASeedAsJSON(t *testing.T) {
	const text = "seed: 1\nenvironments:\n- name: Home\n  users:\n  - {username: '08', email: on@example.com, enabled: false, more: {weight: 0.5, count: 3, nothing: null}}\n"
	written, err := seed.JSON([]byte(text))
	require.NoError(t, err)
	const want = "{\n  \"environments\": [\n    {\n      \"name\": \"Home\",\n      \"users\": [\n        {\n          \"email\": \"on@example.com\",\n          \"enabled\": false,\n          \"more\": {\n" +
		"            \"count\": 3,\n            \"nothing\": null,\n            \"weight\": 0.5\n          },\n          \"username\": \"08\"\n        }\n      ]\n    }\n  ],\n  \"seed\": 1\n}\n"
	require.Equal(t, want, string(written))
	_, err = seed.Parse("seed.json", []byte("\t"+strings.ReplaceAll(string(written), "  ", "\t")+"\t\n"), nil)
	require.NoError(t, err, "JSON may have tabs, which YAML has not")
	for bad, says := range map[string]string{"seed: [": "seed: line", "seed: 1\nseed: 1\n": "seed:2: seed: is said twice"} {
		written, err = seed.JSON([]byte(bad))
		require.ErrorContains(t, err, says)
		require.Nil(t, written)
	}
}

func exampleNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(examples + "/*.yaml")
	require.NoError(t, err)
	require.Len(t, files, 3, "one for each use case")
	for i := range files {
		files[i] = filepath.Base(files[i])
	}
	return files
}

// many has more people than a page of the API.
func many(people int) string {
	var b strings.Builder
	b.WriteString("seed: 1\nenvironments:\n- name: Many\n  users:\n")
	for i := range people {
		fmt.Fprintf(&b, "  - {username: person%d, email: person%d@example.com}\n", i, i)
	}
	return b.String()
}

// everything has what the examples lack.
const everything = `
seed: 1
environments:
- name: Home
  description: "08"
  type: SANDBOX
  region: EU
  deviceMethods: [email, voice, totp]
  populations:
  - {name: Staff, description: those who work here, more: {preferredLanguage: de}}
  - {name: Customers, default: true}
  resources:
  - name: Orders
    audience: https://orders.example.com
    accessTokenValiditySeconds: 600
    scopes: [{name: "orders:read", description: to read orders}, {name: "orders:write"}]
  - name: PingOne API
    id: 44444444-4444-4444-8444-000000000001
    scopes: [{name: "p1:read:user:name", schemaAttributes: [name]}]
  signOnPolicies:
  - name: Own
    default: true
    actions:
    - {type: LOGIN, priority: 10}
    - {type: MULTI_FACTOR_AUTHENTICATION, priority: 20, deviceAuthenticationPolicy: Strict}
  - {name: Password, actions: [{type: LOGIN}]}
  deviceAuthenticationPolicies:
  - name: Strict
    sms: &sent {enabled: true, otp: {failure: {count: 2, coolDown: {duration: 90, timeUnit: SECONDS}}, lifeTime: {duration: 5, timeUnit: MINUTES}, otpLength: 8}}
    email: *sent
    voice: *sent
    mobile: &shown {enabled: false, otp: {failure: {count: 3, coolDown: {duration: 2, timeUnit: MINUTES}}}}
    totp: *shown
  applications:
  - id: 44444444-4444-4444-8444-0000000000a1
    name: Worker
    type: WORKER
    grantTypes: [CLIENT_CREDENTIALS]
    tokenEndpointAuthMethod: CLIENT_SECRET_BASIC
    roles: []
  - name: Shop
    type: WEB_APP
    enabled: false
    grantTypes: [AUTHORIZATION_CODE]
    responseTypes: [CODE]
    redirectUris: [https://shop.example.com/back]
    tokenEndpointAuthMethod: CLIENT_SECRET_BASIC
    corsSettings: {behavior: ALLOW_SPECIFIC_ORIGINS, origins: ["https://shop.example.com"]}
    grants:
    - {resource: Orders, scopes: ["orders:write", "orders:read"]}
    - {resource: 44444444-4444-4444-8444-000000000001, scopes: ["p1:read:user"]}
    signOnPolicyAssignments:
    - {signOnPolicy: Own, priority: 7}
    - {signOnPolicy: Password}
    more: {icon: {href: https://shop.example.com/icon.png}}
  users:
  - username: on
    email: on@example.com
    population: Staff
    enabled: false
    password: {value: Quiet-Harbour-52, forceChange: true}
    prompted: {mobilePhone: 2026-01-15T09:00:00Z}
    devices:
    - {type: VOICE, phone: "+1.5125550101", policy: Strict, passcode: "00000008", nickname: Desk, blocked: true}
    more: {favourite: {colour: green}}
- name: Away
  users: []
`

// holds holds a seed against its schema with a library that is not ours.
func holds(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, validate(t, text))
}

func validate(t *testing.T, text string) error {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(seed.Schema()))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	require.NoError(t, compiler.AddResource("seed.json", schema))
	compiled, err := compiler.Compile("seed.json")
	require.NoError(t, err)
	var decoded any
	require.NoError(t, yaml.Unmarshal([]byte(text), &decoded))
	encoded, err := json.Marshal(decoded)
	require.NoError(t, err)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
	require.NoError(t, err)
	return compiled.Validate(value)
}

// aliases is a list of ten times the same list.
func aliases(name, of string) string {
	return name + ": &" + name + " [" + strings.TrimSuffix(strings.Repeat("*"+of+",", 10), ",") + "]\n"
}

func TestWhatIsWrongIsSaidWithFileLineAndMember(t *testing.T) {
	const begin = "seed: 1\nenvironments:\n- name: Home\n"
	const shop = begin + "  applications:\n  - {name: Shop, type: WEB_APP, grantTypes: [AUTHORIZATION_CODE], responseTypes: [CODE], tokenEndpointAuthMethod: NONE,\n     redirectUris: [https://shop.example.com/]"
	const anna = begin + "  users:\n  - username: anna\n    email: anna@example.com\n"
	for _, row := range []struct {
		name, text, says string
		schema           bool // the schema says so, too
	}{
		{"no YAML", "seed: 1\n  environments: [", "bad.yaml: line", false},
		{"nothing", "# later\n", "bad.yaml: is empty", false},
		{"an alias of an alias of an alias", "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + aliases("b", "a") + aliases("c", "b") + aliases("d", "c") + aliases("e", "d"), "is one of more than 100000 values that aliases stand for", false},
		{"an alias that leads to itself", "seed: &a [*a]\n", "bad.yaml:1: seed[0][0]: is an alias of what it is a part of", false},
		{"no version", "environments: []\n", "bad.yaml:1: the seed: has no seed", true},
		{"a later version", "seed: 2\nenvironments: []\n", "bad.yaml:1: seed: has to be 1", true},
		{"an unknown member", anna + "    pasword: Quiet-Harbour-52\n", "bad.yaml:7: environments[0].users[0].pasword: there is no such member; the nearest is password", true},
		{"a missing member", begin + "  users:\n  - username: anna\n", "bad.yaml:5: environments[0].users[0]: has no email", true},
		{"a member said twice", begin + "  name: Away\n", "bad.yaml:4: environments[0].name: is said twice", false},
		{"a number for a text", anna + "    mobilePhone: 15125550101\n", `bad.yaml:7: environments[0].users[0].mobilePhone: is a number; a text stands in quotes: "15125550101"`, true},
		{"a passcode that loses its zeros", anna + "    devices:\n    - {type: EMAIL, email: anna@example.com, passcode: 012345}\n", `a text stands in quotes: "012345"`, false},
		{"a list for a text", anna + "    nickname: [Anna]\n", "environments[0].users[0].nickname: is no string", true},
		{"a kind that there is not", begin + "  type: LAB\n", `bad.yaml:4: environments[0].type: "LAB" is none of SANDBOX, PRODUCTION`, true},
		{"no id", anna + "    id: anna\n", "environments[0].users[0].id: does not have the form", true},
		{"an id twice", anna + "    id: 44444444-4444-4444-8444-000000000001\n  - {username: ben, email: ben@example.com, id: 44444444-4444-4444-8444-000000000001}\n", "bad.yaml:8: environments[0].users[1].id: line 5 has the same id", false},
		{"a name twice", begin + "- name: Home\n", "bad.yaml:4: environments[1].name: another environment has this name", false},
		{"what PingOne refuses", anna + "    primaryPhone: none\n", "bad.yaml:7: environments[0].users[0].primaryPhone: The value is not valid.", false},
		{"a value in a list that PingOne refuses", shop + ",\n     postLogoutRedirectUris: [https://shop.example.com/bye,\n      bye]}\n", "environments[0].applications[0].postLogoutRedirectUris[1]: The value is not valid.", false},
		{"what PingOne wants", begin + "  applications:\n  - {name: Shop, type: WORKER, grantTypes: [CLIENT_CREDENTIALS]}\n", "bad.yaml:5: environments[0].applications[0]: tokenEndpointAuthMethod: A required value is missing.", false},
		{"a value that PingOne does not know", begin + "  applications:\n  - {name: Shop, type: SHOP, grantTypes: [CLIENT_CREDENTIALS], tokenEndpointAuthMethod: NONE}\n", "bad.yaml:5: environments[0].applications[0].type: The value is not one of the allowed ones. (allowedValues: [WEB_APP", false},
		{"a password that the policy refuses", anna + "    password: secret\n", "bad.yaml:7: environments[0].users[0].password: value: The password does not satisfy the password policy. (unsatisfiedRequirements: [length minCharacters", false},
		{"a password that is refused with more about it", anna + "    password:\n      forceChange: true\n      value: secret\n", "bad.yaml:9: environments[0].users[0].password.value: The password does not", false},
		{"half a password that was written", anna + "    password: {salt: AAAA}\n", "bad.yaml:7: environments[0].users[0].password: has neither value nor hash", false},
		{"a password that is no text", anna + "    password: [Quiet-Harbour-52]\n", "bad.yaml:7: environments[0].users[0].password: is no string or object", true},
		{"a former password that is no base64", anna + "    password: {hash: AAAA, salt: AAAA, history: [AAAA, \"?\"]}\n", "password.history[1]: is no base64", false},
		{"a password that was changed at no time", anna + "    password: {hash: AAAA, salt: AAAA, changedAt: yesterday}\n", "password.changedAt: is no time such as 2026-01-15T09:00:00Z", false},
		{"no flag", anna + "    enabled: 1\n", "bad.yaml:7: environments[0].users[0].enabled: is no boolean", true},
		{"no whole number", begin + "  resources: [{name: Orders, accessTokenValiditySeconds: 1.5}]\n", "accessTokenValiditySeconds: is no integer", true},
		{"no list", begin + "  users: {username: anna}\n", "bad.yaml:4: environments[0].users: is no array", true},
		{"nothing where something belongs", begin + "  users:\n", "bad.yaml:4: environments[0].users: is no array", true},
		{"a number of another language", anna + "    more: {shoeSize: 0x2A}\n", `bad.yaml:7: environments[0].users[0].more.shoeSize: 0x2A is taken for a number; a text stands in quotes: "0x2A"`, false},
		{"records of our own making", begin + "  records: {/groups: [Staff]}\n", "bad.yaml:4: environments[0].records: are not what GET /emulator/seed writes", false},
		{"a population that there is not", anna + "    population: Staff\n", `bad.yaml:7: environments[0].users[0].population: there is no population "Staff" in this environment; there are Default`, false},
		{"a policy that there is not", shop + ",\n     signOnPolicyAssignments: [{signOnPolicy: Own}]}\n", `there is no sign-on policy "Own"`, false},
		{"a scope that there is not", shop + ",\n     grants: [{resource: openid, scopes: [everything]}]}\n", `there is no scope of openid "everything"`, false},
		{"a resource that there is not", shop + ",\n     grants: [{resource: Orders, scopes: []}]}\n", `there is no resource "Orders" in this environment; there are openid, PingOne API`, false},
		{"a device policy that there is not", begin + "  signOnPolicies: [{name: Own, actions: [{type: MULTI_FACTOR_AUTHENTICATION, deviceAuthenticationPolicy: Strict}]}]\n", `actions[0].deviceAuthenticationPolicy: there is no device policy "Strict" in this environment; there are Default MFA Policy`, false},
		{"a device policy of a device that there is not", anna + "    devices: [{type: EMAIL, email: anna@example.com, policy: Strict}]\n", `devices[0].policy: there is no device policy "Strict"`, false},
		{"a resource that PingOne refuses", begin + "  resources:\n  - {name: Orders}\n  - name: Orders\n    scopes: [{name: orders}]\n", "bad.yaml:6: environments[0].resources[1].name: ", false},
		{"a system application that PingOne refuses", begin + "  applications:\n  - type: PING_ONE_PORTAL\n    name: \"\"\n", "bad.yaml:6: environments[0].applications[0].name: The value must not be empty.", false},
		{"a passcode of another length", anna + "    devices:\n    - {type: EMAIL, email: anna@example.com, passcode: \"12345678\"}\n", "devices[0].passcode: has 8 digits, and the device policy says 6", false},
		{"a passcode for an authenticator", anna + "    devices:\n    - {type: TOTP, passcode: \"123456\"}\n", "give its secret instead", false},
		{"a secret for a text message", anna + "    devices:\n    - {type: SMS, phone: \"+1.5125550101\", secret: JBSWY3DPEHPK3PXP}\n", "only a TOTP device has a secret", false},
		{"no time", anna + "    prompted: {mobilePhone: yesterday}\n", "prompted.mobilePhone: is no time", false},
		{"no base64", anna + "    password: {hash: \"?\", salt: AAAA}\n", "password.hash: is no base64", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := apply(t, "bad.yaml", row.text)
			require.ErrorContains(t, err, row.says)
			require.NotContains(t, err.Error(), "Quiet-Harbour-52")
			require.NotContains(t, err.Error(), "\n", "one fault, one line")
			if row.schema {
				require.Error(t, validate(t, row.text))
			}
		})
	}
}

// The limits of an environment hold for what a seed puts there, too.
func TestASeedThatIsTooLarge(t *testing.T) {
	const policies = "seed: 1\nenvironments:\n- name: Home\n  signOnPolicies: [{name: A, actions: []}, {name: B, actions: []}]\n"
	for _, row := range []struct {
		text    string
		options seed.Options
		says    string
	}{
		{many(2), seed.Options{MaxUsers: 2}, ""},
		{many(3), seed.Options{MaxUsers: 2}, "environments[0].users[2]: "},
		{policies, seed.Options{MaxPolicies: 3}, ""},
		{policies, seed.Options{MaxPolicies: 2}, "environments[0].signOnPolicies[1]: "},
	} {
		document, err := seed.Parse("large.yaml", []byte(row.text), nil)
		require.NoError(t, err)
		err = document.Apply(tenant.New(tenant.Options{}), row.options)
		if row.says == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, row.says)
	}
}

func TestASeedFillsAnEmptyTenantOnly(t *testing.T) {
	made, err := apply(t, "first", everything)
	require.NoError(t, err)
	document, err := seed.Parse("second", []byte(everything), nil)
	require.NoError(t, err)
	require.ErrorContains(t, document.Apply(made, seed.Options{}), "empty emulator only")
}
