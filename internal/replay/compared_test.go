package replay_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// byteForByte is a recording of one call that is sent just as it stands there.
const byteForByte = `format: 1
recorded-from: fake 1
recorded: 2026-01-15T09:00:00.000Z
seed: 7

-- 01.request --
POST /v1/people/anna%20b?limit=1&note=a%zz HTTP/1.1
Host: api.pingone.com
Accept: application/json
Accept: text/html
Authorization: Bearer stand-in-access-token-1
Content-Type: application/json
Cookie: ST=00000000-0000-4000-8000-000000000003
If-Match: "1"
If-None-Match: "2"
Prefer: return=minimal
X-Ping-External-Session-Id: 00000000-0000-4000-8000-000000000004

{
  "count": 12345678901234567890
}
-- 01.response --
HTTP/1.1 204 No Content
`

func oneCall() call {
	return call{"POST", "https://api.pingone.com/v1/people/anna%20b?limit=1&note=a%zz", http.Header{
		"Accept": {"application/json", "text/html"}, "Authorization": {"Bearer stand-in-access-token-1"},
		"Content-Type": {"application/json"}, "Cookie": {"ST=00000000-0000-4000-8000-000000000003"},
		"If-Match": {`"1"`}, "If-None-Match": {`"2"`}, "Prefer": {"return=minimal"},
		"X-Ping-External-Session-Id": {"00000000-0000-4000-8000-000000000004"},
	}, `{"count":12345678901234567890}`}
}

// A call of which everything else is as it was recorded, byte for byte, is still not taken
// if one part of it differs.
func TestEveryPartOfACallIsCompared(t *testing.T) {
	header := func(name string, values ...string) func(*call) {
		return func(c *call) { c.header[name] = values }
	}
	for _, c := range []struct {
		name, differs string
		do            func(*call)
	}{
		{"nothing", "", func(*call) {}},
		{"a header that is the connection's", "", header("User-Agent", "anything")},
		{"a fragment, which is not sent", "", func(c *call) { c.url += "#x" }},
		{"the order of parameters", "", func(c *call) { c.url = "https://api.pingone.com/v1/people/anna%20b?note=a%zz&limit=1" }},
		{"plain http", "URL", func(c *call) { c.url = strings.Replace(c.url, "https:", "http:", 1) }},
		{"another host", "URL", func(c *call) { c.url = strings.Replace(c.url, "api.", "auth.", 1) }},
		{"a port", "URL", func(c *call) { c.url = strings.Replace(c.url, ".com/", ".com:8443/", 1) }},
		{"another spelling of the path", "URL", func(c *call) { c.url = strings.Replace(c.url, "anna%20b", "anna%20%62", 1) }},
		{"a parameter without its value", "query", func(c *call) { c.url = strings.Replace(c.url, "limit=1", "limit", 1) }},
		{"a parameter with an empty value", "query", func(c *call) { c.url = strings.Replace(c.url, "limit=1", "limit=", 1) }},
		{"a parameter twice", "query", func(c *call) { c.url += "&limit=1" }},
		{"a parameter that cannot be unescaped", "query", func(c *call) { c.url = strings.Replace(c.url, "%zz", "%zy", 1) }},
		{"the method", "method", func(c *call) { c.method = "PUT" }},
		{"a number's last digit", "body", func(c *call) { c.body = `{"count":12345678901234567891}` }},
		{"another JSON after the first", "body", func(c *call) { c.body += `{}` }},
		{"JSON that is cut off", "body", func(c *call) { c.body = `{"count":1234` }},
		{"what is accepted", "headers", header("Accept", "application/json")},
		{"the order in which it is accepted", "headers", header("Accept", "text/html", "application/json")},
		{"the bearer", "headers", header("Authorization", "Bearer stand-in-access-token-2")},
		{"the media type", "headers", header("Content-Type", "application/json; charset=utf-8")},
		{"the cookie", "headers", header("Cookie", "ST=00000000-0000-4000-8000-000000000004")},
		{"the version that must be there", "headers", header("If-Match", `"2"`)},
		{"the version that is known", "headers", header("If-None-Match", `"1"`)},
		{"what is preferred", "headers", header("Prefer", "return=representation")},
		{"the session of somebody else's", "headers", header("X-Ping-External-Session-Id", "00000000-0000-4000-8000-000000000003")},
		{"a header more", "headers", header("X-Ping-External-Transaction-Id", "00000000-0000-4000-8000-000000000003")},
	} {
		t.Run(c.name, func(t *testing.T) {
			recording, err := replay.Parse("one.txtar", []byte(byteForByte))
			require.NoError(t, err)
			s, sent := replay.Play(recording, false), oneCall()
			c.do(&sent)
			if _, err = sent.send(s); c.differs == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, "exchange 1 differs in: "+c.differs+"\n")
		})
	}
}

