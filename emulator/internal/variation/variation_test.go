package variation

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

func TestEveryVariationSaysWhatItIsAndWhoAllowsIt(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	seen := map[string]bool{}
	for _, v := range All() {
		require.Regexp(t, name, v.Name)
		require.False(t, seen[v.Name], "%s twice", v.Name)
		seen[v.Name] = true
		for _, text := range []string{v.Group, v.Does, v.Allows} {
			require.NotEmpty(t, text, v.Name)
			require.NotContains(t, text, "\n", v.Name)
		}
		require.True(t, strings.HasPrefix(v.Page, "https://"), v.Name)
	}
	require.GreaterOrEqual(t, len(seen), 60)
}

func TestASetKnowsItsNames(t *testing.T) {
	set, err := NewSet([]string{"redirect-303", "mfa-enabled-204"})
	require.NoError(t, err)
	require.Equal(t, []string{"mfa-enabled-204", "redirect-303"}, set.Names(), "in the order in which they are carried out")
	every, err := NewSet([]string{"all"})
	require.NoError(t, err)
	require.Len(t, every.Names(), len(All()))
	_, err = NewSet([]string{"all", "redirect-304"})
	require.ErrorContains(t, err, `"redirect-304"; the nearest are redirect-303`)
	_, err = NewSet([]string{"redirect-303", "redirect-304", "mfa"})
	require.ErrorContains(t, err, `"redirect-304"; the nearest are redirect-303`)
	require.ErrorContains(t, err, `"mfa"`)
}

