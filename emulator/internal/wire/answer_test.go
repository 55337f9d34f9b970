package wire

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestErrorBodies(t *testing.T) {
	for _, row := range []struct {
		problem Problem
		status  int
		text    string
	}{
		{InvalidData(Detail{Code: "REQUIRED_VALUE", Target: "name"}, Detail{Code: "EMPTY_VALUE"}), 400, "400 INVALID_DATA: name REQUIRED_VALUE, EMPTY_VALUE"},
		{InvalidRequest(), 400, "400 INVALID_REQUEST"},
		{RequestFailed(Detail{Code: "CONSTRAINT_VIOLATION"}), 400, "400 REQUEST_FAILED: CONSTRAINT_VIOLATION"},
		{AccessFailed(), 401, "401 ACCESS_FAILED: Authentication Credentials INVALID_TOKEN"},
		{Forbidden(), 403, "403 ACCESS_FAILED: INSUFFICIENT_PERMISSIONS"},
		{LicenseExceeded("users", 5), 403, "403 ACCESS_FAILED: users LICENSE_EXCEEDED"},
		{NotFound(), 404, "404 NOT_FOUND: NOT_FOUND"},
		{MethodNotAllowed(), 405, "405 INVALID_REQUEST: method INVALID_VALUE"},
		{TooLarge(7), 413, "413 INVALID_REQUEST: SIZE_LIMIT_EXCEEDED"},
		{UnsupportedMediaType(), 415, "415 INVALID_REQUEST: Content-Type INVALID_VALUE"},
		{LimitExceeded("devices", 5), 429, "429 REQUEST_LIMITED: devices LIMIT_EXCEEDED"},
		{UnexpectedError(), 500, "500 UNEXPECTED_ERROR: UNEXPECTED_ERROR"},
	} {
		require.Equal(t, row.status, row.problem.Answer("id").Status)
		require.EqualError(t, row.problem, row.text)
	}
	require.JSONEq(t, `{"id":"x","code":"NOT_FOUND","message":"The request could not be completed. The requested resource was not found.",
		"details":[{"code":"NOT_FOUND","message":"There is no such resource."}]}`,
		string(NotFound().Answer("x").Body))
}

// A handler that does not know the correlation id leaves it to the router.
func TestRouterFillsInTheCorrelationID(t *testing.T) {
	routes := []Route{
		{Operation: "token", Method: http.MethodPost, Pattern: "/token", Handler: func(*Call) *Answer {
			return OAuthError(401, "invalid_client", "Request denied: Unsupported authentication method")
		}},
		{Operation: "thing", Method: http.MethodGet, Pattern: "/thing", Handler: func(*Call) *Answer { return NotFound().Answer("") }},
	}
	answer := serve(t, routes, httptest.NewRequest("POST", "/token", nil))
	require.JSONEq(t, `{"error":"invalid_client","error_description":"Request denied: Unsupported authentication method (Correlation ID: the-id)"}`, answer.Body.String())
	require.Contains(t, serve(t, routes, httptest.NewRequest("GET", "/thing", nil)).Body.String(), `"id":"the-id"`)
	require.JSONEq(t, `{"error":"e","error_description":"d"}`, string(OAuthError(400, "e", "d").Body), "a handler's own tests see it without")
}

func TestAnswers(t *testing.T) {
	require.Equal(t, "https://shop.example.com/?code=1", Redirect("https://shop.example.com/?code=1").Header.Get("Location"))
	require.Equal(t, http.StatusFound, Redirect("x").Status)
	require.Equal(t, "1", (&Answer{}).With("X-One", "1").Header.Get("X-One"))
	require.Equal(t, "<p>", string(Text(200, "text/html", "<p>").Body))
	require.Equal(t, 500, JSON(200, func() {}).Status, "what cannot be encoded is no answer")
}

func TestInQuery(t *testing.T) {
	change := InQuery(func(q url.Values) { q.Del("code"); q.Set("error", "access_denied") })
	for before, after := range map[string]string{
		"https://shop.example.com/back?code=1&state=2#x": "https://shop.example.com/back?error=access_denied&state=2#x",
		"http://[": "http://[",
	} {
		answer := Redirect(before)
		change(answer)
		require.Equal(t, after, answer.Header.Get("Location"))
	}
}

// What changes answers on their way out sees them as they will be sent.
func TestSettle(t *testing.T) {
	for _, answer := range []*Answer{NotFound().Answer(""), OAuthError(400, "e", "d"), Text(200, "text/plain", "no id, the-id or otherwise")} {
		answer.Settle("the-id")
		require.Contains(t, string(answer.Body), "the-id")
		before := string(answer.Body)
		answer.Settle("another")
		require.Equal(t, before, string(answer.Body))
	}
}

func TestObject(t *testing.T) {
	for body, want := range map[string]map[string]any{
		`{"a":1.50,"b":{"c":[true]}}`: {"a": json.Number("1.50"), "b": map[string]any{"c": []any{true}}},
		" {}\n":                       {},
		"":                            nil,
		"null":                        nil,
		"[]":                          nil,
		`"text"`:                      nil,
		`{"a":`:                       nil,
		`{"a":1} {"a":2}`:             nil,
		`{"a":1} x`:                   nil,
	} {
		object, problem := (&Call{Body: []byte(body)}).Object()
		require.Equal(t, want, object, body)
		if want == nil {
			require.EqualError(t, problem, "400 INVALID_REQUEST: INVALID_VALUE", body)
			continue
		}
		require.Nil(t, problem, body)
	}
}

func TestMediaType(t *testing.T) {
	for header, want := range map[string]string{
		"": "", "Application/JSON; charset=UTF-8": "application/json", "text/plain": "text/plain",
		" Application/JSON; charset": "application/json; charset", "/": "/",
	} {
		require.Equal(t, want, (&Call{Header: http.Header{"Content-Type": {header}}}).MediaType(), header)
	}
}

func TestBearer(t *testing.T) {
	for header, want := range map[string]string{"Bearer abc": "abc", "bearer abc": "abc", "Basic abc": "", "abc": "", "": "", "Bearer ": "", "Bearer": "", "Bearer  abc ": "abc"} {
		require.Equal(t, want, (&Call{Header: http.Header{"Authorization": {header}}}).Bearer(), header)
	}
}
