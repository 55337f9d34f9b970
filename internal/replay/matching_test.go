package replay_test

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

// small is a recording of four calls, for tests of matching.
const small = `format: 1
recorded-from: fake 1
recorded: 2026-01-15T09:00:00.000Z
seed: 7
secret password: Stand-In-password-1!
secret otp: 00000001
secret password: Stand-In-password-2!
clock 01: 0 20
clock 03: 4000
clock 05: 90000

-- 01.request --
POST /00000000-0000-4000-9000-000000000001/as/token HTTP/1.1
Host: auth.pingone.com
Authorization: Basic MDAwMDAwMDAtMDAwMC00MDAwLTkwMDAtMDAwMDAwMDAwMDAyOnN0YW5kLWluLWNsaWVudC1zZWNyZXQtMQ==
Content-Type: application/x-www-form-urlencoded

grant_type=client_credentials&scope=a+b
-- 01.response --
HTTP/1.1 200 OK
Content-Type: application/json

{
  "access_token": "stand-in-access-token-1",
  "token_type": "Bearer"
}
-- 02.request --
POST /v1/environments/00000000-0000-4000-9000-000000000001/users HTTP/1.1
Host: api.pingone.com
Accept: application/json
Authorization: Bearer stand-in-access-token-1
Content-Type: application/json

{
  "name": {
    "family": "Shopper",
    "given": "Anna"
  },
  "username": "anna"
}
-- 02.response --
HTTP/1.1 201 Created
Content-Type: application/json

{
  "id": "00000000-0000-4000-8000-000000000001"
}
-- 03.request --
POST /00000000-0000-4000-9000-000000000001/flows/00000000-0000-4000-8000-000000000002?x=1&y=2 HTTP/1.1
Host: auth.pingone.com
Content-Type: application/vnd.pingidentity.otp.check+json
Cookie: ST=00000000-0000-4000-8000-000000000003; ST-NO-SS=00000000-0000-4000-8000-000000000003

{
  "otp": "00000001"
}
-- 03.response --
HTTP/1.1 200 OK
Set-Cookie: ST=00000000-0000-4000-8000-000000000004; Path=/
Set-Cookie: ST-NO-SS=00000000-0000-4000-8000-000000000004; Path=/

<html>
\-- not a marker --
\\ a backslash

</html>

-- 04.request --
DELETE /v1/environments/00000000-0000-4000-9000-000000000001/users/00000000-0000-4000-8000-000000000001 HTTP/1.1
Host: api.pingone.com
Authorization: Bearer stand-in-access-token-1
-- 04.response --
HTTP/1.1 204 No Content
`

func smallSession(t *testing.T) *replay.Session {
	t.Helper()
	recording, err := replay.Parse("fixtures/use_case/small.txtar", []byte(small))
	require.NoError(t, err)
	session := replay.Play(recording, false)
	return session
}

// call is one request of the tests below, as recorded unless it is changed.
type call struct {
	method, url string
	header      http.Header
	body        string
}

const (
	authHost = "https://auth.pingone.com/00000000-0000-4000-9000-000000000001"
	apiHost  = "https://api.pingone.com/v1/environments/00000000-0000-4000-9000-000000000001"
)

func calls() []call {
	return []call{
		{"POST", authHost + "/as/token", http.Header{
			"Authorization": {"Basic MDAwMDAwMDAtMDAwMC00MDAwLTkwMDAtMDAwMDAwMDAwMDAyOnN0YW5kLWluLWNsaWVudC1zZWNyZXQtMQ=="},
			"Content-Type":  {"application/x-www-form-urlencoded"},
		}, "scope=a%20b&grant_type=client_credentials"},
		{"POST", apiHost + "/users", http.Header{
			"Accept": {"application/json"}, "Authorization": {"Bearer stand-in-access-token-1"}, "Content-Type": {"application/json"},
		}, `{"username":"anna","name":{"given":"Anna","family":"Shopper"}}`},
		{"POST", authHost + "/flows/00000000-0000-4000-8000-000000000002?y=2&x=1", http.Header{
			"Content-Type": {"application/vnd.pingidentity.otp.check+json"},
			"Cookie":       {"ST-NO-SS=00000000-0000-4000-8000-000000000003; ST=00000000-0000-4000-8000-000000000003"},
			"User-Agent":   {"anything"},
		}, `{"otp":"00000001"}`},
		{"DELETE", apiHost + "/users/00000000-0000-4000-8000-000000000001", http.Header{"Authorization": {"Bearer stand-in-access-token-1"}}, ""},
	}
}

func (c call) send(s *replay.Session) (answer, error) {
	request, err := http.NewRequest(c.method, c.url, strings.NewReader(c.body))
	if err != nil {
		return answer{}, err
	}
	request.Header = c.header
	response, err := (&http.Client{Transport: s.RoundTripper()}).Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return answer{response, body}, err
}

