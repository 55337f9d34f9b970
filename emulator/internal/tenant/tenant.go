package tenant

import (
	"bufio"
	"crypto/rand"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// MaxMessages is how many passcodes the outbox keeps; the oldest go first.
const MaxMessages = 1000

// maxRemoved is how many deleted environments are remembered.
const maxRemoved = 1000

// secretAlphabet is what PingOne's client secrets are made of.
const secretAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-"

// Options is where time and chance come from.
type Options struct {
	Now    func() time.Time // nil: time.Now
	Random io.Reader        // nil: crypto/rand
	// Decisions are about passwords; nil: Documented.
	Decisions *Decisions
}

// Data is all that a tenant holds: plain values, which memory and a file hold alike.
type Data struct {
	Environments Table[*Environment]
	// Outbox are the passcodes that would have been sent, newest last.
	Outbox []Message
	// Removed are the ids of environments that were deleted, the latest last.
	Removed []string
	// Sent is how many messages there ever were.
	Sent int
	// Seq is the number of the newest thing.
	Seq int
}

// Tenant is all environments of one emulator: its data, with a lock, a clock and
// chance. Whoever reads or changes the data goes through it.
type Tenant struct {
	Decisions
	mutex sync.RWMutex
	data  Data
	now   func() time.Time

	// chance has its own lock: correlation ids are made without the big one.
	chance sync.Mutex
	random io.Reader
}

// New makes a tenant without environments.
func New(o Options) *Tenant {
	t := &Tenant{now: o.Now, random: o.Random, data: Data{Environments: Table[*Environment]{}}}
	if o.Decisions == nil {
		t.Decisions = Documented()
	} else {
		t.Decisions = *o.Decisions
	}
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

// Reading is the lock for who only reads: readers do not wait for each other.
func (t *Tenant) Reading() sync.Locker { return t.mutex.RLocker() }

// Outside does something that takes long, such as signing, without the lock that the
// caller has. It must not look at the tenant, which others may change meanwhile.
func (t *Tenant) Outside(do func()) {
	t.mutex.Unlock()
	defer t.mutex.Lock()
	do()
}

// Now is the tenant's clock, in UTC and whole milliseconds, as PingOne writes times.
func (t *Tenant) Now() time.Time { return t.now().UTC().Truncate(time.Millisecond) }

// NewMeta makes the Meta of something that is created at a time; the zero time
// leaves its times to the caller.
func (t *Tenant) NewMeta(at time.Time) Meta {
	t.data.Seq++
	return Meta{ID: t.NewID(), Seq: t.data.Seq, CreatedAt: at, UpdatedAt: at}
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

// NewPasscode makes the passcode that a device is sent. It needs no lock.
func (t *Tenant) NewPasscode(d *Device, digits int) string {
	if d.Passcode != "" {
		return d.Passcode
	}
	return t.NewOTP(digits)
}

// NewBytes makes n bytes, for TOTP secrets and salts. It needs no lock.
func (t *Tenant) NewBytes(n int) []byte {
	bytes := make([]byte, n)
	t.fill(bytes)
	return bytes
}

// Drawing draws from another source while something is done.
func (t *Tenant) Drawing(random io.Reader, do func()) {
	swap := func(r io.Reader) io.Reader {
		t.chance.Lock()
		defer t.chance.Unlock()
		before := t.random
		t.random = r
		return before
	}
	before := swap(random)
	defer swap(before)
	do()
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

// Data is all that the tenant holds: not a copy.
func (t *Tenant) Data() *Data { return &t.data }

// Replace makes the tenant hold other data, which are its own from then on.
func (t *Tenant) Replace(data Data) {
	for _, e := range data.Environments {
		e.index()
	}
	t.data = data
}

// Environment returns the environment with that id, nil when there is none.
func (t *Tenant) Environment(id string) *Environment { return t.data.Environments[id] }

// Environments returns all environments in the order of their creation.
func (t *Tenant) Environments() []*Environment { return t.data.Environments.Sorted() }

// RemoveEnvironment forgets an environment and all that is in it, but for its id.
func (t *Tenant) RemoveEnvironment(id string) {
	delete(t.data.Environments, id)
	if len(t.data.Removed) >= maxRemoved {
		t.data.Removed = slices.Delete(t.data.Removed, 0, len(t.data.Removed)-maxRemoved+1)
	}
	t.data.Removed = append(t.data.Removed, id)
}

// WasRemoved says whether there once was an environment with that id.
func (t *Tenant) WasRemoved(id string) bool { return slices.Contains(t.data.Removed, id) }

// Send puts a passcode into the outbox; SentAt is filled in when it is zero.
func (t *Tenant) Send(m Message) {
	if m.SentAt.IsZero() {
		m.SentAt = t.Now()
	}
	forgotten := max(0, len(t.data.Outbox)-MaxMessages+1)
	t.data.Outbox = append(t.data.Outbox[forgotten:], m) // which copies them now and then, not each time
	t.data.Sent++
}

// Outbox returns the kept messages, newest last.
func (t *Tenant) Outbox() []Message { return append([]Message{}, t.data.Outbox...) }

// EmptyOutbox forgets all messages.
func (t *Tenant) EmptyOutbox() { t.data.Outbox = nil }

// Counts says how many of each thing exist in all environments together.
func (t *Tenant) Counts() map[string]int {
	counts := map[string]int{"environments": len(t.data.Environments)}
	for _, e := range t.data.Environments {
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
