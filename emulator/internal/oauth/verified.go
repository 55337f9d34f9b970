package oauth

import (
	"net/url"
	"sync"
	"time"

	"pingone-conformance/emulator/internal/expiring"
	"pingone-conformance/emulator/internal/wire"
)

// maxVerified is how many tokens are remembered whose signature is good.
const maxVerified = 2000

// verified are the claims of tokens whose signature was found good, until they expire
// or are revoked. That the signature is good is all it says: whether a token is revoked,
// too old, or of somebody who is gone is looked at with every call. It has a lock of its
// own, and no clock: a clock that is recorded must not be looked at more often for it.
type verified struct {
	mu    sync.Mutex
	known *expiring.Map[Claims] // by digest; nobody changes the claims
}

func newVerified() *verified { return &verified{known: expiring.New[Claims](maxVerified)} }

func (v *verified) look(digest string) (Claims, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	c, _, known := v.known.Kept(digest)
	return c, known
}

func (v *verified) put(digest string, c Claims) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.known.Put(digest, c, time.Time{}, time.Time{}.Add(1)) // the oldest go first
}

func (v *verified) drop(digest string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.known.Drop(digest)
}

func (v *verified) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.known.Clear()
}

// verify returns the claims of a token that a key of this server has signed. They are
// not the caller's to change.
func (s *Server) verify(token string) (Claims, error) {
	digest := digest(token)
	if c, known := s.verified.look(digest); known {
		return c, nil
	}
	c, err := signingKey().verify(token)
	for _, k := range s.former {
		if err == nil {
			break
		}
		c, err = k.verify(token)
	}
	if err == nil {
		s.verified.put(digest, c)
	}
	return c, err
}

// Issued says whether a token is signed by the emulator.
func (s *Server) Issued(token string) bool {
	_, err := s.verify(token)
	return err == nil
}

// takeBack refuses a token until it expires.
func (s *Server) takeBack(digest string, now, expires time.Time) {
	s.revoked.Put(digest, struct{}{}, now, expires)
	s.verified.drop(digest)
}

// VerifyTokens looks at the signatures of the tokens that a call brings, before its
// handler, which has the tenant's lock, asks for them.
func (s *Server) VerifyTokens(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		for _, token := range tokensOf(call) {
			_, _ = s.verify(token) // what is no good is found so again
		}
		return next(call)
	}
}

func tokensOf(call *wire.Call) []string {
	var tokens []string
	if bearer := call.Bearer(); bearer != "" {
		tokens = append(tokens, bearer)
	}
	switch call.Operation {
	case "introspect", "revoke":
		if form, err := url.ParseQuery(string(call.Body)); err == nil && form.Has("token") {
			tokens = append(tokens, form.Get("token"))
		}
	case "authorize", "signoff":
		if hint := call.URL.Query().Get("id_token_hint"); hint != "" {
			tokens = append(tokens, hint)
		}
	}
	return tokens
}
