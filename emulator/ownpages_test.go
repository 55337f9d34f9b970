package emulator_test

import (
	"io"
	"net/http"
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
	}{
		{"GET", "/emulator/health", "", 200},
		{"HEAD", "/emulator/health", "", 200},
		{"GET", "/emulator/outbox", "http://localhost:3000", 200},
		{"GET", "/emulator/outbox", "https://elsewhere.example.com", 403},
		{"POST", "/emulator/reset", "https://elsewhere.example.com", 403},
		{"POST", "/emulator/reset", "null", 403},
		{"OPTIONS", "/emulator/clock", "http://localhost:3000", 204},
		{"PUT", "/emulator/health", "", 405},
		{"GET", "/emulator/nothing", "", 404},
		{"GET", "/emulator/ca.pem", "", 404},
		{"GET", "/emulator/seed/schema", "", 200},
	} {
		request, err := http.NewRequest(row.method, server.URL()+row.path, nil)
		require.NoError(t, err)
		if row.origin != "" {
			request.Header.Set("Origin", row.origin)
		}
		response, err := c.http.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, row.status, response.StatusCode, "%s %s from %s", row.method, row.path, row.origin)
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

	shown := c.get(c.url + "/emulator/console")
	require.Equal(t, "anna", shown.Get("outbox.0.person").String())
	require.Equal(t, server.Credentials().ClientSecret, shown.Get(`environments.0.applications.#(name=="Worker").secret`).String())
	require.Equal(t, []string{"shop"}, names(shown.Get(`environments.0.applications.#(name=="shop").policies`)))
	words := names(shown.Get(`environments.0.policies.#(name=="shop").words`))
	require.Equal(t, []string{"asks for username and password", "asks for Mobile Phone if it is missing, at most every 1h0m0s: “Please”"}, words)
	require.Equal(t, int64(2), shown.Get("people").Int())
	require.Equal(t, "state-dropped", shown.Get("deviations.0").String())
}
