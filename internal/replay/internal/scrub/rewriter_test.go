package scrub_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
	"pingone-conformance/internal/replay/jsontree"
)

const (
	liveID  = "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"
	firstID = "00000000-0000-4000-8000-000000000001"
)

func TestWhatIsEncodedInATextIsReplacedToo(t *testing.T) {
	standIn := scrub.StandIn("client-secret", 1, "")
	for _, row := range []struct{ name, live, fixture string }{
		{"in a fragment", "https://shop.example.com/cb#access_token=" + liveSecret + "&x=y", "https://shop.example.com/cb#access_token=" + standIn + "&x=y"},
		{"in a fragment after a query", "https://shop.example.com/cb?x=" + liveID + "#y=" + liveID, "https://shop.example.com/cb?x=" + firstID + "#y=" + firstID},
		{"a parameter without a value", "https://x.example.com/?" + liveID + "&y", "https://x.example.com/?" + firstID + "&y"},
		{"the name of a parameter", "https://x.example.com/?" + liveID + "=y", "https://x.example.com/?" + firstID + "=y"},
		{"a parameter that is not encoded well", "https://x.example.com/?x=" + liveID + "%zz", "https://x.example.com/?x=" + firstID + "%zz"},
		{"percent-encoded words", "see %2Fusers%2F" + liveID + " now", "see %2Fusers%2F" + firstID + " now"},
		{"an address that is percent-encoded in words", "see ann%40corp.io now", "see person-1%40example.com now"},
		{"percent-encoded words that hold nothing", "see a%20b now", "see a%20b now"},
		{"the id of a request that is no UUID", "Try again. (Correlation ID: QZ.7)", "Try again. (Correlation ID: " + firstID + ")"},
		{"the same twice", "(Correlation ID: QZ.7) (Correlation ID: QZ.7)", "(Correlation ID: " + firstID + ") (Correlation ID: " + firstID + ")"},
		{"the id of a request that is one", "(Correlation ID: " + liveID + ") (Correlation ID: QZ.7)", "(Correlation ID: " + firstID + ") (Correlation ID: 00000000-0000-4000-8000-000000000002)"},
		{"a percent sign in words", "100%25 of it, 50%41%zz", "100%25 of it, 50%41%zz"},
		{"lines in base64", base64.StdEncoding.EncodeToString([]byte("a\tb\r\n" + liveID)), base64.StdEncoding.EncodeToString([]byte("a\tb\r\n" + firstID))},
		{"base64 of bytes that are no text", base64.StdEncoding.EncodeToString([]byte("\x01\x02\x03\x04\x05\x06" + liveID)), base64.StdEncoding.EncodeToString([]byte("\x01\x02\x03\x04\x05\x06" + liveID))},
		{"base64 of bytes that are no UTF-8", base64.StdEncoding.EncodeToString([]byte("\xff\xfe " + liveID)), base64.StdEncoding.EncodeToString([]byte("\xff\xfe " + liveID))},
		{"two runs of base64 in a path", "x/" + base64.RawURLEncoding.EncodeToString([]byte("for "+liveID)) + "/" + base64.RawURLEncoding.EncodeToString([]byte("of "+liveID)),
			"x/" + base64.RawURLEncoding.EncodeToString([]byte("for "+firstID)) + "/" + base64.RawURLEncoding.EncodeToString([]byte("of "+firstID))},
		{"the name of a member", `{"` + liveID + `":1}`, `{"` + firstID + `":1}`},
	} {
		t.Run(row.name, func(t *testing.T) { require.Equal(t, row.fixture, answer(rewriter(scrub.Rules{}), row.live)) })
	}
}

// What is known to be secret is replaced however deep it lies; all else to the depth to which texts are decoded.
func TestHowDeepATextIsRewritten(t *testing.T) {
	nested := func(text string, times int) string {
		for range times {
			text = `{"a":` + string(jsontree.Quote(text)) + `}`
		}
		return text
	}
	for times, replaced := range map[int]bool{1: true, 5: true, 6: false, 9: false} {
		mail := "ann@corp.io"
		if replaced {
			mail = "person-1@example.com"
		}
		require.Equal(t, nested("of "+mail, times), answer(rewriter(scrub.Rules{}), nested("of ann@corp.io", times)), times)
		require.Equal(t, nested("of "+scrub.StandIn("client-secret", 1, ""), times), answer(rewriter(scrub.Rules{}), nested("of "+liveSecret, times)), times)
	}
}

