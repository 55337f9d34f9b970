package suite

import (
	"io"
	"sync"
)

// shared lets calls and scenarios that run beside each other write whole lines to one writer.
type shared struct {
	mu  sync.Mutex
	out io.Writer
}

// Write writes while nobody else does.
func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}

// sharing are the options with an output that many may write to at a time.
func (o Options) sharing() Options {
	if _, is := o.Output.(*shared); o.Output != nil && !is {
		o.Output = &shared{out: o.Output}
	}
	return o
}
