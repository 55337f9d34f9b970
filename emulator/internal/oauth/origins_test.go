package oauth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

func TestWhichPagesMayReadWhatIsAboutAnApplication(t *testing.T) {
	const shop, other = "https://shop.example.com", "https://other.example.com"
	some := func(origins ...any) map[string]any {
		return map[string]any{"behavior": "ALLOW_SPECIFIC_ORIGINS", "origins": origins}
	}
	for _, row := range []struct {
		name     string
		settings any
		strict   bool
		origin   string
		allowed  bool
	}{
		{"no settings", nil, false, other, true},
		{"no settings, a sandboxed page", nil, false, "null", false},
		{"no settings, strict", nil, true, other, false},
		{"no origins", map[string]any{"behavior": "ALLOW_NO_ORIGINS"}, false, shop, false},
		{"a listed origin", some(shop), false, shop, true},
		{"a listed origin, strict", some(shop), true, shop, true},
		{"an origin that is not listed", some(shop), false, other, false},
		{"a sandboxed page that is listed", some("null"), false, "null", true},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRig(t)
			r.policy(r.app, "Password", tenant.Action{Type: tenant.ActionLogin})
			if row.settings != nil {
				r.app.Sent = map[string]any{"corsSettings": row.settings}
			}
			router, err := wire.NewRouter(r.server.Routes(), wire.RouterOptions{
				Lock: r.tenant, NewID: r.tenant.NewID, Now: r.tenant.Now,
				Allows: func(call *wire.Call, origin string) bool { return r.server.Allows(call, origin, row.strict) },
			})
			require.NoError(t, err)
			ask := func(method, path, body string, change func(*http.Request)) *httptest.ResponseRecorder {
				request := httptest.NewRequest(method, origin+"/"+r.env.ID+path, strings.NewReader(body))
				request.Header.Set("Origin", row.origin)
				if change != nil {
					change(request)
				}
				answer := httptest.NewRecorder()
				router.ServeHTTP(answer, request)
				require.Equal(t, row.allowed, answer.Header().Get("Access-Control-Allow-Origin") == row.origin, "%s %s", method, path)
				return answer
			}
			query := url.Values{"client_id": {r.app.ID}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "redirect_uri": {redirectURI}, "scope": {"openid"}}
			flow := ask("GET", "/as/authorize?"+query.Encode(), "", nil)
			require.Equal(t, 200, flow.Code)
			id := gjson.Get(flow.Body.String(), "id").String()
			ask("OPTIONS", "/flows/"+id, "", nil)
			ask("GET", "/flows/"+id, "", nil) // without cookies: 401, and the page may read that, too
			form := func(request *http.Request) { request.Header.Set("Content-Type", formType) }
			ask("POST", "/as/token", "grant_type=authorization_code&client_id="+r.app.ID, form)
			ask("POST", "/as/token", "grant_type=authorization_code", func(request *http.Request) {
				form(request)
				request.SetBasicAuth(r.app.ID, r.app.Secret)
			})
		})
	}
}

// A browser asks first, without saying for whom: then a page may ask that some application lists.
func TestWhichPagesMayAsk(t *testing.T) {
	const shop, other = "https://shop.example.com", "https://other.example.com"
	r := newRig(t)
	r.app.Sent = map[string]any{"corsSettings": map[string]any{"behavior": "ALLOW_SPECIFIC_ORIGINS", "origins": []any{shop}}}
	closed := r.addApp("Closed")
	closed.Sent = map[string]any{"corsSettings": map[string]any{"behavior": "ALLOW_NO_ORIGINS", "origins": []any{other}}}
	for _, row := range []struct {
		name, env, method, query, origin string
		open, strict                     bool // whether it may, where pages may by default and where they may not
	}{
		{"before a call, a page that is listed", r.env.ID, "OPTIONS", "", shop, true, true},
		{"before a call, a page that nobody lists", r.env.ID, "OPTIONS", "", other, true, false},
		{"before a call, a sandboxed page", r.env.ID, "OPTIONS", "", "null", false, false},
		{"before a call for an application, a page that is listed", r.env.ID, "OPTIONS", "client_id=" + r.app.ID, shop, true, true},
		{"before a call for an application, another page", r.env.ID, "OPTIONS", "client_id=" + r.app.ID, other, false, false},
		{"before a call for an application that lists none", r.env.ID, "OPTIONS", "client_id=" + closed.ID, other, false, false},
		{"a call for nobody", r.env.ID, "GET", "", shop, true, false},
		{"an unknown environment", "unknown", "OPTIONS", "", shop, true, false},
		{"an unknown environment, a sandboxed page", "unknown", "OPTIONS", "", "null", false, false},
	} {
		call := &wire.Call{Method: row.method, URL: &url.URL{Path: "/" + row.env + "/as/token", RawQuery: row.query}, Path: map[string]string{"envID": row.env}}
		require.Equal(t, row.open, r.server.Allows(call, row.origin, false), row.name)
		require.Equal(t, row.strict, r.server.Allows(call, row.origin, true), "strict: %s", row.name)
	}
}

func TestWithoutCookiesTheSiteIsNamed(t *testing.T) {
	for _, row := range []struct{ name, host, page, says string }{
		{"another name of this machine", "localhost:9000", "", "belong to the site http://127.0.0.1, and the call went to http://localhost: use one address throughout"},
		{"a page on another site", "", "http://localhost:3000", "belong to the site http://127.0.0.1, and the page is on http://localhost"},
		{"a page on another scheme", "", "https://127.0.0.1:3000", "and the page is on https://127.0.0.1"},
		{"a page that keeps them back", "", "http://127.0.0.1:3000", `credentials: "include"`},
		{"no page", "", "", "The authorization token is missing, not valid, or expired."},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := newRig(t)
			r.policy(r.app, "Password", tenant.Action{Type: tenant.ActionLogin})
			query := url.Values{"client_id": {r.app.ID}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "redirect_uri": {redirectURI}, "scope": {"openid"}}
			started := httptest.NewRecorder()
			r.router.ServeHTTP(started, httptest.NewRequest("GET", origin+"/"+r.env.ID+"/as/authorize?"+query.Encode(), nil))
			request := httptest.NewRequest("GET", origin+"/"+r.env.ID+"/flows/"+gjson.Get(started.Body.String(), "id").String(), nil)
			if row.host != "" {
				request.Host = row.host
			}
			if row.page != "" {
				request.Header.Set("Origin", row.page)
			}
			answer := httptest.NewRecorder()
			r.router.ServeHTTP(answer, request)
			require.Equal(t, 401, answer.Code)
			require.Equal(t, "INVALID_TOKEN", gjson.Get(answer.Body.String(), "details.0.code").String())
			require.Contains(t, gjson.Get(answer.Body.String(), "details.0.message").String(), row.says)
		})
	}
}
