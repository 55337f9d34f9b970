package contract

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// A resource's own tokens have no fixed lifetime, but they have one.
func TestATokenOfAResourceEndsAfterItBegan(t *testing.T) {
	for _, row := range []struct {
		what     string
		lifetime int
		broken   bool
	}{{"a minute", 60, false}, {"a second", 1, false}, {"no time at all", 0, true}, {"less than none", -60, true}} {
		t.Run(row.what, func(t *testing.T) {
			checker, answer := signedOn(t), goodTokens()
			answer.id["nonce"] = "a-nonce"
			answer.access["aud"], answer.answer["expires_in"] = "https://orders.example.com", row.lifetime
			answer.access["exp"] = answer.access["iat"].(int) + row.lifetime
			found := checker.Check(answer.exchange(t)).Violations
			require.Equal(t, row.broken, slices.ContainsFunc(found, func(f Finding) bool {
				return f.Rule == ruleTimes && f.Where == "/access_token/claims/exp" && f.Want == "after iat 1768467600"
			}), found)
		})
	}
}

// An access token is a secret from the moment that it is handed out.
func TestAnAccessTokenIsInNoOtherAnswer(t *testing.T) {
	checker, good := signedOn(t), goodTokens()
	good.id["nonce"] = "a-nonce"
	tokens := good.exchange(t)
	require.NoError(t, checker.Check(tokens).Err())
	require.NoError(t, checker.Check(keySet(t)).Err())
	var answer map[string]string
	_ = json.Unmarshal(tokens.Body, &answer) // expires_in is no text
	token := answer["access_token"]
	require.NotEmpty(t, token)
	for name, ex := range map[string]*client.Exchange{
		"a resource": readExample(t, "create-population").exchange(t), "a refusal": readExample(t, "error-not-found").exchange(t),
	} {
		require.NoError(t, NewChecker().Check(ex).Err())
		ex.Body = []byte(strings.Replace(string(ex.Body), "{", `{"note":"`+token+`",`, 1))
		err := checker.Check(ex).Err()
		require.ErrorContains(t, err, "an answer without the access token", name)
		require.NotContains(t, err.Error(), token)
	}
	redirect := readExample(t, "authorize").exchange(t)
	redirect.Header.Set("Location", redirect.Header.Get("Location")+"&hint="+token)
	require.ErrorContains(t, checker.Check(redirect).Err(), "an answer without the access token")
}

// Each claim is compared with all that is known of it: where one witness is missing, another speaks.
func TestOneWitnessIsEnough(t *testing.T) {
	const stranger = "b9000000-0000-4000-8000-000000000009"
	for _, row := range []struct {
		what  string
		by    func(*Checker, *tokenAnswer)
		where string // "" for tokens that keep the contract
	}{
		{"an ID token of another than the access token", func(c *Checker, a *tokenAnswer) { clear(c.memory.codes); a.id["sub"] = stranger }, "/id_token/claims/sub"},
		{"an ID token of another than the flow", func(_ *Checker, a *tokenAnswer) { a.access = nil; a.id["sub"], a.id["at_hash"] = stranger, "x" }, "/id_token/claims/sub"},
		{"an ID token for somebody else as well", func(_ *Checker, a *tokenAnswer) { a.id["aud"] = []string{stranger, applicationID} }, "/id_token/claims/aud"},
		{"an ID token that tells the password", func(c *Checker, a *tokenAnswer) {
			c.memory.keepSecret("a password for examples", "password", "")
			a.id["hint"] = []string{"it is: a password for examples"}
		}, "/id_token/claims/hint/0"},
		{"a lifetime that is not that of a resource's token", func(_ *Checker, a *tokenAnswer) {
			a.access["aud"], a.answer["expires_in"] = "https://orders.example.com", 60
		}, "/expires_in"},
		{"the lifetime of a resource's token", func(_ *Checker, a *tokenAnswer) {
			a.access["aud"], a.answer["expires_in"], a.access["exp"] = "https://orders.example.com", 60, 1768467660
		}, ""},
		{"a nonce that nobody asked for", func(c *Checker, _ *tokenAnswer) { delete(c.memory.codes[aCode].asked, "nonce") }, "/id_token/claims/nonce"},
		{"a nonce that nobody saw asked for", func(c *Checker, _ *tokenAnswer) { c.memory.codes[aCode].asked = nil }, ""},
		{"scopes in the answer alone", func(_ *Checker, a *tokenAnswer) { delete(a.access, "scope") }, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, answer := signedOn(t), goodTokens()
			answer.id["nonce"] = "a-nonce"
			row.by(checker, answer)
			err := checker.Check(answer.exchange(t)).Err()
			if row.where == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.where)
		})
	}
}

// A token that cannot be taken apart says so, and nothing is said of claims that nobody has seen.
func TestATokenThatIsNoneHasNoClaims(t *testing.T) {
	for _, name := range []string{"access", "id"} {
		answer := goodTokens()
		answer.id["nonce"], answer.id["at_hash"] = "a-nonce", "AAAAAAAAAAAAAAAAAAAAAA"
		if name == "access" {
			answer.access, answer.answer["access_token"] = nil, "YQ.Yg.Yw"
		} else {
			answer.id, answer.answer["id_token"] = nil, "YQ.Yg.Yw"
		}
		found := signedOn(t).Check(answer.exchange(t)).Violations
		require.True(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Where == "/"+name+"_token" && f.Want == "a signed JWT" }), found)
		require.False(t, slices.ContainsFunc(found, func(f Finding) bool {
			return strings.HasPrefix(f.Where, "/"+name+"_token/") || strings.HasPrefix(f.Where, "//")
		}), found)
	}
}

