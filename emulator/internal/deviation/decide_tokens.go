package deviation

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/internal/lazy"
)

func neverExpired(d *Decisions) { d.OAuth.Expired = func(time.Time, time.Time) bool { return false } }

// accessClaim gives a claim of people's access tokens another value.
func accessClaim(name string, value any) func(*Decisions) {
	return accessClaims(func(c oauth.Claims) { c[name] = value })
}

// idClaims changes the claims of ID tokens.
func idClaims(change func(oauth.Claims)) func(*Decisions) {
	return func(d *Decisions) {
		documented := d.OAuth.IDClaims
		d.OAuth.IDClaims = func(c oauth.Claims) oauth.Claims {
			c = documented(c)
			change(c)
			return c
		}
	}
}

func foreignAudience(c oauth.Claims) { c["aud"] = elsewhere }

func expiredAtBirth(c oauth.Claims) {
	if issued, isNumber := c["iat"].(int64); isNumber {
		c["iat"], c["exp"] = issued-7200, issued-3600
	}
}

func noMethods(c oauth.Claims) { delete(c, "amr") }

func wrongMethods(c oauth.Claims) { c["amr"] = []string{flow.Password} }

// foreignKey is a key that no key set shows.
var foreignKey = lazy.Value[*rsa.PrivateKey]{Make: func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // no random numbers
	}
	return key
}}

func foreignSignature(d *Decisions) {
	d.OAuth.SignID = func(c oauth.Claims) (string, error) {
		return oauth.SignAsPublished(foreignKey.Get(), c)
	}
}

func noSignature(d *Decisions) {
	d.OAuth.SignID = func(c oauth.Claims) (string, error) {
		payload, err := json.Marshal(c)
		if err != nil {
			return "", fmt.Errorf("encode claims: %w", err)
		}
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(`{"alg":"none"}`)) + "." + encode(payload) + ".", nil
	}
}
