package contract

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// issuedTo is a checker that has seen a person get tokens, and the access token.
func issuedTo(t testing.TB, by ...func(*tokenAnswer)) (*Checker, string) {
	t.Helper()
	checker, good := signedOn(t), goodTokens()
	good.id["nonce"] = "a-nonce"
	for _, one := range by {
		one(good)
	}
	tokens := good.exchange(t)
	require.NoError(t, checker.Check(tokens).Err())
	var answer claims
	require.NoError(t, json.Unmarshal(tokens.Body, &answer))
	return checker, answer["access_token"].(string)
}

// where are the places of what an answer does not keep.
func where(found []Finding) []string {
	var places []string
	for _, f := range found {
		places = append(places, f.Where)
	}
	return places
}

func TestWhatIsSaidOfATokenIsWhatItSays(t *testing.T) {
	good := func() claims {
		return claims{
			"active": true, "iss": issuer, "sub": userID, "client_id": applicationID, "exp": 1768471200, "iat": 1768467600, "env": environmentID,
			"org": organizationID, "sid": "a-session", "aud": []string{"https://api.pingone.com"}, "scope": "openid", "username": "anna",
		}
	}
	for _, row := range []struct {
		what  string
		by    func(claims)
		where string // "" for what keeps the contract
	}{
		{"all", func(claims) {}, ""},
		{"nothing but that it is good", func(c claims) {
			for name := range c {
				if name != "active" {
					delete(c, name)
				}
			}
		}, ""},
		{"a token for later", func(c claims) { c["nbf"] = 4000000000 }, "/nbf"},
		{"a token that holds since a moment", func(c claims) { c["nbf"] = 1768467540 }, ""},
		{"another kind", func(c claims) { c["token_type"] = "mac" }, "/token_type"},
		{"its kind", func(c claims) { c["token_type"] = "bearer" }, ""},
		{"an issuer", func(c claims) { c["iss"] = "https://elsewhere.example.com" }, "/iss"},
		{"a person", func(c claims) { c["sub"] = applicationID }, "/sub"},
		{"a client", func(c claims) { c["client_id"] = userID }, "/client_id"},
		{"an end", func(c claims) { c["exp"] = 1768471201 }, "/exp"},
		{"an end as text", func(c claims) { c["exp"] = "soon" }, "/exp"},
		{"an end as a fraction that is none", func(c claims) { c["exp"] = json.RawMessage("1768471200.0") }, ""},
		{"no word whether it is good", func(c claims) { delete(c, "active") }, "/active"},
		{"a beginning", func(c claims) { c["iat"] = 1768467601 }, "/iat"},
		{"an environment", func(c claims) { c["env"] = userID }, "/env"},
		{"an organization", func(c claims) { c["org"] = userID }, "/org"},
		{"a session", func(c claims) { c["sid"] = "another" }, "/sid"},
		{"an audience", func(c claims) { c["aud"] = "https://api.pingone.eu" }, "/aud"},
		{"the audience as one text", func(c claims) { c["aud"] = "https://api.pingone.com" }, ""},
		{"another policy", func(c claims) { c["acr"] = "Another_Policy" }, "/acr"},
		{"the policy that ran", func(c claims) { c["acr"] = "Example_Policy" }, ""},
		{"a list of scopes", func(c claims) { c["scope"] = []string{"openid"} }, "/scope"},
		{"more scopes", func(c claims) { c["scope"] = "openid email" }, "/scope"},
		{"a username", func(c claims) { c["username"] = "somebody" }, "/username"},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, token := issuedTo(t)
			checker.memory.policies["policy-1"], checker.memory.assigned[applicationID] = "Example_Policy", []string{"policy-1"}
			said := good()
			row.by(said)
			report := checker.Check(introspected(t, token, said))
			if row.where == "" {
				require.NoError(t, report.Err())
				return
			}
			require.Equal(t, []string{row.where}, where(report.Violations))
		})
	}
	checker, _ := issuedTo(t)
	said := good()
	said["sub"] = applicationID
	require.NoError(t, checker.Check(introspected(t, "nobody.can.read-this", said)).Err(), "what an opaque token says is not known")
	bare := sign(t, claims{"alg": "RS256"}, claims{"client_id": applicationID})
	require.NoError(t, checker.Check(introspected(t, bare, good())).Err(), "what a token does not say, others may")
	checker, token := issuedTo(t)
	said["active"] = false
	require.NoError(t, checker.Check(introspected(t, token, said)).Err(), "of a token that is not good, nothing is said")
}

