package runner

import (
	"context"
	"fmt"
	"io"
	"sync"
	"time"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite"
)

// redraw is how often the live line is drawn at most, and at least.
const redraw = 200 * time.Millisecond

// liveLine is one line of a terminal that says where the run is. Whoever prints writes
// through it, so that the line is out of the way.
type liveLine struct {
	mu      sync.Mutex
	out     io.Writer
	width   func() int
	began   time.Time
	all     int
	done    int
	failed  int
	line    string
	waiting string
	until   time.Time // when the waiting ends, as far as is known
	drawn   bool
	over    bool
}

// follow draws the line until the context ends; the returned function takes it away.
func follow(ctx context.Context, out io.Writer, width func() int) (*liveLine, func()) {
	l := &liveLine{out: out, width: width, began: time.Now()}
	ctx, cancel := context.WithCancel(ctx)
	ticker := time.NewTicker(redraw)
	go func() {
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				l.draw()
			}
		}
	}()
	return l, func() {
		cancel()
		l.mu.Lock()
		defer l.mu.Unlock()
		l.clear()
		l.over = true
	}
}

// Begin is suite.Progress's.
func (l *liveLine) Begin(scenarios int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = scenarios
}

// Step is suite.Progress's.
func (l *liveLine) Step(_ suite.ID, line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.line = line
}

// Waiting is suite.Progress's.
func (l *liveLine) Waiting(what string, atMost time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting, l.until = what, time.Now().Add(max(atMost, leastWait))
	if atMost == 0 {
		l.until = time.Time{}
	}
}

// leastWait is how long the line says at least what is waited for, so that it can be read.
const leastWait = 3 * time.Second

// End is suite.Progress's.
func (l *liveLine) End(r suite.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done++
	if r.Err != nil {
		l.failed++
	}
}

func (l *liveLine) text() string {
	text := fmt.Sprintf("%d of %d", l.done, l.all)
	if l.failed > 0 {
		text += fmt.Sprintf(", %d failed", l.failed)
	}
	text += fmt.Sprintf("  %s  ", time.Since(l.began).Truncate(time.Second))
	if left := time.Until(l.until); l.waiting != "" && (l.until.IsZero() || left > 0) {
		text += "waiting: " + l.waiting
		if !l.until.IsZero() {
			text += fmt.Sprintf(", %s at most", left.Round(time.Second))
		}
		text += "  "
	}
	runes := []rune(plain.Line(text + l.line))
	return string(runes[:min(len(runes), max(10, l.width()-1))])
}

func (l *liveLine) draw() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	_, _ = fmt.Fprintf(l.out, "\r\x1b[K%s", l.text())
	l.drawn = true
}

func (l *liveLine) clear() {
	if l.drawn {
		_, _ = io.WriteString(l.out, "\r\x1b[K")
		l.drawn = false
	}
}

// above writes to out what has to stay, above the line.
type above struct {
	line *liveLine
	out  io.Writer
}

// Write takes the line away and writes.
func (a above) Write(p []byte) (int, error) {
	a.line.mu.Lock()
	defer a.line.mu.Unlock()
	a.line.clear()
	return a.out.Write(p)
}
