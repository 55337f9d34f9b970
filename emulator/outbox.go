package emulator

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
)

// outboxPath lies outside PingOne's path space.
const outboxPath = "/emulator/outbox"

// Message is one passcode that PingOne would have sent.
type Message = tenant.Message

// Outbox are the passcodes that PingOne would have sent, newest last.
func (s *Server) Outbox() []Message {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.tenant.Outbox()
}

// showOutbox answers with the messages that the query asks for: to, user (an id or a
// username), device, flow; with newest=true the last of them alone, and with wait= as
// soon as there is one.
func (s *Server) showOutbox(w http.ResponseWriter, r *http.Request) {
	s.waiting(w, r, func() (any, bool, <-chan struct{}) {
		_, _, news := s.journal.since(0)
		messages, _ := s.seen(r)
		return messages, len(messages) > 0, news
	})
}

func (s *Server) emptyOutbox(w http.ResponseWriter, _ *http.Request) {
	s.tenant.Lock()
	s.tenant.EmptyOutbox()
	s.tenant.Unlock()
	done(w, s.keepAll())
}

// seen copies what the pages show: whoever reads a page slowly must not hold the
// tenant meanwhile.
func (s *Server) seen(r *http.Request) ([]Message, map[string]int) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.messages(r), s.tenant.Counts()
}

// messages are those of the outbox that the query asks for.
func (s *Server) messages(r *http.Request) []Message {
	query := r.URL.Query()
	asked := func(name string, values ...string) bool {
		wanted := query.Get(name)
		for _, value := range values {
			if strings.EqualFold(wanted, value) {
				return true
			}
		}
		return wanted == ""
	}
	found := []Message{}
	for _, m := range s.tenant.Outbox() {
		if asked("to", m.To) && asked("user", m.UserID, s.username(m)) && asked("device", m.DeviceID) && asked("flow", m.FlowID) {
			found = append(found, m)
		}
	}
	if query.Get("newest") == "true" && len(found) > 1 {
		found = found[len(found)-1:]
	}
	return found
}

func (s *Server) username(m Message) string {
	if e := s.tenant.Environment(m.EnvironmentID); e != nil && e.Users[m.UserID] != nil {
		return e.Users[m.UserID].Username()
	}
	return m.UserID
}

// Message is the newest message to a person, by id or username; it waits for one as
// long as the context lets it.
func (s *Server) Message(ctx context.Context, user string) (Message, error) {
	for {
		_, _, news := s.journal.since(0)
		if m, found := s.newestTo(user); found {
			return m, nil
		}
		select {
		case <-news:
		case <-s.closing:
			return Message{}, errors.New("emulator: it is closed")
		case <-ctx.Done():
			return Message{}, ctx.Err()
		}
	}
}

func (s *Server) newestTo(user string) (newest Message, found bool) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	for _, m := range s.tenant.Outbox() {
		if strings.EqualFold(m.UserID, user) || strings.EqualFold(s.username(m), user) {
			newest, found = m, true
		}
	}
	return newest, found
}