func introspected(t testing.TB, token string, said claims) *client.Exchange {
	t.Helper()
	text, err := json.Marshal(said)
	require.NoError(t, err)
	ex := readExample(t, "introspection").exchange(t)
	ex.Request.Body, ex.Body = []byte(url.Values{"token": {token}}.Encode()), text
	ex.Header.Set("Date", "Thu, 15 Jan 2026 09:00:00 GMT")
	return ex
}

func TestUserInfoSaysWhatTheRecordSays(t *testing.T) {
	for _, row := range []struct{ what, old, now, where string }{
		{"the same", "", "", ""},
		{"another environment", `"env":"` + environmentID, `"env":"` + userID, "/env"},
		{"another organization", `"org":"` + organizationID, `"org":"` + userID, "/org"},
		{"another name", `"given_name":"Anna"`, `"given_name":"Ben"`, "/given_name"},
		{"another whole name", `"given_name":"Anna"`, `"name":"Ben Brown"`, "/name"},
		{"the whole name", `"given_name":"Anna"`, `"name":"Anna E."`, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, token := issuedTo(t)
			info := readExample(t, "userinfo").exchange(t)
			info.Body = compact(t, info.Body)
			require.Contains(t, string(info.Body), row.old)
			info.Body = []byte(strings.Replace(string(info.Body), row.old, row.now, 1))
			info.Request.Header.Set("Authorization", "Bearer "+token)
			require.Equal(t, row.where, strings.Join(where(checker.Check(info).Violations), " "))
		})
	}
}

// A worker's token names nobody, so that any person may be told of.
func TestUserInfoForATokenOfNobody(t *testing.T) {
	info := readExample(t, "userinfo").exchange(t)
	info.Request.Header.Set("Authorization", "Bearer "+sign(t, claims{"alg": "RS256"}, claims{"client_id": applicationID}))
	require.NoError(t, NewChecker().Check(info).Err())
}

// Whoever asks elsewhere than at the issuer asks somebody else.
func TestDiscoveryLeadsNowhereElse(t *testing.T) {
	for _, name := range []string{
		"authorization_endpoint", "pushed_authorization_request_endpoint", "token_endpoint", "userinfo_endpoint", "end_session_endpoint",
		"introspection_endpoint", "revocation_endpoint", "device_authorization_endpoint", "jwks_uri", "check_session_iframe", "issuer",
	} {
		ex := readExample(t, "discovery").exchange(t)
		var document claims
		require.NoError(t, json.Unmarshal(ex.Body, &document))
		document["service_documentation"] = "https://elsewhere.example.com/as" // no endpoint
		text, err := json.Marshal(document)
		require.NoError(t, err)
		ex.Body = text
		require.NoError(t, NewChecker().Check(ex).Err())
		document[name] = "https://elsewhere.example.com/as"
		ex.Body, err = json.Marshal(document)
		require.NoError(t, err)
		found := NewChecker().Check(ex).Violations
		require.True(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == ruleLink && f.Where == "/"+name }), found)
	}
	ex := readExample(t, "discovery").exchange(t)
	ex.Body = []byte(`{"issuer":"` + issuer + `","jwks_uri":7}`)
	found := NewChecker().Check(ex).Violations
	require.False(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == ruleLink }), found)
	require.NotEmpty(t, found)
}

