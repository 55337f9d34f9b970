package management

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

// No two of a list share what tells them apart, and each may keep its own.
func TestNoTwoShareAName(t *testing.T) {
	for _, row := range []struct{ path, member, one, other, more string }{
		{"/groups", "name", "A", "B", ``},
		{"/identityProviders", "name", "A", "B", `"enabled":true,"type":"GOOGLE",`},
		{"/agreements", "name", "A", "B", `"enabled":true,`},
		{"/agreements/{agreement}/languages", "locale", "en", "fr", ``},
		{"/notificationsPolicies", "name", "A", "B", ``},
		{"/languages", "locale", "fr", "de", ``},
		{"/passwordPolicies", "name", "A", "B", ``},
		{"/applications/{application}/attributes", "name", "a", "b", ``},
		{"/resources/{resource}/attributes", "name", "a", "b", ``},
		{"/identityProviders/{provider}/attributes", "name", "a", "b", ``},
		{"/schemas/{schema}/attributes", "name", "a", "b", ``},
		{"/populations", "name", "A", "B", ``},
		{"/resources", "name", "A", "B", ``},
		{"/resources/{resource}/scopes", "name", "a", "b", ``},
		{"/signOnPolicies", "name", "A", "B", ``},
		{"/users", "username", "a", "b", `"email":"anna@example.com",`},
	} {
		t.Run(row.path, func(t *testing.T) {
			a := newAPI(t)
			path := "{env}" + a.filler()(row.path)
			body := func(value string) string { return fmt.Sprintf(`{%s%q:%q}`, row.more, row.member, value) }
			first := a.made(path, body(row.one)).id()
			second := a.made(path, body(row.other)).id()
			r := a.post(path, body(row.one))
			refused(t, r, 400, "INVALID_DATA", row.member+" UNIQUENESS_VIOLATION")
			require.Equal(t, first, r.body.Get("details.0.innerError.existingId").String())
			refused(t, a.put(path+"/"+second, body(row.one)), 400, "INVALID_DATA", row.member+" UNIQUENESS_VIOLATION")
			require.Equal(t, 200, a.put(path+"/"+second, body(row.other)).status)
		})
	}
	a := newAPI(t)
	a.made("{env}/themes", `{"template":"focus","configuration":{}}`)
	a.made("{env}/themes", `{"template":"focus","configuration":{}}`)
}

// One of a list is the default one until another becomes it: it cannot resign, and stays
// it when nothing is said.
func TestTheDefaultOneCannotResign(t *testing.T) {
	for _, row := range []struct{ path, body string }{
		{"/notificationsPolicies", `{"name":"Loud"}`}, {"/passwordPolicies", `{"name":"Strict"}`}, {"/languages", `{"locale":"en"}`},
		{"/themes", `{"template":"focus","configuration":{}}`}, {"/populations", `{"name":"Everybody"}`}, {"/signOnPolicies", `{"name":"Everybody"}`},
		{"/deviceAuthenticationPolicies", strings.Replace(devicePolicy, `"default":false`, `"default":true`, 1)},
	} {
		t.Run(row.path, func(t *testing.T) {
			a := newAPI(t)
			first := a.get("{env}" + row.path).body.Get(`_embedded.*.#(default==true).id`).String()
			one := "{env}" + row.path + "/" + first
			refused(t, a.put(one, with(t, row.body, "default", false)), 400, "INVALID_DATA", "default CONSTRAINT_VIOLATION")
			kept := a.put(one, row.body)
			require.Equal(t, "true", kept.body.Get("default").Raw, "%s", kept)
			if row.path == "/languages" {
				row.body = `{"locale":"fr"}`
			}
			other := a.made("{env}"+row.path, with(t, with(t, row.body, "default", false), "name", "Others")).id()
			require.Equal(t, 200, a.put("{env}"+row.path+"/"+other, with(t, with(t, row.body, "default", false), "name", "Others")).status)
			require.Equal(t, "true", a.get(one).body.Get("default").Raw)
		})
	}
	a := newAPI(t)
	group := a.made("{env}/groups", `{"name":"Staff","default":true}`)
	require.Equal(t, 200, a.put("{env}/groups/"+group.id(), `{"name":"Staff","default":false}`).status, "groups have no default one")
	theme := a.made("{env}/themes", `{"template":"focus","configuration":{}}`).id()
	require.Equal(t, 200, a.put("{env}/themes/"+theme+"/default", `{"default":false}`).status)
	require.Equal(t, 200, a.put("{env}/themes/"+a.env.DefaultRecord("/themes").ID+"/default", `{"default":true}`).status)
	require.Equal(t, "false", a.get("{env}/themes/"+theme+"/default").body.Get("default").Raw)
}

