package contract

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// verifier and challenge belong together under S256; the pair is RFC 7636's own example.
const (
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// asking is the checker of signedOn, where authorize asked for more and the secret is known.
func asking(t testing.TB, more string) *Checker {
	t.Helper()
	checker := NewChecker()
	for _, name := range []string{"create-application", "read-application-secret", "create-user", "create-sms-device", "authorize", "read-flow", "flow-completed", "resume"} {
		ex := readExample(t, name).exchange(t)
		if name == "authorize" {
			ex.Request.URL.RawQuery += "&scope=openid" + more
		}
		require.NoError(t, checker.Check(ex).Err(), name)
	}
	return checker
}

func withForm(old, replacement string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), old, replacement, 1))
	}
}

func withBasic(id, secret string) func(*client.Exchange) {
	return func(ex *client.Exchange) {
		ex.Request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(id+":"+secret)))
	}
}

func TestATokenThatShouldNotBeGivenIsNoticed(t *testing.T) {
	for _, row := range []struct {
		request, asked string
		by             func(*client.Exchange)
		reason         string
	}{
		{"as it should be", "", func(*client.Exchange) {}, ""},
		{"with the right verifier", "&code_challenge=" + challenge + "&code_challenge_method=S256", withForm("code=", "code_verifier="+verifier+"&code="), ""},
		{"with a plain verifier", "&code_challenge=" + verifier, withForm("code=", "code_verifier="+verifier+"&code="), ""},
		{"with a wrong verifier", "&code_challenge=" + challenge + "&code_challenge_method=S256", withForm("code=", "code_verifier="+challenge+"&code="), "code verifier"},
		{"without a verifier", "&code_challenge=" + challenge + "&code_challenge_method=S256", func(*client.Exchange) {}, "code verifier"},
		{"with another redirect URI", "", withForm("callback", "elsewhere"), "redirect URI"},
		{"without a redirect URI", "", withForm("redirect_uri", "other"), "redirect URI"},
		{"with a wrong secret", "", withBasic(applicationID, "not-the-secret"), "client secret is not"},
		{"with the secret in the form", "", func(ex *client.Exchange) {
			ex.Request.Header.Del("Authorization")
			ex.Request.Body = append(ex.Request.Body, "&client_id="+applicationID+"&client_secret=a-secret~with.the_characters-of-a-real-one"...)
		}, "Basic header"},
		{"by another client", "", withBasic(userID, "a secret of another"), "another client"},
		{"without a grant type", "", withForm("grant_type=authorization_code&", ""), "the request has no /grant_type"},
	} {
		t.Run(row.request, func(t *testing.T) {
			checker, ex := asking(t, row.asked), goodTokens().exchange(t)
			row.by(ex)
			err := checker.Check(ex).Err()
			if row.reason == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.reason)
			require.NotContains(t, err.Error(), "not-the-secret")
		})
	}
}

// What was not asked for is not held against whoever sends it all the same.
func TestWhatACodeWasNotAskedWith(t *testing.T) {
	checker := asking(t, "")
	delete(checker.memory.codes[aCode].asked, "redirect_uri")
	require.NoError(t, checker.Check(goodTokens().exchange(t)).Err())
	checker, ex := asking(t, ""), goodTokens().exchange(t)
	withForm("code=", "code_verifier="+verifier+"&code=")(ex)
	require.NoError(t, checker.Check(ex).Err())
}

func TestACodeThatWorksTwiceIsNoticed(t *testing.T) {
	checker := asking(t, "")
	require.NoError(t, checker.Check(goodTokens().exchange(t)).Err())
	require.ErrorContains(t, checker.Check(goodTokens().exchange(t)).Err(), "redeemed before")
}

// What was not given was not redeemed.
func TestARefusedCodeIsNotRedeemed(t *testing.T) {
	for _, status := range []int{300, 302, 400, 401, 500} {
		checker, refused := asking(t, ""), readExample(t, "oauth-error").exchange(t)
		refused.Request, refused.Status = goodTokens().exchange(t).Request, status
		checker.Check(refused)
		require.NoError(t, checker.Check(goodTokens().exchange(t)).Err(), status)
	}
}

