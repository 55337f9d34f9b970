package scrub_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
	"pingone-conformance/internal/replay/jsontree"
)

func basic(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }

// TestEveryValueOfAMessageIsSeen lists what is looked at: what is not seen cannot be found.
func TestEveryValueOfAMessageIsSeen(t *testing.T) {
	address, err := url.Parse("https://auth.pingone.eu/e/as/authorize?client_id=c&login_hint_token=" + unsigned(`{"sub":"anna"}`))
	require.NoError(t, err)
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
		{"a parameter whose name is encoded", scrub.Message{Request: true, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("c%6Fde=it")},
			scrub.Leaf{Where: "form, code", Kind: "code", Name: "code", Value: "it"}},
		{"a password in a form", scrub.Message{Request: true, Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("password=it")},
			scrub.Leaf{Where: "form, password", Kind: "password", Name: "password", Value: "it"}},
		{"the value of an answer", scrub.Message{Header: http.Header{"Content-Type": {"application/vnd.pingidentity.password.set+json"}}, Body: []byte(`{"value":"it"}`)},
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

// What stands in one place is one value, and what it holds is seen at its own place alone.
func TestNoValueIsSeenTwice(t *testing.T) {
	for _, row := range []struct {
		header, value string
		places        []string
	}{
		{"Authorization", "Bearer it", []string{"header Authorization"}},
		{"Authorization", "Basic !", []string{"header Authorization"}},
		{"Authorization", basic("me:it"), []string{"header Authorization, user", "header Authorization, password"}},
		{"Location", "https://x.example.com/#part", []string{"header Location"}},
		{"Location", `{"a":"?b=c"}`, []string{"header Location", "header Location, a member's name", "header Location member a", "header Location member a, b"}},
		{"Location", unsigned(`{}`), []string{"header Location", "header Location, JWT header, a member's name", "header Location, JWT header member alg"}},
	} {
		var places []string
		scrub.Leaves(scrub.Message{Request: true, Header: http.Header{row.header: {row.value}}}, func(l scrub.Leaf) { places = append(places, l.Where) })
		require.Equal(t, row.places, places, row.value)
	}
}

// A value is decoded six times, wherever it stands and whatever it is nested in: that is deeper than PingOne goes.
func TestHowDeepAValueIsDecoded(t *testing.T) {
	quoted := func(inner string) string { return `{"a":` + string(jsontree.Quote(inner)) + `}` }
	nestings := map[string]func(inner string) string{
		"JSON":      quoted,
		"JWTs":      func(inner string) string { return unsigned(quoted(inner)) },
		"queries":   func(inner string) string { return "https://x.example.com/?a=" + url.QueryEscape(inner) },
		"fragments": func(inner string) string { return "https://x.example.com/#a=" + url.QueryEscape(inner) },
		"JWT headers": func(inner string) string {
			encode := base64.RawURLEncoding.EncodeToString
			return encode([]byte(`{"alg":"none","a":`+string(jsontree.Quote(inner))+`}`)) + "." + encode([]byte(`{}`)) + "."
		},
	}
	header := func(name string) func(string) scrub.Message {
		return func(value string) scrub.Message {
			return scrub.Message{Request: true, Header: http.Header{name: {value}}}
		}
	}
	places := map[string]func(value string) scrub.Message{
		"body":         func(value string) scrub.Message { return scrub.Message{Body: []byte(value)} },
		"Location":     header("Location"),
		"Bearer":       func(value string) scrub.Message { return header("Authorization")("Bearer " + value) },
		"user":         func(value string) scrub.Message { return header("Authorization")(basic(url.QueryEscape(value) + ":x")) },
		"password":     func(value string) scrub.Message { return header("Authorization")(basic("x:" + url.QueryEscape(value))) },
		"credentials":  func(value string) scrub.Message { return header("Authorization")("Basic " + value) },
		"Cookie":       func(value string) scrub.Message { return header("Cookie")("ST=" + value) },
		"Set-Cookie":   func(value string) scrub.Message { return header("Set-Cookie")("ST=" + value) },
		"an attribute": func(value string) scrub.Message { return header("Set-Cookie")("ST=x;" + value) },
		"a query": func(value string) scrub.Message {
			return scrub.Message{Request: true, URL: &url.URL{RawQuery: "q=" + url.QueryEscape(value)}}
		},
		"a form": func(value string) scrub.Message {
			return scrub.Message{Header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, Body: []byte("q=" + url.QueryEscape(value))}
		},
	}
	seen := func(m scrub.Message) bool {
		found := false
		scrub.Leaves(m, func(l scrub.Leaf) { found = found || l.Value == "it" })
		return found
	}
	for place, message := range places {
		for nesting, nest := range nestings {
			value := "it"
			for range 6 {
				value = nest(value)
			}
			require.True(t, seen(message(value)), "%s at %s", nesting, place)
			require.False(t, seen(message(nest(value))), "%s at %s", nesting, place)
		}
	}
}
