package contract

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

// A secret may stand where its own endpoint hands it out, and at no other place.
func TestWhereASecretMayStand(t *testing.T) {
	created := func(kind, status string) map[string]any { return map[string]any{"type": kind, "status": status} }
	totp, token, sms := created("TOTP", "ACTIVATION_REQUIRED"), &operation{answer: "token"}, created("SMS", "ACTIVE")
	createDevice, readDevice := &operation{name: "Create Device", answer: "device"}, &operation{name: "Read Device", answer: "device"}
	read := &operation{name: "Read Application Secret", answer: "application-secret"}
	waiting, completed := map[string]any{"status": "OTP_REQUIRED"}, map[string]any{"status": "COMPLETED"}
	check := &operation{name: "Read Flow", answer: "flow", service: flows}
	for _, row := range []struct {
		what    string
		op      *operation
		body    map[string]any
		sent    any
		testing bool
		path    string
		may     bool
	}{
		{"an application's secret", read, nil, nil, false, "secret", true},
		{"the one before", read, nil, nil, false, "previous/secret", true},
		{"one in the application", &operation{name: "Read Application", answer: "application"}, nil, nil, false, "secret", false},
		{"one that lies deeper", read, nil, nil, false, "other/secret", false},
		{"an address for an authenticator, of an application", read, nil, nil, false, "keyUri", false},

		{"an authenticator's secret", createDevice, totp, nil, false, "secret", true},
		{"an authenticator's address", createDevice, totp, nil, false, "keyUri", true},
		{"an authenticator's secret among its properties", createDevice, totp, nil, false, "properties/secret", true},
		{"an authenticator's address among its properties", createDevice, totp, nil, false, "properties/keyUri", true},
		{"one that is read again", readDevice, totp, nil, false, "properties/secret", false},
		{"one of a text-message device", createDevice, created("SMS", "ACTIVATION_REQUIRED"), nil, false, "secret", false},
		{"one of a device that is active", createDevice, created("TOTP", "ACTIVE"), nil, false, "secret", false},

		{"a passcode of a test device", createDevice, sms, map[string]any{"testMode": true}, false, "test/otp", true},
		{"a passcode of another device", createDevice, sms, map[string]any{"testMode": false}, true, "test/otp", false},
		{"a passcode of a device of which nothing is said", createDevice, sms, map[string]any{}, true, "test/otp", false},
		{"a passcode in a flow that waits for it", check, waiting, nil, true, "test/otp", true},
		{"a passcode in a flow without test devices", check, waiting, nil, false, "test/otp", false},
		{"a passcode in a flow that is over", check, completed, nil, true, "test/otp", false},

		{"an access token", token, nil, nil, false, "access_token", true},
		{"an ID token", token, nil, nil, false, "id_token", true},
		{"a refresh token", token, nil, nil, false, "refresh_token", true},
		{"an access token in a flow", check, completed, nil, false, "access_token", false},
		{"an access token of an authorization", &operation{service: browser}, nil, nil, false, "authorizeResponse/access_token", true},
		{"an ID token of an authorization", &operation{service: browser}, nil, nil, false, "authorizeResponse/id_token", true},
		{"a refresh token of an authorization", &operation{service: browser}, nil, nil, false, "authorizeResponse/refresh_token", false},
		{"an access token of an authorization in a flow", check, completed, nil, false, "authorizeResponse/access_token", false},

		{"a secret of another name", read, nil, nil, false, "clientSecret", false},
		{"an answer that the contract does not know", nil, totp, nil, false, "secret", false},
	} {
		for status, success := range map[int]bool{200: true, 201: true, 299: true, 300: false, 302: false, 400: false, 500: false} {
			c := &call{op: row.op, ex: &client.Exchange{Status: status}, mem: &memory{testDevices: row.testing}, sent: row.sent}
			if row.body != nil {
				c.body = row.body
			}
			require.Equal(t, row.may && success, c.mayShow(strings.Split(row.path, "/")), "%s in an answer with %d", row.what, status)
		}
	}
}

