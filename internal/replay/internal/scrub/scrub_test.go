package scrub_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
)

const liveSecret = "kJ8~live.secret_of-the-tenant"

func known() map[string]string {
	return map[string]string{
		liveSecret: scrub.StandIn("client-secret", 1, ""), "11111111-2222-4333-8444-555555555555": scrub.ConfigID(1),
		"+49 (151) 12345-634": scrub.Phone, "jo.doe@acme.io": scrub.Email,
	}
}

func begin() time.Time { return time.Date(2026, 9, 3, 14, 21, 7, 250e6, time.UTC) }

func rewriter(r scrub.Rules) *scrub.Rewriter {
	r.Begin = begin()
	if r.APIURL == "" {
		r.APIURL, r.AuthURL, r.AppsURL = "https://api.pingone.eu/v1", "https://auth.pingone.eu", "https://apps.pingone.eu"
	}
	w := scrub.NewRewriter(r, scrub.NewVault(known()))
	w.Begin(1, "")
	w.Answer()
	return w
}

// answer rewrites the body of an answer.
func answer(w *scrub.Rewriter, body string) string {
	return w.Body(scrub.Message{URL: &url.URL{Path: "/v1/x"}, Header: http.Header{}, Body: []byte(body)})
}

func TestWhatStandsInTheFixture(t *testing.T) {
	b64 := base64.StdEncoding.EncodeToString
	standIn := scrub.StandIn("client-secret", 1, "")
	for _, row := range []struct{ name, live, fixture string }{
		{"an id", "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f", "00000000-0000-4000-8000-000000000001"},
		{"an id in upper case", "9B2F6C1E-3D44-4C1A-9F0E-0A1B2C3D4E5F", "00000000-0000-4000-8000-000000000001"},
		{"a stand-in", "00000000-0000-4000-8000-000000000042", "00000000-0000-4000-8000-000000000042"},
		{"the environment", "11111111-2222-4333-8444-555555555555", "00000000-0000-4000-9000-000000000001"},
		{"a secret", liveSecret, standIn},
		{"a secret in base64", b64([]byte("x " + liveSecret)), b64([]byte("x " + standIn))},
		{"a secret in base64 in a path", "/a/" + b64([]byte("xyz"+liveSecret)), "/a/" + b64([]byte("xyz"+standIn))},
		{"a secret in a query in a query", "https://x.example.com/?u=" + url.QueryEscape("https://y.example.com/?s="+url.QueryEscape(liveSecret+"+")),
			"https://x.example.com/?u=" + url.QueryEscape("https://y.example.com/?s="+url.QueryEscape(standIn+"+"))},
		{"a secret in JSON in JSON", `{"a":"{\"b\":\"` + liveSecret + `\"}"}`, `{"a":"{\"b\":\"` + standIn + `\"}"}`},
		{"a time", "2026-09-03T14:21:07.250Z", "2026-01-15T09:00:00.250Z"},
		{"a time without fraction", "2026-09-03T14:22:07Z", "2026-01-15T09:01:00Z"},
		{"a time elsewhere", "2026-09-03T16:21:07.250123+02:00", "2026-01-15T11:00:00.250123+02:00"},
		{"history", "2024-09-03T00:00:00Z", "2014-09-04T00:00:00Z"},
		{"the first year that is no word for never", "2000-06-01T00:00:00Z", "1990-06-02T00:00:00Z"},
		{"the last year that is one", "1999-12-31T00:00:00Z", "1999-12-31T00:00:00Z"},
		{"no time", "2026-13-45T25:00:00Z", "2026-13-45T25:00:00Z"},
		{"never", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
		{"a date of HTTP", "Thu, 03 Sep 2026 14:21:07 GMT", "Thu, 15 Jan 2026 09:00:00 GMT"},
		{"a date of an old cookie", "Thu, 03-Sep-2026 14:21:07 GMT", "Thu, 15-Jan-2026 09:00:00 GMT"},
		{"seconds in a name", "App_1788445267", "App_1768467600"},
		{"milliseconds in a name", "App-1788445267250", "App-1768467600250"},
		{"seconds of the hour before", "App_1788441667", "App_1768464000"},
		{"seconds of the hour after", "App_1788448867", "App_1768471200"},
		{"seconds of another year", "App_1500000000", "App_1500000000"},
		{"an old claim", `{"updated_at":1500000000}`, `{"updated_at":1500000000}`},
		{"another number", "App_5125550101", "App_5125550101"},
		{"claims", `{"iat":1788445267,"n":1788445267,"auth_time":1788445}`, `{"iat":1768467600,"n":1788445267,"auth_time":1788445}`},
		{"the API", "https://api.pingone.eu/v1/x", "https://api.pingone.com/v1/x"},
		{"the API without its version", "https://api.pingone.eu/x", "https://api.pingone.com/x"},
		{"a path like the sign-on page's", "https://auth.pingone.eu/x/signon/", "https://auth.pingone.com/x/signon/"},
		{"the sign-on page", "https://apps.pingone.eu/x/signon/", "https://apps.pingone.com/x/signon/"},
		{"an icon", "https://assets.pingone.eu/x.png", "https://assets.pingone.com/x.png"},
		{"a domain", "Domain=auth.pingone.eu", "Domain=auth.pingone.com"},
		{"a masked phone", `{"phone":"*******34"}`, `{"phone":"*******01"}`},
		{"another masked phone", `{"phone":"*******11"}`, `{"phone":"*******11"}`},
		{"the phone, spaced otherwise", `{"phone":"+4915112345634"}`, `{"phone":"+15125550101"}`},
		{"a masked address", `{"email":"jo****@acme.io"}`, `{"email":"st****@example.com"}`},
		{"an address masked within", `{"email":"j***e@acme.io"}`, `{"email":"s***n@example.com"}`},
		{"another's at the same host", `{"email":"al****@acme.io"}`, `{"email":"pe****@example.com"}`},
		{"another's that begins alike", `{"email":"jo****x@acme.io"}`, `{"email":"pe****n@example.com"}`},
		{"another's at another host", `{"email":"jo****@kontoso.io"}`, `{"email":"pe****@example.com"}`},
		{"an address whose host is masked", `{"email":"jo****@a***.io"}`, `{"email":"st****@example.com"}`},
		{"a short masked phone", `{"phone":"***4"}`, `{"phone":"***4"}`},
		{"somebody else's masked address", `{"email":"al****@example.com"}`, `{"email":"al****@example.com"}`},
		{"a stranger's masked address", `{"email":"al****@acme.io"}`, `{"email":"pe****@example.com"}`},
		{"a stranger's, masked in its middle and its host", `{"email":"a***ce@a***.io"}`, `{"email":"p***on@example.com"}`},
		{"stars before a version", `{"text":"***@v2"}`, `{"text":"***@v2"}`},
		{"the address in upper case", "Jo.Doe@acme.io", "stand-in@example.com"},
		{"a stranger's address", "ann@corp.io and bob@corp.io and ann@corp.io", "person-1@example.com and person-2@example.com and person-1@example.com"},
		{"a word in the place of a phone", `{"phone":"none since 2026-01-15"}`, `{"phone":"none since 2026-01-15"}`},
		{"a stranger's phone", `{"phone":"+4930123456"}`, `{"phone":"+1.5125550103"}`},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.fixture, answer(rewriter(scrub.Rules{}), row.live)) })
	}
}

