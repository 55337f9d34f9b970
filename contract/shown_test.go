package contract

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// TestAPasscodeIsInNoAnswer puts the passcode into the flow before it is submitted.
func TestAPasscodeIsInNoAnswer(t *testing.T) {
	for _, row := range []struct {
		what, member string
		fine         bool
	}{
		{"a text", `"reference":"482913"`, false},
		{"a number", `"reference":482913`, false},
		{"a word of a sentence", `"message":"We sent 482913 to you."`, false},
		{"deep in a list", `"hints":[{"parts":["482913"]}]`, false},
		{"part of a longer number", `"reference":"1482913"`, true},
	} {
		t.Run(row.what, func(t *testing.T) {
			checker := NewChecker()
			waiting := readExample(t, "flow-otp-required").exchange(t)
			waiting.Body = []byte(strings.Replace(string(waiting.Body), `"bypassAllowed"`, row.member+`,"bypassAllowed"`, 1))
			require.NoError(t, checker.Check(waiting).Err(), "it is not known yet")
			given := readExample(t, "flow-completed").exchange(t)
			given.Request.Body = []byte(`{"otp":"482913"}`)
			given.Request.Header = http.Header{"Content-Type": {"application/vnd.pingidentity.otp.check+json"}}
			err := checker.Check(given).Err()
			if row.fine {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "gives away a secret")
			require.NotContains(t, err.Error(), "482913")
		})
	}
}

// TestAPasscodeIsInNoHeader is the same for headers, of an answer without a body too.
func TestAPasscodeIsInNoHeader(t *testing.T) {
	for _, row := range []struct{ name, line, where string }{
		{"X-Debug", "sent 482913", "header X-Debug"}, {"Set-Cookie", "hint=482913; Path=/", "header Set-Cookie"}, {"X-Trace", "1482913", ""},
	} {
		checker := NewChecker()
		waiting := readExample(t, "flow-otp-required").exchange(t)
		waiting.Header.Set(row.name, row.line)
		require.NoError(t, checker.Check(waiting).Err(), "it is not known yet")
		given := readExample(t, "flow-completed").exchange(t)
		given.Request.Body = []byte(`{"otp":"482913"}`)
		given.Request.Header = http.Header{"Content-Type": {"application/vnd.pingidentity.otp.check+json"}}
		if err := checker.Check(given).Err(); row.where != "" {
			require.ErrorContains(t, err, row.where)
		} else {
			require.NoError(t, err)
		}
	}
}

func TestASecretIsInNoEarlierAnswer(t *testing.T) {
	for _, by := range []func(*client.Exchange){
		replace(`"protocol":`, `"credentials":[{"parts":["a secret of some length"]}],"protocol":`), header("X-Trace", "made a secret of some length"),
	} {
		isInNoEarlierAnswer(t, by)
	}
}

func isInNoEarlierAnswer(t *testing.T, by func(*client.Exchange)) {
	t.Helper()
	checker := NewChecker()
	created := readExample(t, "create-application").exchange(t)
	by(created)
	require.NoError(t, checker.Check(created).Err(), "it is not known yet")
	read := func(secret string) error {
		ex := readExample(t, "read-application-secret").exchange(t)
		ex.Body = []byte(strings.Replace(string(ex.Body), "a-secret~with.the_characters-of-a-real-one", secret, 1))
		return checker.Check(ex).Err()
	}
	require.ErrorContains(t, read("a secret of some length"), "no answer with the application's secret but this one")
	require.ErrorContains(t, read("another secret of some length"), "/secret is not what it was before")
}

// A redirect shows a secret as it is or as an address writes it; either is one too many.
func TestASecretIsInNoRedirect(t *testing.T) {
	for _, written := range []string{"a password for examples", "a+password+for+examples"} {
		checker := NewChecker()
		require.NoError(t, checker.Check(readExample(t, "set-password").exchange(t)).Err())
		ex := readExample(t, "authorize").exchange(t)
		require.NoError(t, NewChecker().Check(ex).Err())
		ex.Header.Set("Location", ex.Header.Get("Location")+"&hint="+written)
		err := checker.Check(ex).Err()
		require.ErrorContains(t, err, "an answer without the password")
		require.NotContains(t, err.Error(), "for examples (")
	}
}

// Where an application shows its secret is its own setting, in either way.
func TestASecretIsShownWhereItsApplicationShowsIt(t *testing.T) {
	for _, row := range []struct {
		method, form, basic string
		wrong               string
	}{
		{"CLIENT_SECRET_BASIC", "", "a secret of some length", ""},
		{"CLIENT_SECRET_BASIC", "a secret of some length", "", "shows its secret in a Basic header, and there is none"},
		{"CLIENT_SECRET_POST", "a secret of some length", "", ""},
		{"CLIENT_SECRET_POST", "", "a secret of some length", "shows its secret in the form, and there is none"},
		{"CLIENT_SECRET_POST", "another secret of some length", "", "the client secret is not the application's"},
	} {
		t.Run(row.method+row.wrong, func(t *testing.T) {
			checker, good := signedOn(t), goodTokens()
			good.id["nonce"] = "a-nonce"
			checker.memory.applications[applicationID].authMethod = row.method
			checker.memory.applications[applicationID].secret = "a secret of some length"
			ex := good.exchange(t)
			ex.Request.Header.Del("Authorization")
			if row.basic != "" {
				pair := applicationID + ":" + url.QueryEscape(row.basic)
				ex.Request.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte(pair)))
			}
			if row.form != "" {
				ex.Request.Body = []byte(string(ex.Request.Body) + "&client_id=" + applicationID + "&client_secret=" + url.QueryEscape(row.form))
			}
			err := checker.Check(ex).Err()
			if row.wrong == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, row.wrong)
		})
	}
}

func TestAClientSecretOfAFormMayNotComeBack(t *testing.T) {
	checker := NewChecker()
	token := readExample(t, "oauth-error").exchange(t)
	token.Request.Header.Del("Authorization")
	token.Request.Body = []byte("grant_type=client_credentials&client_id=client&client_secret=a+secret+of+its+own")
	require.NoError(t, checker.Check(token).Err())
	ex := readExample(t, "error-not-found").exchange(t)
	replace("could not be", "with a secret of its own could not be")(ex)
	require.ErrorContains(t, checker.Check(ex).Err(), "an answer without the client secret")
}
