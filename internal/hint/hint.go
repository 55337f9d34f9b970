package hint

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// None is the algorithm of a token without a signature, which must be refused however it is spelled.
const None = "none"

// leastSecret is the shortest key of HS256 in bytes (RFC 7518 section 3.2).
const leastSecret = 32

// The private parameter of a request object that lets a test device's passcode
// stand in the flow's answer, and its only value.
// https://docs.pingidentity.com/integrations/pingone/pingone_mfa_integration_kit/p1_mfa_ik_release_notes_24.html
const (
	TestDevice      = "pi.testDevice"
	TestDeviceAllow = "allow"
)

// Claims are what a login_hint_token says. An empty member is left out, so that
// a scenario can show what PingOne makes of a token without it.
type Claims struct {
	Issuer   string    // the id of the application whose secret signs
	Subject  string    // the person's id or username
	Audience string    // the environment's issuer, https://auth.pingone.com/{environment id}/as
	IssuedAt time.Time // sent in whole seconds
	Expires  time.Time // sent in whole seconds
	ID       string    // jti
}

// Form is how a token is signed and what its header says besides alg and typ.
// The zero Form is what PingOne documents: HS256 and nothing more.
type Form struct {
	Algorithm string         // None, or HS256 when empty
	Header    map[string]any // such as cty, which PingOne forbids
}

// Token makes the login_hint_token of the claims, signed by HS256 with the UTF-8
// bytes of the application's secret. The same arguments give the same token. A
// secret that is shorter than HS256 asks for is an error.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/create-a-login_hint_token-jwt.html
func Token(secret string, c Claims) (string, error) {
	return TokenAs(Form{}, secret, c)
}

// TokenAs is Token in another form, which PingOne must refuse. None needs no secret.
func TokenAs(f Form, secret string, c Claims) (string, error) {
	token, err := sign(f, secret, c.members())
	if err != nil {
		return "", fmt.Errorf("making a login_hint_token: %w", err)
	}
	return token, nil
}

// RequestObject makes the JWT of the request parameter: the authorize parameters
// params, issued by the application clientID for audience, the environment's
// issuer, and signed by HS256 with the application's secret.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/create-a-request-property-jwt.html
func RequestObject(secret, clientID, audience string, params map[string]any) (string, error) {
	claims := map[string]any{"iss": clientID, "aud": audience}
	for name, value := range params {
		if _, taken := claims[name]; taken {
			return "", fmt.Errorf("making a request object: %s is no parameter: it comes from the client id and the audience", name)
		}
		claims[name] = value
	}
	token, err := sign(Form{}, secret, claims)
	if err != nil {
		return "", fmt.Errorf("making a request object: %w", err)
	}
	return token, nil
}

// members are the claims under their registered names (RFC 7519 section 4.1).
func (c Claims) members() map[string]any {
	m := map[string]any{}
	for name, value := range map[string]string{"iss": c.Issuer, "sub": c.Subject, "aud": c.Audience, "jti": c.ID} {
		if value != "" {
			m[name] = value
		}
	}
	for name, at := range map[string]time.Time{"iat": c.IssuedAt, "exp": c.Expires} {
		if !at.IsZero() {
			m[name] = at.Unix()
		}
	}
	return m
}

// sign makes the compact JWS of the claims.
func sign(f Form, secret string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("claims that are no JSON: %w", err)
	}
	switch {
	case strings.EqualFold(f.Algorithm, None):
		return unsigned(f, payload)
	case f.Algorithm != "":
		return "", fmt.Errorf("algorithm %q is not known: it is none, or HS256 when none is named", f.Algorithm)
	case secret == "":
		return "", errors.New("the application's secret is empty: was it read?")
	case len(secret) < leastSecret:
		return "", fmt.Errorf("the application's secret has %d bytes, and HS256 needs at least %d (RFC 7518 section 3.2)", len(secret), leastSecret)
	}
	options := (&jose.SignerOptions{}).WithType("JWT")
	for name, value := range f.Header {
		options.WithHeader(jose.HeaderKey(name), value)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(secret)}, options)
	if err != nil {
		return "", fmt.Errorf("preparing the signature: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing with HS256: %w", err)
	}
	return signed.CompactSerialize()
}

// unsigned makes a JWT that claims to need no signature. It is made by hand,
// since a good library refuses to.
func unsigned(f Form, payload []byte) (string, error) {
	header := map[string]any{"alg": f.Algorithm, "typ": "JWT"}
	maps.Copy(header, f.Header)
	head, err := json.Marshal(header)
	if err != nil {
		return "", fmt.Errorf("a header that is no JSON: %w", err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	return encode(head) + "." + encode(payload) + ".", nil
}
