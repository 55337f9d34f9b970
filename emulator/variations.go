package emulator

import "pingone-conformance/emulator/internal/variation"

// VariationInfo describes one way in which an emulator can answer otherwise,
// on demand, without breaking anything that PingOne's pages promise.
type VariationInfo struct {
	// Name is what Options.Variations takes, Group says what it is about.
	Name, Group string
	// Does says what is otherwise, Allows why it may be, and Page where that stands.
	Does, Allows, Page string
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
