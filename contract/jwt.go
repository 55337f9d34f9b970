package contract

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"pingone-conformance/client"
)

// jwt is a signed token, taken apart.
type jwt struct {
	// where is the member that held it.
	where          string
	header, claims map[string]any
	signed         string
	signature      []byte
	// seconds are those from iat to exp, where it has both and so ends.
	seconds float64
	ends    bool
}

// parseJWT takes a compact token apart; it verifies nothing.
func parseJWT(compact string) (jwt, error) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return jwt{}, fmt.Errorf("a token of %d parts", len(parts))
	}
	token := jwt{signed: parts[0] + "." + parts[1]}
	var err error
	if token.header, err = part(parts[0]); err != nil {
		return jwt{}, fmt.Errorf("header: %w", err)
	}
	if token.claims, err = part(parts[1]); err != nil {
		return jwt{}, fmt.Errorf("claims: %w", err)
	}
	if token.signature, err = base64.RawURLEncoding.DecodeString(parts[2]); err != nil {
		return jwt{}, fmt.Errorf("signature: %w", err)
	}
	return token, nil
}

func part(encoded string) (map[string]any, error) {
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("not base64url: %w", err)
	}
	v, err := decode(text)
	if err == nil {
		err = client.CheckJSON(text)
	}
	if err == nil && object(v) == nil {
		err = errors.New("not an object")
	}
	return object(pruned(v, nil, func([]string) {})), err
}

// token takes a compact token apart, each only once; it verifies nothing.
func (c *call) token(compact string) (jwt, error) {
	if r := c.schemas.readings.of([]byte(compact)); r != nil {
		return r.token()
	}
	return parseJWT(compact)
}

// largest is how long the parts of a key may be, encoded: 16384 bits. Numbers of millions of bits cost hours.
const largest = 16384 / 8 * 4 / 3

// tooLarge tells of a key that nobody verifies anything with.
func tooLarge(jwk any) bool { return max(len(text(jwk, "n")), len(text(jwk, "e"))) > largest+1 }

// key reads an RSA public key from a JWK that is not too large.
func key(jwk any) (*rsa.PublicKey, error) {
	n, err := base64.RawURLEncoding.DecodeString(text(jwk, "n"))
	if err != nil {
		return nil, fmt.Errorf("modulus: %w", err)
	}
	e, err := base64.RawURLEncoding.DecodeString(text(jwk, "e"))
	if err != nil {
		return nil, fmt.Errorf("exponent: %w", err)
	}
	exponent := new(big.Int).SetBytes(e)
	if len(n) < 256 || !exponent.IsInt64() || exponent.Int64() < 3 || exponent.Int64() > 1<<31-1 {
		return nil, fmt.Errorf("a modulus of %d bits and the exponent %s", len(n)*8, exponent)
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(exponent.Int64())}, nil
}

// verify checks an RS256 signature.
func (t jwt) verify(k *rsa.PublicKey) error {
	digest := sha256.Sum256([]byte(t.signed))
	return rsa.VerifyPKCS1v15(k, crypto.SHA256, digest[:], t.signature)
}

// halfHash is the at_hash of an access token under RS256.
func halfHash(token string) string {
	digest := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(digest[:len(digest)/2])
}