// What a success hands out is secret from then on; a refusal hands out nothing.
func TestWhichSecretsAreRemembered(t *testing.T) {
	u, err := url.Parse("https://auth.pingone.com/x/as/token")
	require.NoError(t, err)
	for _, row := range []struct {
		answer, member, value, owner string
		status                       int
		kept                         bool
	}{
		{"token", "access_token", "eightlong", u.Path, 200, true},
		{"token", "access_token", "8letters", u.Path, 299, true},
		{"token", "access_token", "7letter", "", 200, false},
		{"token", "access_token", "eightlong", "", 300, false},
		{"token", "access_token", "eightlong", "", 400, false},
		{"device", "secret", "eightlong", "", 201, true},
		{"device", "secret", "eightlong", "", 400, false},
		{"application-secret", "secret", "eightlong", u.Path, 200, true},
		{"application", "secret", "eightlong", "", 200, false},
	} {
		c := &call{
			op: &operation{answer: row.answer}, mem: NewChecker().memory, body: map[string]any{row.member: row.value},
			ex: &client.Exchange{Status: row.status, Request: client.Request{Method: http.MethodPost, URL: u}},
		}
		c.learnAnsweredSecrets()
		kept, known := c.mem.secrets[row.value]
		require.Equal(t, row.kept, known, row)
		require.Equal(t, row.owner, kept.owner, row)
	}
}

// Whoever handed a secret out first may show it again, whoever else has said it since.
func TestASecretKeepsItsOwner(t *testing.T) {
	m := NewChecker().memory
	m.keepSecret("a secret \"in quotes\"", "client secret", "")
	m.keepSecret("a secret \"in quotes\"", "application's secret", "/secret")
	m.keepSecret("a secret \"in quotes\"", "client secret", "/elsewhere")
	require.Equal(t, map[string]secret{`a secret "in quotes"`: {what: "application's secret", owner: "/secret"}}, m.secrets)
}

// JSON may write any character as an escape, and an address may encode any: a secret is one all the same.
func TestASecretIsFoundHoweverItIsSpelled(t *testing.T) {
	const secret = `a <secret> & "more"+ones`
	u, err := url.Parse("https://api.pingone.com/v1/environments/x/users/y")
	require.NoError(t, err)
	for body, gone := range map[string]bool{
		`{"note":"it is a <secret> & \"more\"+ones"}`:                                true,
		`{"note":"it is a \u003csecret\u003e \u0026 \"more\"+ones"}`:                 true,
		`{"note":["\u0061\u0020<s\u0065cret> \u0026 \u0022more\u0022\u002Bones"]}`:   true,
		`{"a \u003csecret> & \"more\"+ones":1}`:                                      true,
		`{"note":"it is a <secret> & \"less\"", "of":"\u0061 <secret>"}`:             false,
		`<p title="a \u003csecret">`:                                                 false,
		`https://api.example.com/?at=a+%3Csecret%3E+%26+%22more%22%2Bones#`:          true,
		`https://api.example.com/a%20%3csecret%3e%20&%20%22more%22+ones`:             true,
		`https://api.example.com/?at=a+%3Csecret%3E+%26+%22more%22%2Bones&b=%zz`:     true,
		`https://api.example.com/?at=%61%20%3Csecret%3E%20%26%20%22more%22%2Bone%zz`: false,
	} {
		mem := NewChecker().memory
		mem.keepSecret(secret, "password", "")
		c := &call{mem: mem, ex: &client.Exchange{Status: 200, Header: http.Header{}, Request: client.Request{Method: http.MethodGet, URL: u}}, report: Report{}}
		if strings.HasPrefix(body, "https:") {
			c.ex.Header.Set("Location", body)
		} else {
			c.answer = newReading(body)
		}
		c.secrets()
		require.Equal(t, gone, c.report.Err() != nil, body)
	}
}

// A member that is called value holds a password only where an answer is about one.
func TestAValueIsNoSecretByItsName(t *testing.T) {
	ex := readExample(t, "create-user").exchange(t)
	ex.Body = compact(t, ex.Body)
	replace(`"email":`, `"badge":{"value":"a text of some length"},"email":`)(ex)
	require.NoError(t, NewChecker().Check(ex).Err())
}
