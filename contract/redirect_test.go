package contract

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Where an authorization may lead a browser, and where nobody's code, error or flow may go.
func TestWhereAnAuthorizationLeads(t *testing.T) {
	const (
		flow  = "f0000000-0000-4000-8000-000000000001"
		page  = "the sign-on page /" + environmentID + "/signon/"
		shop  = "https://shop.example.com/callback"
		state = "state=a%20state"
	)
	for _, row := range []struct{ what, location, want string }{
		{"PingOne's own page", "https://apps.pingone.com/" + environmentID + "/signon/?flowId=" + flow, ""},
		{"the same without its last slash", "https://apps.pingone.com/" + environmentID + "/signon?flowId=" + flow, ""},
		{"a page on a domain of the tenant's own", "https://login.example.com/signon/?flowId=" + flow, ""},
		{"the application's own page", "https://shop.example.com/sign-in?flowId=" + flow, ""},
		{"another page of the application", "https://shop.example.com/elsewhere?flowId=" + flow, page},
		{"the page of another environment", "https://apps.pingone.com/" + userID + "/signon/?flowId=" + flow, page},
		{"a page that is called so elsewhere", "https://evil.example.com/" + environmentID + "/signon/?flowId=" + flow, page},
		{"a flow without an id of its own", "https://apps.pingone.com/" + environmentID + "/signon/?flowId=1", "flowId to be "},
		{"the application, with an error", shop + "?error=access_denied&" + state, ""},
		{"the application, with an error in the fragment", shop + "#error=access_denied&" + state, ""},
		{"the application, with an error in both", shop + "?x=y#error=access_denied&" + state, "either a code or an error"},
		{"the application, with nothing", shop, "either a code or an error"},
		{"PingOne's own page, with an error", "https://apps.pingone.com/" + environmentID + "/signon/?error=server_error", ""},
		{"a page with two flows", "https://apps.pingone.com/" + environmentID + "/signon/?flowId=" + flow + "&flowId=" + flow, "flowId once"},
		{"the application, with two errors", shop + "?error=access_denied&error=server_error&" + state, "error once"},
		{"the application, with two states", shop + "?error=access_denied&" + state + "&" + state, "state once"},
		{"the application, with two codes", shop + "?code=" + aCode + "&code=another&" + state, "code once"},
		{"the application, behind somebody's name", "https://somebody@shop.example.com/callback?error=access_denied&" + state, "no name before the host"},
		{"the application, from the issuer", shop + "?code=" + aCode + "&" + state + "&iss=https%3A%2F%2Fauth.pingone.com%2F" + environmentID + "%2Fas", ""},
		{"the application, from another issuer", shop + "?code=" + aCode + "&" + state + "&iss=https%3A%2F%2Fauth.example.com%2Fas", "iss, the issuer https://auth.pingone.com/" + environmentID + "/as"},
		{"the application, from two issuers", shop + "?code=" + aCode + "&" + state + "&iss=a&iss=b", "iss once"},
		{"the application, with the code in the fragment", shop + "#code=" + aCode + "&" + state, "the code in the query"},
		{"the application, with the code in both", shop + "?code=" + aCode + "&" + state + "#code=" + aCode, "the code in the query"},
		{"the application, with a slash more", shop + "/?code=" + aCode + "&" + state, shop},
		{"somebody, with an error", "https://evil.example.com/?error=access_denied&" + state, "one of the registered redirect URIs, or PingOne's own page"},
		{"somebody, with nothing", "https://evil.example.com/?secret=of-somebody", "the sign-on page with a flowId, or the redirect URI with a code or an error"},
		{"somebody, with a code", "https://evil.example.com/?code=" + aCode + "&" + state, shop},
	} {
		checker := NewChecker()
		require.NoError(t, checker.Check(readExample(t, "create-application").exchange(t)).Err())
		checker.memory.applications[applicationID].loginPage = "https://shop.example.com/sign-in"
		ex := readExample(t, "authorize").exchange(t)
		ex.Header.Set("Location", row.location)
		found := checker.Check(ex).Violations
		if row.want == "" {
			require.Empty(t, found, row.what)
			continue
		}
		at := slices.IndexFunc(found, func(f Finding) bool { return f.Rule == ruleRedirect && strings.HasPrefix(f.Want, row.want) })
		require.GreaterOrEqual(t, at, 0, "%s: %v", row.what, found)
		require.NotContains(t, found[at].Got, "of-somebody")
		if row.what == "somebody, with nothing" {
			require.Equal(t, "https://evil.example.com/ with secret", found[at].Got)
		}
		if row.what == "the application, with nothing" {
			require.Equal(t, shop, found[at].Got)
		}
	}
}

