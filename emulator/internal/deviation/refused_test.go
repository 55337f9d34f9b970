package deviation

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

func TestABrowserHasTheNewestCookies(t *testing.T) {
	sent := http.Header{"Cookie": {"ST=old; AWSALB=kept"}}
	proven := &wire.Answer{Header: http.Header{"Set-Cookie": {"ST=new; Path=/; HttpOnly"}}}
	require.Equal(t, "AWSALB=kept; ST=new", cookiesAfter(&wire.Call{Header: sent}, proven))
	require.Equal(t, "ST=old; AWSALB=kept", cookiesAfter(&wire.Call{Header: sent}, &wire.Answer{}))
	require.Empty(t, cookiesAfter(&wire.Call{}, &wire.Answer{}))
}

// Only a token that was good is lent to a call without one.
func TestATokenIsLentThatWasGood(t *testing.T) {
	set, err := NewSet([]string{"unauthorized-and-created"})
	require.NoError(t, err)
	var came []string
	handle := set.Middleware()(func(call *wire.Call) *wire.Answer {
		came = append(came, call.Operation+" "+call.Header.Get("Authorization"))
		if call.Header.Get("Authorization") == "good" {
			return wire.Empty(http.StatusOK)
		}
		return wire.AccessFailed().Answer("7")
	})
	send := func(operation, token string) {
		handle(&wire.Call{Operation: operation, Header: http.Header{"Authorization": {token}}})
	}
	send("application.create", "")
	send("application.list", "bad")
	send("user.create", "good")
	send("application.create", "")
	require.Equal(t, []string{"application.create ", "application.list bad", "user.create good", "application.create "}, came)
	came = nil
	send("application.list", "good")
	send("user.create", "")
	send("application.create", "")
	require.Equal(t, []string{"application.list good", "user.create ", "application.create ", "application.create good"}, came)
}

// The other key is of the same kind and id, and has another modulus.
func TestOfTwoKeysOfOneIDTheFirstIsAnother(t *testing.T) {
	for keys, want := range map[string]string{
		`[{"kty":"EC"},{"kid":"bad","n":"!"},{"kid":"short","n":"AA"},{"kid":"k","n":"AAAB","x5c":[]},{"kid":"l","n":"AAAB"}]`: `{"kid":"k","n":"AP8B"}`,
		`[{"kid":"k","n":"AAA"}]`: `{"kid":"k","n":"AP8"}`,
		`["text"]`:                `"text"`,
	} {
		var all []any
		require.NoError(t, json.Unmarshal([]byte(keys), &all))
		body := object{"keys": all}
		twin(nil, body)
		first, err := json.Marshal(body["keys"].([]any)[0])
		require.NoError(t, err)
		require.JSONEq(t, want, string(first))
	}
}
