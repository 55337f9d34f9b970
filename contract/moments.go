package contract

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/internal/lazy"
)

// written takes a time apart that is RFC 3339 in UTC: whole seconds, and the digits of its fraction.
var written = lazy.Regexp(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.([0-9]+))?Z$`)

// usualDigits are those of every time in a recorded answer.
const usualDigits = 3

// digitsOf is how many digits the fraction of a time has.
func digitsOf(at string) int {
	if !strings.HasSuffix(at, "Z") {
		return usualDigits
	}
	parts := written.Get().FindStringSubmatch(at)
	if parts == nil {
		return usualDigits
	}
	return len(parts[1])
}

// timeOf is the time that a text tells, RFC 3339; most texts tell none.
func timeOf(written string) (at time.Time, tells bool) {
	if written == "" {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, written)
	return at, err == nil
}

// momentAt is the time that a text of an answer tells.
func momentAt(v any, path ...string) (at time.Time, tells bool) { return timeOf(text(v, path...)) }

// elapsed is the time from one RFC 3339 text to another, as far as the coarser of them is written: the fraction is left
// to the writer, who may cut it. ok reports whether both are there.
func elapsed(from, to any) (span time.Duration, ok bool) {
	begin, begins := momentAt(from)
	end, ends := momentAt(to)
	if !begins || !ends {
		return 0, false
	}
	if a, b := digitsOf(text(from)), digitsOf(text(to)); a != b {
		unit := time.Second
		for range min(a, b) {
			unit /= 10
		}
		begin, end = begin.Truncate(max(unit, 1)), end.Truncate(max(unit, 1))
	}
	return end.Sub(begin), true
}

// SameTime reports whether two texts are the same time: RFC 3339 in UTC with any fraction of a second, of which only
// what both have is compared.
func SameTime(a, b string) bool {
	span, ok := elapsed(a, b)
	return a == b || ok && span == 0
}

// sameTime is same for a time, however it is written.
func (c *call) sameTime(want, got, source string, where []string, path ...string) {
	if !SameTime(want, got) {
		c.same(ruleKept, want, got, source, where, path...)
	}
}

// clocksDiffer is more than the clocks of one vendor's servers differ by, and than a call that was tried again took.
const clocksDiffer = 10 * time.Minute

// oursDiffer is the same where an answer does not tell its time, and ours stands for it.
const oursDiffer = 24 * time.Hour

// answered is when the answer was given: by its own clock or, where it does not tell, by ours.
func (c *call) answered() time.Time {
	if at, tells := c.date(); tells {
		return at
	}
	return c.ex.At
}

// date is the answer's own time. tells is false where it has none: a recording's has not, and ours is not its time.
func (c *call) date() (at time.Time, tells bool) {
	text := c.ex.Header.Get("Date")
	if text == "" {
		return time.Time{}, false
	}
	at, err := http.ParseTime(text)
	return at, err == nil
}

// differ is how far from the answer's own time a time may be that means now.
func (c *call) differ() time.Duration {
	if _, tells := c.date(); tells {
		return clocksDiffer
	}
	return oursDiffer
}

// notAhead wants a time to tell of something that was done: it does not lie in the future.
func (c *call) notAhead(at time.Time, got, source string, path ...string) {
	if now := c.answered(); !now.IsZero() && at.After(now.Add(c.differ())) {
		c.fail(ruleFuture, pointer(path...), "not after the answer itself", got, source)
	}
}

// justNow wants a time to tell of something that this very call has done.
func (c *call) justNow(at time.Time, got, source string, path ...string) {
	c.notAhead(at, got, source, path...)
	if now, tells := c.date(); tells && at.Before(now.Add(-clocksDiffer)) {
		c.fail(rulePast, pointer(path...), "about "+now.UTC().Format(time.RFC3339)+", when the answer was given", got, source)
	}
}

// timeFacts records that times have another fraction of a second than recorded answers show.
func (c *call) timeFacts() {
	for _, n := range once(c.answer, question{about: "times"}, func() []int { return fractions(c.body) }) {
		c.noteOf("Any answer with times", ruleFact, "fraction of a second", "RFC 3339, three digits in every recorded answer", fmt.Sprintf("%d digits", n), pageConventions)
	}
}

// fractions are the unusual numbers of digits that the times below v have.
func fractions(v any) []int {
	var found []int
	walk(v, nil, func(_ []string, v any) {
		if n := digitsOf(text(v)); n != usualDigits && !slices.Contains(found, n) {
			found = append(found, n)
		}
	})
	slices.Sort(found)
	return found
}
