package replay_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/internal/replay"
)

func someDay() time.Time { return time.Date(2026, 9, 3, 14, 21, 7, 0, time.UTC) }

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(text)
}

// from is a file as Replay and Load take it.
func from(file string) (fs.FS, string) { return os.DirFS(filepath.Dir(file)), filepath.Base(file) }

func TestTwoRecordingsOfOneStoryAreTheSameBytes(t *testing.T) {
	key := newKey(t)
	first, _ := record(t, someDay(), key)
	again, _ := record(t, someDay(), key)
	other, _ := record(t, someDay().Add(1234567*time.Second), newKey(t))
	require.Equal(t, read(t, first), read(t, again))
	require.Equal(t, read(t, first), read(t, other), "with another port, other ids, secrets, keys, cookies, and at another time")
}

func TestARecordingReplays(t *testing.T) {
	file, _ := record(t, someDay(), newKey(t))
	session, err := replay.Replay(from(file))
	require.NoError(t, err)
	p := newPerson(t, session, replay.Replayed())
	p.story()
	require.NoError(t, session.Finish(true))
}

func TestNothingOfTheTenantIsInARecording(t *testing.T) {
	file, f := record(t, someDay(), newKey(t))
	text := read(t, file)
	values := map[string]string{
		"environment": f.environment, "client": f.clientID, "secret": f.secret, "phone": f.phone, "e-mail": f.mail,
		"application": f.app, "its secret": f.appSecret, "user": f.user, "flow": f.flow, "code": f.code, "passcode": f.otp, "token": f.accessToken,
		"port": strings.TrimPrefix(f.URL, "http://"), "a real name": "ACME",
	}
	for name, value := range values {
		require.NotContains(t, text, value, name)
		require.NotContains(t, text, base64.StdEncoding.EncodeToString([]byte(value)), name)
	}
	require.Empty(t, scanned(t, filepath.Dir(file), values))
}

func TestARecordingKeepsWhatMatters(t *testing.T) {
	file, _ := record(t, someDay(), newKey(t))
	text := read(t, file)
	for _, part := range []string{
		"recorded-from: fake 1\n", "recorded: 2026-01-15T09:00:00.020Z\n", "seed: 7\n", "secret password: Stand-In-password-1!\n",
		"POST /v1/environments/00000000-0000-4000-9000-000000000001/applications HTTP/1.1\nHost: api.pingone.com\n",
		`"mobilePhone": "+1.5125550101"`, `"phone": "*******01"`, `"email": "st****@example.com"`,
		`"secret": "stand-in-application-secret-1..................................."`,
		`"otp": "000001"`, `"value": "Stand-In-password-1!"`, "code=stand-in-code-1&grant_type=authorization_code",
		"Location: https://app.example.com/cb?code=stand-in-code-1&state=",
		"https://apps.pingone.com/00000000-0000-4000-9000-000000000001/signon/?flowId=",
		"https://auth.pingone.com/00000000-0000-4000-9000-000000000001/as/resume?flowId=",
		"Set-Cookie: AWSALB=stand-in-cookie-1; ", "Max-Age=2592000; Expires=Sat, 14 Feb 2026 09:00:00 GMT",
		`"createdAt": "2026-01-15T09:00:00.200Z"`, `"expiresAt": "2026-01-15T09:15:00.200Z"`, `"coolDownExpiresAt": 1768467720200`,
		"denied (Correlation ID: 00000000-0000-4000-8001-000000000012)", "\nCorrelation-Id: 00000000-0000-4000-8001-000000000012\n",
		`"name": "Stand-in environment name"`, `"createdAt": "2014-03-01T23:59:59.999Z"`, // history, ten years back
	} {
		require.Contains(t, text, part)
	}
	for _, part := range []string{"X-Amz", "User-Agent", "Accept-Encoding", "Content-Length", "\nDate:"} {
		require.NotContains(t, text, part)
	}
}

