package suite

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/contract"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

const (
	liveEnv    = "aaaaaaaa-1111-4111-8111-aaaaaaaaaaaa"
	liveWorker = "bbbbbbbb-2222-4222-8222-bbbbbbbbbbbb"
	liveClient = "cccccccc-3333-4333-8333-cccccccccccc"
	liveSecret = "kJ8~live.secret&of=the+tenant"
	otherThing = "DDDDDDDD-4444-4444-8444-DDDDDDDDDDDD"
	livePhone  = "+12125550188"
	liveEmail  = "someone@kontoso.de"
	token      = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl"
)

// liveValues are what no report shows, in each form in which it may stand in one.
func liveValues() []string {
	return []string{
		liveEnv, liveWorker, liveClient, liveSecret, url.QueryEscape(liveSecret), otherThing, livePhone, livePhone[1:], liveEmail, url.QueryEscape(liveEmail),
		"foreign-secret", "proves-who-began", token,
		base64.StdEncoding.EncodeToString([]byte(liveClient + ":" + liveSecret)),
	}
}

func TestWhatStandsForTheValuesOfAConfiguration(t *testing.T) {
	in := replay.Replayed()
	place := &Place{
		EnvironmentID: liveEnv, WorkerEnvironmentID: liveWorker, ClientID: liveClient, ClientSecret: liveSecret,
		Phone: livePhone, Email: liveEmail, Foreign: &Foreign{ClientSecret: "foreign-secret"},
	}
	for _, row := range []struct{ what, text, shown string }{
		{"nothing to hide", "answered 400", "answered 400"},
		{"nothing at all", "", ""},
		{"the environment", "/v1/environments/" + liveEnv, "/v1/environments/" + in.EnvironmentID},
		{"the worker's", liveWorker, in.WorkerEnvironmentID},
		{"the client", "client_id=" + liveClient, "client_id=" + in.ClientID},
		{"the client, in capitals", "CCCCCCCC-3333-4333-8333-CCCCCCCCCCCC", in.ClientID},
		{"the secret", "it is " + liveSecret, "it is " + in.ClientSecret},
		{"the secret in a form", "client_secret=" + url.QueryEscape(liveSecret), "client_secret=" + in.ClientSecret},
		{"another's secret", "foreign-secret", in.ClientSecret},
		{"the number", "to " + livePhone, "to " + in.Phone},
		{"the number without its sign", "to " + livePhone[1:], "to " + in.Phone[1:]},
		{"the address", liveEmail, in.Email},
		{"the address in a form", "email=" + url.QueryEscape(liveEmail), "email=" + url.QueryEscape(in.Email)},
		{"a verifier", "code_verifier=proves-who-began&x=y", "code_verifier=stand-in-verifier&x=y"},
		{"other ids, each the same wherever it stands", otherThing + " eeeeeeee-5555-4555-8555-eeeeeeeeeeee dddddddd-4444-4444-8444-dddddddddddd",
			"00000000-0000-4000-8000-000000000001 00000000-0000-4000-8000-000000000002 00000000-0000-4000-8000-000000000001"},
	} {
		require.Equal(t, row.shown, hideIDs(row.text, place.known()), row.what)
	}
	require.Equal(t, "answered 400", hideIDs("answered 400", (&Place{}).known()), "where nothing is configured")
}

func TestWhyARunDidNotBeginNamesNoValue(t *testing.T) {
	o := Options{Config: config.Config{
		Mode: config.Live, TargetEnvironmentID: liveEnv, EnvironmentID: liveWorker, ClientID: liveClient, ClientSecret: liveSecret, Phone: livePhone, Email: liveEmail,
	}}
	in := replay.Replayed()
	cause := errors.New("no place: " + liveEnv + " " + liveWorker + " " + liveClient + " " + liveSecret + " " + livePhone + " " + liveEmail)
	run := NewRecorder("v").Results(o, cause)
	require.Equal(t, "no place: "+in.EnvironmentID+" "+in.WorkerEnvironmentID+" "+in.ClientID+" "+in.ClientSecret+" "+in.Phone+" "+in.Email, run.Why)
}