func TestWhatTheSuiteSentStays(t *testing.T) {
	w := rewriter(scrub.Rules{})
	body := `{"id":"9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f","born":"1999-09-03T00:00:00Z","since":"2020-09-03T00:00:00Z","mail":"ann@corp.io","phone":"+4930123456"}`
	w.Begin(1, "")
	sent := w.Body(scrub.Message{Request: true, URL: &url.URL{Path: "/v1/x"}, Header: http.Header{}, Body: []byte(body)})
	require.JSONEq(t, body, sent, "replay will send it again")
	w.Answer()
	require.JSONEq(t, body, answer(w, body), "and PingOne will echo it")

	w.Begin(2, "")
	sent = w.Body(scrub.Message{Request: true, URL: &url.URL{Path: "/v1/x"}, Header: http.Header{}, Body: []byte(`{"from":"2026-09-03T13:21:07Z"}`)})
	require.JSONEq(t, `{"from":"2026-01-15T08:00:00Z"}`, sent, "a time of the run is made by the session's clock")
}

func TestOneServerForEverything(t *testing.T) {
	w := rewriter(scrub.Rules{APIURL: "http://127.0.0.1:4711/v1", AuthURL: "http://127.0.0.1:4711"})
	same := rewriter(scrub.Rules{APIURL: "http://127.0.0.1:4711/v1", AuthURL: "http://127.0.0.1:4711", AppsURL: "http://127.0.0.1:4711"})
	for live, fixture := range map[string]string{
		"http://127.0.0.1:4711/v1/environments":  "https://api.pingone.com/v1/environments",
		"http://127.0.0.1:4711/v1":               "https://api.pingone.com/v1",
		"http://127.0.0.1:4711":                  "https://api.pingone.com",
		"http://127.0.0.1:4711/x/as/token":       "https://auth.pingone.com/x/as/token",
		"http://127.0.0.1:4711/v1x/flows/y":      "https://auth.pingone.com/v1x/flows/y",
		"http://127.0.0.1:4711/x/signon/?a=b":    "https://apps.pingone.com/x/signon/?a=b",
		"see 127.0.0.1:4711":                     "see auth.pingone.com",
		"http://127.0.0.1:4712/other":            "http://127.0.0.1:4712/other",
		`{"u":"http:\/\/127.0.0.1:4711\/v1\/x"}`: `{"u":"https://api.pingone.com/v1/x"}`,
	} {
		require.Equal(t, fixture, answer(w, live))
		require.Equal(t, fixture, answer(same, live), "the pages' address says nothing new")
	}
}

