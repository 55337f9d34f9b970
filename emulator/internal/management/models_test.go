package management

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator/internal/tenant"
)

// The members of the models that the vendor's Go SDK publishes, one body each with all of
// them that a caller may set.
//
// All bodies were held, member by member and down to the innermost, against the two
// descriptions from which the SDK's model_*.go files are generated, since of those files
// each is at hand in another old version, and they do not say what is read-only:
// management/generate/pingone-management.yml of commit
// 7de463eee70ae52b6309c0be6629006d710f6f4c, and for the two device policies
// mfa/generate/pingone-mfa.yml of 350edf91e9d722d4bc8e992c6f887c8e316236f2.
//
// Left out: what is read-only there, and with it the model Schema, all of whose members
// are; what names the thing that the path names (an action's signOnPolicy); a user's
// account, which has a call of its own; clientId of an application or a resource, for
// imports only; and secrets of which nothing says that they are answered: a user's
// password, the keys of googlePlay. Of the tests of a condition, those that the emulator
// refuses aloud are left out: ipRisk, geoVelocity, anonymousNetwork.
//
// Not in these two descriptions are, from other versions of the SDK, fido2.failure
// (model_device_authentication_policy_common_fido2_failure.go of e784e6a7), numberMatching
// of a PingOneMFA application's push (…_push_number_matching.go of 15889e45), platform and
// securityKey (model_device_authentication_policy_fido_device.go of 0afa33c5), bypassPolicy
// (model_password_policy.go of 185e5193); from the vendor's example forSignOnPolicy, which
// is read-only by now; and from its pages or its newer client, not looked up again,
// passcodeGracePeriod of totp, skipTokenSessionValidation, and bundleId and packageName of an
// application itself, and accountId of a user.
//
// https://github.com/patrickcping/pingone-go-sdk-v2
// https://developer.pingidentity.com/pingone-api/platform/
//
//go:embed testdata/models.json
var modelsJSON []byte

type model struct {
	Model, Path string
	Body        json.RawMessage
}

func models(t *testing.T) []model {
	var all []model
	require.NoError(t, json.Unmarshal(modelsJSON, &all))
	return all
}

// TestEveryMemberOfAModelIsAnswered: whether the emulator knows a member or not, it
// is answered as it was sent, at creation, by itself, in its list, and after it was
// replaced.
func TestEveryMemberOfAModelIsAnswered(t *testing.T) {
	count := 0
	for _, m := range models(t) {
		t.Run(m.Model, func(t *testing.T) {
			a := newAPI(t)
			fill := a.filler()
			path, body := "{env}"+fill(m.Path), fill(string(m.Body))
			made := a.made(path, body)
			one := path + "/" + made.id()
			listed := a.get(path).body.Get(fmt.Sprintf(`_embedded.*.#(id==%q)`, made.id()))
			put := a.put(one, body)
			require.Equal(t, http.StatusOK, put.status, "%s", put)
			for where, shown := range map[string]gjson.Result{"created": made.body, "read": a.get(one).body, "listed": listed, "replaced": put.body} {
				count += same(t, where, "", gjson.Parse(body), shown)
			}
		})
	}
	t.Logf("%d members of %d models", count/4, len(models(t)))
}

// same holds every member of what was sent against what is shown, and counts them.
func same(t *testing.T, where, path string, sent, shown gjson.Result) (count int) {
	t.Helper()
	if !sent.IsObject() {
		require.True(t, shown.Exists(), "%s: %s is gone", where, path)
		require.JSONEq(t, sent.Raw, shown.Raw, "%s: %s", where, path)
		return 1
	}
	sent.ForEach(func(name, value gjson.Result) bool {
		count += same(t, where, path+"/"+name.String(), value, shown.Get(gjson.Escape(name.String())))
		return true
	})
	return count
}

// filler makes things that others refer to, and puts their ids into a text.
func (a *api) filler() func(string) string {
	ids := map[string]func() string{
		"env":            func() string { return a.env.ID },
		"application":    a.application,
		"resource":       func() string { return a.made("{env}/resources", `{"name":"shop"}`).id() },
		"policy":         func() string { return a.policyWithLogin("sign-on") },
		"population":     func() string { return a.made("{env}/populations", `{"name":"Members"}`).id() },
		"passwordPolicy": func() string { return a.env.PasswordPolicyID },
		"theme":          func() string { return a.env.DefaultRecord("/themes").ID },
		"schema":         func() string { return a.env.DefaultRecord("/schemas").ID },
		"devicePolicy":   func() string { return a.env.DefaultDevicePolicy().ID },
		"user":           func() string { return a.user("anna") },
		"role":           func() string { return roleID(identityDataAdmin) },
		"provider": func() string {
			return a.made("{env}/identityProviders", `{"name":"Google","enabled":true,"type":"OPENID_CONNECT"}`).id()
		},
		"group":     func() string { return a.made("{env}/groups", `{"name":"Members"}`).id() },
		"agreement": func() string { return a.made("{env}/agreements", `{"name":"Terms","enabled":true}`).id() },
	}
	known := map[string]string{}
	return func(text string) string {
		if strings.Contains(text, "{scope}") {
			resource := a.env.ResourceOfType(tenant.ResourceOpenID)
			scope := resource.Scopes.First(func(s *tenant.Scope) bool { return s.Name == "profile" })
			other := resource.Scopes.First(func(s *tenant.Scope) bool { return s.Name == "email" })
			text = strings.NewReplacer("{scope}", scope.ID, "{otherScope}", other.ID, "{resource}", resource.ID).Replace(text)
		}
		for name, makeOne := range ids {
			variable := "{" + name + "}"
			if !strings.Contains(text, variable) {
				continue
			}
			if known[name] == "" {
				known[name] = makeOne()
			}
			text = strings.ReplaceAll(text, variable, known[name])
		}
		return text
	}
}
