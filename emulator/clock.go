package emulator

import (
	"errors"
	"net/http"
	"sync/atomic"
	"time"
)

// clock is the real one, or the one of the options, set forward or back.
type clock struct {
	base  func() time.Time
	shift atomic.Int64
}

func (c *clock) now() time.Time { return c.base().Add(time.Duration(c.shift.Load())) }

// Now is the emulator's time.
func (s *Server) Now() time.Time { return s.tenant.Now() }

// Advance sets the emulator's clock forward, or back when by is less than none.
func (s *Server) Advance(by time.Duration) error {
	s.clock.shift.Add(int64(by))
	return s.keepAll()
}

// clockPath lies outside PingOne's path space.
const clockPath = "/emulator/clock"

// shown is the clock as its page shows it.
type shownClock struct {
	Now   time.Time `json:"now"`
	Shift string    `json:"shift"`
}

func (s *Server) showClock(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, shownClock{s.tenant.Now(), time.Duration(s.clock.shift.Load()).String()})
}

// setClock takes {"advance":"16m"}, {"set":"2026-01-15T09:00:00Z"} or {"reset":true}.
func (s *Server) setClock(w http.ResponseWriter, r *http.Request) {
	var asked struct {
		Advance string
		Set     time.Time
		Reset   bool
	}
	if !readJSON(w, r, &asked) {
		return
	}
	if err := s.changeClock(asked.Advance, asked.Set, asked.Reset); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.showClock(w, r)
}

// longestShift keeps times within what all formats can write.
const longestShift = 10 * 365 * 24 * time.Hour

func (s *Server) changeClock(advance string, set time.Time, reset bool) error {
	shift := time.Duration(s.clock.shift.Load())
	switch {
	case reset && advance == "" && set.IsZero():
		shift = 0
	case !reset && advance == "" && !set.IsZero():
		shift += set.Sub(s.clock.now())
	case !reset && advance != "" && set.IsZero():
		by, err := time.ParseDuration(advance)
		if err != nil {
			return errors.New(`advance is no duration such as "16m" or "1h30m"`)
		}
		shift += by
	default:
		return errors.New(`say one of {"advance":"16m"}, {"set":"2026-01-15T09:00:00Z"} and {"reset":true}`)
	}
	if shift > longestShift || shift < -longestShift {
		return errors.New("the clock can be set ten years forward or back, no more")
	}
	s.clock.shift.Store(int64(shift))
	return s.keepAll()
}