func TestStandInsLookLikeWhatTheyReplace(t *testing.T) {
	for _, row := range []struct{ kind, live, want string }{
		{"otp", "482913", "000002"}, {"otp", "48291377", "00000002"}, {"password", "x", "Stand-In-password-2!"},
		{"id", "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f", "00000000-0000-4000-9001-000000000002"},
		{"application-secret", "JBSWY3DPEHPK3PXPJBSWY3DP", "STANDINACAAAAAAAAAAAAAAA"}, {"recovery-code", "Ab3", "stand-in-recovery-code-2"},
		{"recovery-code", "JBSWY3DPEHPK3PX", "stand-in-recovery-code-2"},
		{"application-secret", "JBSWY3DPEHPK3PXP", "STANDINACAAAAAAA"}, {"otp", "1234", "stand-in-otp-2"},
	} {
		require.Equal(t, row.want, scrub.StandIn(row.kind, 2, row.live))
		require.True(t, scrub.IsStandIn(row.want), row.want)
	}
	require.Equal(t, "STANDINBEAAAAAAA", scrub.StandIn("application-secret", 30, "JBSWY3DPEHPK3PXP"))
	require.True(t, scrub.IsStandIn(""))
	require.Len(t, scrub.StandIn("client-secret", 1, "x"), 64, "long enough for HS512")
	for _, live := range []string{"482913", "Spring-2026!", "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f", "JBSWY3DPEHPK3PXP", "00000000-0000-4000-kJ8~live.secret"} {
		require.False(t, scrub.IsStandIn(live), live)
	}
}

func TestForeignSignaturesAreAsLongAsRealOnes(t *testing.T) {
	encode := base64.RawURLEncoding.EncodeToString
	for alg, length := range map[string]int{"HS256": 43, "HS384": 64, "HS512": 86, "RS256": 342, "ES256": 86, "PS256": 342} {
		live := encode([]byte(`{"alg":"`+alg+`"}`)) + "." + encode([]byte(`{"sub":"x"}`)) + ".c2lnbmF0dXJl"
		standIn := answer(rewriter(scrub.Rules{}), live)
		require.Len(t, standIn[strings.LastIndexByte(standIn, '.')+1:], length, alg)
		require.Equal(t, scrub.Foreign, scrub.SignedBy(standIn, nil), alg)
		require.Equal(t, scrub.Live, scrub.SignedBy(live, nil), alg)
	}
}