func sendAll(t *testing.T, s *replay.Session, calls ...call) {
	t.Helper()
	for _, one := range calls {
		_, err := one.send(s)
		require.NoError(t, err)
	}
}

func TestReplayTakesWhatWasRecordedInAnyOrderOfMembers(t *testing.T) {
	s := smallSession(t)
	sendAll(t, s, calls()...)
	require.NoError(t, s.Finish(true))
}

func TestAChangedCallFailsAndTellsWhatDiffers(t *testing.T) {
	for _, change := range []struct {
		name    string
		at      int
		do      func(*call)
		message []string
	}{
		{"method", 3, func(c *call) { c.method = "PUT" }, []string{"exchange 4 of 4 does not match", "differs in: method", "-DELETE https://api", "+PUT https://api"}},
		{"path", 3, func(c *call) { c.url = strings.Replace(c.url, "/users/", "/populations/", 1) }, []string{"differs in: URL", "/populations/"}},
		{"query", 2, func(c *call) { c.url = strings.Replace(c.url, "x=1", "x=3", 1) }, []string{"differs in: query", "-  ?x=1", "+  ?x=3"}},
		{"a query more", 1, func(c *call) { c.url += "?limit=1" }, []string{"differs in: query", "+  ?limit=1"}},
		{"media type", 2, func(c *call) { c.header.Set("Content-Type", "application/json") },
			[]string{"differs in: headers", "-Content-Type: application/vnd.pingidentity.otp.check+json", "+Content-Type: application/json"}},
		{"accepted media type", 1, func(c *call) { c.header.Set("Accept", "*/*") }, []string{"differs in: headers", "+Accept: */*"}},
		{"cookie", 2, func(c *call) { c.header.Set("Cookie", "ST=00000000-0000-4000-8000-000000000003") },
			[]string{"differs in: headers", "+Cookie: ST=00000000-0000-4000-8000-000000000003"}},
		{"bearer", 1, func(c *call) { c.header.Set("Authorization", "Bearer stand-in-access-token-2") },
			[]string{"differs in: headers", "+Authorization: Bearer stand-in-access-token-2"}},
		{"no bearer", 1, func(c *call) { c.header.Del("Authorization") }, []string{"differs in: headers", "-Authorization: Bearer stand-in-access-token-1"}},
		{"client credentials", 0, func(c *call) { c.header.Set("Authorization", basic("me", "live-secret-value")) },
			[]string{"differs in: headers", "+Authorization: Basic me:(17 characters that are no stand-in)"}},
		{"body", 1, func(c *call) { c.body = strings.Replace(c.body, "Anna", "Anne", 1) }, []string{"differs in: body", `-    "given": "Anna"`, `+    "given": "Anne"`}},
		{"form", 0, func(c *call) { c.body = "grant_type=password" }, []string{"differs in: body", "-  grant_type=client_credentials", "+  grant_type=password"}},
		{"a passcode that is live", 2, func(c *call) { c.body = `{"otp":"48291377"}` }, []string{"differs in: body", `+  "otp": "(8 characters that are no stand-in)"`}},
	} {
		t.Run(change.name, func(t *testing.T) {
			s, all := smallSession(t), calls()
			sendAll(t, s, all[:change.at]...)
			change.do(&all[change.at])
			_, err := all[change.at].send(s)
			require.ErrorContains(t, err, "replay fixtures/use_case/small.txtar: exchange ")
			for _, part := range change.message {
				require.ErrorContains(t, err, part)
			}
			require.NotContains(t, err.Error(), "live-secret")
			require.NotContains(t, err.Error(), "48291377")
			var mismatch *replay.MismatchError
			require.True(t, errors.As(err, &mismatch))
			require.Equal(t, change.at+1, mismatch.Exchange)

			_, err = calls()[change.at].send(s)
			require.ErrorContains(t, err, "stopped, since an earlier call did not match", "a failed session stays failed")
			require.ErrorIs(t, s.Finish(true), mismatch)
			require.ErrorIs(t, s.Finish(false), mismatch)
		})
	}
}

func TestAMissingCallFails(t *testing.T) {
	s := smallSession(t)
	sendAll(t, s, calls()[:2]...)
	require.NoError(t, s.Finish(false), "a scenario that failed has its own error")
	err := s.Finish(true)
	require.EqualError(t, err, `replay fixtures/use_case/small.txtar: 2 of 4 exchanges were never asked for:
  exchange 3 (line 48): POST https://auth.pingone.com/00000000-0000-4000-9000-000000000001/flows/00000000-0000-4000-8000-000000000002 (application/vnd.pingidentity.otp.check+json)
  exchange 4 (line 68): DELETE https://api.pingone.com/v1/environments/00000000-0000-4000-9000-000000000001/users/00000000-0000-4000-8000-000000000001`)
}

