package suite

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"pingone-conformance/config"
)

// outboxOfEmulator ends the address of an emulator's outbox; its clock is beside it.
const outboxOfEmulator = "/emulator/outbox"

// clockOf is the address of the clock of an emulator that was started by hand; no
// other live environment has one.
func clockOf(c config.Config) (address string, settable bool) {
	base, emulated := strings.CutSuffix(c.Passcode.OutboxURL, outboxOfEmulator)
	return base + "/emulator/clock", emulated
}

// clockCall bounds one call to an emulator's clock.
const clockCall = 10 * time.Second

// liveClock sets the clock of an emulator that all scenarios of a run share: who sets
// it is alone meanwhile, and sets it back.
type liveClock struct {
	address string
	http    *http.Client
	alone   sync.RWMutex
}

// traveller is one scenario that may set the clock.
type traveller struct {
	clock  *liveClock
	mu     sync.Mutex
	shift  time.Duration
	failed error
}

// share lets a scenario run beside others that leave the clock alone.
func (c *liveClock) share() func() error {
	c.alone.RLock()
	return sync.OnceValue(func() error { c.alone.RUnlock(); return nil })
}

// travel waits until no other scenario runs.
func (c *liveClock) travel() *traveller {
	c.alone.Lock()
	return &traveller{clock: c}
}

// now is the emulator's time.
func (t *traveller) now() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Now().Add(t.shift)
}

// advance sets the clock forward. A failure shows at the end of the scenario, which
// will not have gone well.
func (t *traveller) advance(minutes int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	by := time.Duration(minutes) * time.Minute
	if err := t.clock.set(by); err != nil {
		t.failed = errors.Join(t.failed, err)
		return
	}
	t.shift += by
}

// back sets the clock back and lets others run.
func (t *traveller) back() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.clock.alone.Unlock()
	if t.shift == 0 {
		return t.failed
	}
	return errors.Join(t.failed, t.clock.set(-t.shift))
}

func (c *liveClock) set(by time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), clockCall)
	defer cancel()
	body, err := json.Marshal(map[string]string{"advance": by.String()})
	if err != nil {
		return fmt.Errorf("set the emulator's clock: %w", err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("set the emulator's clock: %w", err)
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("set the emulator's clock: %w", err)
	}
	if err := response.Body.Close(); err != nil {
		return fmt.Errorf("set the emulator's clock: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("set the emulator's clock at %s: it answers %s", c.address, response.Status)
	}
	return nil
}
