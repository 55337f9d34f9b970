package retry_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

// says answers 403 with a body.
func says(body string, headers ...string) answer {
	return func(*http.Request) (*http.Response, error) {
		return response(http.StatusForbidden, body, headers...), nil
	}
}

// Which 403 are lag is one table in the code, and this is its other half: each row is an answer
// as the pages and recordings have it.
func TestWhichForbiddenIsFinal(t *testing.T) {
	const (
		users   = api + "/users"
		failed  = `{"id":"1","code":"ACCESS_FAILED","message":"The request could not be completed. You do not have access to this resource."`
		opening = "final, asked once: "
		swept   = "; `pingone-conformance sweep` lists what earlier runs have left there"
	)
	missing := &retry.Missing{}
	missing.Add("deviceAuthenticationPolicies", "Environment Admin")
	missing.Add("schemas", "Identity Data Admin") // the first stays
	rows := []struct {
		name, url string
		answer    answer
		note      string // "" is lag
	}{
		{"access that fails", users, says(failed + `}`), ""},
		{"permissions that are insufficient", users, says(failed + `,"details":[{"code":"INSUFFICIENT_PERMISSIONS","message":"The actor attempting to perform the request is not authorized."}]}`), ""},
		{"from the edge, without an id", users, says(`{"code":"ACCESS_FAILED","message":"no"}`), ""},
		{"a code that is new", users, says(`{"code":"NOT_YET","message":"no"}`), ""},
		{"without a body", users, says(""), ""},
		{"a body that is nested until it ends", users, says(strings.Repeat("[", 9<<20)), ""},
		{"other words of a gateway", users, says(`{"message":"Forbidden"}`), ""},
		{"the gateway's words, of the API itself", users, says(`{"code":"ACCESS_FAILED","message":"Invalid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'."}`), ""},
		{"words about a licence, without its code", users, says(failed + `,"details":[{"code":"INSUFFICIENT_PERMISSIONS","message":"LICENSE_EXCEEDED"}]}`), ""},
		{
			"a full licence", users, says(failed + `,"details":[{"code":"LICENSE_EXCEEDED","target":"users","innerError":{"quotaLimit":500}}]}`),
			opening + "the environment is full, its licence allows no more users, its limit is 500" + swept,
		},
		{"a full licence in the second detail", api + "/signOnPolicies", says(failed + `,"details":[{"code":"INSUFFICIENT_PERMISSIONS"},{"code":"LICENSE_EXCEEDED"}]}`), opening + "the environment is full, its licence allows no more sign-on policies" + swept},
		{"a licence's limit as the code", api + "/populations", says(`{"code":"LIMIT_EXCEEDED","message":"no"}`), opening + "the environment is full, its licence allows no more populations" + swept},
		{"what the licence has not", api + "/users/1/devices", says(failed + `,"details":[{"code":"LICENSE_EXCEEDED","innerError":{"quotaLimit":0}}]}`), opening + "the environment's licence does not allow it, or no more of it"},
		{"a quota", api + "/users/1/devices", says(failed + `,"details":[{"code":"QUOTA_EXCEEDED","innerError":{"quotaLimit":"many"}}]}`), opening + "the environment's licence does not allow it, or no more of it"},
		{"a gateway that does not know the method", users, says(`{"message":"Invalid key=value pair (missing equal-sign) in Authorization header: 'Bearer x'."}`), opening + "the gateway does not know the method or the address"},
		{"a page of somebody else's", users, says("<!DOCTYPE html><title>Blocked</title>", "Content-Type", "text/html; charset=utf-8"), opening + "no JSON came, so PingOne's API has not refused it"},
		{"a role that is known to be missing", api + "/deviceAuthenticationPolicies/1", says(failed + `}`), opening + "preflight has seen that the worker application lacks the role Environment Admin"},
	}
	for _, row := range rows {
		for name, wish := range map[string]func(context.Context) context.Context{"settling": retry.Settling, "trying": retry.Trying} {
			t.Run(row.name+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					server := plays(row.answer)
					o := retry.Options{LagLimit: 5 * time.Second, RightsLimit: 5 * time.Second, LagInterval: time.Second, Missing: missing}
					got := send(t, retry.New(server, o), request(t, wish(t.Context()), "POST", row.url, `{"name":"a","username":"a"}`))
					require.NoError(t, got.err)
					require.Equal(t, http.StatusForbidden, got.response.StatusCode)
					if row.note == "" {
						require.Equal(t, 6, server.count(), "it may pass, and is asked again")
						require.Equal(t, "still 403 after 5s and 6 tries", retry.Note(got.response.Header))
						return
					}
					require.Equal(t, 1, server.count(), "it stays, and is asked once")
					require.Equal(t, row.note, retry.Note(got.response.Header))
					require.Zero(t, got.took)
				})
			})
		}
	}
}

// What is said of a final 403 is said of no other refusal, whatever its codes.
func TestOnlyA403IsFinal(t *testing.T) {
	for code, note := range map[int]string{http.StatusBadRequest: "", http.StatusNotFound: "still 404 after 5s and 6 tries"} {
		synctest.Test(t, func(t *testing.T) {
			full := func(*http.Request) (*http.Response, error) {
				return response(code, `{"code":"LIMIT_EXCEEDED","details":[{"code":"QUOTA_EXCEEDED"}]}`), nil
			}
			o := retry.Options{LagLimit: 5 * time.Second, LagInterval: time.Second}
			got := send(t, retry.New(plays(full), o), request(t, retry.Settling(t.Context()), "GET", api+"/users/1", ""))
			require.Equal(t, code, got.response.StatusCode)
			require.Equal(t, note, retry.Note(got.response.Header))
		})
	}
}

// What is lag first and final then ends when it is final.
func TestLagThatTurnsOutToBeFinal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := plays(status(404), says(`{"code":"ACCESS_FAILED"}`), says(`{"code":"ACCESS_FAILED","details":[{"code":"LICENSE_EXCEEDED"}]}`), status(200))
		got := send(t, retry.New(server, retry.Options{}), request(t, retry.Settling(t.Context()), "POST", api+"/users", `{"username":"a"}`))
		require.Equal(t, http.StatusForbidden, got.response.StatusCode)
		require.Equal(t, 3, server.count())
		require.Contains(t, retry.Note(got.response.Header), "allows no more users")
		require.Equal(t, `{"code":"ACCESS_FAILED","details":[{"code":"LICENSE_EXCEEDED"}]}`, got.body, "the answer is given as it came")
	})
}
