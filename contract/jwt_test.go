package contract

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsNoSignedToken(t *testing.T) {
	encode := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
	header, payload := encode(`{"alg":"RS256"}`), encode(`{"sub":"x"}`)
	for what, compact := range map[string]string{
		"two parts": header + "." + payload, "four parts": header + "." + payload + ".YQ.YQ", "nothing": "", "a word": "opaque",
		"a header that is not encoded": "!." + payload + ".YQ", "claims that are not encoded": header + ".!.YQ", "a signature that is not encoded": header + "." + payload + ".!",
		"a header that is a list": encode(`[]`) + "." + payload + ".YQ", "claims that are none": header + "." + encode(`null`) + ".YQ", "claims that are a number": header + "." + encode(`7`) + ".YQ",
		"claims that break off": header + "." + encode(`{"sub":`) + ".YQ", "claims with a name twice": header + "." + encode(`{"sub":"x","sub":"y"}`) + ".YQ", "a header that breaks off": encode(`{"alg"`) + "." + payload + ".YQ",
	} {
		_, err := parseJWT(compact)
		require.Error(t, err, what)
	}
	token, err := parseJWT(header + "." + payload + ".YQ")
	require.NoError(t, err)
	require.Equal(t, "x", text(token.claims, "sub"))
	require.Equal(t, "RS256", text(token.header, "alg"))
	require.Equal(t, header+"."+payload, token.signed)
	require.Equal(t, []byte("a"), token.signature)
}

// Whoever can work out a private key signs whatever is wanted.
func TestWhichKeysAreGoodEnough(t *testing.T) {
	number := func(bytes ...byte) string { return base64.RawURLEncoding.EncodeToString(bytes) }
	large, small := number(slices.Repeat([]byte{0xff}, 256)...), number(slices.Repeat([]byte{0xff}, 255)...)
	for _, row := range []struct {
		what, n, e string
		good       bool
	}{
		{"the usual exponent", large, "AQAB", true},
		{"the least exponent", large, number(3), true},
		{"the greatest exponent", large, number(0x7f, 0xff, 0xff, 0xff), true},
		{"an exponent that leaves the text as it is", large, number(1), false},
		{"an even smaller one", large, number(2), false},
		{"none", large, "", false},
		{"one too large", large, number(0x80, 0, 0, 0), false},
		{"one that no machine counts to", large, number(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), false},
		{"one that is not encoded", large, "!", false},
		{"a small modulus", small, "AQAB", false},
		{"a modulus that is not encoded", "!", "AQAB", false},
	} {
		_, err := key(claims{"n": row.n, "e": row.e})
		require.Equal(t, row.good, err == nil, row.what)
		if row.what == "a small modulus" {
			require.ErrorContains(t, err, "2040 bits")
		}
	}
	sum := sha256.Sum256([]byte("a token"))
	require.Equal(t, base64.RawURLEncoding.EncodeToString(sum[:16]), halfHash("a token"))
}

func TestARedirectLeadsToAnAddress(t *testing.T) {
	for _, location := range []string{"", "/signon/?flowId=1", "//apps.pingone.com/x", "https:///x", "https://%zz", "mailto:anna@example.com"} {
		ex := readExample(t, "authorize").exchange(t)
		ex.Header.Set("Location", location)
		found := NewChecker().Check(ex).Violations
		require.Len(t, found, 1, location)
		require.Equal(t, ruleRedirect, found[0].Rule)
		require.Equal(t, "an absolute address", found[0].Want)
	}
	elsewhere := readExample(t, "create-population").exchange(t)
	elsewhere.Status = 302
	elsewhere.Header.Set("Location", "https://evil.example.com/")
	found := NewChecker().Check(elsewhere).Violations
	require.NotEmpty(t, found)
	require.False(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == ruleRedirect }), "a call that never redirects: %v", found)
}

// What an application asked for comes back with the answer, also when it is refused at once.
func TestARefusalGoesBackAsItWasAskedFor(t *testing.T) {
	for _, row := range []struct{ what, location, want string }{
		{"as asked for", "https://shop.example.com/callback?error=access_denied&state=a%20state", ""},
		{"another state", "https://shop.example.com/callback?error=access_denied&state=another", `state "a state"`},
		{"no state", "https://shop.example.com/callback?error=access_denied", `state "a state"`},
		{"with a code too", "https://shop.example.com/callback?error=access_denied&code=c&state=a%20state", "either a code or an error"},
		{"with a token", "https://shop.example.com/callback?error=access_denied&state=a%20state&access_token=t", "no access_token: the response type asked for is code"},
		{"to somebody else", "https://evil.example.com/callback?error=access_denied&state=a%20state", "one of the registered redirect URIs"},
	} {
		checker := NewChecker()
		require.NoError(t, checker.Check(readExample(t, "create-application").exchange(t)).Err())
		ex := readExample(t, "authorize").exchange(t)
		ex.Header.Set("Location", row.location)
		found := checker.Check(ex).Violations
		if row.want == "" {
			require.Empty(t, found, row.what)
			continue
		}
		require.True(t, slices.ContainsFunc(found, func(f Finding) bool { return strings.HasPrefix(f.Want, row.want) }), "%s: %v", row.what, found)
	}
}

// A management call that succeeds without a bearer token should have been refused.
func TestWhoBringsNoBearerTokenIsRefused(t *testing.T) {
	for header, accepted := range map[string]bool{"Bearer worker.access.token": true, "bearer worker.access.token": true, "Basic worker.access.token": false, "Bearer": false, "Bearer ": false, "": false} {
		ex := readExample(t, "create-population").exchange(t)
		ex.Request.Header.Set("Authorization", header)
		err := NewChecker().Check(ex).Err()
		if accepted {
			require.NoError(t, err, header)
			continue
		}
		require.ErrorContains(t, err, "the call carries no bearer token", header)
	}
}
