package replay_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// fake answers in the shapes of PingOne, with everything random that a tenant
// and a run make random: ids, secrets, keys, passcodes, the port, the time.
type fake struct {
	*httptest.Server
	environment, clientID, secret string
	phone, mail                   string
	key                           *rsa.PrivateKey
	kid                           string
	clock                         *clock

	app, appSecret, user, flow, code, otp, accessToken string
	sent                                               []string // bodies and queries, for the test's own eyes
}

// clock is a clock that the tests set; every reading takes its step.
type clock struct {
	at   time.Time
	step time.Duration
}

func (c *clock) now() time.Time {
	c.at = c.at.Add(c.step)
	return c.at
}

func newFake(t testing.TB, start time.Time, key *rsa.PrivateKey) *fake {
	t.Helper()
	f := &fake{
		environment: uuid.NewString(), clientID: uuid.NewString(), secret: random(48), key: key, kid: random(8),
		phone: "+49301234" + digits(4), mail: strings.ToLower(random(6)) + "@corp-" + strings.ToLower(random(4)) + ".io",
		clock: &clock{at: start, step: 20 * time.Millisecond},
	}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func newKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	return key
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func random(n int) string {
	out := make([]byte, n)
	_, _ = rand.Read(out)
	for i := range out {
		out[i] = alphabet[int(out[i])%len(alphabet)]
	}
	return string(out)
}

func digits(n int) string {
	out := make([]byte, n)
	_, _ = rand.Read(out)
	for i := range out {
		out[i] = '1' + out[i]%9
	}
	return string(out)
}

type object = map[string]any

func (f *fake) api(path string) string  { return f.URL + "/v1/environments/" + f.environment + path }
func (f *fake) auth(path string) string { return f.URL + "/" + f.environment + path }

func (f *fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	f.sent = append(f.sent, r.URL.String()+" "+string(body)+" "+r.Header.Get("Authorization"))
	w.Header().Set("Correlation-Id", uuid.NewString())
	w.Header().Set("X-Amz-Cf-Id", random(20))
	path := strings.NewReplacer(f.environment, "{env}", or(f.app), "{app}", or(f.user), "{user}", or(f.flow), "{flow}").Replace(r.URL.Path)
	switch r.Method + " " + path {
	case "POST /{env}/as/token":
		f.token(w, r, body)
	case "POST /v1/environments/{env}/applications":
		f.app, f.appSecret = uuid.NewString(), random(64)
		f.json(w, 201, object{"id": f.app, "name": f.sentMember(body, "name"), "environment": object{"id": f.environment},
			"_links":    object{"self": object{"href": f.api("/applications/" + f.app)}, "secret": object{"href": f.api("/applications/" + f.app + "/secret")}},
			"createdAt": f.time(), "updatedAt": f.time()})
	case "GET /v1/environments/{env}/applications/{app}/secret":
		f.json(w, 200, object{"secret": f.appSecret, "environment": object{"id": f.environment}})
	case "GET /v1/environments/{env}":
		f.json(w, 200, object{"id": f.environment, "name": "ACME " + random(5), "type": "SANDBOX", "createdAt": "2024-02-29T23:59:59.999Z"})
	case "POST /v1/environments/{env}/users":
		f.user = uuid.NewString()
		f.json(w, 201, object{"id": strings.ToUpper(f.user), "email": f.mail, "mobilePhone": f.phone, "username": f.sentMember(body, "username")})
	case "PUT /v1/environments/{env}/users/{user}/password":
		f.json(w, 200, object{"status": "OK", "user": object{"id": f.user}})
	case "GET /{env}/as/authorize":
		f.authorize(w)
	case "POST /{env}/flows/{flow}":
		f.json(w, 200, object{"id": f.flow, "status": "COMPLETED", "resumeUrl": f.auth("/as/resume?flowId=" + f.flow), "session": object{"id": uuid.NewString()}})
	case "GET /{env}/as/resume":
		f.code = random(24)
		w.Header().Set("Location", "https://app.example.com/cb?code="+f.code+"&state="+r.URL.Query().Get("state"))
		w.WriteHeader(302)
	case "GET /{env}/as/jwks":
		f.jwks(w)
	case "DELETE /v1/environments/{env}/applications/{app}":
		w.WriteHeader(204)
	default:
		f.json(w, 404, object{"id": uuid.NewString(), "code": "NOT_FOUND", "message": "no " + r.URL.Path + " (Correlation ID: " + random(10) + ")"})
	}
}

const stamp = "2006-01-02T15:04:05.000Z"

func (f *fake) time() string { return f.clock.at.Format(stamp) }

func (f *fake) sentMember(body []byte, name string) any {
	var sent object
	_ = json.Unmarshal(body, &sent)
	return sent[name]
}

func (f *fake) json(w http.ResponseWriter, status int, body object) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// authorize asks for a passcode; the phone and the mail are masked.
func (f *fake) authorize(w http.ResponseWriter) {
	f.flow, f.otp = uuid.NewString(), digits(6)
	expires := f.clock.at.Add(30 * 24 * time.Hour).UTC().Format(http.TimeFormat)
	w.Header().Add("Set-Cookie", "ST="+uuid.NewString()+"; Path=/"+f.environment+"; Max-Age=2592000; Expires="+expires+"; HttpOnly")
	w.Header().Add("Set-Cookie", "AWSALB="+random(30)+"; Path=/"+f.environment)
	user, domain, _ := strings.Cut(f.mail, "@")
	f.json(w, 200, object{
		"id": f.flow, "status": "OTP_REQUIRED", "createdAt": f.time(), "expiresAt": f.clock.at.Add(15 * time.Minute).Format(stamp),
		"_links":    object{"otp.check": object{"href": f.auth("/flows/" + f.flow)}, "signOnPage": object{"href": f.auth("/signon/?flowId=" + f.flow)}},
		"_embedded": object{"devices": []object{{"phone": "*******" + f.phone[len(f.phone)-2:]}, {"email": user[:2] + "****@" + domain}}},
		"test":      object{"otp": f.otp},
		"lockedAt":  object{"coolDownExpiresAt": f.clock.at.Add(2 * time.Minute).UnixMilli()},
	})
}

func (f *fake) token(w http.ResponseWriter, r *http.Request, body []byte) {
	form, _ := url.ParseQuery(string(body))
	_, secret, _ := r.BasicAuth()
	at := f.clock.at.Unix()
	claims := object{"iss": f.auth("/as"), "aud": []string{"https://api.pingone.eu"}, "iat": at, "exp": at + 3600, "jti": uuid.NewString(), "env": f.environment}
	switch {
	case form.Get("grant_type") == "client_credentials" && secret == f.secret:
		f.accessToken = f.sign(claims)
		f.json(w, 200, object{"access_token": f.accessToken, "token_type": "Bearer", "expires_in": 3600})
	case form.Get("code") == f.code && secret == f.appSecret:
		claims["sub"] = f.user
		access := f.sign(claims)
		sum := sha256.Sum256([]byte(access))
		claims["aud"], claims["at_hash"] = f.app, base64.RawURLEncoding.EncodeToString(sum[:16])
		f.json(w, 200, object{"access_token": access, "id_token": f.sign(claims), "token_type": "Bearer"})
	default:
		f.json(w, 401, object{"error": "invalid_client", "error_description": "denied (Correlation ID: " + w.Header().Get("Correlation-Id") + ")"})
	}
}

func (f *fake) sign(claims object) string {
	key := jose.JSONWebKey{Key: f.key, KeyID: f.kid, Algorithm: "RS256"}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: key}, nil)
	if err != nil {
		panic(err)
	}
	payload, _ := json.Marshal(claims)
	signed, err := signer.Sign(payload)
	if err != nil {
		panic(err)
	}
	token, _ := signed.CompactSerialize()
	return token
}

func (f *fake) jwks(w http.ResponseWriter) {
	template := &x509.Certificate{SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: f.environment}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &f.key.PublicKey, f.key)
	if err != nil {
		panic(err)
	}
	f.json(w, 200, object{"keys": []object{{
		"kty": "RSA", "use": "sig", "kid": f.kid, "e": "AQAB",
		"n":   base64.RawURLEncoding.EncodeToString(f.key.N.Bytes()),
		"x5c": []string{base64.StdEncoding.EncodeToString(der)},
	}}})
}

// or is an id, or a text that no path has.
func or(id string) string {
	if id == "" {
		return "\x00"
	}
	return id
}

func (f *fake) String() string { return fmt.Sprintf("fake at %s", f.URL) }