// What a list can be filtered by finds one of two; anything else is refused.
func TestWhatListsAreFilteredBy(t *testing.T) {
	a := newAPI(t)
	fill := a.filler()
	for _, row := range []struct{ path, one, other, filters, unknown string }{
		{"/groups", `{"name":"Staff","externalId":"one","population":{"id":"{population}"}}`, `{"name":"Guests","externalId":"two"}`,
			`name eq "staff",name sw "st",externalId eq "one",externalId sw "o",population.id eq "{population}",id eq "{id}"`, "description"},
		{"/passwordPolicies", `{"name":"Strict"}`, `{"name":"Lax"}`, `name eq "Strict",name sw "Stri"`, "default"},
		{"/schemas/{schema}/attributes", `{"name":"shoe"}`, `{"name":"hat"}`, `name eq "shoe",name sw "sho"`, "type"},
		{"/populations", `{"name":"Staff"}`, `{"name":"Guests"}`, `name eq "Staff",name sw "St",id eq "{id}"`, "default"},
		{"/languages", `{"locale":"fr"}`, `{"locale":"de"}`, `id eq "{id}"`, "locale"},
		{"/users/{user}/devices", `{"type":"SMS","phone":"+1.5125550101"}`, `{"type":"TOTP"}`, `type eq "SMS",status eq "ACTIVE",id eq "{id}"`, "phone"},
		{"/users", `{"username":"eve","email":"eve@example.com","name":{"given":"Eve","family":"Example"},"mobilePhone":"+1.5125550101"}`, `{"username":"ben","email":"ben@example.com"}`,
			`username sw "ev",email eq "eve@example.com",email sw "eve",name.given sw "Ev",name.family eq "Example",mobilePhone sw "+1.512",id eq "{id}"`, "primaryPhone"},
		{environments, newEnvironment, `{"name":"Third","type":"SANDBOX","region":"EU","license":{"id":"third"}}`,
			`name eq "Second Shop",name sw "Sec",license.id eq "00000000-0000-4000-8000-000000000001",id eq "{id}"`, "region"},
	} {
		path := row.path
		if path != environments {
			path = "{env}" + fill(path)
		}
		id := a.made(path, fill(row.one)).id()
		a.made(path, row.other)
		for _, filter := range strings.Split(row.filters, ",") {
			filter = strings.Replace(fill(filter), "{id}", id, 1)
			found := a.get(path + "?filter=" + url.QueryEscape(filter))
			require.Equal(t, `["`+id+`"]`, found.body.Get("_embedded.@values.0.#.id").Raw, "%s %s: %s", path, filter, found)
			require.Equal(t, "1 1", found.body.Get("count").Raw+" "+found.body.Get("size").Raw)
		}
		refused(t, a.get(path+"?filter="+url.QueryEscape(row.unknown+` eq "x"`)), 400, "INVALID_DATA", "filter INVALID_FILTER")
		none := a.get(path + "?filter=" + url.QueryEscape(`id eq "none"`))
		require.Equal(t, "[]", none.body.Get("_embedded.@values.0").Raw, "%s", none)
	}
	status := url.QueryEscape(`status eq "ACTIVE" and organization.id eq "` + a.env.OrganizationID + `"`)
	require.Equal(t, int64(3), a.get(environments+"?filter="+status).body.Get("count").Int())
}

