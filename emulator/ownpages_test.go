package emulator_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

func TestWhoMayUseTheEmulatorsOwnPages(t *testing.T) {
	server := start(t, emulator.Options{})
	c := newCaller(t, server)
	for _, row := range []struct {
		method, path, origin string
		status               int
		allow                string // the methods
		says                 string
	}{
		{"GET", "/emulator/health", "", 200, "", `"status": "up"`},
		{"HEAD", "/emulator/health", "", 200, "", ""},
		{"GET", "/emulator/outbox", "http://localhost:3000", 200, "DELETE, GET", "[]"},
		{"GET", "/emulator/outbox", "https://elsewhere.example.com", 403, "", "pages of https://elsewhere.example.com may not do that"},
		{"POST", "/emulator/reset", "https://elsewhere.example.com", 403, "", "only those of this machine may"},
		{"POST", "/emulator/reset", "null", 403, "", "pages of null may not"},
		{"POST", "/emulator/reset", "http://%zz", 403, "", "may not do that"},
		{"OPTIONS", "/emulator/clock", "http://localhost:3000", 204, "GET, POST", ""},
		{"OPTIONS", "/emulator/clock", "", 204, "GET, POST", ""},
		{"PUT", "/emulator/health", "", 405, "GET", "/emulator/health takes GET\n"},
		{"POST", "/emulator/faults", "http://127.0.0.1", 405, "DELETE, GET, PUT", "/emulator/faults takes DELETE, GET, PUT\n"},
		{"GET", "/emulator/nothing", "", 404, "", "there is no such page; there are /, /emulator/ca.pem, /emulator/clock, /emulator/console, /emulator/deviations, "},
		{"GET", "/emulator", "", 404, "", "NOT_FOUND"},
		{"GET", "/emulator/ca.pem", "", 404, "", "this emulator speaks plain http and has no certificate authority"},
		{"GET", "/emulator/seed/schema", "", 200, "", string(emulator.SeedSchema())},
	} {
		request, err := http.NewRequest(row.method, server.URL()+row.path, nil)
		require.NoError(t, err)
		if row.origin != "" {
			request.Header.Set("Origin", row.origin)
		}
		response, err := c.http.Do(request)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, row.status, response.StatusCode, "%s %s from %s", row.method, row.path, row.origin)
		require.Contains(t, string(text), row.says)
		header := response.Header
		if row.status == 405 || row.method == "OPTIONS" {
			require.Equal(t, row.allow, header.Get("Allow"))
		}
		if row.path == "/emulator" || row.path == "/emulator/nothing" {
			continue // is none of them
		}
		require.Contains(t, header.Values("Vary"), "Origin", row)
		if row.origin != "" && row.status != 403 {
			require.Equal(t, row.origin, header.Get("Access-Control-Allow-Origin"))
			require.Equal(t, row.allow, header.Get("Access-Control-Allow-Methods"))
			require.Equal(t, "Accept, Content-Type", header.Get("Access-Control-Allow-Headers"))
			continue
		}
		require.Empty(t, header.Get("Access-Control-Allow-Origin"))
	}
}

// HEAD is GET without a body, on the emulator's own pages too.
func TestHeadOfTheEmulatorsOwnPages(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	ask := func(method, path string) (status int, contentType, body string) {
		t.Helper()
		request, err := http.NewRequest(method, server.URL()+path, nil)
		require.NoError(t, err)
		response, err := c.http.Do(request)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		return response.StatusCode, response.Header.Get("Content-Type"), string(text)
	}
	for _, path := range []string{
		"/", "/emulator/health", "/emulator/outbox", "/emulator/faults", "/emulator/deviations", "/emulator/variations", "/emulator/clock", "/emulator/journal",
		"/emulator/seed", "/emulator/seed/schema", "/emulator/snapshot", "/emulator/console", "/emulator/openapi", "/emulator/openapi.json",
	} {
		_, wanted, text := ask(http.MethodGet, path)
		status, contentType, nothing := ask(http.MethodHead, path)
		require.Equal(t, 200, status, path)
		require.Equal(t, wanted, contentType, path)
		require.NotEmpty(t, text, path)
		require.Empty(t, nothing, path)
	}
	refused, _, _ := ask(http.MethodHead, "/emulator/reset")
	require.Equal(t, http.StatusMethodNotAllowed, refused)
}

