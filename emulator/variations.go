package emulator

import (
	"net/http"

	"pingone-conformance/emulator/internal/variation"
)

// VariationInfo describes one way in which an emulator can answer otherwise,
// on demand, without breaking anything that PingOne's pages promise.
type VariationInfo struct {
	// Name is what Options.Variations takes, Group says what it is about.
	Name  string `json:"name"`
	Group string `json:"group"`
	// Does says what is otherwise, Allows why it may be, and Page where that stands.
	Does   string `json:"does"`
	Allows string `json:"allows"`
	Page   string `json:"page"`
}

// Variations lists all variations in the order in which they are carried out.
func Variations() []VariationInfo {
	var all []VariationInfo
	for _, v := range variation.All() {
		all = append(all, VariationInfo{Name: v.Name, Group: v.Group, Does: v.Does, Allows: v.Allows, Page: v.Page})
	}
	return all
}

// CheckVariations refuses names that no variation has; its error lists the nearest.
// The name "all" means every one.
func CheckVariations(names []string) error {
	_, err := variation.NewSet(names)
	return err
}

func (s *Server) showVariations(w http.ResponseWriter, _ *http.Request) {
	_, on := s.behaves()
	writeJSON(w, map[string]any{"on": texts(on), "known": Variations()})
}

// putVariations takes a JSON list of names in place of what is switched on.
func (s *Server) putVariations(w http.ResponseWriter, r *http.Request) {
	s.putNames(w, r, s.SetVariations, s.showVariations)
}

func (s *Server) endVariations(w http.ResponseWriter, _ *http.Request) { done(w, s.SetVariations()) }
