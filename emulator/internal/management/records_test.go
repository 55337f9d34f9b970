package management

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator/internal/tenant"
)

// collectionsHere are the lists that every environment has, with the body of one
// more, and how many there are to begin with.
func collectionsHere() map[string]struct {
	body  string
	first int64
} {
	return map[string]struct {
		body  string
		first int64
	}{
		"identityProviders":     {`{"name":"Google","enabled":true,"type":"GOOGLE"}`, 0},
		"groups":                {`{"name":"Staff"}`, 0},
		"notificationsPolicies": {`{"name":"Loud"}`, 1},
		"passwordPolicies":      {`{"name":"Strict"}`, 3},
		"languages":             {`{"locale":"fr"}`, 1},
		"themes":                {`{"template":"focus","configuration":{}}`, 1},
		"agreements":            {`{"name":"Terms","enabled":true}`, 0},
	}
}

func TestLifeOfARecord(t *testing.T) {
	for plural, row := range collectionsHere() {
		t.Run(plural, func(t *testing.T) {
			a := newAPI(t)
			path := "{env}/" + plural
			require.Equal(t, row.first, a.get(path).body.Get("count").Int())
			made := a.made(path, row.body)
			one := path + "/" + made.id()
			require.JSONEq(t, made.raw, a.get(one).raw)
			require.Equal(t, row.first+1, a.get(path).body.Get("count").Int())
			page := a.get(path + "?limit=1").body
			require.Equal(t, int64(1), page.Get("size").Int())
			if row.first > 0 {
				require.NotEmpty(t, page.Get("_links.next.href").String())
			}
			found := a.get(path + "?filter=" + url.QueryEscape(`id eq "`+made.id()+`"`)).body
			require.Equal(t, made.id(), found.Get("_embedded."+plural+".0.id").String())
			require.Equal(t, int64(1), found.Get("count").Int())
			refused(t, a.get(path+"?filter="+url.QueryEscape(`shoe eq "x"`)), 400, "INVALID_DATA", "filter INVALID_FILTER")

			replaced := a.put(one, strings.Replace(row.body, "{", `{"more":"words",`, 1))
			require.Equal(t, "words", replaced.body.Get("more").String(), "%s", replaced)
			require.False(t, a.put(one, row.body).body.Get("more").Exists(), "PUT clears what is left out")
			require.Equal(t, 400, a.post(path, `{"name":7,"template":7,"locale":7}`).status)
			a.twice(one)
		})
	}
}

