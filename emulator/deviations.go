package emulator

import "pingone-conformance/emulator/internal/deviation"

// DeviationInfo describes one way in which an emulator can break PingOne's
// contract on demand.
type DeviationInfo struct {
	// Name is what Options.Deviations takes, Group is security, semantics or shape.
	Name, Group string
	// Breaks says what goes wrong; Rule is the rule that it breaks, and Page
	// where that stands.
	Breaks, Rule, Page string
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
