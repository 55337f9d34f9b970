package scrub

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What belongs to the run moves with it; what is older goes back by ten years; what is too far away to be a time stays.
func TestWhichTimesMove(t *testing.T) {
	began := time.Date(2026, 9, 3, 14, 21, 7, 250e6, time.UTC)
	const shift = -1788445267 + 1768467600 // seconds, from the recording's second to the epoch's
	at := func(d time.Duration) time.Time { return began.Add(d) }
	moved := func(t time.Time) time.Time { return t.Add(shift * time.Second) }
	write := func(t time.Time) string { return t.Format("2006-01-02T15:04:05.000000000Z07:00") }
	for _, row := range []struct {
		what    string
		old     time.Time
		request bool
		now     time.Time
	}{
		{"of the beginning", began, false, moved(began)},
		{"to come", at(9000 * time.Hour), false, moved(at(9000 * time.Hour))},
		{"a day before", at(-24 * time.Hour), false, moved(at(-24 * time.Hour))},
		{"more than a day before", at(-24*time.Hour - 1), false, at(-24*time.Hour-1).AddDate(0, 0, -3652)},
		{"a day before, that the suite sent", at(-24 * time.Hour), true, moved(at(-24 * time.Hour))},
		{"more than a day before, that the suite sent", at(-24*time.Hour - 1), true, at(-24*time.Hour - 1)},
	} {
		c := newClock(began)
		require.Equal(t, write(row.now), c.rewrite(write(row.old), row.request), row.what)
		require.Equal(t, write(row.now), c.rewrite(write(row.old), false), "%s, when it comes back", row.what)
	}
	c := newClock(began)
	for digits := range 10 {
		old, now := "2026-09-03T14:21:07", "2026-01-15T09:00:00"
		if digits > 0 {
			old, now = old+"."+strings.Repeat("3", digits), now+"."+strings.Repeat("3", digits)
		}
		require.Equal(t, now+"Z", c.rewrite(old+"Z", false), "as finely as it was written")
	}
}

func TestWhichNumbersAreTimes(t *testing.T) {
	began := time.Date(2026, 9, 3, 14, 21, 7, 0, time.UTC)
	c := newClock(began)
	const shift = 1768467600 - 1788445267
	for what, row := range map[string]struct {
		move          func(digits string) string
		before, after time.Duration
	}{
		"in a name":   {c.number, 48 * time.Hour, 48 * time.Hour},
		"in a member": {func(digits string) string { return c.epoch(digits, day, future) }, 24 * time.Hour, 400 * 24 * time.Hour},
	} {
		for offset, moves := range map[time.Duration]bool{0: true, -row.before: true, -row.before - time.Second: false, row.after: true, row.after + time.Second: false} {
			n := began.Add(offset).Unix()
			seconds, milliseconds := strconv.FormatInt(n, 10), strconv.FormatInt(1000*n+7, 10)
			if moves {
				require.Equal(t, strconv.FormatInt(n+shift, 10), row.move(seconds), "%s, %s away", what, offset)
			} else {
				require.Equal(t, seconds, row.move(seconds), "%s, %s away", what, offset)
			}
			if moves && offset != row.after {
				require.Equal(t, strconv.FormatInt(1000*(n+shift)+7, 10), row.move(milliseconds))
			}
			if !moves && offset > 0 {
				require.Equal(t, milliseconds, row.move(milliseconds))
			}
			for _, long := range []string{"0" + seconds, seconds + "00", milliseconds + "0", seconds[1:]} {
				require.Equal(t, long, row.move(long), "it has not as many digits as a time")
			}
		}
	}
}