func TestTheDefaultOneStaysUntilAnotherBecomesIt(t *testing.T) {
	for plural, row := range collectionsHere() {
		a := newAPI(t)
		path := "{env}/" + plural
		first := a.get(path).body.Get(`_embedded.*.#(default==true).id`).String()
		if first == "" {
			continue
		}
		t.Run(plural, func(t *testing.T) {
			refused(t, a.delete(path+"/"+first), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
			next := a.made(path, strings.Replace(row.body, "{", `{"default":true,`, 1)).id()
			require.Equal(t, "true", a.get(path+"/"+next).body.Get("default").Raw)
			require.Equal(t, "false", a.get(path+"/"+first).body.Get("default").Raw)
		})
	}
}

func TestTheDefaultThemeIsChosenAtAnAddressOfItsOwn(t *testing.T) {
	a := newAPI(t)
	first := a.env.DefaultRecord("/themes").ID
	theme := a.made("{env}/themes", `{"template":"focus","configuration":{}}`).id()
	population := a.made("{env}/populations", `{"name":"Members"}`)
	require.Equal(t, first, population.body.Get("theme.id").String(), "a population has the default theme")
	refused(t, a.put("{env}/themes/"+first+"/default", `{"default":false}`), 400, "INVALID_DATA", "default CONSTRAINT_VIOLATION")
	require.Equal(t, 200, a.put("{env}/themes/"+theme+"/default", `{"default":true}`).status)
	require.Equal(t, "false", a.get("{env}/themes/"+first+"/default").body.Get("default").Raw)
	require.Equal(t, theme, a.get("{env}/populations/"+population.id()).body.Get("theme.id").String())
	refused(t, a.post("{env}/populations", `{"name":"Others","theme":{"id":"x"},"passwordPolicy":{"id":"x"}}`), 400, "INVALID_DATA",
		"passwordPolicy.id INVALID_VALUE", "theme.id INVALID_VALUE")
}

// TestBuiltInMappings: what a new thing's list of attributes always has, which can
// be given another value, and neither another name nor be taken away.
func TestBuiltInMappings(t *testing.T) {
	a := newAPI(t)
	provider := a.made("{env}/identityProviders", `{"name":"Google","enabled":true,"type":"GOOGLE"}`).id()
	resource := a.made("{env}/resources", `{"name":"shop"}`).id()
	for path, row := range map[string]struct{ name, member, kind string }{
		"/applications/" + a.application() + "/attributes":                             {"sub", "mappingType", "CORE"},
		"/resources/" + resource + "/attributes":                                       {"sub", "type", "CORE"},
		"/resources/" + a.env.ResourceOfType(tenant.ResourceOpenID).ID + "/attributes": {"email", "type", "PREDEFINED"},
		"/identityProviders/" + provider + "/attributes":                               {"username", "mappingType", "CORE"},
		"/schemas/" + a.env.DefaultRecord("/schemas").ID + "/attributes":               {"username", "schemaType", "CORE"},
	} {
		shown := a.get("{env}" + path).body.Get(`_embedded.attributes.#(name=="` + row.name + `")`)
		require.Equal(t, row.kind, shown.Get(row.member).String(), path)
		one := "{env}" + path + "/" + shown.Get("id").String()
		changed := a.put(one, `{"name":"`+row.name+`","value":"${user.shoe}"}`)
		require.Equal(t, "${user.shoe}", changed.body.Get("value").String(), "%s", changed)
		require.Equal(t, row.kind, changed.body.Get(row.member).String())
		refused(t, a.put(one, `{"name":"other"}`), 400, "INVALID_DATA", "name INVALID_VALUE")
		refused(t, a.delete(one), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
		a.twice("{env}" + path + "/" + a.made("{env}"+path, `{"name":"shoe","value":"${user.shoe}"}`).id())
	}
}

func TestImages(t *testing.T) {
	a := newAPI(t)
	var picture bytes.Buffer
	require.NoError(t, png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))))
	r := a.send(http.MethodPost, "{env}/images", "image/png", picture.String())
	require.Equal(t, 201, r.status, "%s", r)
	original := r.body.Get("targets.original")
	require.Equal(t, []int64{3, 2}, []int64{original.Get("width").Int(), original.Get("height").Int()})
	require.Equal(t, "png", original.Get("type").String())
	require.Equal(t, r.id(), a.get("{env}/images").body.Get("_embedded.images.0.id").String())
	refused(t, a.send(http.MethodPost, "{env}/images", "image/png", "no picture"), 400, "INVALID_DATA", "INVALID_VALUE")
	require.Equal(t, http.StatusUnsupportedMediaType, a.post("{env}/images", `{}`).status)
	a.twice("{env}/images/" + r.id())
}

func TestPartsGoWithTheWhole(t *testing.T) {
	a := newAPI(t)
	agreement := a.made("{env}/agreements", `{"name":"Terms","enabled":true}`).id()
	languages := "{env}/agreements/" + agreement + "/languages"
	language := a.made(languages, `{"locale":"en"}`).id()
	a.made(languages+"/"+language+"/revisions", `{"contentType":"text/plain","text":"Be kind."}`)
	refused(t, a.post("{env}/agreements/00000000-0000-4000-8000-000000000000/languages", `{"locale":"en"}`), 404, "NOT_FOUND")
	a.twice("{env}/agreements/" + agreement)
	refused(t, a.get(languages), 404, "NOT_FOUND")
	for path := range a.env.Records {
		require.NotContains(t, path, agreement)
	}
}

