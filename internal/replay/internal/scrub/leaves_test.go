package scrub_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
)

// TestEveryValueOfAMessageIsSeen lists what is looked at: what is not seen cannot be found.
func TestEveryValueOfAMessageIsSeen(t *testing.T) {
	address, err := url.Parse("https://auth.pingone.eu/e/as/authorize?client_id=c&login_hint_token=" + unsigned(`{"sub":"anna"}`))
	require.NoError(t, err)
	basic := func(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }
	for _, row := range []struct {
		name    string
		message scrub.Message
		leaf    scrub.Leaf
	}{
		{"the host", scrub.Message{Request: true, URL: address}, scrub.Leaf{Where: "host", Name: "host", Value: "https://auth.pingone.eu"}},
		{"the path", scrub.Message{Request: true, URL: address}, scrub.Leaf{Where: "path", Name: "path", Value: "/e/as/authorize"}},
		{"a parameter", scrub.Message{Request: true, URL: address}, scrub.Leaf{Where: "query, client_id", Name: "client_id", Value: "c"}},
		{"a claim in a parameter", scrub.Message{Request: true, URL: address}, scrub.Leaf{Where: "query, login_hint_token, JWT payload member sub", Name: "sub", Value: "anna"}},
		{"a claim in the header of a JWT", scrub.Message{Request: true, URL: address}, scrub.Leaf{Where: "query, login_hint_token, JWT header member alg", Name: "alg", Value: "none"}},
		{"a member of a form", scrub.Message{Request: true, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("code=a%20b")},
			scrub.Leaf{Where: "form, code", Kind: "code", Name: "code", Value: "a b"}},
		{"a cookie", scrub.Message{Request: true, Header: http.Header{"Cookie": {`ST=one; ST-NO-SS="two"`}}}, scrub.Leaf{Where: "header Cookie ST-NO-SS", Kind: "cookie", Name: "ST-NO-SS", Value: "two"}},
		{"what is said of a cookie", scrub.Message{Header: http.Header{"Set-Cookie": {"ST=one; Domain=kontoso.de"}}}, scrub.Leaf{Where: "header Set-Cookie", Name: "Set-Cookie", Value: " Domain=kontoso.de"}},
		{"the user of Basic credentials", scrub.Message{Request: true, Header: http.Header{"Authorization": {basic("me:it")}}},
			scrub.Leaf{Where: "header Authorization, user", Name: "client_id", Value: "me"}},
		{"the password of Basic credentials", scrub.Message{Request: true, Header: http.Header{"Authorization": {basic("me:it")}}},
			scrub.Leaf{Where: "header Authorization, password", Kind: "client-secret", Name: "client_secret", Value: "it"}},
		{"Basic credentials that are none", scrub.Message{Request: true, Header: http.Header{"Authorization": {"Basic !"}}},
			scrub.Leaf{Where: "header Authorization", Kind: "client-secret", Name: "Authorization", Value: "!"}},
		{"a bearer", scrub.Message{Request: true, Header: http.Header{"Authorization": {"Bearer it"}}},
			scrub.Leaf{Where: "header Authorization", Kind: "access-token", Name: "Authorization", Value: "it"}},
		{"a member's name", scrub.Message{Body: []byte(`{"erika":1}`)}, scrub.Leaf{Where: "body, a member's name", Value: "erika"}},
		{"a number", scrub.Message{Body: []byte(`{"a":{"otp":482913}}`)}, scrub.Leaf{Where: "body member a.otp", Kind: "otp", Name: "otp", Value: "482913"}},
		{"the code of an authorization", scrub.Message{Body: []byte(`{"authorizeResponse":{"code":"it"}}`)}, scrub.Leaf{Where: "body member authorizeResponse.code", Kind: "code", Name: "code", Value: "it"}},
		{"the code of a refusal", scrub.Message{Body: []byte(`{"code":"NOT_FOUND"}`)}, scrub.Leaf{Where: "body member code", Name: "code", Value: "NOT_FOUND"}},
		{"a password that is set", scrub.Message{Request: true, Header: http.Header{"Content-Type": {"application/vnd.pingidentity.password.set+json"}}, Body: []byte(`{"value":"it"}`)},
			scrub.Leaf{Where: "body member value", Kind: "password", Name: "value", Value: "it"}},
		{"a value that is none", scrub.Message{Request: true, Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte(`{"value":"it"}`)},
			scrub.Leaf{Where: "body member value", Name: "value", Value: "it"}},
		{"a query before a fragment", scrub.Message{Header: http.Header{"Location": {"https://x.example.com/?state=s#code=c"}}}, scrub.Leaf{Where: "header Location, state", Name: "state", Value: "s"}},
		{"a code in a fragment", scrub.Message{Header: http.Header{"Location": {"https://x.example.com/?state=s#code=c"}}}, scrub.Leaf{Where: "header Location, code", Kind: "code", Name: "code", Value: "c"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var leaves []scrub.Leaf
			scrub.Leaves(row.message, func(l scrub.Leaf) { leaves = append(leaves, l) })
			require.Contains(t, leaves, row.leaf)
		})
	}
	var leaves []scrub.Leaf
	scrub.Leaves(scrub.Message{URL: address}, func(l scrub.Leaf) { leaves = append(leaves, l) })
	require.Empty(t, leaves, "an answer's address is the request's")
}
