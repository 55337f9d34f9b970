package scrub_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
	"pingone-conformance/internal/replay/jsontree"
)

// Each fault is named once, where it stands, and what is no fault not at all.
func TestWhatIsFoundInAMessage(t *testing.T) {
	const (
		mail  = "an e-mail address outside example.com"
		phone = "a phone number outside 555-01xx"
	)
	needle := scrub.NewNeedle("the secret", liveSecret)
	live := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"x"}`)) + ".c2lnbmF0dXJl"
	quoted := func(text string) string { return string(jsontree.Quote(text)) }
	for _, row := range []struct {
		name, body string
		faults     []scrub.Fault
	}{
		{"nothing", `{"a":"b"}`, nil},
		{"an address in a text", "write to ann@corp.io", []scrub.Fault{{Where: "body", What: mail}}},
		{"an address in a member", `{"a":"ann@corp.io"}`, []scrub.Fault{{Where: "body member a", What: mail}}},
		{"an address in a list", `["ann@corp.io"]`, []scrub.Fault{{Where: "body member 0", What: mail}}},
		{"an address in JSON in JSON", `{"a":` + quoted(`{"b":"ann@corp.io"}`) + `}`, []scrub.Fault{{Where: "body member a member b", What: mail}}},
		{"an address in what only begins as JSON", `{ann@corp.io`, []scrub.Fault{{Where: "body", What: mail}}},
		{"an address in what only begins as a list", `[sic] ann@corp.io`, []scrub.Fault{{Where: "body", What: mail}}},
		{"two numbers at one place", "call +49 30 1234567 or +49 151 12345679", []scrub.Fault{{Where: "body", What: phone}}},
		{"two places", `{"a":"ann@corp.io","b":"ann@corp.io"}`, []scrub.Fault{{Where: "body member a", What: mail}, {Where: "body member b", What: mail}}},
		{"a number where one belongs", `{"mobilePhone":"015112345679"}`, []scrub.Fault{{Where: "body member mobilePhone", What: phone}}},
		{"the shortest number", `{"mobilePhone":"1234567"}`, []scrub.Fault{{Where: "body member mobilePhone", What: phone}}},
		{"what is too short for one", `{"mobilePhone":"123456"}`, nil},
		{"the longest number", `{"mobilePhone":"123456789012345"}`, []scrub.Fault{{Where: "body member mobilePhone", What: phone}}},
		{"what is too long for one", `{"mobilePhone":"1234567890123456"}`, nil},
		{"the same where none belongs", `{"count":"015112345679"}`, nil},
		{"a word where a number belongs", `{"mobilePhone":"set on 2026-01-15"}`, nil},
		{"the secret", `{"a":"` + liveSecret + `"}`, []scrub.Fault{{Where: "body", What: "the secret occurs in it"}, {Where: "body member a", What: "the secret occurs in it"}}},
		{"a token in a text", "it is " + live + " now", []scrub.Fault{{Where: "body", What: "a token that no stand-in signed"}}},
		{"nobody's token in a text", "it is " + unsigned(`{"sub":"x"}`) + " now", nil},
		{"PingOne's host in the NA region", "https://api.pingone.com/v1", nil},
		{"another region's host", "https://api.pingone.eu/v1", []scrub.Fault{{Where: "body", What: "the host of https://api.pingone.eu is no stand-in"}}},
		{"a server of this machine", "see 127.0.0.1:8080", []scrub.Fault{{Where: "body", What: "the host 127.0.0.1:8080 is no stand-in"}}},
		{"an id of the tenant", "of " + liveID, []scrub.Fault{{Where: "body", What: "the id " + liveID + " is no stand-in (ids that the suite makes up come from Session.NewID)"}}},
		{"a secret at its place", `{"newPassword":"hunter-22"}`, []scrub.Fault{{Where: "body member newPassword", What: "the password is no stand-in (one that the suite brings comes from Session.Secret; one that is meant to be wrong says \"wrong\")"}}},
		{"a stand-in at its place", `{"newPassword":"Stand-In-password-1!"}`, nil},
		{"an unsigned token at its place", `{"access_token":"` + unsigned(`{"sub":"x"}`) + `"}`, nil},
		{"a live token at its place", `{"access_token":"` + live + `"}`, []scrub.Fault{{Where: "body member access_token", What: "a token that no stand-in signed"}}},
		{"a host that is none", "https://[::x/", []scrub.Fault{{Where: "body", What: "the host of https://[::x is no stand-in"}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			found := scrub.NewInspector(nil, []scrub.Needle{needle}).Inspect(scrub.Message{Header: http.Header{}, Body: []byte(row.body)})
			require.Equal(t, row.faults, found)
		})
	}
}

func TestHostsThatMayBeInAFixture(t *testing.T) {
	for host, may := range map[string]bool{
		"api.pingone.com": true, "auth.pingone.com": true, "apps.pingone.com": true, "assets.pingone.com": true, "console.pingone.com": true,
		"orchestrate-api.pingone.com": true, "scim-api.pingone.com": true, "uploads.pingone.com": true, "API.PingOne.com": true,
		"shop.example.com": true, "evil.example": true, "x.invalid": true, "x.test": true, "example.org": true,
		"kontoso.pingone.com": false, "api.pingone.eu": false, "pingone.com": false, "kontoso.de": false, "badexample.com": false, "example.com.kontoso.de": false,
	} {
		found := scrub.NewInspector(nil, nil).Inspect(scrub.Message{Body: []byte("https://" + host + "/x")})
		require.Equal(t, may, len(found) == 0, host)
	}
}

// Below the depth to which values are decoded, a JSON text is looked at as any other text.
func TestWhatIsNestedTooDeepIsLookedAtAsText(t *testing.T) {
	body := `{"a":"ann@corp.io"}`
	for range 9 {
		body = `{"a":` + string(jsontree.Quote(body)) + `}`
	}
	require.Len(t, scrub.NewInspector(nil, nil).Inspect(scrub.Message{Body: []byte(body)}), 1)
}
