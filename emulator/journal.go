package emulator

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

// How much the journal keeps: entries, and bytes of each body.
const (
	journalEntries = 1000
	journalBody    = 16 << 10
)

// Entry is one call of PingOne's paths, as the journal keeps it, with secrets and all.
type Entry struct {
	// Number counts the calls from 1.
	Number    int       `json:"number"`
	At        time.Time `json:"at"` // by the clock of the machine
	Operation string    `json:"operation,omitempty"`
	Method    string    `json:"method"`
	URL       string    `json:"url"`
	// Header are those of the request that matter to who repeats it.
	Header        map[string]string `json:"header,omitempty"`
	Body          string            `json:"body,omitempty"`
	Status        int               `json:"status"`
	Milliseconds  float64           `json:"ms"`
	CorrelationID string            `json:"correlationId"`
}

// journal keeps the newest calls, and wakes who waits for the next.
type journal struct {
	mu      sync.Mutex
	count   int
	first   int           // the number of the oldest entry that is kept
	entries []Entry       // each at the place of its number
	news    chan struct{} // closed with the next entry, nil while nobody waits for it
}

func newJournal() *journal { return &journal{first: 1, entries: make([]Entry, journalEntries)} }

func (j *journal) add(e Entry) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.count++
	e.Number = j.count
	j.entries[j.count%journalEntries] = e
	j.first = max(j.first, j.count-journalEntries+1)
	if j.news != nil {
		close(j.news)
		j.news = nil
	}
}

// since are the kept entries after a number, the newest number, and what is closed
// with the next entry.
func (j *journal) since(number int) ([]Entry, int, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	found := []Entry{}
	for n := max(number+1, j.first); n <= j.count; n++ {
		found = append(found, j.entries[n%journalEntries])
	}
	if j.news == nil {
		j.news = make(chan struct{})
	}
	return found, j.count, j.news
}

// clear forgets the entries; the count goes on.
func (j *journal) clear() {
	j.mu.Lock()
	defer j.mu.Unlock()
	clear(j.entries)
	j.first = j.count + 1
}

// kept are the request headers that the journal keeps.
func kept() []string { return []string{"Accept", "Authorization", "Content-Type", "Origin", "Cookie"} }

// answered notes a call of PingOne's paths with its answer, and logs it.
func (s *Server) answered(call *wire.Call, answer *wire.Answer, took time.Duration) {
	e := Entry{
		At:        time.Now().UTC(), // a recording's clock moves with each look at it
		Operation: call.Operation, Method: call.Method, URL: call.Origin + call.URL.RequestURI(), Header: map[string]string{},
		Body: string(call.Body[:min(len(call.Body), journalBody)]), Status: answer.Status,
		Milliseconds: float64(took.Microseconds()) / 1000, CorrelationID: call.ID,
	}
	for _, name := range kept() {
		if value := call.Header.Get(name); value != "" {
			e.Header[name] = value
		}
	}
	s.journal.add(e)
	s.logged(call, answer, took)
}

// journalPath lies outside PingOne's path space.
const journalPath = "/emulator/journal"

// showJournal answers with the calls after ?since=, and the number to ask with next;
// with ?wait= it waits that long for one.
func (s *Server) showJournal(w http.ResponseWriter, r *http.Request) {
	since := 0
	if asked := r.URL.Query().Get("since"); asked != "" {
		var err error
		if since, err = strconv.Atoi(asked); err != nil {
			http.Error(w, "since is the number of a call, such as the next of an answer", http.StatusBadRequest)
			return
		}
	}
	s.waiting(w, r, func() (any, bool, <-chan struct{}) {
		entries, next, news := s.journal.since(since)
		return map[string]any{"entries": entries, "next": next}, len(entries) > 0, news
	})
}

// longestWait is below the time that a connection may take to be answered.
const longestWait = 50 * time.Second

// waiting answers with what look finds, at once or as soon as there is something, at
// most after ?wait=.
func (s *Server) waiting(w http.ResponseWriter, r *http.Request, look func() (found any, something bool, news <-chan struct{})) {
	var wait time.Duration
	if asked := r.URL.Query().Get("wait"); asked != "" {
		var err error
		if wait, err = time.ParseDuration(asked); err != nil || wait < 0 || wait > longestWait {
			http.Error(w, "wait is a duration of at most "+longestWait.String()+", such as 10s", http.StatusBadRequest)
			return
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		found, something, news := look()
		if something || wait == 0 {
			writeJSON(w, found)
			return
		}
		select {
		case <-news:
		case <-timer.C:
			wait = 0
		case <-s.closing:
			wait = 0
		case <-r.Context().Done():
			return
		}
	}
}
