// Package compiled holds the schemas of contract/schemas as Go, so that no process reads and compiles them at its
// start: schemas.go is written from them by go generate, and a test says when it is not what they say.
package compiled

import (
	"slices"
	"strings"

	"pingone-conformance/contract/internal/shape"
)

//go:generate go run ./generate ../../schemas schemas.go

// Of returns the shape of that name, such as "application" or "requests/user", nil when there is none.
func Of(name string) *shape.Shape {
	i, has := slices.BinarySearchFunc(shapes, name, func(s shape.Shape, name string) int { return strings.Compare(s.Name, name) })
	if !has {
		return nil
	}
	return &shapes[i]
}