func TestAWrongPasswordThatIsAcceptedIsNoticed(t *testing.T) {
	for _, row := range []struct{ password, reason string }{
		{"a password for examples", ""},
		{"a password for nobody", "the password is not the one that was set"},
	} {
		t.Run(row.password, func(t *testing.T) {
			checker := NewChecker()
			for _, name := range []string{"create-user", "set-password", "create-sms-device"} {
				require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err())
			}
			ex := readExample(t, "flow-otp-required").exchange(t)
			ex.Request.Body = []byte(`{"username":"anna","password":"` + row.password + `"}`)
			err := checker.Check(ex).Err()
			if row.reason == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.reason)
			require.NotContains(t, err.Error(), row.password)
		})
	}
}

func TestANameThatIsTakenAgainHasAnotherPassword(t *testing.T) {
	checker := NewChecker()
	for _, name := range []string{"create-user", "set-password"} {
		require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err())
	}
	for _, name := range []string{"create-user", "flow-otp-required"} {
		ex := readExample(t, name).exchange(t)
		ex.Body = []byte(strings.ReplaceAll(string(ex.Body), "b2000000", "b3000000"))
		ex.Request.Body = []byte(strings.Replace(string(ex.Request.Body), "for examples", "of somebody else", 1))
		require.NoError(t, checker.Check(ex).Err())
	}
}

func TestAPasswordChangedInAFlowIsTheNewOne(t *testing.T) {
	checker := NewChecker()
	for _, name := range []string{"create-user", "set-password", "create-sms-device", "flow-must-change-password"} {
		require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err())
	}
	reset := readExample(t, "flow-otp-required").exchange(t)
	reset.Request.Header.Set("Content-Type", "application/vnd.pingidentity.password.reset+json")
	reset.Request.Body = []byte(`{"currentPassword":"a password for examples","newPassword":"a newer one for examples"}`)
	require.NoError(t, checker.Check(reset).Err())
	again := readExample(t, "flow-otp-required").exchange(t)
	require.ErrorContains(t, checker.Check(again).Err(), "the password is not the one that was set")
	again.Request.Body = []byte(`{"username":"anna","password":"a newer one for examples"}`)
	require.NoError(t, checker.Check(again).Err())
}

func TestAClientShowsItsSecretAsItIsSetTo(t *testing.T) {
	const secret = "a-secret~with.the_characters-of-a-real-one"
	inForm := func(more string) func(*client.Exchange) {
		return func(ex *client.Exchange) {
			ex.Request.Header.Del("Authorization")
			ex.Request.Body = append(ex.Request.Body, "&client_id="+applicationID+more...)
		}
	}
	for _, row := range []struct {
		method, way string
		by          func(*client.Exchange)
		reason      string
	}{
		{"CLIENT_SECRET_BASIC", "header", withBasic(applicationID, secret), ""},
		{"CLIENT_SECRET_BASIC", "form", inForm("&client_secret=" + secret), "in a Basic header, and there is none"},
		{"CLIENT_SECRET_POST", "form", inForm("&client_secret=" + secret), ""},
		{"CLIENT_SECRET_POST", "header", withBasic(applicationID, secret), "in the form, and there is none"},
		{"CLIENT_SECRET_POST", "form, a wrong one", inForm("&client_secret=not-the-secret"), "client secret is not"},
		{"NONE", "id alone", inForm(""), ""},
		{"NONE", "form, a wrong one", inForm("&client_secret=not-the-secret"), "client secret is not"},
	} {
		checker, ex := asking(t, ""), goodTokens().exchange(t)
		checker.memory.applications[applicationID].authMethod = row.method
		row.by(ex)
		err := checker.Check(ex).Err()
		if row.reason == "" {
			require.NoError(t, err, "%s by %s", row.method, row.way)
			continue
		}
		require.ErrorContains(t, err, row.reason, "%s by %s", row.method, row.way)
	}
}

