package contract

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

const (
	issuer         = "https://auth.pingone.com/" + environmentID + "/as"
	applicationID  = "a0000000-0000-4000-8000-000000000001"
	userID         = "b2000000-0000-4000-8000-000000000001"
	organizationID = "ab000000-0000-4000-8000-000000000001"
	aCode          = "031f9202-0000-4000-8000-000000000001"
)

// signingKey is made once for all tests of the package.
var signingKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

type claims = map[string]any

// tokenAnswer is a token answer before it is written down, open to be broken.
type tokenAnswer struct {
	header, access, id claims
	answer             claims
}

func goodTokens() *tokenAnswer {
	return &tokenAnswer{
		header: claims{"alg": "RS256", "kid": "key-1"},
		access: claims{
			"client_id": applicationID, "iss": issuer, "iat": 1768467600, "exp": 1768471200, "aud": []string{"https://api.pingone.com"},
			"scope": "openid", "sub": userID, "sid": "a-session", "env": environmentID, "org": organizationID, "auth_time": 1768467600, "acr": "Example_Policy", "jti": "1",
		},
		id: claims{
			"iss": issuer, "sub": userID, "aud": applicationID, "iat": 1768467600, "exp": 1768471200, "acr": "Example_Policy", "amr": []string{"pwd"},
			"auth_time": 1768467600, "sid": "a-session", "env": environmentID, "org": organizationID,
		},
		answer: claims{"token_type": "Bearer", "expires_in": 3600, "scope": "openid"},
	}
}