// The host that a request names counts, not the one it is sent to.
func TestTheHostThatIsNamedIsCompared(t *testing.T) {
	recording, err := replay.Parse("one.txtar", []byte(byteForByte))
	require.NoError(t, err)
	sent := oneCall()
	request, err := http.NewRequest(sent.method, sent.url, strings.NewReader(sent.body))
	require.NoError(t, err)
	request.Header, request.Host = sent.header, "evil.example"
	_, err = replay.Play(recording, false).RoundTripper().RoundTrip(request) //nolint:bodyclose // there is no answer
	require.ErrorContains(t, err, "exchange 1 differs in: URL")
}

func TestAMismatchShowsAllOfBothCalls(t *testing.T) {
	s, all := smallSession(t), calls()
	sendAll(t, s, all[:2]...)
	all[2].url = strings.Replace(all[2].url, "?y=2&x=1", "?y=2&x=a%20b", 1)
	_, err := all[2].send(s)
	var mismatch *replay.MismatchError
	require.ErrorAs(t, err, &mismatch)
	require.Equal(t, `replay fixtures/use_case/small.txtar: exchange 3 of 4 does not match
  expected (line 48): POST https://auth.pingone.com/00000000-0000-4000-9000-000000000001/flows/00000000-0000-4000-8000-000000000002 (application/vnd.pingidentity.otp.check+json)
  sent: POST https://auth.pingone.com/00000000-0000-4000-9000-000000000001/flows/00000000-0000-4000-8000-000000000002 (application/vnd.pingidentity.otp.check+json)
  exchange 3 differs in: query
--- recorded as exchange 3
+++ sent
@@ -1,5 +1,5 @@
 POST https://auth.pingone.com/00000000-0000-4000-9000-000000000001/flows/00000000-0000-4000-8000-000000000002
-  ?x=1
+  ?x=a b
   &y=2
 Content-Type: application/vnd.pingidentity.otp.check+json
 Cookie: ST-NO-SS=00000000-0000-4000-8000-000000000003; ST=00000000-0000-4000-8000-000000000003`, mismatch.Error())
}

// Of the recorded calls, the one that was probably meant is shown.
func TestTheNearestIsTheOneWithMostInCommon(t *testing.T) {
	for _, c := range []struct {
		name, method, url, media, body, nearest string
	}{
		{"the path goes before the method", "GET", authHost + "/flows/00000000-0000-4000-8000-000000000002?x=1&y=2", "", "", "exchange 3"},
		{"a path that is longer is further", "DELETE", apiHost + "/users/00000000-0000-4000-8000-000000000001/devices", "", "", "exchange 4"},
		{"a path that is the same goes before a body", "POST", apiHost + "/users", "application/json", `{"otp":"00000001"}`, "exchange 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := call{c.method, c.url, http.Header{"Content-Type": {c.media}}, c.body}.send(smallSession(t))
			require.ErrorContains(t, err, "  "+c.nearest+" differs in: ")
		})
	}
	recording, err := replay.Parse("none.txtar", []byte(strings.Split(byteForByte, "-- 01")[0]))
	require.NoError(t, err)
	_, err = oneCall().send(replay.Play(recording, false))
	var mismatch *replay.MismatchError
	require.ErrorAs(t, err, &mismatch)
	require.Equal(t, "replay none.txtar: all 0 exchanges are used, and there is one call more\n  sent: POST https://api.pingone.com/v1/people/anna%20b (application/json)", mismatch.Error())
}
