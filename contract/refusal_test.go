package contract

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// How PingOne refuses: with the platform's error, whose codes belong together, or with OAuth's where a relying party asks.
func TestHowACallIsRefused(t *testing.T) {
	const fine = ""
	detail := func(before, after string) func(*client.Exchange) {
		return replace(`"code":"`+before+`"`, `"code":"`+after+`"`)
	}
	elsewhere := func(ex *client.Exchange) { ex.Request.URL.Path = "/v1/environments/" + environmentID + "/gateways" }
	empty := both(body(``), header("Content-Type", ""))
	at := func(path string) func(*client.Exchange) {
		return func(ex *client.Exchange) { ex.Request.URL.Path = "/" + environmentID + "/as" + path }
	}
	userInfo := both(at("/userinfo"), func(ex *client.Exchange) { ex.Request.Method = "GET" })
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		broken        string // the places of what may not be
	}{
		{"no access, for another reason to come", "error-no-token", detail("INVALID_TOKEN", "TOKEN_RETIRED"), fine},
		{"no access, for what is wrong in the data", "error-no-token", detail("INVALID_TOKEN", "INVALID_VALUE"), "/details/0/code"},
		{"no access, with a code of another refusal", "error-no-token", detail("INVALID_TOKEN", "NOT_FOUND"), "/details/0/code"},
		{"no access, with its own code again", "error-no-token", detail("INVALID_TOKEN", "ACCESS_FAILED"), fine},
		{"no access, as its second detail says", "error-no-token", replace(`"details":[`, `"details":[{"code":"INVALID_TOKEN","message":"m"},{"code":"EMPTY_VALUE","message":"m"},`), "/details/1/code"},
		{"wrong data, for want of access", "error-required-value", detail("REQUIRED_VALUE", "INSUFFICIENT_PERMISSIONS"), "/details/0/code"},
		{"wrong data, for want of a token", "error-required-value", detail("REQUIRED_VALUE", "INVALID_TOKEN"), "/details/0/code"},
		{"wrong data, with a code of another refusal", "error-required-value", detail("REQUIRED_VALUE", "REQUEST_LIMITED"), "/details/0/code"},
		{"a wrong request, for want of a token", "error-required-value", both(detail("INVALID_DATA", "INVALID_REQUEST"), detail("REQUIRED_VALUE", "INVALID_TOKEN")), "/details/0/code"},
		{"a failed request, for want of a token", "error-required-value", both(detail("INVALID_DATA", "REQUEST_FAILED"), detail("REQUIRED_VALUE", "INVALID_TOKEN")), "/details/0/code"},
		{"a limit, with any detail", "error-too-many", detail("LIMIT_EXCEEDED", "INVALID_VALUE"), fine},

		{"no access with the status of what is not there", "error-no-token", status(404), fine},
		{"what nobody expects, for what is not there", "error-unexpected", detail("UNEXPECTED_ERROR", "NOT_FOUND"), "/code"},
		{"what nobody expects, in HTML", "error-unexpected", both(body(`<html>`), header("Content-Type", "text/html")), "/ header Content-Type"},
		{"what nobody expects, in silence", "error-unexpected", empty, "/ header Content-Type"},
		{"a gateway that reaches nobody, in HTML", "error-unexpected", both(status(502), body(`<html>`), header("Content-Type", "text/html")), fine},
		{"a gateway that reaches nobody, in silence", "error-unexpected", both(status(504), empty), fine},
		{"a status past all, in silence", "error-unexpected", both(status(501), empty), fine},
		{"a timeout, in silence", "error-unexpected", both(status(408), empty), fine},
		{"a lost page, in silence", "error-unexpected", both(status(404), empty), "/ header Content-Type"},
		{"a server that is down, as the platform says it", "error-unexpected", status(503), fine},
		{"a server that is down, with an error that is none", "error-unexpected", both(status(503), body(`{"code":7}`)), "/code /message"},
		{"a server that is down, with an error in plain text", "error-unexpected", both(status(503), header("Content-Type", "text/plain")), "header Content-Type"},

		{"a gateway's refusal of an unknown call", "error-forbidden", both(elsewhere, body(`{"message":"No."}`)), fine},
		{"a gateway's refusal without a word", "error-forbidden", both(elsewhere, body(`{}`)), "/code /message"},
		{"a gateway's refusal of a call that is known", "error-forbidden", body(`{"message":"No."}`), "/code"},
		{"a gateway's refusal with another status", "error-forbidden", both(elsewhere, status(401), body(`{"message":"No."}`)), "/code /id"},
		{"the platform's refusal of an unknown call", "error-forbidden", elsewhere, fine},
		{"the platform's refusal of an unknown call, without its message", "error-forbidden", both(elsewhere, replace(`"message":"The`, `"text":"The`)), "/message"},

		{"too many calls, without a time to wait", "error-too-many", header("Retry-After", ""), "header Retry-After"},
		{"too many tokens, as the platform says it", "error-too-many", at("/token"), fine},
		{"too many tokens, as the platform says it, without a time to wait", "error-too-many", both(at("/token"), header("Retry-After", "")), "header Retry-After"},
		{"a refused client", "oauth-error", nil, fine},
		{"a refused client, in a word to come", "oauth-error", both(status(403), replace(`"invalid_client"`, `"client_retired"`)), fine},
		{"a refused client, without OAuth's word", "oauth-error", body(`{"message":"No."}`), "/error"},
		{"a refused client, in silence", "oauth-error", empty, "/ header Content-Type"},
		{"a refused client, in plain text", "oauth-error", header("Content-Type", "text/plain"), "header Content-Type"},
		{"a request that is refused as if the client were", "oauth-error", replace(`"invalid_client"`, `"invalid_request"`), "status"},
		{"a scope that is refused as if the client were", "oauth-error", replace(`"invalid_client"`, `"invalid_scope"`), "status"},
		{"a grant type that is refused as if the client were", "oauth-error", replace(`"invalid_client"`, `"unsupported_grant_type"`), "status"},
		{"an application that may not", "oauth-error", both(status(400), replace(`"invalid_client"`, `"unauthorized_client"`)), fine},
		{"an OAuth server that is down", "oauth-error", both(status(503), empty), fine},
		{"an OAuth server that falls", "oauth-error", both(status(500), empty), "/ header Content-Type"},

		{"userinfo, in silence", "oauth-error", both(userInfo, empty), fine},
		{"userinfo, as the platform refuses", "error-no-token", userInfo, fine},
		{"userinfo, as OAuth refuses", "oauth-error", userInfo, fine},
		{"userinfo, with an OAuth error that is none", "oauth-error", both(userInfo, replace(`"invalid_client"`, `7`)), "/error"},
		{"authorize, in silence", "authorize", both(status(400), header("Location", "")), fine},
		{"authorize, as the platform refuses", "error-required-value", both(at("/authorize"), func(ex *client.Exchange) { ex.Request.Method = "GET" }), fine},
		{"authorize, with a platform's error that is none", "error-required-value", both(at("/resume"), func(ex *client.Exchange) { ex.Request.Method = "GET" }, replace(`"message":"The`, `"text":"The`)), "/message"},
		{"authorize, as OAuth refuses", "authorize", oauthRefusal, fine},
		{"authorize, as OAuth refuses, in plain text", "authorize", both(oauthRefusal, header("Content-Type", "text/plain")), "header Content-Type"},
		{"authorize, with an OAuth error that is none", "authorize", both(oauthRefusal, body(`{"error":7}`)), "/error"},
	} {
		t.Run(row.what, func(t *testing.T) {
			report := after(t, row.example, row.by)
			places := where(report.Violations)
			slices.Sort(places)
			require.Equal(t, row.broken, strings.Join(slices.Compact(places), " "), "%v", report.Violations)
		})
	}
}

