package signon

import (
	"maps"
	"slices"
)

// sortedKeys makes what depends on a map come out the same each time.
func sortedKeys[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