func TestSystemApplications(t *testing.T) {
	a := newAPI(t)
	list := a.get("{env}/applications").body.Get("_embedded.applications")
	for kind, grants := range map[string]int{tenant.ApplicationConsole: 404, tenant.ApplicationSelfService: 404, tenant.ApplicationPortal: 200} {
		shown := list.Get(`#(type=="` + kind + `")`)
		require.True(t, shown.Exists(), kind)
		require.False(t, shown.Get("grantTypes").Exists() || shown.Get("redirectUris").Exists(), shown.Raw)
		one := "{env}/applications/" + shown.Get("id").String()
		require.Equal(t, grants, a.get(one+"/grants").status, kind)
		refused(t, a.delete(one), 400, "REQUEST_FAILED", "CONSTRAINT_VIOLATION")
		require.Equal(t, 404, a.get(one+"/secret").status)
		body := `{"name":"Renamed ` + kind + `","type":"` + kind + `","protocol":"OPENID_CONNECT","enabled":false,"applyDefaultTheme":true}`
		changed := a.put(one, body)
		require.Equal(t, 200, changed.status, "%s", changed)
		require.Equal(t, "true", a.get(one).body.Get("applyDefaultTheme").Raw)
		refused(t, a.put(one, webApp), 400, "INVALID_DATA", "type INVALID_VALUE")
		refused(t, a.post("{env}/applications", strings.Replace(body, "Renamed", "Second", 1)), 400, "INVALID_DATA", "type INVALID_VALUE")
	}
	worker := a.get("{env}/applications/" + a.worker.ID).body
	require.Equal(t, "ADMIN_USERS_ONLY", worker.Get("accessControl.role.type").String())
	require.NotEmpty(t, worker.Get("_links.roleAssignments.href").String())
}

// TestRoleAssignments: a worker that is given a role can do what the role opens,
// and no longer once it is taken away.
func TestRoleAssignments(t *testing.T) {
	a := newAPI(t)
	worker := a.addWorker(a.env, "second")
	roles := a.get("/v1/roles").body.Get("_embedded.roles")
	role := roles.Get(`#(name=="Identity Data Admin").id`).String()
	require.Equal(t, "Identity Data Admin", a.get("/v1/roles/"+role).body.Get("name").String())
	path := "{env}/applications/" + worker.ID + "/roleAssignments"
	given := a.made(path, `{"role":{"id":"`+role+`"},"scope":{"id":"`+a.env.ID+`","type":"ENVIRONMENT"}}`)
	refused(t, a.post(path, `{"role":{"id":"x"},"scope":{"id":"`+a.env.ID+`","type":"WORLD"}}`), 400, "INVALID_DATA",
		"role.id INVALID_VALUE", "scope.type INVALID_VALUE")

	a.bearer = "second"
	require.Equal(t, 200, a.get("{env}/users").status)
	require.Equal(t, 403, a.get("{env}/signOnPolicies").status)
	a.bearer = workerToken
	a.twice(path + "/" + given.id())
	a.bearer = "second"
	require.Equal(t, 403, a.get("{env}/users").status)
}

func TestSecretOfAResource(t *testing.T) {
	a := newAPI(t)
	path := "{env}/resources/" + a.made("{env}/resources", `{"name":"shop"}`).id() + "/secret"
	first := a.get(path).body.Get("secret").String()
	require.Len(t, first, secretLength)
	rotated := a.send(http.MethodPost, path, mediaJSON, "{}")
	require.Equal(t, 200, rotated.status, "%s", rotated)
	require.NotEqual(t, first, rotated.body.Get("secret").String())
	require.Equal(t, rotated.body.Get("secret").String(), a.get(path).body.Get("secret").String())
	refused(t, a.get("{env}/resources/"+a.env.ResourceOfType(tenant.ResourceOpenID).ID+"/secret"), 404, "NOT_FOUND")
}

