package scrub

import (
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"regexp"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/replay/internal/jsonwalk"
)

// tokenPattern finds what may be a compact JWS (three parts) or JWE (five).
var tokenPattern = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*)?`)

// Signer tells who signed a token of a fixture.
type Signer string

// The signers of a fixture's tokens. Foreign is a signature that no known key
// verified when it was recorded; Live is one that no fixture may hold.
const (
	StandInKey    Signer = "a stand-in key"
	StandInSecret Signer = "a stand-in secret"
	Unsigned      Signer = "nobody"
	Foreign       Signer = "a key that the recording did not know"
	Live          Signer = "an unknown key"
)

func isToken(value string) bool {
	_, _, ok := openToken(value)
	return ok
}

// openToken decodes the header and the payload of a compact JWS whose both are JSON.
func openToken(value string) (header, payload string, ok bool) {
	parts := strings.Split(value, ".")
	if len(parts) != 3 || !strings.HasPrefix(value, "eyJ") {
		return "", "", false
	}
	head, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil || !jsonwalk.IsContainer(string(head)) {
		return "", "", false
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || !jsonwalk.IsContainer(string(body)) {
		return "", "", false
	}
	return string(head), string(body), true
}

// token returns the stand-in of a JWT: its header and payload rewritten as any
// JSON text, and signed again by the stand-in of whoever had signed it.
func (w *Rewriter) token(live string) string {
	if done, ok := w.tokens[live]; ok {
		return done
	}
	header, payload, ok := openToken(live)
	if !ok {
		return w.words(live)
	}
	inClaims := w.claims
	w.claims = true
	newHeader := w.json(header)
	newPayload := w.json(payload)
	w.claims = inClaims
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(newHeader)) + "." + encode([]byte(newPayload))
	standIn := input + "." + w.signature(live, header, newHeader, input)
	w.tokens[live] = standIn
	return standIn
}

// signature signs input as live was signed.
func (w *Rewriter) signature(live, header, newHeader, input string) string {
	cut := strings.LastIndexByte(live, '.')
	liveInput, liveSignature := live[:cut], live[cut+1:]
	alg := gjson.Get(header, "alg").String()
	switch {
	case liveSignature == "":
		return ""
	case hmacOf(alg) != nil:
		for _, secret := range w.vault.ordered() {
			if hmacSignature(alg, secret, liveInput) == liveSignature {
				return hmacSignature(alg, w.vault.standIn(secret), input)
			}
		}
	case rsaHash(alg) != 0 && w.issued[live]:
		return rsaSignature(alg, w.keys.of(gjson.Get(newHeader, "kid").String()), input)
	}
	return foreignSignature(alg, input)
}

// SignedBy tells who signed a token, given the stand-in secrets that may have.
func SignedBy(token string, secrets []string) Signer {
	header, _, ok := openToken(token)
	if !ok {
		return Live
	}
	cut := strings.LastIndexByte(token, '.')
	input, signature := token[:cut], token[cut+1:]
	alg := gjson.Get(header, "alg").String()
	switch {
	case signature == "":
		return Unsigned
	case signature == foreignSignature(alg, input):
		return Foreign
	case hmacOf(alg) != nil:
		for _, secret := range secrets {
			if hmacSignature(alg, secret, input) == signature {
				return StandInSecret
			}
		}
	case rsaHash(alg) != 0:
		if number, ok := keyNumber(gjson.Get(header, "kid").String()); ok && rsaVerifies(alg, standInKey(number), input, signature) {
			return StandInKey
		}
	}
	return Live
}

// foreignSignature stands for a signature that no known key verified, such as
// that of a token which a scenario spoiled. It verifies with no key.
func foreignSignature(alg, input string) string {
	length := 256
	switch alg {
	case "HS256":
		length = 32
	case "HS384":
		length = 48
	case "HS512", "ES256":
		length = 64
	}
	sum := make([]byte, 0, length+sha512.Size)
	for next := sha512.Sum512([]byte("stand-in foreign signature\n" + alg + "\n" + input)); len(sum) < length; next = sha512.Sum512(next[:]) {
		sum = append(sum, next[:]...)
	}
	return base64.RawURLEncoding.EncodeToString(sum[:length])
}

func hmacOf(alg string) func() hash.Hash {
	switch alg {
	case "HS256":
		return sha256.New
	case "HS384":
		return sha512.New384
	case "HS512":
		return sha512.New
	}
	return nil
}

func hmacSignature(alg, secret, input string) string {
	mac := hmac.New(hmacOf(alg), []byte(secret))
	mac.Write([]byte(input))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func rsaHash(alg string) crypto.Hash {
	switch alg {
	case "RS256":
		return crypto.SHA256
	case "RS384":
		return crypto.SHA384
	case "RS512":
		return crypto.SHA512
	}
	return 0
}

// rsaSignature is deterministic: PKCS #1 v1.5 draws no randomness.
func rsaSignature(alg string, key *rsa.PrivateKey, input string) string {
	h := rsaHash(alg)
	digest := h.New()
	digest.Write([]byte(input))
	signature, err := rsa.SignPKCS1v15(nil, key, h, digest.Sum(nil))
	if err != nil {
		return foreignSignature(alg, input)
	}
	return base64.RawURLEncoding.EncodeToString(signature)
}

func rsaVerifies(alg string, key *rsa.PrivateKey, input, signature string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(signature)
	if err != nil {
		return false
	}
	h := rsaHash(alg)
	digest := h.New()
	digest.Write([]byte(input))
	return rsa.VerifyPKCS1v15(&key.PublicKey, h, digest.Sum(nil), raw) == nil
}

// hashClaim is the at_hash or c_hash of a token or code (OpenID Connect Core
// 3.1.3.6): the left half of its SHA-256.
func hashClaim(value string) string {
	sum := sha256.Sum256([]byte(value))
	return base64.RawURLEncoding.EncodeToString(sum[:len(sum)/2])
}
