package suite

import (
	"fmt"
	"io"
	"slices"
	"sync"
)

// Leftovers is what the scenarios of a run have created and not yet deleted, for
// whoever has to end the run without a clean-up. It is safe for concurrent use.
type Leftovers struct {
	mu    sync.Mutex
	there []undo
}

// Print writes one line for each thing that is still there, with its address.
func (l *Leftovers) Print(out io.Writer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.there) == 0 {
		_, _ = fmt.Fprintln(out, "nothing is left behind")
		return
	}
	_, _ = fmt.Fprintf(out, "%d things are left behind; `make sweep` finds them later:\n", len(l.there))
	for _, u := range l.there {
		_, _ = fmt.Fprintf(out, "  %s  %s\n", u.what, u.href)
	}
}

// add and drop work on nobody's list too: a run need not keep one.
func (l *Leftovers) add(u undo) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.there = append(l.there, u)
}

func (l *Leftovers) drop(href string) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.there = slices.DeleteFunc(l.there, func(u undo) bool { return u.href == href })
}
