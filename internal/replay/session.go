package replay

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/google/uuid"

	"pingone-conformance/internal/replay/internal/scrub"
)

// Session is one scenario's transport, clock, randomness and secrets. It is
// made by Replay, Direct or Record, used by one scenario, and ended by Finish.
type Session struct {
	file string
	seed uint64
	rand *source
	// ordered: the order of calls is kept, in a file.
	ordered bool

	mu    sync.Mutex
	vault *scrub.Vault

	// One of the two: what is played, or what is recorded.
	player   *player
	recorder *recorder
}

// RoundTripper is the transport of the scenario's calls. In replay it opens no
// socket, and its error on a call that was not recorded says what differs.
func (s *Session) RoundTripper() http.RoundTripper {
	if s.player != nil {
		return s.player
	}
	return s.recorder
}

// Now is the scenario's time, UTC in whole milliseconds. In replay it is what
// it was at the same point of the recording.
func (s *Session) Now() time.Time {
	if s.player != nil {
		return s.player.now()
	}
	return s.recorder.now()
}

// Rand is the scenario's randomness, the same in replay as when it was
// recorded. It is not safe for secrets outside the make function of Secret.
func (s *Session) Rand() *rand.Rand { return rand.New(s.rand) } //nolint:gosec // it has to be the same in replay

// Seed is where Rand began; in replay it comes from the file.
func (s *Session) Seed() uint64 { return s.seed }

// Secret returns a secret that the scenario itself brings: a password that it
// chooses, a passcode that somebody reads to it. kind names it in words with
// hyphens, such as "password" or "otp", and rules the look of its stand-in.
//
// When calls go out, make makes it, and it never reaches a file or a text that
// went through Scrub. In replay make is not called, and the stand-in that the
// recording has in its place is returned. What make draws from Rand is truly
// random and does not move Rand.
func (s *Session) Secret(kind string, make func() string) string {
	if s.player != nil {
		return s.player.secret(kind)
	}
	value := s.rand.aside(make)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vault.Announce(kind, value)
	return value
}

// NewID returns a UUID that the scenario makes up, such as the id of a person
// that does not exist, or a jti. Ids made up in any other way cannot be told
// from a tenant's own, and a recording with one is refused.
func (s *Session) NewID() string {
	return s.Secret("id", uuid.NewString)
}

// Awaits reports whether a recording that is replayed goes on with this call.
func (s *Session) Awaits(method string, address *url.URL) bool {
	return s.player != nil && s.player.awaits(method, address)
}

// Replaying reports whether the answers come from a file.
func (s *Session) Replaying() bool { return s.player != nil }

// Ordered reports whether the order of calls counts: a recording has one.
func (s *Session) Ordered() bool { return s.player != nil || s.ordered }

// File is the fixture that is replayed or recorded; "" for neither.
func (s *Session) File() string { return s.file }

// Passcodes is where the passcodes of a replayed recording came from, in
// PINGONE_PASSCODE's words; "" when nothing is replayed.
func (s *Session) Passcodes() string {
	if s.player == nil {
		return ""
	}
	return s.player.recording.Passcodes
}

// Finish ends the session; passed says whether the scenario passed.
//
// In replay it is an error when a call did not match, or when a scenario that
// passed left recorded exchanges unused. When recording it writes the file if
// the scenario passed, and refuses if anything of the tenant is left in it.
func (s *Session) Finish(passed bool) error {
	if s.player != nil {
		return s.player.finish(passed)
	}
	return s.recorder.finish(s, passed)
}

// Scrub returns text with every secret that the session knows, every JWT, the values of
// the configuration, and everybody's e-mail address and phone number replaced, so that it
// can be shown. Other ids, hosts and times stay.
func (s *Session) Scrub(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.recorder != nil {
		s.recorder.teach(s.vault)
	}
	return s.vault.Redact(text)
}

// KeepInMemory makes Finish write no file, for sessions whose recording is only
// compared with another. It is called before the first call goes out.
func (s *Session) KeepInMemory() { s.file = "" }

// Recording returns what was said so far in the form of a fixture, scrubbed and
// normalised, whether or not the scenario passed. It was not searched for what may
// be left of the tenant, as a file is before it is written: its texts are for
// comparing, not for showing. In replay, where nobody new answers, it is an error.
func (s *Session) Recording() (*Recording, error) {
	if s.recorder == nil {
		return nil, errors.New("in replay nobody new answers")
	}
	return s.recorder.recording(s)
}
