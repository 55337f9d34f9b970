package emulator

import (
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/console"
	"pingone-conformance/emulator/internal/oauth"
)

// newestShown is how many messages the console lists.
const newestShown = 25

// shownFlow is a sign-on as the console shows it.
type shownFlow struct {
	oauth.UnderWay
	Person string `json:"person"`
	Words  string `json:"words"`
}

// shownMessage is a message with the name of whom it is for.
type shownMessage struct {
	Message
	Person string `json:"person"`
}

// consolePage is the page for a browser.
func (s *Server) consolePage(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", console.Policy)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte(console.Page)) // a reader that hung up has nobody to tell
}

// consoleData is all that the console shows but the journal.
func (s *Server) consoleData(w http.ResponseWriter, _ *http.Request) {
	deviations, variations := s.behaves()
	kinds := []string{}
	for _, kind := range FaultKinds() {
		kinds = append(kinds, kind.Name)
	}
	data := s.tenantData()
	for name, value := range map[string]any{
		"version": Version, "url": s.url, "faults": s.faults.States(), "kinds": kinds,
		"deviations": texts(deviations), "variations": texts(variations),
	} {
		data[name] = value
	}
	writeJSON(w, data)
}

func (s *Server) tenantData() map[string]any {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	environments, people := console.Environments(s.tenant)
	messages, outbox := s.tenant.Outbox(), []shownMessage{}
	for i := len(messages) - 1; i >= 0 && len(outbox) < newestShown; i-- {
		outbox = append(outbox, shownMessage{messages[i], s.username(messages[i])})
	}
	flows := []shownFlow{}
	for _, f := range s.signOn.UnderWay() {
		flows = append(flows, shownFlow{f, s.username(Message{EnvironmentID: f.EnvironmentID, UserID: f.UserID}), browser.Words(f.Status)})
	}
	return map[string]any{
		"environments": environments, "people": people, "outbox": outbox, "flows": flows,
		"clock": shownClock{s.tenant.Now(), time.Duration(s.clock.shift.Load()).String()},
	}
}
