package emulator

import (
	"net/http"

	"pingone-conformance/emulator/internal/deviation"
)

// DeviationInfo describes one way in which an emulator can break PingOne's
// contract on demand.
type DeviationInfo struct {
	// Name is what Options.Deviations takes, Group is security, semantics or shape.
	Name  string `json:"name"`
	Group string `json:"group"`
	// Breaks says what goes wrong; Rule is the rule that it breaks, and Page
	// where that stands.
	Breaks string `json:"breaks"`
	Rule   string `json:"rule"`
	Page   string `json:"page"`
}

// Deviations lists all deviations, group by group, each group by name.
func Deviations() []DeviationInfo {
	var all []DeviationInfo
	for _, d := range deviation.All() {
		all = append(all, DeviationInfo{Name: d.Name, Group: string(d.Group), Breaks: d.Breaks, Rule: d.Rule, Page: d.Page})
	}
	return all
}

// CheckDeviations refuses names that no deviation has; its error lists the nearest.
func CheckDeviations(names []string) error {
	_, err := deviation.NewSet(names)
	return err
}

func (s *Server) showDeviations(w http.ResponseWriter, _ *http.Request) {
	on, _ := s.behaves()
	writeJSON(w, map[string]any{"on": texts(on), "known": Deviations()})
}

// putDeviations takes a JSON list of names in place of what is switched on.
func (s *Server) putDeviations(w http.ResponseWriter, r *http.Request) {
	s.putNames(w, r, s.SetDeviations, s.showDeviations)
}

func (s *Server) endDeviations(w http.ResponseWriter, _ *http.Request) { done(w, s.SetDeviations()) }

func (s *Server) putNames(w http.ResponseWriter, r *http.Request, set func(...string) error, show http.HandlerFunc) {
	var names []string
	if !readJSON(w, r, &names) {
		return
	}
	if err := set(names...); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	show(w, r)
}

// texts is a list that JSON writes as [] when it is empty.
func texts(list []string) []string { return append([]string{}, list...) }