func TestNothingIsOtherwiseUnlessItIsAskedFor(t *testing.T) {
	require.Nil(t, Set{}.Start(ours, nil))
	handler := http.NotFoundHandler()
	served := httptest.NewRecorder()
	Set{}.Start(ours, nil).Addresses(handler).ServeHTTP(served, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/environments/", nil))
	require.Equal(t, http.StatusNotFound, served.Code)
}

// answered is how one call is answered with variations on, and which of them changed something.
func answered(t *testing.T, call *wire.Call, answer *wire.Answer, names ...string) (*wire.Answer, []string) {
	t.Helper()
	set, err := NewSet(names)
	require.NoError(t, err)
	var changed []string
	handle := set.Start(ours, func(name string) { changed = append(changed, name) }).Wrap(func(*wire.Call) *wire.Answer { return answer })
	if call.URL == nil {
		call.URL = &url.URL{Path: "/x"}
	}
	return handle(call), changed
}

func TestAnAnswerIsOtherwiseAndCounted(t *testing.T) {
	created := func() *wire.Answer {
		return wire.JSON(http.StatusCreated, object{
			"id": "1", "createdAt": "2026-01-15T09:00:00.120Z", "_links": object{"self": object{"href": "http://here/v1/environments/e/users/1"}},
			"lifecycle": object{"status": "ACCOUNT_OK"},
		})
	}
	for _, row := range []struct {
		variation, operation, holds string
	}{
		{"user-to-be-verified", "user.create", `"VERIFICATION_REQUIRED"`},
		{"times-without-zeros", "user.create", `"2026-01-15T09:00:00.12Z"`},
		{"times-in-whole-seconds", "user.create", `"2026-01-15T09:00:00Z"`},
		{"times-in-microseconds", "user.create", `"2026-01-15T09:00:00.120000Z"`},
		{"links-end-in-a-slash", "user.create", `/users/1/"`},
		{"links-unknown", "user.create", `"future.feature"`},
		{"members-unknown", "user.create", `"futureFeature"`},
		{"members-null", "user.create", `"nickname":null`},
		{"members-in-another-order", "user.create", "{\n  \"lifecycle\" : {"},
	} {
		t.Run(row.variation, func(t *testing.T) {
			answer, changed := answered(t, &wire.Call{Operation: row.operation}, created(), row.variation)
			require.Contains(t, string(answer.Body), row.holds)
			require.Equal(t, []string{row.variation}, changed)
		})
	}
}

// An escape says what the character says, and each answer has others.
func TestTextsWithEscapesSayTheSame(t *testing.T) {
	said := object{"id": "1", "a \"name\" of <Anna> & \u00e9\\": "https://here/é/\n", "texts": []any{"", "a/b", strings.Repeat("abc", 30)}, "n": json.Number("1.50"), "b": true, "none": nil}
	var before string
	for i := range 50 {
		call := &wire.Call{ID: fmt.Sprint("call ", i), Operation: "user.read"}
		answer, changed := answered(t, call, wire.JSON(200, said), "texts-with-escapes")
		require.Equal(t, []string{"texts-with-escapes"}, changed)
		require.Equal(t, said, decoded(answer.Body))
		require.Contains(t, string(answer.Body), `\u006`)
		require.Contains(t, string(answer.Body), `\/`)
		require.NotEqual(t, before, string(answer.Body))
		before = string(answer.Body)
	}
}

func TestWhatIsNotMeantStaysAsItIs(t *testing.T) {
	for _, row := range []struct {
		variation, operation string
		answer               *wire.Answer
	}{
		{"mfa-enabled-204", "user.read", wire.JSON(200, object{"id": "1"})},
		{"redirect-303", "flow.read", wire.JSON(200, object{"id": "1"})},
		{"invalid-data-as-422", "token", wire.OAuthError(400, "invalid_grant", "No.")},
		{"unauthorized-as-403", "token", wire.OAuthError(401, "invalid_client", "No.")},
		{"flow-gone-as-410", "user.read", wire.NotFound().Answer("7")},
		{"flow-otp-without-selected-device", "flow.read", wire.JSON(200, object{"status": "COMPLETED", "selectedDevice": object{"id": "1"}})},
		{"worker-token-scope-null", "token", wire.JSON(200, object{"scope": "openid"})},
		{"times-in-whole-seconds", "user.read", wire.JSON(200, object{"name": "at 09:00:00.123Z"})},
		{"members-in-another-order", "user.delete", wire.Empty(204)},
		{"texts-with-escapes", "signOnPage", text(`<a href="/">"/"</a>`)},
		{"texts-with-escapes", "user.read", wire.JSON(200, object{})},
		{"token-type-in-lower-case", "token", wire.JSON(200, object{"token_type": 7})},
		{"token-lives-a-second-less", "token", wire.JSON(200, object{"expires_in": "3600"})},
		{"mfa-enabled-204", "user.mfaEnabled.update", wire.JSON(200, object{"mfaEnabled": false})},
		{"redirect-303", "authorize", &wire.Answer{Status: 301, Header: http.Header{"Location": {"http://here/"}}}},
		{"cookie-for-all-paths", "authorize", &wire.Answer{Status: 200, Header: http.Header{"Set-Cookie": {"ST=1; Path=/xe; HttpOnly"}}}},
		{"keys-with-an-ec-key", "jwks", text(`{"keys": []}`)},
		{"id-token-sign-on-a-moment-ahead", "token", wire.JSON(200, object{"id_token": withHash})}, // it has no iat
		{"keys-without-use", "jwks", text(`{"keys": []}`)},
		{"tokens-with-more-claims", "jwks", wire.JSON(200, object{"keys": []any{}})},
		{"members-unknown", "user.read", text(`{"id": "1"} {"id": "1"}`)},
		{"members-unknown", "user.read", text(`{"id": "1"} // one`)},
		{"members-in-another-order", "user.read", text(`{"id": "1", "of": [{"name": "a", "name": "b"}]}`)},
	} {
		t.Run(row.variation, func(t *testing.T) {
			row.answer.Settle("7")
			before, status, cookies := string(row.answer.Body), row.answer.Status, fmt.Sprint(row.answer.Header["Set-Cookie"])
			call := &wire.Call{ID: "7", Operation: row.operation, Path: map[string]string{"envID": "e"}, Body: []byte(`{"mfaEnabled": true}`)}
			answer, changed := answered(t, call, row.answer, row.variation)
			require.Equal(t, before, string(answer.Body))
			require.Equal(t, status, answer.Status)
			require.Equal(t, cookies, fmt.Sprint(answer.Header["Set-Cookie"]))
			require.Empty(t, changed)
		})
	}
}

func text(body string) *wire.Answer { return wire.Text(http.StatusOK, "application/json", body) }

func TestAChangeKeepsWhatItDoesNotMean(t *testing.T) {
	for _, row := range []struct{ variation, operation, body, want string }{
		{"token-type-in-lower-case", "token", `{"token_type": "MAC"}`, `{"token_type": "mac"}`},
		{"token-lives-a-second-less", "token", `{"expires_in": 3600000}`, `{"expires_in": 3599999}`},
	} {
		answer, _ := answered(t, &wire.Call{Operation: row.operation}, text(row.body), row.variation)
		require.JSONEq(t, row.want, string(answer.Body))
	}
}

// What the emulator did not sign is handed out as it is, so that it is seen.
func TestATokenOfAnotherKeyIsNotSignedAnew(t *testing.T) {
	vary, err := NewSet([]string{"tokens-with-more-claims"})
	require.NoError(t, err)
	handle := vary.Start(func(string) bool { return false }, nil).Wrap(func(*wire.Call) *wire.Answer {
		return wire.JSON(http.StatusOK, object{"access_token": ownToken})
	})
	require.Equal(t, ownToken, decoded(handle(&wire.Call{Operation: "token", URL: &url.URL{Path: "/x"}}).Body)["access_token"])
}

// What is wrong with an answer has to be seen in a varied tenant as well.
func TestUserinfoLosesClaimsAndNothingElse(t *testing.T) {
	said := wire.JSON(http.StatusOK, object{"sub": "1", "org": "2", "email": "someone@example.com", "note": "a secret"})
	answer, changed := answered(t, &wire.Call{Operation: "userinfo"}, said, "userinfo-about-nothing-but-sub")
	require.JSONEq(t, `{"sub": "1", "note": "a secret"}`, string(answer.Body))
	require.Equal(t, []string{"userinfo-about-nothing-but-sub"}, changed)
}

// An answer that gives away the emulator's own token gives away the one that was issued in its place.
func TestAnAnswerSpeaksOfTheTokenThatWasIssued(t *testing.T) {
	issued := wire.JSON(http.StatusOK, object{"access_token": ownToken})
	vary, err := NewSet([]string{"tokens-with-more-claims"})
	require.NoError(t, err)
	handle := vary.Start(ours, nil).Wrap(func(call *wire.Call) *wire.Answer {
		if call.Operation == "token" {
			return issued
		}
		return wire.JSON(http.StatusOK, object{"note": "You came with " + call.Bearer() + "."})
	})
	tokens := decoded(handle(&wire.Call{Operation: "token", URL: &url.URL{Path: "/x"}}).Body)
	fresh, _ := tokens["access_token"].(string)
	require.NotEqual(t, ownToken, fresh)
	asked := &wire.Call{Operation: "userinfo", URL: &url.URL{Path: "/x"}, Header: http.Header{"Authorization": {"Bearer " + fresh}}}
	require.JSONEq(t, `{"note": "You came with `+fresh+`."}`, string(handle(asked).Body))
}

// The hash in an ID token is that of the access token beside it, which was changed as well: the left half of its SHA-256.
func TestTheHashFollowsTheAccessToken(t *testing.T) {
	answer, _ := answered(t, &wire.Call{Operation: "token"}, wire.JSON(http.StatusOK, object{"access_token": ownToken, "id_token": withHash}), "tokens-with-more-claims")
	body := decoded(answer.Body)
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(body["id_token"].(string), ".")[1])
	require.NoError(t, err)
	digest := sha256.Sum256([]byte(body["access_token"].(string)))
	require.Equal(t, base64.RawURLEncoding.EncodeToString(digest[:16]), decoded(payload)["at_hash"])
}