func TestTheTokensOfARecordingVerify(t *testing.T) {
	file, _ := record(t, someDay(), newKey(t))
	recording, err := replay.Load(from(file))
	require.NoError(t, err)
	var keys jose.JSONWebKeySet
	var access, id, hint string
	for _, e := range recording.Exchanges() {
		body := string(e.Response.Body)
		if gjson.Get(body, "keys").Exists() {
			require.NoError(t, json.Unmarshal(e.Response.Body, &keys), "x5c and n agree")
		}
		if gjson.Get(body, "id_token").Exists() {
			access, id = gjson.Get(body, "access_token").String(), gjson.Get(body, "id_token").String()
		}
		if token := e.Request.URL.Query().Get("login_hint_token"); token != "" {
			hint = token
		}
	}
	require.Len(t, keys.Keys, 1)
	for _, token := range []string{access, id} {
		signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
		require.NoError(t, err)
		require.Equal(t, keys.Keys[0].KeyID, signed.Signatures[0].Header.KeyID)
		claims, err := signed.Verify(keys.Keys[0])
		require.NoError(t, err)
		require.Equal(t, int64(1768467600), gjson.GetBytes(claims, "iat").Int())
		require.Equal(t, "https://auth.pingone.com/00000000-0000-4000-9000-000000000001/as", gjson.GetBytes(claims, "iss").String())
		if token == id {
			sum := sha256.Sum256([]byte(access))
			require.Equal(t, base64.RawURLEncoding.EncodeToString(sum[:16]), gjson.GetBytes(claims, "at_hash").String())
		}
	}
	signed, err := jose.ParseSignedCompact(hint, []jose.SignatureAlgorithm{jose.HS512})
	require.NoError(t, err)
	_, err = signed.Verify([]byte("stand-in-application-secret-1..................................."))
	require.NoError(t, err, "the hint is signed with the stand-in of the application's secret")
}

// echo answers each call with what script says, as often as it is asked.
type echo func(r *http.Request) *http.Response

func (e echo) RoundTrip(r *http.Request) (*http.Response, error) { return e(r), nil }

func ok(body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Add(header[i], header[i+1])
	}
	return &http.Response{StatusCode: 200, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func always(body string, header ...string) echo {
	return func(*http.Request) *http.Response { return ok(body, header...) }
}

func recordCalls(t *testing.T, rt http.RoundTripper, o replay.RecordOptions, story func(*replay.Session)) (string, error) {
	t.Helper()
	if o.Answered == "" {
		o.Answered = "fake 1"
	}
	if o.APIURL == "" {
		o.APIURL, o.AuthURL = "https://api.pingone.eu/v1", "https://auth.pingone.eu"
	}
	file := filepath.Join(t.TempDir(), "use_case", "story.txtar")
	session := replay.Record(rt, file, 7, o)
	story(session)
	return file, session.Finish(true)
}

func get(t *testing.T, s *replay.Session, address string, header ...string) {
	t.Helper()
	newPerson(t, s, replay.StandIns{}).must("GET", address, nil, header...)
}

func TestDistancesOfTimesAreKeptInALiveRecording(t *testing.T) {
	clock := &clock{at: time.Date(2026, 9, 3, 14, 21, 7, 613e6, time.UTC), step: 0}
	wait := []time.Duration{0, 1234 * time.Millisecond, 3*time.Minute + 7*time.Millisecond, 25 * time.Hour}
	server := echo(func(*http.Request) *http.Response {
		return ok(fmt.Sprintf(`{"at":%q,"iat":%d,"text":"since %d"}`, clock.at.Format(stamp), clock.at.Unix(), clock.at.UnixMilli()))
	})
	var live []time.Time
	file, err := recordCalls(t, server, replay.RecordOptions{Now: clock.now}, func(s *replay.Session) {
		for _, d := range wait {
			clock.at = clock.at.Add(d)
			live = append(live, s.Now())
			get(t, s, "https://api.pingone.eu/v1/x")
		}
	})
	require.NoError(t, err)
	session, err := replay.Replay(from(file))
	require.NoError(t, err)
	p := newPerson(t, session, replay.Replayed())
	first := time.Date(2026, 1, 15, 9, 0, 0, 613e6, time.UTC)
	for i := range wait {
		now := session.Now()
		require.Equal(t, live[i].Sub(live[0]), now.Sub(first))
		body := p.send("https://api.pingone.com/v1/x")
		require.Equal(t, now.Format(stamp), gjson.GetBytes(body, "at").String(), "server and suite agree on the time")
		require.Equal(t, now.Unix(), gjson.GetBytes(body, "iat").Int())
		if i < 3 {
			require.Equal(t, fmt.Sprintf("since %d", now.UnixMilli()), gjson.GetBytes(body, "text").String())
		}
	}
}

func TestOnlyAScenarioThatPassedIsWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "use_case", "story.txtar")
	session := replay.Record(always(`{}`), file, 7, replay.RecordOptions{})
	get(t, session, "https://api.pingone.com/v1/x")
	require.NoError(t, session.Finish(false))
	require.NoDirExists(t, filepath.Dir(file))

	direct := replay.Direct(always(`{}`), 7)
	get(t, direct, "https://api.pingone.com/v1/x")
	require.NoError(t, direct.Finish(true))
	require.False(t, direct.Replaying())
	require.Empty(t, direct.File())
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "story.txtar")
	require.NoError(t, os.MkdirAll(filepath.Join(file, "taken"), 0o755)) // the place is taken by a folder
	session := replay.Record(always(`{}`), file, 7, replay.RecordOptions{Answered: "fake 1"})
	get(t, session, "https://api.pingone.com/v1/x")
	require.ErrorContains(t, session.Finish(true), "recording "+file)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, left, 1, "no draft is left behind")

	blocked := filepath.Join(folder, "a-file")
	require.NoError(t, os.WriteFile(blocked, nil, 0o600))
	session = replay.Record(always(`{}`), filepath.Join(blocked, "story.txtar"), 7, replay.RecordOptions{Answered: "fake 1"})
	require.ErrorContains(t, session.Finish(true), "recording "+blocked)
}

