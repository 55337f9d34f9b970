package replay

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"sync"
	"time"

	"pingone-conformance/internal/replay/internal/scrub"
)

// RecordOptions say what is recorded, and what must not be found in it.
type RecordOptions struct {
	// Answered is who answered, for the header: "emulator 0.1.0" or "live NA".
	Answered string
	// Passcodes is where passcodes come from, in PINGONE_PASSCODE's words, for the
	// header: it decides which device a scenario registers, so replay has to know.
	Passcodes string
	// APIURL, AuthURL and AppsURL become the hosts of the NA region. AppsURL
	// may be empty.
	APIURL, AuthURL, AppsURL string
	// Known holds every value of the configuration, each with its stand-in from
	// Replayed: environment ids, client id and secret, phone, e-mail.
	Known map[string]string
	// Now is the recording's clock, time.Now if nil. An emulator that is
	// recorded shares its own.
	Now func() time.Time
}

// Direct returns a session whose calls go out by rt and are written nowhere.
// The same seed gives the same Rand.
func Direct(rt http.RoundTripper, seed uint64) *Session {
	return listening(rt, seed, RecordOptions{})
}

// Hiding is Direct for a run whose configuration must not be shown: known holds its values,
// each with its stand-in, and Scrub replaces them.
func Hiding(rt http.RoundTripper, seed uint64, known map[string]string) *Session {
	return listening(rt, seed, RecordOptions{Known: known})
}

// Record returns a session whose calls go out by rt, and which Finish writes to
// file if the scenario passed.
func Record(rt http.RoundTripper, file string, seed uint64, o RecordOptions) *Session {
	s := listening(rt, seed, o)
	s.file, s.ordered = file, true
	return s
}

func listening(rt http.RoundTripper, seed uint64, o RecordOptions) *Session {
	if o.Now == nil {
		o.Now = time.Now
	}
	t := &recorder{next: rt, options: o}
	t.begin = t.read()
	return &Session{seed: seed, rand: newSource(seed), vault: scrub.NewVault(o.Known), recorder: t}
}

// recorder passes calls through and keeps what was said.
type recorder struct {
	next    http.RoundTripper
	options RecordOptions
	begin   time.Time

	mu     sync.Mutex
	calls  []call
	taught int         // how many of calls the vault has learned from
	clock  []time.Time // readings since the last call
}

// keptBytes is how much of an answer is kept: as much as the client takes, and one byte by
// which it sees that there was more.
const keptBytes = 10<<20 + 1

// call is one exchange as it went over the wire.
type call struct {
	request, answer scrub.Message
	method          string
	status          int
	clock           []time.Time // readings of the clock before the call
}

// RoundTrip sends the request and keeps both messages. An answer that breaks off
// is given on with its error, and kept as far as it came.
func (t *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	sent, err := requestBody(r)
	if err != nil {
		return nil, err
	}
	t.mu.Lock()
	place := len(t.calls)
	t.calls = append(t.calls, call{
		request: scrub.Message{Request: true, URL: r.URL, Header: r.Header.Clone(), Body: sent},
		method:  methodOf(r),
		clock:   t.clock,
	})
	t.clock = nil
	t.mu.Unlock()

	answer, err := t.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(answer.Body, keptBytes))
	rest := io.Reader(bytes.NewReader(body))
	if err != nil {
		rest = io.MultiReader(rest, failing{err})
	}
	answer.Body = struct {
		io.Reader
		io.Closer
	}{rest, answer.Body}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls[place].status = answer.StatusCode
	t.calls[place].answer = scrub.Message{URL: r.URL, Header: answer.Header.Clone(), Body: body}
	return answer, nil
}

// requestBody reads the body of a request and leaves it as it was.
func requestBody(r *http.Request) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	body, err := io.ReadAll(r.Body)
	_ = r.Body.Close()
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (t *recorder) now() time.Time {
	now := t.read()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.clock = append(t.clock, now)
	return now
}

func (t *recorder) read() time.Time { return t.options.Now().UTC().Truncate(time.Millisecond) }

// answered are the exchanges that got an answer. A call without one tells a
// reader nothing, and the readings of the clock before it belong to the next.
func (t *recorder) answered() ([]call, []time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []call
	var carried []time.Time
	for _, one := range t.calls {
		one.clock = append(carried, one.clock...)
		carried = nil
		if one.status == 0 {
			carried = one.clock
			continue
		}
		all = append(all, one)
	}
	return all, append(carried, t.clock...)
}

// teach lets the vault learn from what it has not seen yet.
func (t *recorder) teach(v *scrub.Vault) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for ; t.taught < len(t.calls); t.taught++ {
		one := t.calls[t.taught]
		v.LearnFrom(one.request, one.answer)
	}
}

// methodOf is the method of a request, for which "" means GET.
func methodOf(r *http.Request) string { return cmp.Or(r.Method, http.MethodGet) }
