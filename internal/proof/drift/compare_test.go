package drift

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// answer makes an answer; each header is "Name: value".
func answer(status int, body string, headers ...string) replay.Response {
	r := replay.Response{Status: status, Header: http.Header{}, Body: []byte(body)}
	if body != "" {
		r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		if name == "Content-Type" {
			r.Header.Del(name)
		}
		r.Header.Add(name, value)
	}
	return r
}

// token makes a signed token of claims; nobody looks at its signature.
func token(claims string) string {
	part := base64.RawURLEncoding.EncodeToString
	return part([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + part([]byte(claims)) + ".c2lnbmF0dXJl"
}

func TestBodiesAreComparedByWhatTheyLookLike(t *testing.T) {
	const id, other = "00000000-0000-4000-8000-000000000001", "00000000-0000-4000-8000-00000000000a"
	for name, row := range map[string]struct {
		recorded, seen string
		want           []string
	}{
		"another id":                         {`{"id":"` + id + `"}`, `{"id":"` + other + `"}`, nil},
		"another time":                       {`{"at":"2026-01-15T09:00:00.000Z"}`, `{"at":"2027-02-16T10:11:12.013Z"}`, nil},
		"another text":                       {`{"name":"a"}`, `{"name":"b c"}`, nil},
		"another number":                     {`{"n":1}`, `{"n":2.5}`, nil},
		"another flag":                       {`{"on":true}`, `{"on":false}`, nil},
		"another order":                      {`{"a":1,"b":2}`, `{"b":2,"a":1}`, nil},
		"a member more":                      {`{}`, `{"a":1}`, []string{"member added /a: number"}},
		"a member less":                      {`{"a":1}`, `{}`, []string{"member gone /a: was number"}},
		"a member null":                      {`{"a":"x"}`, `{"a":null}`, []string{"member retyped /a: null, was string"}},
		"a number as text":                   {`{"a":1}`, `{"a":"1"}`, []string{"member retyped /a: string, was number"}},
		"an id in capitals":                  {`{"id":"` + other + `"}`, `{"id":"` + strings.ToUpper(other) + `"}`, []string{"member retyped /id: string, was id"}},
		"a time with an offset":              {`{"at":"2026-01-15T09:00:00.000Z"}`, `{"at":"2026-01-15T09:00:00.000+01:00"}`, []string{"member retyped /at: string, was time"}},
		"a relative link":                    {`{"a":"https://api.pingone.com/v1"}`, `{"a":"/v1"}`, []string{"member retyped /a: string, was URL"}},
		"an object gone, reported once":      {`{"a":{"b":{"c":1}}}`, `{}`, []string{"member gone /a: was object"}},
		"an object added, reported once":     {`{}`, `{"a":{"b":{"c":1}}}`, []string{"member added /a: object"}},
		"an object as a list, reported once": {`{"a":{"b":1}}`, `{"a":[1]}`, []string{"member retyped /a: array, was object"}},
		"a list as the whole":                {`{"a":1}`, `[{"a":1}]`, []string{"body changed: array, was object"}},
		"a longer list":                      {`{"l":[{"a":1}]}`, `{"l":[{"a":1},{"a":2}]}`, nil},
		"an empty list":                      {`{"l":[{"a":1}]}`, `{"l":[]}`, nil},
		"a list filled":                      {`{"l":[]}`, `{"l":[{"a":1}]}`, nil},
		"a member in one item":               {`{"l":[{"a":1},{"a":1}]}`, `{"l":[{"a":1},{"a":1,"b":"x"}]}`, []string{"member added /l/*/b: string"}},
		"one item of another type":           {`{"l":["x","y"]}`, `{"l":["x",7]}`, []string{"member retyped /l/*: number or string, was string"}},
		"a member with a slash":              {`{}`, `{"a/b~c":1}`, []string{"member added /a~1b~0c: number"}},
		"a link more":                        {`{"_links":{}}`, `{"_links":{"otp.check":{"href":"https://a.example"}}}`, []string{"link added /_links/otp.check"}},
		"a link less":                        {`{"_links":{"self":{"href":"https://a.example"}}}`, `{"_links":{}}`, []string{"link gone /_links/self"}},
		"a link of items less": {
			`{"_embedded":{"users":[{"_links":{"self":{}}}]}}`, `{"_embedded":{"users":[{"_links":{}}]}}`,
			[]string{"link gone /_embedded/users/*/_links/self"},
		},
		"a link without its address": {`{"_links":{"self":{"href":"https://a.example"}}}`, `{"_links":{"self":{}}}`, []string{"member gone /_links/self/href: was URL"}},
		"no links at all":            {`{"_links":{"self":{}}}`, `{}`, []string{"member gone /_links: was object"}},
		"another status of a flow":   {`{"status":"OTP_REQUIRED"}`, `{"status":"COMPLETED"}`, []string{"value changed /status: COMPLETED, was OTP_REQUIRED"}},
		"another code of a detail": {
			`{"code":"INVALID_DATA","details":[{"code":"REQUIRED_VALUE"}]}`, `{"code":"INVALID_DATA","details":[{"code":"INVALID_VALUE"}]}`,
			[]string{"value changed /details/*/code: INVALID_VALUE, was REQUIRED_VALUE"},
		},
		"another OAuth error":            {`{"error":"invalid_grant"}`, `{"error":"invalid_request"}`, []string{"value changed /error: invalid_request, was invalid_grant"}},
		"a value more in a list":         {`{"grantTypes":["IMPLICIT"]}`, `{"grantTypes":["IMPLICIT","REFRESH_TOKEN"]}`, []string{"value changed /grantTypes/*: IMPLICIT, REFRESH_TOKEN, was IMPLICIT"}},
		"a value written in small":       {`{"type":"EMAIL"}`, `{"type":"email"}`, []string{"value changed /type: (a text in another form), was EMAIL"}},
		"values of a tenant's list":      {`{"_embedded":{"resources":[{"type":"PINGONE_API"}]}}`, `{"_embedded":{"resources":[{"type":"PINGONE_API"},{"type":"CUSTOM"}]}}`, nil},
		"a secret in capitals":           {`{"secret":"STANDINABAAAAAAA"}`, `{"secret":"JBSWY3DPEHPK3PXP"}`, nil},
		"a code that is a secret":        {`{"code":"` + id + `"}`, `{"code":"` + other + `"}`, nil},
		"a region":                       {`{"region":"NA"}`, `{"region":"EU"}`, nil},
		"a claim less":                   {`{"id_token":"` + token(`{"sub":"a","nonce":"b"}`) + `"}`, `{"id_token":"` + token(`{"sub":"c"}`) + `"}`, []string{"member gone /id_token/claims/nonce: was string"}},
		"a claim of another type":        {`{"t":"` + token(`{"aud":["a"]}`) + `"}`, `{"t":"` + token(`{"aud":"a"}`) + `"}`, []string{"member retyped /t/claims/aud: string, was array"}},
		"a token that is no JWT":         {`{"t":"` + token(`{}`) + `"}`, `{"t":"opaque"}`, []string{"member retyped /t: string, was JSON web token"}},
		"half a body":                    {`{"a":1}`, `{"a"`, []string{"body changed: no JSON, was JSON"}},
		"two bodies":                     {`{"a":1}`, `{"a":1}{}`, []string{"body changed: no JSON, was JSON"}},
		"a page instead of another page": {`<p>a`, `<p>b`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.want, texts(Compare(answer(200, row.recorded), answer(200, row.seen))))
		})
	}
}