// A changed token that comes back in a form or an address is the emulator's own one.
func TestATokenComesBackAsTheEmulatorIssuedIt(t *testing.T) {
	vary, err := NewSet([]string{"tokens-with-more-claims"})
	require.NoError(t, err)
	var came *wire.Call
	handle := vary.Start(ours, nil).Wrap(func(call *wire.Call) *wire.Answer {
		came = call
		return wire.JSON(http.StatusOK, object{"access_token": ownToken, "id_token": ownIDToken})
	})
	issued := decoded(handle(&wire.Call{Operation: "token", URL: &url.URL{Path: "/x"}}).Body)
	access, id := url.QueryEscape(issued["access_token"].(string)), url.QueryEscape(issued["id_token"].(string))
	require.NotEqual(t, ownToken, access)
	handle(&wire.Call{Operation: "user.read", URL: &url.URL{Path: "/x"}, Header: http.Header{"Authorization": {"Bearer " + issued["access_token"].(string)}}})
	require.Equal(t, ownToken, came.Bearer())
	for _, row := range []struct{ operation, query, body, wantQuery, wantBody string }{
		{"introspect", "", "token=" + access, "", "token=" + ownToken},
		{"revoke", "", "token=" + access + "&token_type_hint=access_token", "", "token=" + ownToken + "&token_type_hint=access_token"},
		{"revoke", "", "token=another", "", "token=another"},
		{"authorize", "id_token_hint=" + id, "", "id_token_hint=" + ownIDToken, ""},
		{"authorize.post", "", "id_token_hint=" + id, "", "id_token_hint=" + ownIDToken},
		{"par", "", "id_token_hint=" + id, "", "id_token_hint=" + ownIDToken},
		{"signoff", "id_token_hint=" + id + "&state=a%20b", "", "id_token_hint=" + ownIDToken + "&state=a+b", ""},
		{"signoff", "state=a%20b", "", "state=a%20b", ""},
		{"user.create", "", "token=" + access, "", "token=" + access},
	} {
		handle(&wire.Call{Operation: row.operation, URL: &url.URL{Path: "/x", RawQuery: row.query}, Body: []byte(row.body)})
		require.Equal(t, row.wantQuery, came.URL.RawQuery, row)
		require.Equal(t, row.wantBody, string(came.Body), row)
	}
}