// A list has as many things on a page as it has by itself, or as were asked for up to the most.
func TestPagesOfAllLists(t *testing.T) {
	for _, row := range []struct {
		path        string
		usual, most int
		add         func(a *api, i int)
	}{
		{"{env}/users", 100, 1000, func(a *api, i int) { a.user(fmt.Sprint("user", i)) }},
		{"{env}/populations", 100, 1000, func(a *api, i int) { a.made("{env}/populations", fmt.Sprintf(`{"name":"P%d"}`, i)) }},
		{"{env}/groups", 100, 1000, func(a *api, i int) { a.made("{env}/groups", fmt.Sprintf(`{"name":"G%d"}`, i)) }},
		{environments, 1000, 5000, func(a *api, i int) {}},
	} {
		t.Run(row.path, func(t *testing.T) {
			a := newAPI(t)
			refused(t, a.get(row.path+fmt.Sprint("?limit=", row.most+1)), 400, "INVALID_DATA", "limit INVALID_PARAMETER")
			require.Equal(t, 200, a.get(row.path+fmt.Sprint("?limit=", row.most)).status)
			if row.usual > 100 {
				return
			}
			for i := range row.usual + 1 {
				row.add(a, i)
			}
			for _, order := range []string{"createdAt", "-createdAt"} {
				seen := map[string]bool{}
				path := row.path + "?order=" + order
				for pages := 1; path != ""; pages++ {
					r := a.get(path)
					self := r.body.Get("_links.self.href").String()
					require.Equal(t, "http://example.com"+strings.Replace(path, "{env}", "/v1/environments/"+a.env.ID, 1), self)
					for _, id := range r.body.Get("_embedded.@values.0.#.id").Array() {
						require.False(t, seen[id.String()], "twice")
						seen[id.String()] = true
					}
					path = strings.TrimPrefix(r.body.Get("_links.next.href").String(), "http://example.com")
					if pages == 1 {
						require.EqualValues(t, row.usual, r.body.Get("size").Int())
						require.Contains(t, path, fmt.Sprint("limit=", row.usual))
					}
					require.EqualValues(t, a.get(row.path).body.Get("count").Int(), r.body.Get("count").Int())
				}
				require.EqualValues(t, a.get(row.path).body.Get("count").Int(), len(seen))
			}
		})
	}
}

// There are as many of a kind as the emulator says, and not one more.
func TestHowManyThereMayBe(t *testing.T) {
	a := newAPI(t)
	resource := a.env.Resources[a.made("{env}/resources", `{"name":"shop"}`).id()]
	meta := func() tenant.Meta { return a.tenant.NewMeta(a.now) }
	for _, row := range []struct {
		path, body string
		most       int
		count      func() int
		add        func()
	}{
		{"{env}/populations", `{"name":"P"}`, 5000, func() int { return len(a.env.Populations) }, func() { a.env.Populations.Add(&tenant.Population{Meta: meta()}) }},
		{"{env}/resources", `{"name":"R"}`, 500, func() int { return len(a.env.Resources) }, func() { a.env.Resources.Add(&tenant.Resource{Meta: meta()}) }},
		{"{env}/resources/" + resource.ID + "/scopes", `{"name":"s"}`, 1000, func() int { return len(resource.Scopes) }, func() { resource.Scopes.Add(&tenant.Scope{Meta: meta()}) }},
		{"{env}/applications", webApp, 5000, func() int { return len(a.env.Applications) }, func() { a.env.Applications.Add(&tenant.Application{Meta: meta()}) }},
		{"{env}/deviceAuthenticationPolicies", devicePolicy, 200, func() int { return len(a.env.DevicePolicies) }, func() { a.env.DevicePolicies.Add(&tenant.DevicePolicy{Meta: meta()}) }},
		{"{env}/groups", `{"name":"G"}`, 1000, func() int { return len(a.env.RecordsAt("/groups")) }, func() { a.env.RecordsAt("/groups").Add(&tenant.Record{Meta: meta()}) }},
	} {
		for row.count() < row.most-1 {
			row.add()
		}
		made := a.made(row.path, row.body)
		r := a.post(row.path, strings.Replace(row.body, `{"name":"`, `{"name":"X`, 1))
		refused(t, r, 403, "ACCESS_FAILED", row.path[strings.LastIndex(row.path, "/")+1:]+" LICENSE_EXCEEDED")
		require.EqualValues(t, row.most, r.body.Get("details.0.innerError.quotaLimit").Int())
		require.Equal(t, http.StatusNoContent, a.delete(row.path+"/"+made.id()).status)
		a.made(row.path, row.body)
	}
}