func sign(t testing.TB, header, payload claims) string {
	t.Helper()
	k, err := signingKey()
	require.NoError(t, err)
	var parts []string
	for _, part := range []claims{header, payload} {
		text, err := json.Marshal(part)
		require.NoError(t, err)
		parts = append(parts, base64.RawURLEncoding.EncodeToString(text))
	}
	signed := strings.Join(parts, ".")
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, k, crypto.SHA256, digest[:])
	require.NoError(t, err)
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// exchange writes the answer to the token request of the code grant.
func (a *tokenAnswer) exchange(t testing.TB) *client.Exchange {
	t.Helper()
	answer := maps.Clone(a.answer)
	if a.access != nil {
		answer["access_token"] = sign(t, a.header, a.access)
	}
	if a.id != nil {
		if a.id["at_hash"] == nil && a.access != nil {
			a.id["at_hash"] = halfHash(answer["access_token"].(string))
		}
		answer["id_token"] = sign(t, a.header, a.id)
	}
	text, err := json.Marshal(answer)
	require.NoError(t, err)
	e := example{Call: "POST " + issuer + "/token", Form: "grant_type=authorization_code&code=" + aCode + "&redirect_uri=https%3A%2F%2Fshop.example.com%2Fcallback", Status: 200, Answer: text}
	e.Headers = map[string]string{"Content-Type": form, "Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(applicationID+":a-secret~with.the_characters-of-a-real-one"))}
	e.AnswerHeaders = map[string]string{"Content-Type": "application/json", "Cache-Control": "no-store"}
	return e.exchange(t)
}

// keySet is the answer that has the key of sign.
func keySet(t testing.TB) *client.Exchange {
	t.Helper()
	k, err := signingKey()
	require.NoError(t, err)
	n := base64.RawURLEncoding.EncodeToString(k.N.Bytes())
	exponent := base64.RawURLEncoding.EncodeToString(big.NewInt(int64(k.E)).Bytes())
	text, err := json.Marshal(claims{"keys": []claims{{"kty": "RSA", "kid": "key-1", "use": "sig", "n": n, "e": exponent}}})
	require.NoError(t, err)
	e := example{Call: "GET " + issuer + "/jwks", Status: 200, Answer: text, AnswerHeaders: map[string]string{"Content-Type": "application/json"}}
	return e.exchange(t)
}

// Keys that are not understood are ignored; the one that signs has an id of its own, and says nothing against verifying.
func TestTheKeysOfASet(t *testing.T) {
	const other = `"n":"` + "xQ" + `"`
	stranger := strings.Replace(other, "xQ", strings.Repeat("xQ", 171), 1)
	for _, row := range []struct{ what, more, instead, where string }{
		{"another key", `{"kty":"RSA","kid":"key-2","use":"sig","e":"AQAB",` + stranger + `},`, "", ""},
		{"a key that nothing tells from others", `{"kty":"RSA","use":"sig","e":"AQAB",` + stranger + `},`, "", ""},
		{"another key of the same id", `{"kty":"RSA","kid":"key-1","use":"sig","e":"AQAB",` + stranger + `},`, "", "/keys/1/kid"},
		{"a key that verifies and signs", "", `"use":"sig","key_ops":["sign","verify"]`, ""},
		{"a key that only encrypts", "", `"key_ops":["encrypt"]`, "/keys"},
	} {
		ex := keySet(t)
		text := strings.Replace(string(ex.Body), `"keys":[`, `"keys":[`+row.more, 1)
		if row.instead != "" {
			text = strings.Replace(text, `"use":"sig"`, row.instead, 1)
		}
		ex.Body = []byte(text)
		require.Equal(t, row.where, strings.Join(where(NewChecker().Check(ex).Violations), " "), row.what)
	}
}

// signedOn is a checker that has seen a person sign on with scope openid and a nonce, up to the code.
func signedOn(t testing.TB) *Checker {
	t.Helper()
	checker := NewChecker()
	for _, name := range []string{"create-application", "create-user", "create-sms-device", "authorize", "read-flow", "flow-completed", "resume"} {
		ex := readExample(t, name).exchange(t)
		if name == "authorize" {
			ex.Request.URL.RawQuery += "&scope=openid&nonce=a-nonce"
		}
		require.NoError(t, checker.Check(ex).Err(), name)
	}
	return checker
}

func TestGoodTokensKeepTheContract(t *testing.T) {
	for _, first := range []string{"keys before the tokens", "tokens before the keys"} {
		t.Run(first, func(t *testing.T) {
			checker, good := signedOn(t), goodTokens()
			good.id["nonce"] = "a-nonce"
			all := []*client.Exchange{keySet(t), good.exchange(t)}
			if strings.HasPrefix(first, "tokens") {
				all[0], all[1] = all[1], all[0]
			}
			for _, ex := range all {
				report := checker.Check(ex)
				require.NoError(t, report.Err())
			}
		})
	}
}

func TestAMomentOfALifetimeMayHaveGoneBy(t *testing.T) {
	for _, row := range []struct {
		what  string
		by    func(*tokenAnswer)
		where string
		kept  bool
	}{
		{"some seconds less than from iat to exp", func(a *tokenAnswer) { a.answer["expires_in"] = 3597 }, "/expires_in", true},
		{"ten seconds less", func(a *tokenAnswer) { a.answer["expires_in"] = 3590 }, "/expires_in", true},
		{"a second more", func(a *tokenAnswer) { a.answer["expires_in"] = 3601 }, "/expires_in", true},
		{"two seconds more", func(a *tokenAnswer) { a.answer["expires_in"] = 3602 }, "/expires_in", false},
		{"eleven seconds less", func(a *tokenAnswer) { a.answer["expires_in"] = 3589 }, "/expires_in", false},
		{"a token that ends sooner, as its answer says", func(a *tokenAnswer) { a.answer["expires_in"] = 3595; a.access["exp"] = 1768471195 }, "/access_token/claims/exp", true},
		{"an id token that ends sooner", func(a *tokenAnswer) { a.id["exp"] = 1768471195 }, "/id_token/claims/exp", true},
		{"an id token that lives for a day", func(a *tokenAnswer) { a.id["exp"] = 1768554000 }, "/id_token/claims/exp", false},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, answer := signedOn(t), goodTokens()
			answer.id["nonce"] = "a-nonce"
			row.by(answer)
			report := checker.Check(answer.exchange(t))
			found := report.Violations
			if row.kept {
				require.NoError(t, report.Err())
				found = report.Observations
			}
			require.True(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Where == row.where && f.Rule == ruleToken }))
		})
	}
}

