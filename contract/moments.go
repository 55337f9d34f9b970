package contract

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"time"
)

// written takes a time apart that is RFC 3339 in UTC: whole seconds, and the digits of its fraction.
var written = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.([0-9]+))?Z$`)

// usualDigits are those of every time in a recorded answer.
const usualDigits = 3

// digitsOf is how many digits the fraction of a time has.
func digitsOf(at string) int {
	parts := written.FindStringSubmatch(at)
	if parts == nil {
		return usualDigits
	}
	return len(parts[1])
}

// elapsed is the time from one RFC 3339 text to another, as far as the coarser of them is written: the fraction is left
// to the writer, who may cut it. ok reports whether both are there.
func elapsed(from, to any) (span time.Duration, ok bool) {
	begin, fault := time.Parse(time.RFC3339Nano, text(from))
	end, err := time.Parse(time.RFC3339Nano, text(to))
	if a, b := digitsOf(text(from)), digitsOf(text(to)); a != b {
		unit := time.Second
		for range min(a, b) {
			unit /= 10
		}
		begin, end = begin.Truncate(max(unit, 1)), end.Truncate(max(unit, 1))
	}
	return end.Sub(begin), fault == nil && err == nil
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
	if at, err := http.ParseTime(c.ex.Header.Get("Date")); err == nil {
		return at
	}
	return c.ex.At
}

// dated reports whether the answer tells its time. A recording's does not, and ours is not its time.
func (c *call) dated() bool {
	_, err := http.ParseTime(c.ex.Header.Get("Date"))
	return err == nil
}

// differ is how far from the answer's own time a time may be that means now.
func (c *call) differ() time.Duration {
	if c.dated() {
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
	now := c.answered()
	c.notAhead(at, got, source, path...)
	if c.dated() && at.Before(now.Add(-clocksDiffer)) {
		c.fail(rulePast, pointer(path...), "about "+now.UTC().Format(time.RFC3339)+", when the answer was given", got, source)
	}
}

// momentAt is the time that a text of an answer tells.
func momentAt(v any, path ...string) (time.Time, bool) {
	at, err := time.Parse(time.RFC3339Nano, text(v, path...))
	return at, err == nil
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