// ours takes every token for one of the emulator's own.
func ours(string) bool { return true }

// ownToken has the form of a token, {"alg":"none"} and {"sub":"1","iat":1}.
const ownToken = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiaWF0IjoxfQ.c2ln"

// ownIDToken is the same with {"aud":"1","iat":1}.
const ownIDToken = "eyJhbGciOiJub25lIn0.eyJhdWQiOiIxIiwiaWF0IjoxfQ.c2ln"

// withHash is one with {"at_hash":"as_it_was"}.
const withHash = "eyJhbGciOiJub25lIn0.eyJhdF9oYXNoIjoiYXNfaXRfd2FzIn0.c2ln"

func TestOfTwoThatExcludeEachOtherTheFirstDecides(t *testing.T) {
	answer, changed := answered(t, &wire.Call{Operation: "user.read"}, wire.JSON(200, object{"createdAt": "2026-01-15T09:00:00.120Z"}), "times-in-microseconds", "times-in-whole-seconds")
	require.JSONEq(t, `{"createdAt":"2026-01-15T09:00:00Z"}`, string(answer.Body))
	require.Equal(t, []string{"times-in-whole-seconds"}, changed)
	answer, changed = answered(t, &wire.Call{Operation: "user.read"}, wire.AccessFailed().Answer("7"), "unauthorized-as-403", "forbidden-as-401")
	require.Equal(t, http.StatusForbidden, answer.Status)
	require.Equal(t, []string{"unauthorized-as-403"}, changed)
}

func TestABusyServerSendsEachCallerAwayOnce(t *testing.T) {
	set, err := NewSet([]string{"busy-with-429"})
	require.NoError(t, err)
	handle := set.Start(ours, nil).Wrap(func(*wire.Call) *wire.Answer { return wire.Empty(200) })
	var statuses []int
	for _, caller := range []string{"a", "a", "a", "b", "b", "c", "d", "d"} {
		call := &wire.Call{Operation: "resource.list", URL: &url.URL{Path: "/x"}, Header: http.Header{"Authorization": {"Bearer " + caller}}}
		statuses = append(statuses, handle(call).Status)
	}
	require.Equal(t, []int{429, 200, 200, 200, 200, 200, 429, 200}, statuses)
}

func TestAddressesMayEndInASlashWhereLinksDo(t *testing.T) {
	set, err := NewSet([]string{"links-end-in-a-slash"})
	require.NoError(t, err)
	for path, want := range map[string]string{"/v1/environments/e/users/": "/v1/environments/e/users", "/e/signon/": "/e/signon/", "/v1": "/v1"} {
		var got string
		set.Start(ours, nil).Addresses(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.Path })).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		require.Equal(t, want, got)
	}
}