// Who asked for no address by name gets an answer at one that is registered; nobody else's is PingOne's own page.
func TestWhereAnErrorLeadsWhenNoAddressWasAskedFor(t *testing.T) {
	for _, row := range []struct{ what, host, location, want string }{
		{"the application's address", "auth.pingone.com", "https://shop.example.com/callback?error=access_denied&state=a%20state", ""},
		{"the application's address, with another state", "auth.pingone.com", "https://shop.example.com/callback?error=access_denied&state=b", `state "a state"`},
		{"another address", "auth.pingone.com", "https://evil.example.com/callback?error=access_denied&state=a%20state", "one of the registered redirect URIs, or PingOne's own page"},
		{"a page beside the server", "localhost:9030", "http://localhost:9030/" + environmentID + "/signon/?flowId=" + flowID, ""},
		{"a page beside another server", "localhost:9030", "http://localhost:9031/" + environmentID + "/signon/?flowId=" + flowID, "the sign-on page"},
		{"a page where the server is", "auth.pingone.com", "https://auth.pingone.com/" + environmentID + "/signon/?flowId=" + flowID, "the sign-on page"},
		{"a page of a name that ends alike", "auth.pingone.com", "https://apps.pingone.com/" + environmentID + "/a/signon/?flowId=" + flowID, "the sign-on page"},
		{"a page in the fragment", "auth.pingone.com", "https://apps.pingone.com/" + environmentID + "/signon/#flowId=" + flowID, ""},
	} {
		checker := NewChecker()
		require.NoError(t, checker.Check(readExample(t, "create-application").exchange(t)).Err())
		ex := readExample(t, "authorize").exchange(t)
		ex.Request.URL.Host = row.host
		if query := ex.Request.URL.Query(); query.Has("redirect_uri") {
			query.Del("redirect_uri")
			ex.Request.URL.RawQuery = query.Encode()
		}
		ex.Header.Set("Location", row.location)
		found := checker.Check(ex).Violations
		if row.want == "" {
			require.Empty(t, found, row.what)
			continue
		}
		require.True(t, slices.ContainsFunc(found, func(f Finding) bool { return strings.HasPrefix(f.Want, row.want) }), "%s: %v", row.what, found)
	}
}

func TestARedirectLeadsToOneAddress(t *testing.T) {
	ex := readExample(t, "authorize").exchange(t)
	require.NoError(t, NewChecker().Check(ex).Err())
	ex.Header.Add("Location", ex.Header.Get("Location"))
	require.ErrorContains(t, NewChecker().Check(ex).Err(), "want one address, got 2")
}

func TestARedirectIsA302(t *testing.T) {
	for status, want := range map[int]string{302: "", 303: "noted", 301: "broken", 307: "broken"} {
		ex := readExample(t, "authorize").exchange(t)
		ex.Status = status
		report := NewChecker().Check(ex)
		at := func(found []Finding) bool {
			return slices.ContainsFunc(found, func(f Finding) bool { return f.Rule == ruleStatus && f.Want == "302" })
		}
		require.Equal(t, want == "broken", at(report.Violations), status)
		require.Equal(t, want == "noted", at(report.Observations), status)
	}
}

// A flow goes on as itself.
func TestAResumedFlowIsNoOther(t *testing.T) {
	for id, same := range map[string]bool{"f0000000-0000-4000-8000-000000000001": true, "f0000000-0000-4000-8000-000000000002": false} {
		checker := NewChecker()
		for _, name := range []string{"create-application", "authorize"} {
			require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err(), name)
		}
		ex := readExample(t, "resume").exchange(t)
		ex.Header.Set("Location", "https://apps.pingone.com/"+environmentID+"/signon/?flowId="+id)
		found := checker.Check(ex).Violations
		require.Equal(t, !same, slices.ContainsFunc(found, func(f Finding) bool { return f.Want == "flowId f0000000-0000-4000-8000-000000000001" }), found)
	}
}

func TestWhatNobodySawAskedForIsNotMissed(t *testing.T) {
	checker := NewChecker()
	for _, name := range []string{"create-user", "create-sms-device", "read-flow", "flow-completed", "resume"} {
		require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err(), "%s: neither application nor authorization was seen", name)
	}
}

func TestWhatAStateMayBe(t *testing.T) {
	ex := readExample(t, "authorize").exchange(t)
	ex.Header.Set("Location", "https://shop.example.com/callback?error=access_denied&state=%ff")
	err := NewChecker().Check(ex).Err()
	require.ErrorContains(t, err, "a state that is not UTF-8")
	require.NotContains(t, err.Error(), "\xff")
}

// Who asked for a token on the way through the browser gets one there.
func TestATokenInARedirectWasAskedFor(t *testing.T) {
	for asked, broken := range map[string]bool{"code": true, "code%20id_token": false} {
		ex := readExample(t, "authorize").exchange(t)
		ex.Request.URL.RawQuery = strings.Replace(ex.Request.URL.RawQuery, "response_type=code", "response_type="+asked, 1)
		ex.Header.Set("Location", "https://shop.example.com/callback#code="+aCode+"&state=a%20state&id_token=a.b.c")
		found := NewChecker().Check(ex).Violations
		require.Equal(t, broken, slices.ContainsFunc(found, func(f Finding) bool { return strings.HasPrefix(f.Want, "no id_token: ") }), "%s: %v", asked, found)
	}
}

func TestTwoFlowsHaveTwoCodes(t *testing.T) {
	checker := signedOn(t)
	require.NoError(t, checker.Check(readExample(t, "resume").exchange(t)).Err(), "a second look shows the same code")
	checker.memory.codes[aCode] = &signOn{}
	require.ErrorContains(t, checker.Check(readExample(t, "resume").exchange(t)).Err(), "the code of another flow, not shown")
}
