package oauth

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// family is all tokens that come from one sign-on: those of the code, and those of
// its refresh tokens, one after the other.
type family struct {
	access []issuedAccess
	// ended says that they were taken back: also those that are being signed.
	ended bool
}

type issuedAccess struct {
	digest    string
	expiresAt time.Time
}

// maxAccess is how many access tokens of a family can be taken back; the oldest
// have expired before.
const maxAccess = 1000

// digest names an access token, on disk too, where only text is text. Recorded ones have no jti.
func digest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// add takes a new access token into a family, or takes it back with the rest.
func (s *Server) add(f *family, token string, now, expiresAt time.Time) {
	if f.ended {
		s.takeBack(digest(token), now, expiresAt)
		return
	}
	if len(f.access) >= maxAccess {
		f.access = append(f.access[:0:0], f.access[1:]...)
	}
	f.access = append(f.access, issuedAccess{digest(token), expiresAt})
}

// end takes all tokens of a family back.
func (s *Server) end(f *family, now time.Time) {
	f.ended = true
	for _, token := range f.access {
		s.takeBack(token.digest, now, token.expiresAt)
	}
	s.refreshes.DropIf(func(g *refreshGrant) bool { return g.family == f })
}
