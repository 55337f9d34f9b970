package deviation

import (
	"bytes"
	"encoding/binary"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"

	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/wire"
)

const rfcJSON = "https://www.rfc-editor.org/rfc/rfc8259#section-"

// written are answers that programs read differently, or not at all.
func written() []Deviation {
	const names, encoding, grammar = "the names in an object are unique", "JSON is UTF-8", "an answer is one JSON value"
	bytesOf := func(name, breaks, rule, section string, do func([]byte) []byte, operations ...string) Deviation {
		return shape(name, breaks, rule, rfcJSON+section, onSuccess(func(_ *wire.Call, a *wire.Answer) { a.Body = do(a.Body) }, operations...))
	}
	doubled := func(member string) func([]byte) []byte {
		return func(body []byte) []byte { return bytes.Replace(body, []byte("{"), []byte(`{`+member+`,`), 1) }
	}
	return []Deviation{
		bytesOf("member-doubled", "an application has its id twice, with two values", names, "4", doubled(`"id":"`+elsewhere+`"`), "application.create"),
		bytesOf("flow-member-doubled", "a flow has its status twice, with two values", names, "4", doubled(`"status":"COMPLETED"`), "flow."),
		bytesOf("token-member-doubled", "the token endpoint answers access_token twice", names, "4", doubled(`"access_token":"eyJhbGciOiJub25lIn0.e30.e30"`), "token"),
		bytesOf("text-in-latin-1", "texts are written in Latin-1", encoding, "8.1", func(body []byte) []byte {
			return bytes.Replace(body, []byte(`"description":"`), []byte("\"description\":\"\xe9t\xe9 "), 1)
		}, "population.create"),
		bytesOf("body-in-utf-16", "an answer is written in UTF-16", encoding, "8.1", func(body []byte) []byte {
			var wide []byte
			for _, unit := range utf16.Encode([]rune(string(body))) {
				wide = binary.BigEndian.AppendUint16(wide, unit)
			}
			return wide
		}, "signOnPolicy.create"),
		bytesOf("body-twice", "an answer is written twice", grammar, "2", func(body []byte) []byte { return append(bytes.Clone(body), body...) }, "assignment.create"),
		bytesOf("body-with-comment", "an answer ends in a comment", grammar, "2", func(body []byte) []byte { return append(bytes.Clone(body), "// end"...) }, "grant.create"),
		bytesOf("body-as-text", "an answer is a text that holds JSON", grammar, "2", func(body []byte) []byte {
			return []byte(`"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(string(body)) + `"`)
		}, "device.create"),
		insecure("state-in-latin-1", "the state comes back in Latin-1", "state comes back unchanged", rfcCode).
			by(returned("state", func(s string) string {
				var narrow []byte
				for _, r := range s {
					narrow = append(narrow, byte(r&0xff))
				}
				return string(narrow)
			})),
		insecure("state-encoded-twice", "the state comes back encoded twice", "state comes back unchanged", rfcCode).by(returned("state", url.QueryEscape)),
	}
}

// units are numbers in another unit of time than documented.
func units() []Deviation {
	const seconds = "times in tokens are seconds"
	thousandfold := func(names ...string) func(oauth.Claims) {
		return func(c oauth.Claims) {
			for _, name := range names {
				if at, isNumber := c[name].(int64); isNumber {
					c[name] = at * 1000
				}
			}
		}
	}
	return []Deviation{
		insecure("access-token-times-in-milliseconds", "people's access tokens count milliseconds", seconds, pageClaims).by(accessClaims(thousandfold("iat", "exp", "auth_time"))),
		insecure("access-token-expiry-in-milliseconds", "the end of people's access tokens counts milliseconds", seconds, pageClaims).by(accessClaims(thousandfold("exp"))),
		insecure("id-token-times-in-milliseconds", "ID tokens count milliseconds", seconds, oidcIDToken).by(idClaims(thousandfold("iat", "exp", "auth_time"))),
		insecure("id-token-sign-on-in-milliseconds", "auth_time of ID tokens counts milliseconds", seconds, oidcIDToken).by(idClaims(thousandfold("auth_time"))),
		shape("token-expiry-in-milliseconds", "expires_in counts milliseconds", "expires_in is a number of seconds", rfcToken,
			onSuccess(edit(forPeople(func(b object) { b["expires_in"] = 3_600_000 })), "token")),
		shape("userinfo-updated-in-milliseconds", "updated_at of userinfo counts milliseconds", "updated_at is a number of seconds", oidcUser, inMilliseconds("updated_at", "userinfo")),
		shape("passcode-life-in-seconds", "a device policy lets passcodes live for seconds where minutes were sent", "a create answers what was sent", pageDevicePolicy,
			set("email.otp.lifeTime.timeUnit", "SECONDS", "devicePolicy.create", "devicePolicy.read")),
		shape("flow-life-in-hours", "a flow expires fifteen hours after it began", "a flow lives for 15 minutes", pageFlows,
			func(call *wire.Call, a *wire.Answer) {
				if a.Status == http.StatusOK {
					edit(fifteenHours)(call, a)
				}
			}),
	}
}

func fifteenHours(_ *wire.Call, body object) {
	created, _ := body["createdAt"].(string)
	at, err := time.Parse(time.RFC3339Nano, created)
	if _, expires := body["expiresAt"].(string); err == nil && expires && body["resumeUrl"] != nil {
		body["expiresAt"] = at.Add(15 * time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
	}
}