func TestListsThatNothingFills(t *testing.T) {
	a := newAPI(t)
	for _, path := range []string{"{env}/flowPolicies", "{env}/users/" + a.user("anna") + "/linkedAccounts", "{env}/applications/" + a.application() + "/flowPolicyAssignments"} {
		r := a.get(path)
		require.Equal(t, 200, r.status, path)
		require.Equal(t, int64(0), r.body.Get("size").Int())
	}
	refused(t, a.get("{env}/users/00000000-0000-4000-8000-000000000000/linkedAccounts"), 404, "NOT_FOUND")
	refused(t, a.get("{env}/applications/00000000-0000-4000-8000-000000000000/flowPolicyAssignments"), 404, "NOT_FOUND")
}

func TestPatchOfAnApplicationIsRefusedByTheGateway(t *testing.T) {
	a := newAPI(t)
	r := a.send(http.MethodPatch, "{env}/applications/"+a.application(), mediaJSON, `{"enabled":false}`)
	require.Equal(t, http.StatusForbidden, r.status)
	require.Contains(t, r.body.Get("message").String(), "Invalid key=value pair (missing equal-sign) in Authorization header")
	require.False(t, r.body.Get("code").Exists())
}

func TestSecretRotatesWithABodyOfNull(t *testing.T) {
	a := newAPI(t)
	path := "{env}/applications/" + a.application() + "/secret"
	first := a.get(path).body.Get("secret").String()
	r := a.send(http.MethodPost, path, mediaJSON, "null")
	require.Equal(t, 200, r.status, "%s", r)
	require.NotEqual(t, first, r.body.Get("secret").String())
	refused(t, a.send(http.MethodPost, path, mediaJSON, "7"), 400, "INVALID_REQUEST", "INVALID_VALUE")
}

func TestBuiltInScopesKeepTheirNames(t *testing.T) {
	a := newAPI(t)
	for kind, name := range map[string]string{tenant.ResourceOpenID: "profile", tenant.ResourcePingOne: "p1:read:user"} {
		resource, scope := a.builtIn(kind, name)
		require.NotEmpty(t, a.get("{env}/resources/"+resource).body.Get("description").String())
		one := "{env}/resources/" + resource + "/scopes/" + scope
		require.NotEmpty(t, a.get(one).body.Get("description").String())
		changed := a.put(one, `{"name":"`+name+`","description":"Ours","schemaAttributes":["email"]}`)
		require.Equal(t, 200, changed.status, "%s", changed)
		require.Equal(t, `["email"]`, a.get(one).body.Get("schemaAttributes").Raw)
		refused(t, a.put(one, `{"name":"shoe"}`), 400, "INVALID_DATA", "name INVALID_VALUE")
	}
}

func TestAnUnknownApplicationIsNamed(t *testing.T) {
	a := newAPI(t)
	r := a.get("{env}/applications/00000000-0000-4000-8000-000000000000")
	refused(t, r, 404, "NOT_FOUND")
	require.Contains(t, r.body.Get("message").String(), "Unable to find Application with ID: '00000000-0000-4000-8000-000000000000'")
}

// TestEveryLinkLeadsSomewhere follows the links of one of each thing, and of what
// they lead to.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	a := newAPI(t)
	fill := a.filler()
	for _, m := range models(t) {
		a.made("{env}"+fill(m.Path), strings.Replace(fill(string(m.Body)), "All members", m.Model, 1))
	}
	seen := map[string]bool{}
	var follow func(path, from string)
	follow = func(path, from string) {
		if path = strings.TrimPrefix(path, "http://example.com"); seen[path] {
			return
		}
		seen[path] = true
		r := a.get(path)
		if r.status == http.StatusMethodNotAllowed {
			return // an action
		}
		require.Contains(t, []int{200, 403}, r.status, "%s leads to %s: %s", from, path, r)
		var walk func(value gjson.Result)
		walk = func(value gjson.Result) {
			value.ForEach(func(name, member gjson.Result) bool {
				if name.String() == "_links" {
					member.ForEach(func(_, link gjson.Result) bool { follow(link.Get("href").String(), path); return true })
				} else if member.IsObject() || member.IsArray() {
					walk(member)
				}
				return true
			})
		}
		walk(r.body)
	}
	follow("/v1/environments/"+a.env.ID, "")
	require.Greater(t, len(seen), 100, "there are as many things")
}
