package replay_test

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/internal/replay"
)

// person tells a story to whoever answers, as a scenario does.
type person struct {
	t       testing.TB
	session *replay.Session
	in      replay.StandIns
	http    *http.Client
	seen    []string // what a scenario could assert on
}

func newPerson(t testing.TB, session *replay.Session, in replay.StandIns) *person {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &person{t: t, session: session, in: in, http: &http.Client{
		Transport: session.RoundTripper(), Jar: jar,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

type answer struct {
	*http.Response
	body []byte
}

func (a answer) get(path string) string { return gjson.GetBytes(a.body, path).String() }

// call sends and reads; a body is a form, JSON, or text.
func (p *person) call(method, address string, body any, header ...string) (answer, error) {
	p.session.Now()
	media, content := "", []byte(nil)
	switch b := body.(type) {
	case url.Values:
		media, content = "application/x-www-form-urlencoded", []byte(b.Encode())
	case object:
		media = "application/json"
		content, _ = json.Marshal(b)
	case string:
		content = []byte(b)
	}
	request, err := http.NewRequest(method, address, bytes.NewReader(content))
	require.NoError(p.t, err)
	if media != "" {
		request.Header.Set("Content-Type", media)
	}
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := p.http.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	p.seen = append(p.seen, fmt.Sprintf("%d %s", response.StatusCode, text))
	return answer{response, text}, nil
}

func (p *person) must(method, address string, body any, header ...string) answer {
	p.t.Helper()
	got, err := p.call(method, address, body, header...)
	require.NoError(p.t, err)
	return got
}

// send sends a GET without reading the clock, and returns the answer's body.
func (p *person) send(address string) []byte {
	p.t.Helper()
	request, err := http.NewRequest("GET", address, nil)
	require.NoError(p.t, err)
	response, err := p.http.Do(request)
	require.NoError(p.t, err)
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	require.NoError(p.t, err)
	return body
}

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(url.QueryEscape(user)+":"+url.QueryEscape(password)))
}

func (p *person) hint(secret, issuer, subject string) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS512, Key: []byte(secret)}, nil)
	require.NoError(p.t, err)
	at := p.session.Now()
	payload, err := json.Marshal(object{"iss": issuer, "sub": subject, "aud": p.in.AuthURL + "/" + p.in.EnvironmentID + "/as",
		"iat": at.Unix(), "exp": at.Add(5 * time.Minute).Unix(), "jti": p.session.NewID()})
	require.NoError(p.t, err)
	signed, err := signer.Sign(payload)
	require.NoError(p.t, err)
	token, err := signed.CompactSerialize()
	require.NoError(p.t, err)
	return token
}

// story is a sign-on from the worker's token to the tokens of the person.
func (p *person) story() {
	environment := p.in.APIURL + "/environments/" + p.in.EnvironmentID
	auth := p.in.AuthURL + "/" + p.in.EnvironmentID
	bearer := "Bearer " + p.must("POST", auth+"/as/token", url.Values{"grant_type": {"client_credentials"}},
		"Authorization", basic(p.in.ClientID, p.in.ClientSecret)).get("access_token")
	p.must("GET", environment, nil, "Authorization", bearer)
	name := fmt.Sprintf("App_%d", p.session.Rand().IntN(1e6))
	app := p.must("POST", environment+"/applications", object{"name": name, "at": p.session.Now().Format(stamp)}, "Authorization", bearer)
	secret := p.must("GET", app.get("_links.secret.href"), nil, "Authorization", bearer).get("secret")
	user := p.must("POST", environment+"/users", object{"username": "anna_" + name, "email": p.in.Email, "mobilePhone": p.in.Phone}, "Authorization", bearer)
	userID := strings.ToLower(user.get("id"))
	password := p.session.Secret("password", func() string { return random(20) + "-9!" })
	p.must("PUT", environment+"/users/"+userID+"/password", object{"value": password},
		"Authorization", bearer, "Content-Type", "application/vnd.pingidentity.password.set+json")

	query := url.Values{
		"client_id": {app.get("id")}, "state": {fmt.Sprint(p.session.Rand().Uint64())},
		"login_hint_token": {p.hint(secret, app.get("id"), userID)}, "redirect_uri": {"https://app.example.com/cb"},
	}
	flow := p.must("GET", auth+"/as/authorize?"+query.Encode(), nil)
	p.must("POST", flow.get(`_links.otp\.check.href`), object{"otp": flow.get("test.otp")}, "Content-Type", "application/vnd.pingidentity.otp.check+json")
	done := p.must("POST", flow.get(`_links.otp\.check.href`), object{"otp": flow.get("test.otp"), "password": password}, "Content-Type", "application/vnd.pingidentity.otp.check+json")
	back, err := p.must("GET", done.get("resumeUrl")+"&state="+query.Get("state"), nil).Location()
	require.NoError(p.t, err)
	p.must("POST", auth+"/as/token", url.Values{"grant_type": {"authorization_code"}, "code": {back.Query().Get("code")}},
		"Authorization", basic(app.get("id"), secret))
	p.must("POST", auth+"/as/token", url.Values{"grant_type": {"authorization_code"}}, "Authorization", basic(app.get("id"), "the wrong secret"))
	p.must("GET", auth+"/as/jwks", nil)
	p.must("GET", environment+"/users/"+p.session.NewID(), nil, "Authorization", bearer)
	p.must("DELETE", environment+"/applications/"+app.get("id"), nil, "Authorization", bearer)
}

// where is the configuration of the fake.
func where(f *fake) replay.StandIns {
	return replay.StandIns{
		EnvironmentID: f.environment, WorkerEnvironmentID: f.environment, ClientID: f.clientID, ClientSecret: f.secret,
		Phone: f.phone, Email: f.mail, APIURL: f.URL + "/v1", AuthURL: f.URL,
	}
}

func optionsOf(f *fake) replay.RecordOptions {
	in := replay.Replayed()
	return replay.RecordOptions{
		Answered: "fake 1", APIURL: f.URL + "/v1", AuthURL: f.URL, Now: f.clock.now,
		Known: map[string]string{f.environment: in.EnvironmentID, f.clientID: in.ClientID, f.secret: in.ClientSecret, f.phone: in.Phone, f.mail: in.Email},
	}
}

// record tells the story to a new fake and returns the file.
func record(t testing.TB, start time.Time, key *rsa.PrivateKey) (string, *fake) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "use_case", "story.txtar")
	f := newFake(t, start, key)
	session := replay.Record(http.DefaultTransport, file, 7, optionsOf(f))
	newPerson(t, session, where(f)).story()
	require.NoError(t, session.Finish(true))
	return file, f
}

func mustJSON(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return text
}