func TestACallMoreFails(t *testing.T) {
	s, all := smallSession(t), calls()
	sendAll(t, s, all...)
	_, err := all[1].send(s)
	require.ErrorContains(t, err, "all 4 exchanges are used, and there is one call more")
	require.ErrorContains(t, err, "out of order: it matches exchange 2, which was already used")
	require.Error(t, s.Finish(true))

	s = smallSession(t)
	sendAll(t, s, all...)
	all[3].method = "GET"
	_, err = all[3].send(s)
	require.ErrorContains(t, err, "nearest: exchange 4, DELETE https://api.pingone.com/")
	require.ErrorContains(t, err, "+GET https://api.pingone.com/")
}

func TestACallOutOfOrderFails(t *testing.T) {
	s, all := smallSession(t), calls()
	_, err := all[2].send(s)
	require.ErrorContains(t, err, "out of order: it matches exchange 3, which comes later")

	s = smallSession(t)
	sendAll(t, s, all[:2]...)
	_, err = all[0].send(s)
	require.ErrorContains(t, err, "out of order: it matches exchange 1, which was already used")
}

func TestTheNearestCandidateIsShown(t *testing.T) {
	s, all := smallSession(t), calls()
	all[3].url += "0"
	_, err := all[3].send(s)
	require.ErrorContains(t, err, "exchange 1 of 4 does not match")
	require.ErrorContains(t, err, "nearest: exchange 4, DELETE https://api.pingone.com/")
	require.ErrorContains(t, err, "-DELETE https://api.pingone.com/v1/environments/00000000-0000-4000-9000-000000000001/users/00000000-0000-4000-8000-000000000001\n")
}

func TestReplayGivesTheRecordedAnswer(t *testing.T) {
	s, all := smallSession(t), calls()
	created, err := all[0].send(s)
	require.NoError(t, err)
	require.Equal(t, "200 OK", created.Status)
	require.EqualValues(t, len(`{"access_token":"stand-in-access-token-1","token_type":"Bearer"}`), created.ContentLength)
	sendAll(t, s, all[1])
	page, err := all[2].send(s)
	require.NoError(t, err)
	require.Len(t, page.Cookies(), 2)
	require.Equal(t, "<html>\n-- not a marker --\n\\ a backslash\n\n</html>\n", string(page.body))
}

func TestTheClockIsTheRecordedOne(t *testing.T) {
	s, all := smallSession(t), calls()
	begin := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	read := func(want time.Duration, why string) {
		t.Helper()
		require.Equal(t, begin.Add(want), s.Now(), why)
	}
	read(0, "the first reading")
	sendAll(t, s, all[0])
	read(20*time.Millisecond, "a reading that was left out moves no later one")
	sendAll(t, s, all[1])
	read(4*time.Second, "the reading before the third call")
	read(4*time.Second, "a reading more stays at the last")
	sendAll(t, s, all[2:]...)
	read(90*time.Second, "after the last call")
}

func TestSecretsInReplayAreTheRecordedStandIns(t *testing.T) {
	s := smallSession(t)
	never := func() string { t.Error("in replay nothing is made"); return "" }
	require.True(t, s.Replaying())
	require.Equal(t, "fixtures/use_case/small.txtar", s.File())
	require.Equal(t, uint64(7), s.Seed())
	require.Equal(t, "00000001", s.Secret("otp", never))
	require.Equal(t, "Stand-In-password-1!", s.Secret("password", never))
	require.Equal(t, "Stand-In-password-2!", s.Secret("password", never))
	require.Equal(t, "Stand-In-password-903!", s.Secret("password", never), "one more than recorded")
	require.Equal(t, "000902", s.Secret("otp", never))
	require.Equal(t, "00000000-0000-4000-9001-000000000901", s.NewID())
}

func TestAChangedRecordingReplaysWithoutTheDisk(t *testing.T) {
	original, err := replay.Parse("small.txtar", []byte(small))
	require.NoError(t, err)
	e := original.Exchange(1)
	e.Response.Status, e.Response.Body = 500, []byte(`{"code":"UNEXPECTED_ERROR"}`)
	e.Response.Header.Set("Content-Type", "text/plain")
	e.Request.URL.RawQuery = "limit=1"
	changed := original.With(1, e)
	session := replay.Play(changed, false)
	all := calls()
	sendAll(t, session, all[0])
	all[1].url += "?limit=1"
	response, err := all[1].send(session)
	require.NoError(t, err)
	require.Equal(t, 500, response.StatusCode)
	require.Equal(t, "text/plain", response.Header.Get("Content-Type"))

	require.Equal(t, 4, len(original.Exchanges()))
	require.Equal(t, 201, original.Exchanges()[1].Response.Status, "the original is untouched")
	require.Equal(t, "application/json", original.Exchange(1).Response.Header.Get("Content-Type"))
	require.Equal(t, url.Values{}, original.Exchange(1).Request.URL.Query())
	require.Equal(t, small, string(original.Format()))
}