// Basic credentials are percent-encoded within base64, by some clients more than they need be.
func TestCredentialsStandInForThemselves(t *testing.T) {
	encode := func(pair string) string { return base64.StdEncoding.EncodeToString([]byte(pair)) }
	standIn := scrub.StandIn("client-secret", 1, "")
	for live, fixture := range map[string]string{
		"Basic " + encode("11111111-2222-4333-8444-555555555555:"+liveSecret):                                 "Basic " + encode(scrub.ConfigID(1)+":"+standIn),
		"Basic " + encode("11111111-2222-4333-8444-555555555555:%6b"+strings.TrimPrefix(liveSecret, "k")):     "Basic " + encode(scrub.ConfigID(1)+":"+standIn),
		"basic " + encode("9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f:"+strings.ReplaceAll(liveSecret, "~", "%7E")): "basic " + encode("00000000-0000-4000-8000-000000000001:"+standIn),
		"Bearer " + liveSecret: "Bearer " + standIn,
	} {
		got := rewriter(scrub.Rules{}).Header(http.Header{"Authorization": {live}})
		require.Equal(t, fixture, got.Get("Authorization"))
	}
}

// A short value of the configuration is replaced where it stands alone.
func TestAShortSecretThatStandsAloneIsReplaced(t *testing.T) {
	w := scrub.NewRewriter(scrub.Rules{}, scrub.NewVault(map[string]string{"abc": "stand-in-client-secret-1"}))
	require.Equal(t, `{"client_secret":"stand-in-client-secret-1","note":"abcd"}`, answer(w, `{"client_secret":"abc","note":"abcd"}`))
	form := scrub.Message{Request: true, URL: &url.URL{Path: "/x/as/token"}, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("client_secret=abc&x=abcd")}
	require.Equal(t, "client_secret=stand-in-client-secret-1&x=abcd", w.Body(form))
}

// A value is a secret from six letters on, and stands in for itself below: it could not be told from other text.
func TestHowShortASecretMayBe(t *testing.T) {
	for value, replaced := range map[string]bool{"abcde": false, "abcdef": true, "12345": false, "123456": true} {
		vault := scrub.NewVault(nil)
		require.Equal(t, replaced, vault.Announce("password", value) != value)
		require.Equal(t, replaced, !strings.Contains(vault.Replace("it is "+value+" here"), value))
		require.Equal(t, vault.Announce("password", value), vault.Announce("otp", value), "the same secret has the same stand-in")
		learning := scrub.NewVault(nil)
		learning.Learn("otp", value)
		require.Equal(t, replaced, !strings.Contains(learning.Redact("it is "+value+" here"), value))
	}
}

// Of more secrets than are looked for none is shown, and nothing else either.
func TestMoreSecretsThanAreReplacedHideTheText(t *testing.T) {
	vault := scrub.NewVault(nil)
	for i := range 10_000 {
		vault.Learn("application-secret", fmt.Sprintf("abcdefgh%d", i))
	}
	require.False(t, vault.Full())
	require.NotContains(t, vault.Redact("it is abcdefgh9999 here"), "abcdefgh9999")
	vault.Learn("application-secret", "abcdefgh10000")
	require.True(t, vault.Full())
	require.Equal(t, scrub.TooMany, vault.Redact("it is abcdefgh10000 here"))
}

// A path may have parts in base64; of one that goes on and on the first are looked at.
func TestHowManyPartsOfARunAreDecoded(t *testing.T) {
	const id = "b7a3c1de-0f00-4000-8000-00000000000a"
	encoded := base64.RawURLEncoding.EncodeToString([]byte(`{"id":"` + id + `"}`))
	for before, replaced := range map[int]bool{0: true, 1: true, 63: true, 64: false, 5000: false} {
		w := scrub.NewRewriter(scrub.Rules{}, scrub.NewVault(nil))
		now := answer(w, `{"note":"`+strings.Repeat("aa/", before)+encoded+`/bb"}`)
		require.Equal(t, replaced, !strings.Contains(now, encoded), before)
	}
	nested := strings.Repeat("hello world ", 3000)
	for range 9 {
		nested = base64.StdEncoding.EncodeToString([]byte(nested))
	}
	w := scrub.NewRewriter(scrub.Rules{}, scrub.NewVault(nil))
	require.Contains(t, answer(w, `{"note":"`+nested+`"}`), nested, "each layer is taken off once, and not once for each encoding")
}
