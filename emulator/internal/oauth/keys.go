package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
)

// key signs every token of the process.
type key struct {
	id      string
	private *rsa.PrivateKey
	signer  jose.Signer
}

// process holds the one key of the process: making it takes longer than a whole
// journey, and a token is bound to its environment by claims, not by its key.
var process struct {
	once sync.Once
	key  *key
}

// signingKey is the key of the process, made when it is first asked for.
func signingKey() *key {
	process.once.Do(func() {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(fmt.Sprintf("no randomness for a signing key: %v", err)) // crypto/rand does not fail on supported systems
		}
		if process.key, err = named(private); err != nil {
			panic(fmt.Sprintf("a fresh RSA key does not sign: %v", err))
		}
	})
	return process.key
}

// named gives a key the id that follows from it.
func named(private *rsa.PrivateKey) (*key, error) {
	digest := sha256.Sum256(private.N.Bytes())
	id, _ := uuid.FromBytes(digest[:16]) // sixteen bytes always make one
	return newKey(id.String(), private)
}

// Keys are the key that signs the tokens of this process, and those of earlier ones.
func (s *Server) Keys() []*rsa.PrivateKey {
	keys := []*rsa.PrivateKey{signingKey().private}
	for _, k := range s.former {
		keys = append(keys, k.private)
	}
	return keys
}

// TrustKey holds tokens good that a key of an earlier process has signed. When this
// process has no key yet, that one goes on signing. The tenant is not in use yet.
func (s *Server) TrustKey(private *rsa.PrivateKey) error {
	k, err := named(private)
	if err != nil {
		return fmt.Errorf("use a key of before: %w", err)
	}
	process.once.Do(func() { process.key = k })
	if signingKey().id != k.id {
		s.former = append(s.former, k)
	}
	return nil
}

func newKey(id string, private *rsa.PrivateKey) (*key, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: private, KeyID: id}}, nil)
	return &key{id: id, private: private, signer: signer}, err
}

// SignAsPublished makes a compact JWT that names the published key, signed with a
// given one.
func SignAsPublished(private *rsa.PrivateKey, c Claims) (string, error) {
	k, err := newKey(signingKey().id, private)
	if err != nil {
		return "", fmt.Errorf("sign with a given key: %w", err)
	}
	return k.sign(c)
}

// public is the key as jwks shows it.
func (k *key) public() jose.JSONWebKey {
	return jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Algorithm: string(jose.RS256), Use: "sig"}
}

// sign makes a compact JWT with the header {alg, kid}.
func (k *key) sign(claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("encode claims: %w", err)
	}
	signed, err := k.signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign claims: %w", err)
	}
	return signed.CompactSerialize()
}

// verify returns the claims of a JWT that this key signed, expired or not.
func (k *key) verify(token string) (Claims, error) {
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		return nil, fmt.Errorf("parse token: %w", err)
	}
	payload, err := signed.Verify(k.private.Public())
	if err != nil {
		return nil, fmt.Errorf("verify token: %w", err)
	}
	return decodeClaims(payload)
}

// Claims are the decoded payload of a JWT; numbers are float64.
type Claims map[string]any

func decodeClaims(payload []byte) (Claims, error) {
	var c Claims
	if err := json.Unmarshal(payload, &c); err != nil {
		return nil, fmt.Errorf("decode claims: %w", err)
	}
	return c, nil
}

// text is a claim that is a string, "" otherwise.
func (c Claims) text(name string) string {
	value, _ := c[name].(string)
	return value
}

// moment is a claim that is a NumericDate; present says whether the claim is
// there at all, and a claim of another type is present at no time.
func (c Claims) moment(name string) (at time.Time, present bool) {
	value, there := c[name]
	if !there {
		return time.Time{}, false
	}
	seconds, _ := value.(float64)
	return time.UnixMilli(int64(seconds * 1000)).UTC(), true
}

// addressed says whether aud, a string or a list, names the audience.
func (c Claims) addressed(audience string) bool {
	switch aud := c["aud"].(type) {
	case string:
		return aud == audience
	case []any:
		for _, one := range aud {
			if one == audience {
				return true
			}
		}
	}
	return false
}

// alive says whether now lies between nbf and exp, as far as they are there.
func (c Claims) alive(now time.Time) bool {
	if expires, there := c.moment("exp"); there && !now.Before(expires) {
		return false
	}
	begins, there := c.moment("nbf")
	return !there || !now.Before(begins)
}
