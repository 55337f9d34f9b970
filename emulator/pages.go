package emulator

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"sort"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// outboxPath lies outside PingOne's path space.
const outboxPath = "/emulator/outbox"

// pages answers the emulator's own paths and leaves the rest to PingOne's. They
// draw neither on the clock nor on chance, so that looking does not change what
// a recording holds.
func (s *Server) pages(pingOne http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case !s.options.AllowRemote && !loopback(hostOf(r)):
			// A page elsewhere whose name was made to point here gets nothing.
			http.Error(w, "this emulator answers to loopback names only", http.StatusMisdirectedRequest)
		case r.URL.Path == outboxPath:
			s.outbox(w, r)
		case r.URL.Path == faultsPath:
			s.faultsPage(w, r)
		case r.URL.Path == "/":
			s.front(w, r)
		default:
			pingOne.ServeHTTP(w, r)
		}
	})
}

func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	return host
}

func (s *Server) outbox(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		messages, _ := s.seen(r)
		writeJSON(w, messages)
	case http.MethodDelete:
		s.tenant.Lock()
		s.tenant.EmptyOutbox()
		s.tenant.Unlock()
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "DELETE, GET")
		http.Error(w, "the outbox can be read (GET) and emptied (DELETE)", http.StatusMethodNotAllowed)
	}
}

// seen copies what the pages show: whoever reads a page slowly must not hold the
// tenant meanwhile.
func (s *Server) seen(r *http.Request) ([]tenant.Message, map[string]int) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.messages(r), s.tenant.Counts()
}

// messages are those of the outbox that the query asks for.
func (s *Server) messages(r *http.Request) []tenant.Message {
	query := r.URL.Query()
	asked := func(name, value string) bool {
		return query.Get(name) == "" || strings.EqualFold(query.Get(name), value)
	}
	found := []tenant.Message{}
	for _, m := range s.tenant.Outbox() {
		if asked("to", m.To) && asked("user", m.UserID) && asked("device", m.DeviceID) && asked("flow", m.FlowID) {
			found = append(found, m)
		}
	}
	return found
}

const warning = "NO IDENTITY PROVIDER: invented people, passwords and passcodes, kept in memory, open to everyone who reaches this port."

// front says what this is, in plain text, or in JSON to a caller that asks for it.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, warning, http.StatusMethodNotAllowed)
		return
	}
	messages, counts := s.seen(r)
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		writeJSON(w, map[string]any{
			"name": wire.Server, "version": Version, "warning": warning, "environmentId": s.credentials.EnvironmentID,
			"outboxUrl": s.OutboxURL(), "outbox": messages, "counts": counts,
		})
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// A reader that hung up has nobody to tell.
	_, _ = fmt.Fprint(w, s.text(messages, counts))
}

func (s *Server) text(messages []tenant.Message, counts map[string]int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s\n\n*** %s ***\n\n", wire.Server, Version, warning)
	fmt.Fprintf(&b, "management API   %s/v1/environments/%s\n", s.url, s.credentials.EnvironmentID)
	fmt.Fprintf(&b, "authorization    %s/%s/as\n", s.url, s.credentials.EnvironmentID)
	fmt.Fprintf(&b, "outbox           %s\n\n", s.OutboxURL())
	for _, name := range sortedNames(counts) {
		fmt.Fprintf(&b, "%6d %s\n", counts[name], name)
	}
	fmt.Fprintf(&b, "\npasscodes in the outbox: %d\n", len(messages))
	for _, m := range messages {
		fmt.Fprintf(&b, "  %s  %-5s to %s: %s\n", m.SentAt.Format("15:04:05"), m.Channel, m.To, m.OTP)
	}
	return b.String()
}

func sortedNames(counts map[string]int) []string {
	names := make([]string, 0, len(counts))
	for name := range counts {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Cache-Control", "no-store")
	// A reader that hung up has nobody to tell.
	_, _ = w.Write(append(body, '\n'))
}