func TestHeadsAreCompared(t *testing.T) {
	for name, row := range map[string]struct {
		recorded, seen replay.Response
		want           []string
	}{
		"another status of the same class": {answer(201, `{"a":1}`), answer(200, `{}`), []string{"status changed: 200, was 201", "member gone /a: was number"}},
		"a refusal instead of a success": {
			answer(200, `{"id":"x"}`), answer(400, `{"code":"INVALID_DATA","details":[{"code":"REQUIRED_VALUE"}]}`),
			[]string{"status changed: 400, was 200", "refused with: INVALID_DATA, REQUIRED_VALUE"},
		},
		"an OAuth refusal":               {answer(200, `{}`), answer(401, `{"error":"invalid_client"}`), []string{"status changed: 401, was 200", "refused with: invalid_client"}},
		"a success instead of a refusal": {answer(400, `{"code":"INVALID_DATA"}`), answer(200, `{"id":"x"}`), []string{"status changed: 200, was 400"}},
		"no content any more": {
			answer(200, `{"a":1}`), answer(204, ""),
			[]string{"status changed: 204, was 200", "media type changed: none, was application/json", "body changed: no body, was JSON"},
		},
		"another charset":        {answer(200, `{}`), answer(200, `{}`, "Content-Type: application/json"), nil},
		"another media type":     {answer(200, `{}`), answer(200, `{}`, "Content-Type: application/hal+json"), []string{"media type changed: application/hal+json, was application/json"}},
		"a media type of errors": {answer(200, `{}`), answer(200, `{}`, "Content-Type: /"), []string{"media type changed: one that cannot be read, was application/json"}},
		"a Location less":        {answer(201, "", "Location: https://a.example/1"), answer(201, ""), []string{"header gone Location"}},
		"another Location":       {answer(302, "", "Location: https://a.example/1"), answer(302, "", "Location: https://b.example/2"), nil},
		"an error instead of a code": {
			answer(302, "", "Location: https://a.example/?code=1&state=2"), answer(302, "", "Location: https://a.example/?error=access_denied&state=3"),
			[]string{"parameter gone code", "parameter added error"},
		},
		"parameters in a fragment": {answer(302, "", "Location: https://a.example/#id_token=1&state=2"), answer(302, "", "Location: https://a.example/#state=3"), []string{"parameter gone id_token"}},
		"another error": {
			answer(302, "", "Location: https://a.example/?error=login_required"), answer(302, "", "Location: https://a.example/?error=access_denied"),
			[]string{"value changed Location error: access_denied, was login_required"},
		},
		"an error in the vendor's own words": {
			answer(302, "", "Location: https://a.example/?error=login_required"), answer(302, "", "Location: https://a.example/?error=Anna%20of%20Kontoso%20is%20unknown"),
			[]string{"value changed Location error: (a text in another form), was login_required"},
		},
		"an error that was in other words": {
			answer(302, "", "Location: https://a.example/?error=Stand-in%20words"), answer(302, "", "Location: https://a.example/?error=login_required"), nil,
		},
		"an error less": {
			answer(302, "", "Location: https://a.example/?error=login_required"), answer(302, "", "Location: https://a.example/?state=1"),
			[]string{"parameter gone error", "parameter added state"},
		},
		"a Location with parameters less": {answer(302, "", "Location: https://a.example/?code=1"), answer(302, ""), []string{"header gone Location"}},
		"a Location with parameters more": {answer(302, ""), answer(302, "", "Location: https://a.example/?code=1"), []string{"header added Location"}},
		"a place on a page":               {answer(302, "", "Location: https://a.example/#top"), answer(302, "", "Location: https://a.example/#end"), nil},
		"a Location that is none":         {answer(302, "", "Location: https://a.example/?a=1"), answer(302, "", "Location: https://a.example:x/?a=1"), []string{"parameter gone a"}},
		"a refusal without a code":        {answer(200, `{}`), answer(400, `{"message":"no"}`), []string{"status changed: 400, was 200"}},
		"a success that has a code":       {answer(400, `{"code":"INVALID_DATA"}`), answer(200, `{"code":"ALL_WELL"}`), []string{"status changed: 200, was 400"}},
		"Retry-After more":                {answer(429, ""), answer(429, "", "Retry-After: 3"), []string{"header added Retry-After"}},
		"a header of no meaning":          {answer(200, `{}`), answer(200, `{}`, "X-Served-By: somebody"), nil},
		"another cookie value":            {answer(200, `{}`, "Set-Cookie: ST=a; Path=/"), answer(200, `{}`, "Set-Cookie: ST=b; Secure"), nil},
		"another cookie": {
			answer(200, `{}`, "Set-Cookie: ST=a", "Set-Cookie: ST-NO-SS=a"), answer(200, `{}`, "Set-Cookie: ST=a", "Set-Cookie: SX=a"),
			[]string{"cookie gone ST-NO-SS", "cookie added SX"},
		},
		"a cookie named after a tenant": {
			answer(200, `{}`, "Set-Cookie: 00000000-0000-4000-9000-000000000001-ST=a"), answer(200, `{}`, "Set-Cookie: 6f1c2b3a-0000-4abc-9def-0123456789ab-ST=a"), nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.want, texts(Compare(row.recorded, row.seen)))
		})
	}
}

func texts(differences []Difference) []string {
	var lines []string
	for _, d := range differences {
		lines = append(lines, d.String())
	}
	return lines
}