// What a refusal may be besides what the documents list is observed.
func TestWhatIsObservedOfARefusal(t *testing.T) {
	userInfo := func(ex *client.Exchange) {
		ex.Request.Method, ex.Request.URL.Path = "GET", "/"+environmentID+"/as/userinfo"
	}
	for _, row := range []struct {
		what, example string
		by            func(*client.Exchange)
		where, want   string // want begins the expectation; "" for nothing at where
		got           string
	}{
		{"the status of another refusal", "error-no-token", status(404), "status", "401 or 403 for ACCESS_FAILED", "404"},
		{"the status of this refusal", "error-forbidden", nil, "status", "", ""},
		{"the status of another failed request", "error-method", status(409), "status", "400 or 405 or 415 for INVALID_REQUEST", "409"},
		{"a server that is down", "error-unexpected", status(503), "header Retry-After", "a date", nothing},
		{"a server that is down until then", "error-unexpected", both(status(503), header("Retry-After", "5")), "header Retry-After", "", ""},
		{"a server that falls", "error-unexpected", nil, "header Retry-After", "", ""},
		{"a gateway without a body", "error-unexpected", both(status(502), body(``)), "/", "an error body", "application/json;charset=UTF-8"},
		{"a status that no page lists", "error-unexpected", both(status(504), body(``)), "status", "one of the listed error statuses", "504"},
		{"a status that the pages list", "error-unexpected", status(502), "status", "", ""},
		{"userinfo in silence", "oauth-error", both(userInfo, body(``), header("Content-Type", "")), "refusal", undocumented, "401, no media type"},
		{"userinfo as the platform refuses", "error-no-token", userInfo, "refusal", undocumented, "401 ACCESS_FAILED, a platform error"},
		{"userinfo as OAuth refuses", "oauth-error", userInfo, "refusal", "", ""},
		{"authorize as OAuth refuses", "authorize", oauthRefusal, "refusal", undocumented, "400 invalid_request, an OAuth error"},
		{"authorize in HTML", "authorize", func(ex *client.Exchange) {
			ex.Status, ex.Body, ex.Header = 403, []byte("<p>"), http.Header{"Content-Type": {"text/html"}}
		}, "refusal", undocumented, "403, text/html"},
	} {
		t.Run(row.what, func(t *testing.T) {
			report := after(t, row.example, row.by)
			require.NoError(t, report.Err())
			found := slices.DeleteFunc(slices.Clone(report.Observations), func(f Finding) bool {
				return f.Where != row.where || row.want == "" && strings.Contains(f.Want, "reports differ")
			})
			if row.want == "" {
				require.Empty(t, found)
				return
			}
			require.True(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Want == row.want && f.Got == row.got }), "%v", found)
		})
	}
}

// A refusal without an id repeats none.
func TestARefusalWithoutAnIDIsNoRepetition(t *testing.T) {
	checker := NewChecker()
	for range 2 {
		ex := readExample(t, "error-too-many").exchange(t)
		ex.Body = compact(t, ex.Body)
		replace(`"id":"ee000000-0000-4000-8000-000000000001",`, ``)(ex)
		require.NoError(t, checker.Check(ex).Err())
	}
}
