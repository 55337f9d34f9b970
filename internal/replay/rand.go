package replay

import (
	crand "crypto/rand"
	"math/rand/v2"
	"sync"
)

// source is a seeded stream of numbers that can be set aside for a while.
type source struct {
	mu     sync.Mutex
	stream rand.Source
}

func newSource(seed uint64) *source {
	return &source{stream: rand.NewPCG(seed, 0)}
}

// Uint64 returns the next number.
func (s *source) Uint64() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stream.Uint64()
}

// aside runs make with true randomness in place of the seeded stream. Secrets
// are then neither derivable from the seed that a fixture shows, nor do they
// move the stream, which replay could not do.
func (s *source) aside(make func() string) string {
	var seed [32]byte
	_, _ = crand.Read(seed[:]) // never fails, says its documentation
	seeded := s.swap(rand.NewChaCha8(seed))
	defer s.swap(seeded)
	return make()
}

func (s *source) swap(stream rand.Source) rand.Source {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.stream
	s.stream = stream
	return before
}
