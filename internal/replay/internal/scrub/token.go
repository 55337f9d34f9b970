package scrub

import (
	"cmp"
	"crypto"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"hash"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay/jsontree"
)

// tokenPattern finds what may be a compact JWS (three parts) or JWE (five).
var tokenPattern = lazy.Regexp(`\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*)?`)

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
	_, _, ok := jsontree.OpenToken(value)
	return ok
}

// token returns the stand-in of a JWT: its header and payload rewritten as any
// JSON text, and signed again by the stand-in of whoever had signed it.
func (w *Rewriter) token(live string) string {
	if done, ok := w.tokens[live]; ok {
		return done
	}
	header, payload, ok := jsontree.OpenToken(live)
	if !ok {
		return w.words(live)
	}
	newHeader, newPayload := w.json(header), w.json(payload)
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
	case algorithms[alg].mac != nil:
		for _, secret := range w.vault.entries {
			if hmacSignature(alg, secret.value, liveInput) == liveSignature {
				return hmacSignature(alg, w.vault.standIn(secret.value), input)
			}
		}
	case algorithms[alg].rsa != 0 && w.issued[live]:
		number, _ := keyNumber(gjson.Get(newHeader, "kid").String())
		return rsaSignature(alg, standInKey(number), input)
	}
	return foreignSignature(alg, input)
}

// SignedBy tells who signed a token, given the stand-in secrets that may have.
func SignedBy(token string, secrets []string) Signer {
	header, _, ok := jsontree.OpenToken(token)
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
	case algorithms[alg].mac != nil:
		for _, secret := range secrets {
			if hmacSignature(alg, secret, input) == signature {
				return StandInSecret
			}
		}
	case algorithms[alg].rsa != 0:
		if number, ok := keyNumber(gjson.Get(header, "kid").String()); ok && rsaVerifies(alg, standInKey(number), input, signature) {
			return StandInKey
		}
	}
	return Live
}

// foreignSignature stands for a signature that no known key verified, such as
// that of a token which a scenario spoiled. It verifies with no key.
func foreignSignature(alg, input string) string {
	length := cmp.Or(algorithms[alg].length, 256)
	sum := make([]byte, 0, length+sha512.Size)
	for next := sha512.Sum512([]byte("stand-in foreign signature\n" + alg + "\n" + input)); len(sum) < length; next = sha512.Sum512(next[:]) {
		sum = append(sum, next[:]...)
	}
	return base64.RawURLEncoding.EncodeToString(sum[:length])
}

// algorithms are those of RFC 7518 section 3: what a secret signs with, what an RSA
// key signs with by PKCS #1 v1.5, and how many bytes a signature has if not 256.
var algorithms = map[string]struct {
	mac    func() hash.Hash
	rsa    crypto.Hash
	length int
}{
	"HS256": {mac: sha256.New, length: 32},
	"HS384": {mac: sha512.New384, length: 48},
	"HS512": {mac: sha512.New, length: 64},
	"RS256": {rsa: crypto.SHA256},
	"RS384": {rsa: crypto.SHA384},
	"RS512": {rsa: crypto.SHA512},
	"ES256": {length: 64},
}

func hmacSignature(alg, secret, input string) string {
	mac := hmac.New(algorithms[alg].mac, []byte(secret))
	mac.Write([]byte(input))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// rsaSignature is deterministic: PKCS #1 v1.5 draws no randomness.
func rsaSignature(alg string, key *rsa.PrivateKey, input string) string {
	h := algorithms[alg].rsa
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
	h := algorithms[alg].rsa
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
