package management

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestAMemberThatIsReadOnlyIsLeftAlone: what is sent for it is neither refused nor kept.
func TestAMemberThatIsReadOnlyIsLeftAlone(t *testing.T) {
	a := newAPI(t)
	language := a.made("{env}/languages", `{"locale":"fr","customerAdded":false}`)
	require.Equal(t, "true", language.body.Get("customerAdded").Raw)
	require.Equal(t, "true", a.put("{env}/languages/"+language.id(), `{"locale":"fr","customerAdded":false}`).body.Get("customerAdded").Raw)
	english := a.get("{env}/languages").body.Get(`_embedded.languages.#(locale=="en")`)
	changed := a.put("{env}/languages/"+english.Get("id").String(), `{"locale":"en","default":true,"customerAdded":true}`)
	require.Equal(t, http.StatusOK, changed.status, "%s", changed)
	require.Equal(t, "false", changed.body.Get("customerAdded").Raw)

	attributes := "{env}/schemas/" + a.env.DefaultRecord("/schemas").ID + "/attributes"
	require.False(t, a.made(attributes, `{"name":"shoe","ldapAttribute":"size"}`).body.Get("ldapAttribute").Exists())
	nickname := a.get(attributes + "?limit=100").body.Get(`_embedded.attributes.#(name=="nickname")`)
	require.Equal(t, "nickname", nickname.Get("ldapAttribute").String())
	changed = a.put(attributes+"/"+nickname.Get("id").String(), `{"name":"nickname","ldapAttribute":"size"}`)
	require.Equal(t, "nickname", changed.body.Get("ldapAttribute").String(), "%s", changed)
}

// TestSchemasAreBuiltIn: a schema is read, and nobody makes, changes or deletes one.
//
// https://github.com/patrickcping/pingone-go-sdk-v2/blob/main/management/api_schemas.go
func TestSchemasAreBuiltIn(t *testing.T) {
	a := newAPI(t)
	one := "{env}/schemas/" + a.env.DefaultRecord("/schemas").ID
	require.Equal(t, "User", a.get(one).body.Get("name").String())
	require.True(t, strings.HasSuffix(a.get(one).body.Get("_links.attributes.href").String(), strings.TrimPrefix(one, "{env}")+"/attributes"))
	require.Equal(t, "1", a.get("{env}/schemas").body.Get("count").Raw)
	refused(t, a.post("{env}/schemas", `{"name":"Shoes"}`), 405, "INVALID_REQUEST", "method INVALID_VALUE")
	refused(t, a.put(one, `{"name":"User"}`), 405, "INVALID_REQUEST", "method INVALID_VALUE")
	refused(t, a.delete(one), 405, "INVALID_REQUEST", "method INVALID_VALUE")
}

// TestTheGraceOfAnAuthenticatorIsANumberOfSteps: from one to ten.
func TestTheGraceOfAnAuthenticatorIsANumberOfSteps(t *testing.T) {
	const limits = `"otp":{"lifeTime":{"duration":30,"timeUnit":"MINUTES"},"failure":{"count":3,"coolDown":{"duration":0,"timeUnit":"MINUTES"}}}`
	const sent = `{"enabled":true,` + limits + `}`
	for grace, refusedFor := range map[string]struct{ code, detail string }{
		`4`:                                     {},
		`11`:                                    {"INVALID_DATA", "totp.passcodeGracePeriod OUT_OF_RANGE"},
		`{"duration":120,"timeUnit":"SECONDS"}`: {"INVALID_REQUEST", "totp.passcodeGracePeriod INVALID_VALUE"},
	} {
		a := newAPI(t)
		r := a.post("{env}/deviceAuthenticationPolicies", `{"name":"Devices","default":false,"sms":`+sent+`,"email":`+sent+`,"voice":`+sent+
			`,"mobile":{"enabled":false},"totp":{"enabled":true,"passcodeGracePeriod":`+grace+`}}`)
		if refusedFor.code == "" {
			require.Equal(t, http.StatusCreated, r.status, "%s", r)
			require.Equal(t, grace, r.body.Get("totp.passcodeGracePeriod").Raw)
			continue
		}
		refused(t, r, 400, refusedFor.code, refusedFor.detail)
	}
}
