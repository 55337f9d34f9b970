package emulator

import (
	"encoding/json"
	"net/http"

	"pingone-conformance/emulator/internal/fault"
)

// Fault says which calls go wrong, and how. FaultKinds lists the kinds.
type Fault = fault.Rule

// FaultKind describes one kind of fault.
type FaultKind = fault.Kind

// FaultKinds are all kinds of fault, for help texts.
func FaultKinds() []FaultKind { return fault.Kinds() }

// ParseFault reads "kind[:operation[:calls[:duration]]]", such as
// "limited:application.*:1", "reset:*:/3", "latency:token:10%:200ms" or
// "skew:-5m". Calls is 3 for the first three of each operation, /3 for every
// third, 10% for a tenth of them by chance; without it every call is struck.
func ParseFault(text string) (Fault, error) { return fault.Parse(text) }

// faultsPath lies outside PingOne's path space.
const faultsPath = "/emulator/faults"

// maxFaults bounds what may be sent there.
const maxFaults = 64 << 10

// FaultsURL is where the faults of a running emulator are changed: PUT takes a
// JSON list such as [{"kind":"limited","operation":"token","first":1,"for":"2s"}]
// in place of the present one, GET shows the list, how often each fault has
// struck, and the kinds there are, and DELETE ends all faults.
func (s *Server) FaultsURL() string { return s.url + faultsPath }

func (s *Server) putFaults(w http.ResponseWriter, r *http.Request) {
	var rules []Fault
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxFaults)).Decode(&rules); err != nil {
		http.Error(w, "the body is not a JSON list of faults: "+err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.faults.Set(rules); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	s.showFaults(w, r)
}

func (s *Server) endFaults(w http.ResponseWriter, _ *http.Request) { done(w, s.faults.Set(nil)) }

func (s *Server) showFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, map[string]any{"faults": s.faults.States(), "kinds": FaultKinds()})
}
