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

// control are the emulator's own paths, by path and method. They draw neither on the
// clock nor on chance, so that looking does not change what a recording holds.
func (s *Server) control() map[string]map[string]http.HandlerFunc {
	return map[string]map[string]http.HandlerFunc{
		"/":                     {http.MethodGet: s.front},
		"/emulator/health":      {http.MethodGet: s.health},
		outboxPath:              {http.MethodGet: s.showOutbox, http.MethodDelete: s.emptyOutbox},
		faultsPath:              {http.MethodGet: s.showFaults, http.MethodPut: s.putFaults, http.MethodDelete: s.endFaults},
		"/emulator/deviations":  {http.MethodGet: s.showDeviations, http.MethodPut: s.putDeviations, http.MethodDelete: s.endDeviations},
		"/emulator/variations":  {http.MethodGet: s.showVariations, http.MethodPut: s.putVariations, http.MethodDelete: s.endVariations},
		clockPath:               {http.MethodGet: s.showClock, http.MethodPost: s.setClock},
		journalPath:             {http.MethodGet: s.showJournal},
		seedPath:                {http.MethodGet: s.seedPage},
		"/emulator/seed/schema": {http.MethodGet: s.seedSchema},
		"/emulator/reset":       {http.MethodPost: s.reset},
		"/emulator/snapshot":    {http.MethodGet: s.takeSnapshot, http.MethodPut: s.restoreSnapshot},
		"/emulator/console":     {http.MethodGet: s.consoleData},
		"/emulator/openapi":     {http.MethodGet: s.openAPIPage},
		openAPIPath:             {http.MethodGet: s.openAPI},
		"/emulator/ca.pem":      {http.MethodGet: s.showCA},
	}
}

// pages answers the emulator's own paths and leaves the rest to PingOne's.
func (s *Server) pages() http.Handler {
	control := s.control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		methods, own := control[r.URL.Path]
		switch {
		case !s.answersTo(hostOf(r)):
			// A page elsewhere whose name was made to point here gets nothing.
			http.Error(w, "this emulator answers to loopback names only", http.StatusMisdirectedRequest)
		case own:
			s.own(w, r, methods)
		case strings.HasPrefix(r.URL.Path, "/emulator/"):
			http.Error(w, "there is no such page; there are "+strings.Join(sortedNames(control), ", "), http.StatusNotFound)
		default:
			s.servePingOne(w, r)
		}
	})
}

// own answers a call to one of the emulator's own paths. A page on another machine may
// neither read nor change anything there, whatever applications allow it elsewhere.
func (s *Server) own(w http.ResponseWriter, r *http.Request, methods map[string]http.HandlerFunc) {
	header := w.Header()
	header.Set("Vary", "Origin")
	allow := strings.Join(sortedNames(methods), ", ")
	if from := r.Header.Get("Origin"); from != "" {
		if host := publicHost(from); !wire.Loopback(host) && host != publicHost(s.url) {
			http.Error(w, "pages of "+from+" may not do that: only those of this machine may", http.StatusForbidden)
			return
		}
		header.Set("Access-Control-Allow-Origin", from)
		header.Set("Access-Control-Allow-Methods", allow)
		header.Set("Access-Control-Allow-Headers", "Accept, Content-Type")
	}
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	switch handle := methods[method]; {
	case handle != nil:
		handle(w, r)
	case method == http.MethodOptions:
		header.Set("Allow", allow)
		w.WriteHeader(http.StatusNoContent)
	default:
		header.Set("Allow", allow)
		http.Error(w, r.URL.Path+" takes "+allow, http.StatusMethodNotAllowed)
	}
}

func hostOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = strings.Trim(r.Host, "[]")
	}
	return host
}

// health says that the emulator answers.
func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, map[string]any{"status": "up", "name": wire.Server, "version": Version})
}

func (s *Server) showCA(w http.ResponseWriter, r *http.Request) {
	if s.authority == nil {
		http.Error(w, "this emulator speaks plain http and has no certificate authority", http.StatusNotFound)
		return
	}
	w.Header().Set("Content-Type", "application/x-pem-file")
	_, _ = w.Write(s.CA()) // a reader that hung up has nobody to tell
}

func (s *Server) seedSchema(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/schema+json")
	_, _ = w.Write(SeedSchema()) // as above
}

const warning = "NO IDENTITY PROVIDER: invented people, passwords and passcodes, open to everyone who reaches this port."

// front is the console for a browser; other callers get what this is in plain text, or
// in JSON when they ask for that.
func (s *Server) front(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.consolePage(w)
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

func sortedNames[T any](counts map[string]T) []string {
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

// maxControl bounds what may be sent to the emulator's own paths.
const maxControl = 64 << 20

// readJSON reads a body, all of whose members have to be known.
func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControl))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		http.Error(w, "the body is not the JSON that belongs here: "+err.Error(), http.StatusBadRequest)
		return false
	}
	return true
}

// done answers that something was done, or why it was not.
func done(w http.ResponseWriter, err error) {
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