// Whoever gives no name gives no other's password.
func TestAPasswordWithoutANameIsNobodyElses(t *testing.T) {
	checker := NewChecker()
	for _, name := range []string{"create-user", "set-password", "create-sms-device"} {
		require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err())
	}
	checker.memory.person(userID).username = ""
	ex := readExample(t, "flow-otp-required").exchange(t)
	ex.Request.Body = []byte(`{"password":"a password for nobody"}`)
	for _, f := range checker.Check(ex).Violations {
		require.NotContains(t, f.Want, "the password is not the one that was set")
	}
}

// Whatever was asked for, a code goes to an address that the application has registered, and to no other.
func TestACodeGoesToARegisteredAddress(t *testing.T) {
	for _, row := range []struct {
		what       string
		registered []string
		kept       bool
	}{
		{"registered", []string{"https://other.example.com/", "https://shop.example.com/callback"}, true},
		{"registered with a slash more", []string{"https://shop.example.com/callback/"}, false},
		{"another path", []string{"https://shop.example.com/back"}, false},
		{"another host", []string{"https://other.example.com/callback"}, false},
		{"another scheme", []string{"http://shop.example.com/callback"}, false},
		{"what is no address", []string{"https://%zz"}, false},
		{"none", nil, false},
	} {
		checker := NewChecker()
		for _, name := range []string{"create-application", "create-user", "create-sms-device", "authorize", "read-flow", "flow-completed"} {
			require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err(), name)
		}
		checker.memory.applications[applicationID].redirectURIs = row.registered
		found := checker.Check(readExample(t, "resume").exchange(t)).Violations
		if row.kept {
			require.Empty(t, found, row.what)
			continue
		}
		require.Len(t, found, 1, row.what)
		require.Equal(t, "one of the registered redirect URIs", found[0].Want, row.what)
	}
}

// What somebody changes alone is not known any more, and is held against nobody.
func TestWhatWasChangedSinceIsNotHeldAgainstAnybody(t *testing.T) {
	checker := NewChecker()
	for _, name := range []string{"create-user", "set-password", "create-sms-device"} {
		require.NoError(t, checker.Check(readExample(t, name).exchange(t)).Err())
	}
	change := readExample(t, "set-password").exchange(t)
	change.Request.Header.Set("Content-Type", "application/vnd.pingidentity.password.reset+json")
	change.Request.Body = []byte(`{"currentPassword":"a password for examples","newPassword":"a password of her own"}`)
	require.NoError(t, checker.Check(change).Err())
	ex := readExample(t, "flow-otp-required").exchange(t)
	ex.Request.Body = []byte(`{"username":"anna","password":"a password of her own"}`)
	require.NoError(t, checker.Check(ex).Err())

	checker = asking(t, "")
	rotate := readExample(t, "read-application-secret").exchange(t)
	rotate.Request.Method = "POST"
	rotate.Request.Header.Set("Content-Type", "application/json")
	rotate.Body = []byte(strings.Replace(string(rotate.Body), "a-secret~with", "a-newer~with", 1))
	require.NoError(t, checker.Check(rotate).Err())
	newer := goodTokens().exchange(t)
	withBasic(applicationID, "a-newer~with.the_characters-of-a-real-one")(newer)
	require.NoError(t, checker.Check(newer).Err())
}

// A secret that was read is the same when it is read again.
func TestASecretIsReadTwiceTheSame(t *testing.T) {
	checker := asking(t, "")
	again := readExample(t, "read-application-secret").exchange(t)
	require.NoError(t, checker.Check(again).Err())
	again.Body = []byte(strings.Replace(string(again.Body), "a-secret~with", "a-newer~with", 1))
	require.ErrorContains(t, checker.Check(again).Err(), "the secret as it was read before")
}