func TestATokenWithoutAnEndIsNotCalledDead(t *testing.T) {
	for _, claim := range []string{"exp", "iat"} {
		answer := goodTokens()
		answer.id["nonce"] = "a-nonce"
		delete(answer.access, claim)
		for _, f := range signedOn(t).Check(answer.exchange(t)).Violations {
			require.NotEqual(t, ruleTimes, f.Rule)
			require.NotEqual(t, ruleToken, f.Rule, "%v", f)
		}
	}
}

// Which tokens are held against which keys: those of their own issuer, now or as soon as they are seen.
func TestWhoseKeyVerifiesAToken(t *testing.T) {
	broken := func(c *Checker, ex *client.Exchange) string { return strings.Join(where(c.Check(ex).Violations), " ") }
	tokens := func(by func(*tokenAnswer)) *client.Exchange {
		answer := goodTokens()
		answer.id["nonce"] = "a-nonce"
		if by != nil {
			by(answer)
		}
		return answer.exchange(t)
	}
	otherKey := func(a *tokenAnswer) { a.header["kid"] = "key-2" }
	checker := signedOn(t)
	require.Empty(t, broken(checker, tokens(otherKey)), "no key was seen yet")
	require.Len(t, checker.memory.unverified, 2)
	require.Equal(t, "/keys /keys", broken(checker, keySet(t)))
	require.Empty(t, checker.memory.unverified)
	require.Empty(t, broken(checker, keySet(t)), "what was held once is held no more")

	checker = signedOn(t)
	elsewhere := keySet(t)
	elsewhere.Request.URL.Host = "auth.pingone.eu"
	require.Empty(t, broken(checker, elsewhere))
	require.Empty(t, broken(checker, tokens(otherKey)), "another issuer's keys say nothing of it")
	require.Equal(t, "/keys /keys", broken(checker, keySet(t)))

	checker = signedOn(t)
	require.Empty(t, broken(checker, keySet(t)))
	require.Equal(t, "/access_token /id_token", broken(checker, tokens(otherKey)))
}

// A worker's token belongs to no sign-on, whatever else the scenario has seen.
func TestAWorkersTokenBelongsToNoSignOn(t *testing.T) {
	worker := goodTokens()
	worker.id = nil
	for _, name := range []string{"sub", "sid", "acr", "auth_time", "scope"} {
		delete(worker.access, name)
	}
	delete(worker.answer, "scope")
	ex := worker.exchange(t)
	ex.Request.Body = []byte("grant_type=client_credentials")
	require.NoError(t, signedOn(t).Check(ex).Err())
}

// Clocks may be a minute apart, and a scope too many is one fault.
func TestHowFarTokensMayGo(t *testing.T) {
	for _, row := range []struct {
		what   string
		by     func(*tokenAnswer)
		broken string
	}{
		{"a sign-on a minute after the token", func(a *tokenAnswer) { a.id["auth_time"] = 1768467660 }, ""},
		{"a sign-on later than that", func(a *tokenAnswer) { a.id["auth_time"] = 1768467661 }, "/id_token/claims/auth_time"},
		{"no time of the sign-on", func(a *tokenAnswer) { delete(a.id, "auth_time") }, ""},
		{"two scopes too many", func(a *tokenAnswer) {
			a.answer["scope"], a.access["scope"] = "openid email phone", "openid email phone"
		}, "/scope"},
		{"an ID token that ends at a time in milliseconds", func(a *tokenAnswer) { a.id["exp"] = 1768471200000 }, "/id_token/claims/exp"},
		{"an ID token without an end", func(a *tokenAnswer) { delete(a.id, "exp") }, "/id_token/claims/exp"},
		{"no environment", func(a *tokenAnswer) { delete(a.id, "env"); delete(a.access, "env") }, ""},
		{"a lifetime in milliseconds", func(a *tokenAnswer) { a.answer["expires_in"] = 3600000 }, "/expires_in /expires_in"},
		{"an access token for PingOne's own API that lives longer", func(a *tokenAnswer) {
			a.access["exp"] = 1768474800
			delete(a.answer, "expires_in")
		}, "/access_token/claims/exp /expires_in"},
	} {
		checker, answer := signedOn(t), goodTokens()
		answer.id["nonce"] = "a-nonce"
		row.by(answer)
		require.Equal(t, row.broken, strings.Join(where(checker.Check(answer.exchange(t)).Violations), " "), row.what)
	}
}

func TestALifetimeInMillisecondsIsCalledOne(t *testing.T) {
	for seconds, got := range map[int]string{3600000: "3600000, which are milliseconds", 3596400: "3596400"} {
		checker, answer := signedOn(t), goodTokens()
		answer.id["nonce"], answer.answer["expires_in"] = "a-nonce", seconds
		found := checker.Check(answer.exchange(t)).Violations
		require.Len(t, found, 2)
		require.Equal(t, []string{"3600, the seconds from iat to exp", got}, []string{found[0].Want, found[0].Got})
	}
}
