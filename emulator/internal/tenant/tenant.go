package tenant

import (
	"bufio"
	"crypto/rand"
	"io"
	"sync"
	"time"

	"github.com/google/uuid"
)

// maxMessages is how many passcodes the outbox keeps; the oldest go first.
const maxMessages = 1000

// secretAlphabet is what PingOne's client secrets are made of.
const secretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"

// Options is where time and chance come from.
type Options struct {
	Now    func() time.Time // nil: time.Now
	Random io.Reader        // nil: crypto/rand
	// Deviates says which deviations are switched on; nil: none.
	Deviates func(name string) bool
}

// Tenant is all environments of one emulator.
type Tenant struct {
	mutex        sync.Mutex
	now          func() time.Time
	deviates     func(name string) bool
	environments map[string]*Environment
	outbox       []Message
	seq          int

	// chance has its own lock: correlation ids are made without the big one.
	chance sync.Mutex
	random io.Reader
}

// New makes a tenant without environments.
func New(o Options) *Tenant {
	t := &Tenant{now: o.Now, random: o.Random, deviates: o.Deviates, environments: map[string]*Environment{}}
	if t.now == nil {
		t.now = time.Now
	}
	if t.random == nil {
		t.random = bufio.NewReader(rand.Reader)
	}
	return t
}

// Lock guards everything in the tenant.
func (t *Tenant) Lock() { t.mutex.Lock() }

// Unlock is Lock's counterpart.
func (t *Tenant) Unlock() { t.mutex.Unlock() }

// Now is the tenant's clock, in UTC and whole milliseconds, as PingOne writes times.
func (t *Tenant) Now() time.Time { return t.now().UTC().Truncate(time.Millisecond) }

// Next numbers created things in their order.
func (t *Tenant) Next() int {
	t.seq++
	return t.seq
}

// NewID makes a lower-case UUID version 4. It needs no lock.
func (t *Tenant) NewID() string {
	var id uuid.UUID
	t.fill(id[:])
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return id.String()
}

// NewSecret makes n characters of [A-Za-z0-9._~-]. It needs no lock.
func (t *Tenant) NewSecret(n int) string { return t.draw(n, secretAlphabet) }

// NewOTP makes a passcode of so many digits. It needs no lock.
func (t *Tenant) NewOTP(digits int) string { return t.draw(digits, "0123456789") }

// NewBytes makes n bytes, for TOTP secrets and salts. It needs no lock.
func (t *Tenant) NewBytes(n int) []byte {
	bytes := make([]byte, n)
	t.fill(bytes)
	return bytes
}

func (t *Tenant) draw(n int, alphabet string) string {
	// Bytes past the last whole multiple are thrown away: each character is as
	// likely as every other.
	limit := 256 - 256%len(alphabet)
	drawn := make([]byte, 0, n)
	one := make([]byte, 1)
	for len(drawn) < n {
		t.fill(one)
		if int(one[0]) < limit {
			drawn = append(drawn, alphabet[int(one[0])%len(alphabet)])
		}
	}
	return string(drawn)
}

func (t *Tenant) fill(bytes []byte) {
	t.chance.Lock()
	defer t.chance.Unlock()
	if _, err := io.ReadFull(t.random, bytes); err != nil {
		// A source that ran dry would hand out ids of zeros: go on with a good one.
		t.random = bufio.NewReader(rand.Reader)
		_, _ = io.ReadFull(t.random, bytes)
	}
}

// Deviates says whether the named deviation from PingOne's contract is switched
// on, see the package deviation. It needs no lock.
func (t *Tenant) Deviates(name string) bool { return t.deviates != nil && t.deviates(name) }

// Environment returns the environment with that id, nil when there is none.
func (t *Tenant) Environment(id string) *Environment { return t.environments[id] }

// Environments returns all environments in the order of their creation.
func (t *Tenant) Environments() []*Environment { return Sorted(t.environments) }

// RemoveEnvironment forgets an environment and all that is in it.
func (t *Tenant) RemoveEnvironment(id string) { delete(t.environments, id) }

// Send puts a passcode into the outbox; SentAt is filled in when it is zero.
func (t *Tenant) Send(m Message) {
	if m.SentAt.IsZero() {
		m.SentAt = t.Now()
	}
	if len(t.outbox) >= maxMessages {
		t.outbox = append(t.outbox[:0:0], t.outbox[len(t.outbox)-maxMessages+1:]...)
	}
	t.outbox = append(t.outbox, m)
}

// Outbox returns the kept messages, newest last.
func (t *Tenant) Outbox() []Message { return append([]Message{}, t.outbox...) }

// EmptyOutbox forgets all messages.
func (t *Tenant) EmptyOutbox() { t.outbox = nil }

// Counts says how many of each thing exist in all environments together.
func (t *Tenant) Counts() map[string]int {
	counts := map[string]int{"environments": len(t.environments)}
	for _, e := range t.environments {
		counts["applications"] += len(e.Applications)
		for _, a := range e.Applications {
			counts["grants"] += len(a.Grants)
			counts["signOnPolicyAssignments"] += len(a.Assignments)
		}
		counts["resources"] += len(e.Resources)
		for _, r := range e.Resources {
			counts["scopes"] += len(r.Scopes)
		}
		counts["signOnPolicies"] += len(e.Policies)
		for _, p := range e.Policies {
			counts["actions"] += len(p.Actions)
		}
		counts["populations"] += len(e.Populations)
		counts["deviceAuthenticationPolicies"] += len(e.DevicePolicies)
		counts["users"] += len(e.Users)
		for _, u := range e.Users {
			counts["devices"] += len(u.Devices)
		}
	}
	return counts
}
