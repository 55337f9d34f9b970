package variation

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"
	"sync"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// resigner changes the claims of tokens. It signs anew, with a key that it adds to
// the key set, and gives the emulator back the tokens that it issued.
type resigner struct {
	edits []one
	// issued says whether a token is one of the emulator's own: another stays as it is, so that it is seen.
	issued func(token string) bool
	mu     sync.Mutex
	given  map[string]string // changed token to the emulator's own
}

// newResigner is nil when nothing changes claims.
func newResigner(on []one, issued func(token string) bool) *resigner {
	r := &resigner{issued: issued, given: map[string]string{}}
	for _, v := range on {
		if v.claims != nil {
			r.edits = append(r.edits, v)
		}
	}
	if r.edits == nil {
		return nil
	}
	return r
}

const resignedID = "varied-1"

var resigningKey = lazy.Value[*rsa.PrivateKey]{Make: func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // as above
	}
	return key
}}

// restore puts the emulator's own token into a call that carries a changed one.
func (r *resigner) restore(call *wire.Call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if own := r.given[call.Bearer()]; own != "" {
		call.Header = call.Header.Clone()
		call.Header.Set("Authorization", "Bearer "+own)
	}
	switch call.Operation {
	case "introspect", "revoke":
		call.Body = []byte(r.own(string(call.Body), "token"))
	case "authorize.post", "par":
		call.Body = []byte(r.own(string(call.Body), "id_token_hint"))
	case "authorize", "signoff":
		address := *call.URL
		address.RawQuery = r.own(address.RawQuery, "id_token_hint")
		call.URL = &address
	}
}

// own is a form with the emulator's own token in the place of a changed one.
func (r *resigner) own(form, field string) string {
	values, err := url.ParseQuery(form)
	if err != nil || r.given[values.Get(field)] == "" {
		return form
	}
	values.Set(field, r.given[values.Get(field)])
	return values.Encode()
}

// change changes the tokens of an answer, and adds the key to the key set.
func (r *resigner) change(call *wire.Call, a *wire.Answer, changed func(string)) {
	switch {
	case !good(a):
	case call.Operation == "jwks":
		edit(func(_ *wire.Call, body object) bool {
			all, _ := body["keys"].([]any)
			if len(all) == 0 {
				return false
			}
			text, _ := jose.JSONWebKey{Key: resigningKey.Get().Public(), KeyID: resignedID, Use: "sig", Algorithm: string(jose.RS256)}.MarshalJSON()
			body["keys"] = append(all, json.RawMessage(text))
			return true
		})(call, a)
	case call.Operation == "token":
		edit(func(_ *wire.Call, body object) bool {
			own, _ := body["access_token"].(string)
			fresh := r.token("access_token", own, func(object) {}, changed)
			if fresh != own {
				body["access_token"] = fresh
				r.gives(fresh, own)
			}
			id, _ := body["id_token"].(string)
			freshID := r.token("id_token", id, func(claims object) {
				if fresh != own { // else a wrong hash stays to be seen
					hashOf(fresh, claims)
				}
			}, changed)
			if freshID != id {
				body["id_token"] = freshID
				r.gives(freshID, id)
			}
			return fresh != own || freshID != id
		})(call, a)
	}
}

// gives notes the token that goes out in the place of the emulator's own.
func (r *resigner) gives(fresh, own string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.given[fresh] = own
}

// hashOf makes at_hash that of the access token beside it.
func hashOf(access string, claims object) {
	if _, there := claims["at_hash"]; there {
		digest := sha256.Sum256([]byte(access))
		claims["at_hash"] = base64.RawURLEncoding.EncodeToString(digest[:len(digest)/2])
	}
}

// token is a token with its claims changed, or the token itself.
func (r *resigner) token(kind, own string, follow func(object), changed func(string)) string {
	sections := strings.Split(own, ".")
	if len(sections) != 3 || !r.issued(own) {
		return own
	}
	payload, err := base64.RawURLEncoding.DecodeString(sections[1])
	claims := decoded(payload)
	if err != nil || claims == nil {
		return own
	}
	before := string(encoded(claims))
	follow(claims)
	for _, v := range r.edits {
		if v.claims(kind, claims) {
			changed(v.name)
		}
	}
	after := encoded(claims)
	if string(after) == before {
		return own
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: resigningKey.Get(), KeyID: resignedID}}, nil)
	if err != nil {
		return own
	}
	signed, err := signer.Sign(after)
	if err != nil {
		return own
	}
	compact, err := signed.CompactSerialize()
	if err != nil {
		return own
	}
	return compact
}
