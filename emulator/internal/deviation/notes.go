package deviation

import "sync"

// notes are what a deviation remembers of earlier answers, by a text. They are safe for concurrent use.
type notes[T any] struct {
	mu    sync.Mutex
	known map[string]T
}

func newNotes[T any]() *notes[T] { return &notes[T]{known: map[string]T{}} }

func (n *notes[T]) note(key string, value T) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.known[key] = value
}

// of is what was noted, and whether anything was.
func (n *notes[T]) of(key string) (T, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	value, known := n.known[key]
	return value, known
}

// first notes a value unless there is one, and is what is noted then.
func (n *notes[T]) first(key string, value T) (noted T, before bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if noted, before = n.known[key]; !before {
		n.known[key], noted = value, value
	}
	return noted, before
}