func TestTheOpenAPIDocumentAndItsPage(t *testing.T) {
	c := newCaller(t, start(t, emulator.Options{}))
	document := c.get(c.url + "/emulator/openapi.json")
	require.Equal(t, "3.1.0", document.Get("openapi").String())
	page := c.text(c.url + "/emulator/openapi")
	operations := 0
	document.Get("paths").ForEach(func(path, methods gjson.Result) bool {
		methods.ForEach(func(method, operation gjson.Result) bool {
			if id := operation.Get("operationId").String(); id != "" {
				operations++
				require.Contains(t, page, `id="`+id+`"`)
			}
			return true
		})
		return true
	})
	require.Greater(t, operations, 60)
	require.NotContains(t, page, "<script")
	for path, kind := range map[string]string{
		"/emulator/openapi": "text/html; charset=utf-8", "/emulator/openapi.json": "application/json", "/emulator/seed/schema": "application/schema+json",
		"/emulator/seed": "application/yaml", "/emulator/health": "application/json;charset=UTF-8", "/": "text/plain; charset=utf-8",
	} {
		response, err := c.http.Get(c.url + path)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, kind, response.Header.Get("Content-Type"))
		require.Equal(t, path == "/emulator/openapi", strings.HasPrefix(response.Header.Get("Content-Security-Policy"), "default-src 'none'; "))
		require.Equal(t, path == "/emulator/health", response.Header.Get("Cache-Control") == "no-store", path)
	}
	require.NotContains(t, page, "src=")
}

func TestTheConsole(t *testing.T) {
	server := start(t, emulator.Options{Deviations: []string{"state-dropped"}})
	c := authorized(t, server)
	c.set("shop")
	c.person("anna")
	request, err := http.NewRequest(http.MethodGet, c.url+"/", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "text/html,application/xhtml+xml")
	response, err := c.http.Do(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Contains(t, response.Header.Get("Content-Type"), "text/html")
	require.Contains(t, response.Header.Get("Content-Security-Policy"), "default-src 'none'")
	require.Equal(t, "no-store", response.Header.Get("Cache-Control"))

	for i := range 24 {
		c.person(fmt.Sprint("ben", i))
	}
	app := c.get("/applications").Get(`_embedded.applications.#(name=="shop").id`).String()
	flow := c.get(c.url + "/" + c.env + "/as/authorize?response_type=code&response_mode=pi.flow&scope=openid&redirect_uri=https://shop.example.com/back&client_id=" + app)
	shown := c.get(c.url + "/emulator/console")
	require.Equal(t, int64(25), shown.Get("outbox.#").Int())
	require.Equal(t, "ben23", shown.Get("outbox.0.person").String(), "the newest first")
	require.Equal(t, "anna", shown.Get("outbox.24.person").String())
	require.Equal(t, flow.Get("id").String(), shown.Get("flows.0.id").String(), shown.Get("flows").Raw)
	require.NotEmpty(t, shown.Get("flows.0.words").String())
	require.Equal(t, []string{emulator.Version, server.URL(), "0s"}, names(shown.Get("[version,url,clock.shift]")))
	require.Equal(t, "latency", shown.Get("kinds.0").String())
	require.Equal(t, int64(len(emulator.FaultKinds())), shown.Get("kinds.#").Int())
	require.Equal(t, "[]", shown.Get("variations").Raw)
	require.Equal(t, server.Credentials().ClientSecret, shown.Get(`environments.0.applications.#(name=="Worker").secret`).String())
	require.Equal(t, []string{"shop"}, names(shown.Get(`environments.0.applications.#(name=="shop").policies`)))
	words := names(shown.Get(`environments.0.policies.#(name=="shop").words`))
	require.Equal(t, []string{"asks for username and password", "asks for Mobile Phone if it is missing, at most every 1h0m0s: “Please”"}, words)
	require.Equal(t, int64(26), shown.Get("people").Int())
	require.Equal(t, "state-dropped", shown.Get("deviations.0").String())
}