func TestHeadersAreRewrittenByTheirParts(t *testing.T) {
	standIn := scrub.StandIn("client-secret", 1, "")
	for _, row := range []struct{ name, live, fixture string }{
		{"Cookie", "ST=" + liveSecret + "; ST-NO-SS=" + liveID + "; odd", "ST=" + standIn + "; ST-NO-SS=" + firstID + "; odd"},
		{"Set-Cookie", "ST=" + liveSecret + "; Domain=auth.pingone.eu; Path=/", "ST=" + standIn + "; Domain=auth.pingone.com; Path=/"},
		{"Set-Cookie", "ST=" + liveSecret, "ST=" + standIn},
		{"Set-Cookie", "odd", "odd"},
		{"Correlation-Id", liveID, firstID},
		{"Location", "https://auth.pingone.eu/x?flowId=" + liveID, "https://auth.pingone.com/x?flowId=" + firstID},
		{"Authorization", "Basic !", "Basic !"},
		{"Authorization", "Bearer " + liveSecret, "Bearer " + standIn},
	} {
		got := rewriter(scrub.Rules{}).Header(http.Header{row.name: {row.live}})
		require.Equal(t, http.Header{row.name: {row.fixture}}, got)
	}
}

func TestBodiesAreRewrittenAsWhatTheyAre(t *testing.T) {
	standIn := scrub.StandIn("client-secret", 1, "")
	form := http.Header{"Content-Type": {"application/x-www-form-urlencoded; charset=UTF-8"}}
	environment := `{"name":"Kontoso","description":"Ours","of":{"name":"Deep"}}`
	keys := `{"keys":[{"kty":"oct","n":"AQAB"}],"n":"AQAB"}`
	rsaKeys := `{"keys":[{"kty":"RSA","n":"AQAB"}]}`
	for _, row := range []struct {
		name, path string
		request    bool
		header     http.Header
		live       string
		fixture    string
	}{
		{"a form", "/x/as/token", true, form, "a=" + url.QueryEscape(liveSecret+"+") + "&b=c%20d", "a=" + url.QueryEscape(standIn+"+") + "&b=c%20d"},
		{"the environment", "/v1/environments/" + liveID, false, nil, environment, `{"name":"Stand-in environment name","description":"Stand-in environment description","of":{"name":"Deep"}}`},
		{"what is asked of the environment", "/v1/environments/" + liveID, true, nil, environment, environment},
		{"something in the environment", "/v1/environments/" + liveID + "/users", false, nil, environment, environment},
		{"keys of another kind", "/x/as/jwks", false, nil, keys, keys},
		{"keys elsewhere", "/v1/keys", false, nil, rsaKeys, rsaKeys},
		{"keys that are sent", "/x/as/jwks", true, nil, rsaKeys, rsaKeys},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := rewriter(scrub.Rules{})
			m := scrub.Message{Request: row.request, URL: &url.URL{Path: row.path}, Header: http.Header{}, Body: []byte(row.live)}
			if row.header != nil {
				m.Header = row.header
			}
			require.Equal(t, row.fixture, w.Body(m))
			require.Equal(t, `{"name":"Kontoso","keys":[{"kty":"RSA","n":"AQAB"}]}`, answer(w, `{"name":"Kontoso","keys":[{"kty":"RSA","n":"AQAB"}]}`), "it ends with the answer")
		})
	}
	w := rewriter(scrub.Rules{})
	replaced := w.Body(scrub.Message{URL: &url.URL{Path: "/x/as/jwks"}, Header: http.Header{}, Body: []byte(`{"keys":[{"kty":"RSA","n":"AQAB","use":"of ` + liveID + `"}],"other":[{"n":"AQAB"}]}`)})
	require.Regexp(t, `^{"keys":\[{"kty":"RSA","n":"[\w-]{342}","use":"of `+firstID+`"}\],"other":\[{"n":"AQAB"}\]}$`, replaced, "a live key is replaced")
	require.Equal(t, rsaKeys, answer(w, rsaKeys), "it ends with the answer")
}

// The hash of a token or a code in an ID token is that of its stand-in.
func TestHashesFollowWhatTheyAreOf(t *testing.T) {
	half := func(value string) string {
		sum := sha256.Sum256([]byte(value))
		return base64.RawURLEncoding.EncodeToString(sum[:16])
	}
	token := unsigned(`{"sub":"` + liveID + `"}`)
	issued := scrub.Message{URL: &url.URL{Path: "/x"}, Header: http.Header{}, Body: []byte(`{"access_token":"` + token + `","authorizeResponse":{"code":"` + liveID + `"},"note":"others"}`)}
	w := rewriter(scrub.Rules{})
	w.Expect(issued)
	body := answer(w, `{"at_hash":"`+half(token)+`","c_hash":"`+half(liveID)+`","other":"`+half(token)+`"}`)
	require.Equal(t, `{"at_hash":"`+half(answer(w, token))+`","c_hash":"`+half(firstID)+`","other":"`+half(token)+`"}`, body)
	unknown := `{"at_hash":"` + half("others") + `"}`
	require.Equal(t, unknown, answer(w, unknown))
	require.Equal(t, `{"at_hash":"`+half(scrub.StandIn("client-secret", 1, ""))+`"}`, answer(w, `{"at_hash":"`+half(liveSecret)+`"}`), "of what was known before")
}
