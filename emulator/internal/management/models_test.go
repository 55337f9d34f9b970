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
// them that a caller may set, and a few that only the vendor's pages or its newer client
// have, such as an application's idpSignoff. Those of ApplicationOIDC,
// SignOnPolicyActionLogin, SignOnPolicyActionMFA, User and Population were held against
// the SDK's files member by member, the others by eye.
//
// https://github.com/patrickcping/pingone-go-sdk-v2, management/model_*.go and mfa/model_*.go;
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
