package suite

import (
	"fmt"
	"io"
	"slices"
	"sync"

	"pingone-conformance/internal/plain"
)

// Leftovers is what the scenarios of a run have created and not yet deleted, for
// whoever has to end the run without a clean-up. It is safe for concurrent use.
type Leftovers struct {
	mu    sync.Mutex
	there []leftover
}

// leftover is a thing in words, so that nobody reads what its scenario still changes.
type leftover struct {
	of   *thing
	text string
}

// Empty tells that nothing is there.
func (l *Leftovers) Empty() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.there) == 0
}

// Print writes one line for each thing that is still there, with its address.
func (l *Leftovers) Print(out io.Writer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.there) == 0 {
		_, _ = fmt.Fprintln(out, "nothing is left behind")
		return
	}
	what := "1 thing is left behind; `pingone-conformance sweep` finds it later:"
	if n := len(l.there); n > 1 {
		what = fmt.Sprintf("%d things are left behind; `pingone-conformance sweep` finds them later:", n)
	}
	_, _ = fmt.Fprintln(out, what)
	for _, one := range l.there {
		_, _ = fmt.Fprintf(out, "  %s\n", one.text)
	}
}

// note adds a thing, or writes anew what is known of it. It and drop work on nobody's list
// too: a run need not keep one.
func (l *Leftovers) note(t *thing) {
	if l == nil {
		return
	}
	text := plain.Line(t.what + "  " + t.place())
	l.mu.Lock()
	defer l.mu.Unlock()
	if at := slices.IndexFunc(l.there, func(one leftover) bool { return one.of == t }); at >= 0 {
		l.there[at].text = text
		return
	}
	l.there = append(l.there, leftover{t, text})
}

func (l *Leftovers) drop(t *thing) {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.there = slices.DeleteFunc(l.there, func(one leftover) bool { return one.of == t })
}