func TestARecordingThatIsNotCleanIsRefused(t *testing.T) {
	secret := "kJ8~live.secret_of-the-tenant"
	id := "9b2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"
	for _, leak := range []struct {
		name  string
		rt    echo
		story func(*testing.T, *replay.Session)
		want  string
	}{
		{"an id that the suite made up", always(`{}`), func(t *testing.T, s *replay.Session) { get(t, s, "https://api.pingone.eu/v1/"+id) },
			"exchange 1, request, path: the id " + id + " is no stand-in (ids that the suite makes up come from Session.NewID)"},
		{"a password that was not announced", always(`{}`), func(t *testing.T, s *replay.Session) {
			newPerson(t, s, replay.StandIns{}).must("POST", "https://auth.pingone.eu/x", object{"username": "anna", "password": "Spring-2026!"})
		}, "exchange 1, request, body member password: the password is no stand-in"},
		{"a stranger's host", always(`{"href":"https://tenant.acme.io/x"}`), func(t *testing.T, s *replay.Session) { get(t, s, "https://api.pingone.eu/v1/") },
			"exchange 1, response, body member href: the host of https://tenant.acme.io is no stand-in"},
		{"a real address", always(`{}`), func(t *testing.T, s *replay.Session) {
			newPerson(t, s, replay.StandIns{}).must("POST", "https://api.pingone.eu/v1/users", object{"email": "jo@acme.io", "phone": "+4915112345678"})
		}, "an e-mail address outside example.com"},
		{"a real number", always(`{}`), func(t *testing.T, s *replay.Session) {
			newPerson(t, s, replay.StandIns{}).must("POST", "https://api.pingone.eu/v1/users", object{"email": "jo@example.com", "phone": "+4915112345678"})
		}, "a phone number outside 555-01xx"},
		{"a value of the configuration, backwards in base64", always(`{"blob":"` + base64.StdEncoding.EncodeToString([]byte("\x01\x02"+secret+"\xff")) + `"}`),
			func(t *testing.T, s *replay.Session) { get(t, s, "https://api.pingone.eu/v1/") }, "a value of the configuration (stand-in-client-secret-1"},
		{"a secret of the suite's own, among bytes in base64", always(`{"blob":"` + base64.StdEncoding.EncodeToString([]byte("\x01\x02Spring-2026!\xff")) + `"}`),
			func(t *testing.T, s *replay.Session) {
				s.Secret("otp", func() string { return "00000000" })
				s.Secret("password", func() string { return "Spring-2026!" })
				get(t, s, "https://api.pingone.eu/v1/")
			}, "the password that call 2 of Session.Secret made occurs in it"},
	} {
		t.Run(leak.name, func(t *testing.T) {
			known := map[string]string{secret: replay.Replayed().ClientSecret}
			file, err := recordCalls(t, leak.rt, replay.RecordOptions{Known: known}, func(s *replay.Session) { leak.story(t, s) })
			require.ErrorContains(t, err, "recording "+file+": not written, since it is not clean:")
			require.ErrorContains(t, err, leak.want)
			require.NotContains(t, err.Error(), secret)
			require.NotContains(t, err.Error(), "Spring-2026")
			require.NoFileExists(t, file)
		})
	}
}
