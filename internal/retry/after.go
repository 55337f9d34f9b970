package retry

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// retryAfter reads the header of that name: seconds, or a date, which is held
// against the answer's own Date so that clocks need not agree. It is at most
// MaxRetryAfter; ok is false when there is none to go by.
func retryAfter(header http.Header) (pause time.Duration, ok bool) {
	value := header.Get("Retry-After")
	if seconds, err := parseSeconds(value); err == nil {
		return min(seconds, MaxRetryAfter), true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(header.Get("Date"))
	if err != nil {
		now = time.Now()
	}
	return min(max(at.Sub(now), 0), MaxRetryAfter), true
}

// parseSeconds reads a whole number of seconds; one that is too large becomes the
// largest that fits, as good as any other above the cap.
func parseSeconds(text string) (time.Duration, error) {
	seconds, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, err
	}
	return time.Duration(seconds) * time.Second, nil
}