func TestTimesOfATokenAreSeconds(t *testing.T) {
	for _, row := range []struct {
		claim string
		value int64
	}{{"iat", 1768467600000}, {"exp", 1768471200000}, {"auth_time", 1768467600000}} {
		checker, answer := signedOn(t), goodTokens()
		answer.id["nonce"] = "a-nonce"
		answer.access[row.claim] = row.value
		found := checker.Check(answer.exchange(t)).Violations
		require.True(t, slices.ContainsFunc(found, func(f Finding) bool {
			return f.Where == "/access_token/claims/"+row.claim && f.Want == "a number of seconds"
		}), found)
		require.False(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Where == "/expires_in" }), "its lifetime is not known: %v", found)
		require.False(t, slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == ruleTimes && f.Where == "/access_token/claims/exp" }), found)
	}
}

// The last second that is none of a time in milliseconds is a second.
func TestALateTimeIsATimeInSeconds(t *testing.T) {
	for exp, milliseconds := range map[int64]bool{100_000_000_000: false, 100_000_000_001: true} {
		checker, answer := signedOn(t), goodTokens()
		answer.id["nonce"], answer.access["exp"] = "a-nonce", exp
		found := checker.Check(answer.exchange(t)).Violations
		require.Equal(t, milliseconds, slices.ContainsFunc(found, func(f Finding) bool { return f.Want == "a number of seconds" }), found)
	}
}

// No more is granted, and no other token, than was asked for.
func TestWhatIsGrantedWasAskedFor(t *testing.T) {
	for _, row := range []struct {
		what  string
		by    func(*Checker, *tokenAnswer)
		where string // of what is observed
	}{
		{"an ID token that nobody asked for", func(c *Checker, a *tokenAnswer) {
			c.memory.codes[aCode].asked["scope"] = "email"
			a.answer["scope"], a.access["scope"] = "email", "email"
		}, "/id_token"},
		{"a refresh token with its grant", func(c *Checker, a *tokenAnswer) {
			c.memory.applications[applicationID].grantTypes = []string{"AUTHORIZATION_CODE", "REFRESH_TOKEN"}
			a.answer["refresh_token"] = "refreshing"
		}, ""},
		{"a refresh token that was asked for", func(c *Checker, a *tokenAnswer) {
			c.memory.codes[aCode].asked["scope"] = "openid offline_access"
			a.answer["refresh_token"] = "refreshing"
		}, ""},
		{"a refresh token of an application that nobody has seen", func(c *Checker, a *tokenAnswer) {
			clear(c.memory.applications)
			a.answer["refresh_token"] = "refreshing"
		}, ""},
		{"scopes of which nobody saw what was asked", func(c *Checker, a *tokenAnswer) {
			c.memory.codes[aCode].asked = nil
			a.answer["scope"], a.access["scope"] = "openid email", "openid email"
		}, ""},
		{"no ID token where openid was not asked for", func(c *Checker, a *tokenAnswer) {
			c.memory.codes[aCode].asked["scope"] = "email"
			a.answer["scope"], a.access["scope"], a.id = "email", "email", nil
		}, ""},
		{"scopes of an application that asked for none by name", func(c *Checker, _ *tokenAnswer) { delete(c.memory.codes[aCode].asked, "scope") }, ""},
		{"fewer scopes", func(c *Checker, _ *tokenAnswer) { c.memory.codes[aCode].asked["scope"] = "openid email" }, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker, answer := signedOn(t), goodTokens()
			answer.id["nonce"] = "a-nonce"
			row.by(checker, answer)
			report := checker.Check(answer.exchange(t))
			require.NoError(t, report.Err())
			if row.where == "" {
				require.NotContains(t, where(report.Observations), "/id_token")
				return
			}
			require.Contains(t, where(report.Observations), row.where)
		})
	}
}
