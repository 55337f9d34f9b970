package gherkin

import (
	"io/fs"
	"slices"
	"strings"
	"testing/fstest"
)

// Only is a file system with nothing but these scenarios, in files of the same names: other
// scenarios, and the other rows of an outline, are empty lines, so that every line keeps
// its number.
func Only(some []Scenario) fs.FS {
	files := fstest.MapFS{}
	for _, s := range some {
		if files[s.File] != nil {
			continue
		}
		var ids []string
		for _, other := range some {
			if other.document == s.document {
				ids = append(ids, other.ids...)
			}
		}
		kept := slices.Clone(s.document.text)
		for _, b := range s.document.blocks {
			if slices.Contains(ids, b.owner) {
				continue
			}
			for i := b.first - 1; i < min(b.last, len(kept)); i++ {
				kept[i] = "\n"
			}
		}
		files[s.File] = &fstest.MapFile{Data: []byte(strings.Join(kept, ""))}
	}
	return files
}

// Alone is Only for this scenario.
func (s Scenario) Alone() fs.FS { return Only([]Scenario{s}) }
