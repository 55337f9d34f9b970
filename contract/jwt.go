package contract

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
)

// jwt is a signed token, taken apart.
type jwt struct {
	// where tells which member held it.
	where          string
	header, claims map[string]any
	signed         string
	signature      []byte
}

// parseJWT takes a compact token apart; it verifies nothing.
func parseJWT(compact string) (jwt, error) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return jwt{}, fmt.Errorf("a token of %d parts", len(parts))
	}
	header, err := part(parts[0])
	if err != nil {
		return jwt{}, fmt.Errorf("header: %w", err)
	}
	claims, err := part(parts[1])
	if err != nil {
		return jwt{}, fmt.Errorf("claims: %w", err)
	}
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return jwt{}, fmt.Errorf("signature: %w", err)
	}
	return jwt{header: header, claims: claims, signed: parts[0] + "." + parts[1], signature: signature}, nil
}

func part(encoded string) (map[string]any, error) {
	text, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return nil, fmt.Errorf("not base64url: %w", err)
	}
	v, err := decode(text)
	if err != nil {
		return nil, err
	}
	object, isObject := v.(map[string]any)
	if !isObject {
		return nil, fmt.Errorf("not an object")
	}
	return object, nil
}

// token takes a compact token apart, each only once.
func (c *call) token(compact string) (jwt, error) {
	if compact == "" {
		return parseJWT(compact)
	}
	return c.schemas.readings.of([]byte(compact)).token()
}

// claimsOf returns the claims of a compact token, unverified.
func (c *call) claimsOf(compact string) (map[string]any, error) {
	token, err := c.token(compact)
	return token.claims, err
}

// key reads an RSA public key from a JWK.
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
