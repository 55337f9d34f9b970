package suite

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/config"
)

// Settle makes a check of what an earlier call has changed, and where it fails has look read again, every so
// often and for at most PINGONE_LAG_TIMEOUT: PingOne shows a change a moment late. What is returned is the
// check's last word. The further readings are no calls of the published list; that they were needed is put
// on record. A replay reads again just as often as its recording did.
//
// https://developer.pingidentity.com/pingone-api/foundations/best-practices.html
func (s *Scenario) Settle(ctx context.Context, what string, address *url.URL, look func() error, check func() error) error {
	fault := check()
	for began := time.Now(); fault != nil && s.again(ctx, address, began); fault = check() {
		if err := s.Aside(look); err != nil {
			return fmt.Errorf("look again for %s: %w", what, err)
		}
		s.Outcome(what, "seen late, after an older state")
	}
	return fault
}

// again waits until it is time for a further look; false means that there is none.
func (s *Scenario) again(ctx context.Context, address *url.URL, began time.Time) bool {
	if s.place.Session.Replaying() {
		return s.place.Session.Awaits("GET", address)
	}
	if time.Since(began)+s.lag.interval > s.lag.limit {
		return false
	}
	pause := time.NewTimer(s.lag.interval)
	defer pause.Stop()
	select {
	case <-pause.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// lag is how long a change may take to be seen, and the pause between two looks.
type lag struct{ limit, interval time.Duration }

func lagOf(o Options) lag {
	switch {
	case o.Retry.LagLimit > 0:
		return lag{o.Retry.LagLimit, cmp.Or(o.Retry.LagInterval, config.LagInterval)}
	case o.Config.Mode == config.Emulator:
		return lag{emulatorLag, emulatorLag / 20}
	}
	return lag{o.Config.Limits.Lag, config.LagInterval}
}

// Overcome takes a refusal as dealt with: the same thing was brought about in another way, which what and how put on record.
func (s *Scenario) Overcome(refusal *client.Exchange, what, how string) {
	s.proof.forget(refusal)
	s.Outcome(what, strings.TrimSpace(how))
}