func TestATokenIsNoTextToRead(t *testing.T) {
	for text, shown := range map[string]string{
		token:                            "stand-in-token",
		"Bearer " + token + ", and more": "Bearer stand-in-token, and more",
		token + " " + token:              "stand-in-token stand-in-token",
		`{"t":"` + token + `"}`:          `{"t":"stand-in-token"}`,
		"eyJhbGciOiJub25lIn0.e30.":       "stand-in-token",
		"eyJhbGciOi-_09AZaz.A.z":         "stand-in-token",
		"eyJ is how they begin":          "eyJ is how they begin",
		"eyJa.b":                         "eyJa.b",
		"eyJa.b.c.d":                     "eyJa.b.c.d",
		"no token":                       "no token",
	} {
		require.Equal(t, shown, hideTokens(text), text)
	}
	for _, end := range "/:@[`{ \"~" { // the neighbours of letters and digits are none
		require.Equal(t, "stand-in-token"+string(end), hideTokens("eyJ0a9AzZ.Z-_.9z"+string(end)), string(end))
	}
}

// headersShown are the headers of a report, before anything is hidden.
func headersShown(h http.Header) []har.Pair {
	ex := &client.Exchange{Request: client.Request{URL: &url.URL{}, Header: h}}
	return new(workspace).exchangesOf([]callRecord{{exchange: ex}})[0].RequestHeaders
}

// Credentials are encoded, so that nothing would be found in them; only stand-ins are encoded again.
func TestWhatAHeaderShowsOfCredentials(t *testing.T) {
	encode := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, row := range []struct{ name, header, value, shown string }{
		{"a secret", "Authorization", encode("me:" + liveSecret), encode("me:stand-in-secret")},
		{"a secret that is a stand-in", "Authorization", encode("me:stand-in-client-secret-1"), encode("me:stand-in-client-secret-1")},
		{"a stand-in in capitals", "Authorization", encode("me:Stand-In-password-1!"), encode("me:Stand-In-password-1!")},
		{"no secret", "Authorization", encode("me:"), encode("me:")},
		{"no pair", "Authorization", "Basic ~~~", encode("(not decodable):")},
		{"a token", "Authorization", "Bearer " + token, "Bearer stand-in-token"},
		{"a token that is a stand-in", "Authorization", "Bearer stand-in-access-token-1", "Bearer stand-in-access-token-1"},
		{"no credentials", "Authorization", "Negotiate", "Negotiate"},
		{"another header", "X-Note", encode("me:" + liveSecret), encode("me:" + liveSecret)},
	} {
		pairs := headersShown(http.Header{row.header: {row.value}})
		require.Len(t, pairs, 1)
		hideCredentials(&pairs[0])
		require.Equal(t, har.Pair{Name: row.header, Value: row.shown}, pairs[0], row.name)
	}
}

// Whatever part of a report a value stands in, it is not shown; a correlation id is, for the vendor's support.
func TestNoPartOfAReportShowsALiveValue(t *testing.T) {
	s := begun(t, newManagement(t))
	s.place.EnvironmentID, s.place.WorkerEnvironmentID, s.place.ClientID, s.place.ClientSecret = liveEnv, liveWorker, liveClient, liveSecret
	s.place.Phone, s.place.Email, s.place.Foreign = livePhone, liveEmail, &Foreign{ClientSecret: "foreign-secret"}
	all := "code_verifier=proves-who-began "
	for _, value := range liveValues()[:len(liveValues())-3] {
		all += value + " "
	}
	all += token
	finding := func() []results.Finding {
		return findingsOf([]contract.Finding{{Rule: "a rule", Want: all, Got: all}})
	}
	call := func() []results.Call { return []results.Call{{Broken: finding(), Observed: finding()}} }
	scenario := &results.Scenario{
		Steps:    []results.Step{{Error: all, Calls: call()}},
		TearDown: call(),
		Failure:  &results.Failure{Cause: all, Text: all, Want: all, Got: all, Words: all},
	}
	correlation := "ffffffff-6666-4666-8666-ffffffffffff"
	exchanges := []har.Exchange{{
		URL: "https://auth.pingone.eu/" + liveEnv + "?" + all, Sent: all, Body: all,
		RequestHeaders:  headersShown(http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(liveClient+":"+liveSecret))}, "Cookie": {all}}),
		ResponseHeaders: headersShown(http.Header{"Correlation-Id": {correlation}, "Location": {all}}),
	}}
	show(scenario, exchanges, s)
	var written strings.Builder
	encoder := json.NewEncoder(&written)
	encoder.SetEscapeHTML(false)
	require.NoError(t, encoder.Encode([]any{scenario, exchanges}))
	text := written.String()
	for _, value := range liveValues() {
		require.NotContains(t, text, value)
	}
	require.NotContains(t, text, "(not shown)")
	require.Contains(t, text, correlation)
	require.Contains(t, text, base64.StdEncoding.EncodeToString([]byte(replay.Replayed().ClientID+":"+replay.Replayed().ClientSecret)))
}