func TestBrokenTokensAreNoticed(t *testing.T) {
	for _, row := range []struct {
		breakage string
		by       func(*tokenAnswer)
		where    string
	}{
		{"no access token", func(a *tokenAnswer) { a.access = nil }, "/access_token"},
		{"an access token that is none", func(a *tokenAnswer) { a.access, a.answer["access_token"] = nil, "opaque" }, "/access_token"},
		{"an unknown token type", func(a *tokenAnswer) { a.answer["token_type"] = "MAC" }, "/token_type"},
		{"an error beside the tokens", func(a *tokenAnswer) { a.answer["error"] = "invalid_grant" }, "/error"},
		{"no lifetime", func(a *tokenAnswer) { delete(a.answer, "expires_in") }, "/expires_in"},
		{"a lifetime in milliseconds", func(a *tokenAnswer) { a.answer["expires_in"] = 3600000 }, "/expires_in"},
		{"a lifetime as text", func(a *tokenAnswer) { a.answer["expires_in"] = "3600" }, "/expires_in"},
		{"another lifetime than PingOne's own", func(a *tokenAnswer) { a.answer["expires_in"] = 7200; a.access["exp"] = 1768474800 }, "/expires_in"},
		{"a lifetime that is not the token's", func(a *tokenAnswer) { a.answer["expires_in"] = 7200 }, "/expires_in"},
		{"no scope", func(a *tokenAnswer) { delete(a.answer, "scope"); delete(a.access, "scope") }, "/scope"},
		{"more scopes than were asked for", func(a *tokenAnswer) { a.answer["scope"] = "openid email"; a.access["scope"] = "openid email" }, "/scope"},
		{"no id token for openid", func(a *tokenAnswer) { a.id = nil }, "/id_token"},
		{"a refresh token without its grant", func(a *tokenAnswer) { a.answer["refresh_token"] = "refreshing" }, "/refresh_token"},
		{"another algorithm", func(a *tokenAnswer) { a.header["alg"] = "none" }, "/access_token/header/alg"},
		{"no key id", func(a *tokenAnswer) { delete(a.header, "kid") }, "/access_token/header/kid"},
		{"a key that is not in the set", func(a *tokenAnswer) { a.header["kid"] = "key-2" }, "/access_token"},
		{"another issuer", func(a *tokenAnswer) { a.access["iss"] = "https://auth.pingone.eu/" + environmentID + "/as" }, "/access_token/claims/iss"},
		{"another client", func(a *tokenAnswer) { a.access["client_id"] = userID }, "/access_token/claims/client_id"},
		{"another person", func(a *tokenAnswer) { a.access["sub"], a.id["sub"] = applicationID, applicationID }, "/access_token/claims/sub"},
		{"another environment", func(a *tokenAnswer) { a.access["env"] = userID }, "/access_token/claims/env"},
		{"no audience", func(a *tokenAnswer) { delete(a.access, "aud") }, "/access_token/claims/aud"},
		{"an audience that is a number", func(a *tokenAnswer) { a.access["aud"] = 7 }, "/access_token/claims/aud"},
		{"an id token for a list of others", func(a *tokenAnswer) { a.id["aud"] = []string{userID} }, "/id_token/claims/aud"},
		{"other scopes in the token than in the answer", func(a *tokenAnswer) { a.access["scope"] = "openid openid" }, "/access_token/claims/scope"},
		{"a token that never lives", func(a *tokenAnswer) { a.access["exp"] = a.access["iat"] }, "/access_token/claims/exp"},
		{"a sign-on in the future", func(a *tokenAnswer) { a.id["auth_time"] = 1768471200 }, "/id_token/claims/auth_time"},
		{"an id token for another client", func(a *tokenAnswer) { a.id["aud"] = userID }, "/id_token/claims/aud"},
		{"an id token of another session", func(a *tokenAnswer) { a.id["sid"] = "another" }, "/id_token/claims/sid"},
		{"another nonce", func(a *tokenAnswer) { a.id["nonce"] = "stale" }, "/id_token/claims/nonce"},
		{"no nonce", func(a *tokenAnswer) { delete(a.id, "nonce") }, "/id_token/claims/nonce"},
		{"the hash of another access token", func(a *tokenAnswer) { a.id["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA" }, "/id_token/claims/at_hash"},
	} {
		t.Run(row.breakage, func(t *testing.T) {
			checker, broken := signedOn(t), goodTokens()
			require.NoError(t, checker.Check(keySet(t)).Err())
			broken.id["nonce"] = "a-nonce"
			row.by(broken)
			report := checker.Check(broken.exchange(t))
			require.Error(t, report.Err())
			var places []string
			for _, v := range report.Violations {
				places = append(places, v.Where)
			}
			require.Contains(t, places, row.where)
			require.NotContains(t, report.Err().Error(), "refreshing")
		})
	}
}

func TestASignatureThatDoesNotHoldIsNoticed(t *testing.T) {
	for _, first := range []string{"keys before the tokens", "tokens before the keys"} {
		t.Run(first, func(t *testing.T) {
			checker, good := signedOn(t), goodTokens()
			good.id["nonce"] = "a-nonce"
			ex := good.exchange(t)
			var answer claims
			require.NoError(t, json.Unmarshal(ex.Body, &answer))
			forged := answer["id_token"].(string)
			answer["id_token"] = forged[:len(forged)-8] + strings.Repeat("A", 8)
			text, err := json.Marshal(answer)
			require.NoError(t, err)
			ex.Body = text
			all := []*client.Exchange{keySet(t), ex}
			if strings.HasPrefix(first, "tokens") {
				all[0], all[1] = all[1], all[0]
			}
			require.NoError(t, checker.Check(all[0]).Err())
			require.ErrorContains(t, checker.Check(all[1]).Err(), "does not verify")
		})
	}
}

func TestAKeySetShowsNoPrivateKey(t *testing.T) {
	ex := keySet(t)
	ex.Body = []byte(strings.Replace(string(ex.Body), `"kty"`, `"d":"AQAB","kty"`, 1))
	require.ErrorContains(t, NewChecker().Check(ex).Err(), "/keys/0/d")
}

// Whoever can make the private key of a small one signs whatever is wanted; what is not understood is ignored, and a
// key of more than 16384 bits, with which nobody can verify anything.
func TestAKeySetHasNoSmallKey(t *testing.T) {
	with := func(jwk claims) *client.Exchange {
		ex := keySet(t)
		var set claims
		require.NoError(t, json.Unmarshal(ex.Body, &set))
		text, err := json.Marshal(claims{"keys": append(set["keys"].([]any), jwk)})
		require.NoError(t, err)
		ex.Body = text
		return ex
	}
	small := base64.RawURLEncoding.EncodeToString(slices.Repeat([]byte{0xff}, 128))
	found := NewChecker().Check(with(claims{"kty": "RSA", "kid": "small", "use": "sig", "alg": "RS256", "n": small, "e": "AQAB"})).Violations
	require.True(t, slices.ContainsFunc(found, func(f Finding) bool {
		return f.Where == "/keys/1" && f.Want == "an RSA key of 2048 bits or more"
	}), found)
	giant := base64.RawURLEncoding.EncodeToString(slices.Repeat([]byte{0xff}, 16384/8+1))
	checker := NewChecker()
	require.NoError(t, checker.Check(with(claims{"kty": "RSA", "kid": "giant", "use": "sig", "alg": "RS256", "n": giant, "e": "AQAB"})).Err())
	require.NoError(t, checker.Check(with(claims{"kty": "RSA", "kid": "giant", "use": "sig", "alg": "RS256", "n": giant[:342], "e": giant})).Err())
	require.NoError(t, checker.Check(with(claims{"kty": "EC", "kid": "curve", "use": "sig", "crv": "P-256", "x": "AA", "y": "AA"})).Err())
	require.Len(t, checker.memory.keys, 1)
}

func TestAWorkerTokenNamesNoPerson(t *testing.T) {
	worker := goodTokens()
	worker.id = nil
	for _, name := range []string{"sub", "sid", "acr", "auth_time", "scope"} {
		delete(worker.access, name)
	}
	delete(worker.answer, "scope")
	request := func() *client.Exchange {
		ex := worker.exchange(t)
		ex.Request.Body = []byte("grant_type=client_credentials")
		return ex
	}
	report := NewChecker().Check(request())
	require.NoError(t, report.Err())
	require.Empty(t, report.Observations)
	unnamed := request()
	unnamed.Request.Header.Del("Authorization")
	require.NoError(t, NewChecker().Check(unnamed).Err(), "which client asks, nobody has seen")
	worker.access["sub"] = userID
	report = NewChecker().Check(request())
	require.NoError(t, report.Err(), "clients must bear with more claims")
	require.Len(t, report.Observations, 1)
	worker.answer["refresh_token"] = "refreshing"
	require.ErrorContains(t, NewChecker().Check(request()).Err(), "/refresh_token")
}

func TestUserInfoIsAboutThePersonOfTheToken(t *testing.T) {
	checker, good := signedOn(t), goodTokens()
	good.id["nonce"] = "a-nonce"
	tokens := good.exchange(t)
	require.NoError(t, checker.Check(tokens).Err())
	var answer claims
	require.NoError(t, json.Unmarshal(tokens.Body, &answer))
	info := readExample(t, "userinfo").exchange(t)
	info.Request.Header = http.Header{"Authorization": {"Bearer " + answer["access_token"].(string)}}
	require.NoError(t, checker.Check(info).Err())
	info.Body = []byte(strings.Replace(string(info.Body), userID, applicationID, 1))
	require.ErrorContains(t, checker.Check(info).Err(), "/sub")
	info.Request.Header.Set("Authorization", "Bearer nobody-can-read-this")
	require.NoError(t, checker.Check(info).Err(), "whom an opaque token is about is not known")
}
