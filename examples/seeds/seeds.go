// Package seeds is a seed of the emulator for each use case. Nothing else may enter it.
package seeds

import (
	"embed"
	"path"
	"strings"
)

//go:embed *.yaml
var files embed.FS

// Names are the use cases that there is a seed for.
func Names() []string {
	entries, _ := files.ReadDir(".") // what is embedded can be read
	var names []string
	for _, entry := range entries {
		names = append(names, strings.TrimSuffix(entry.Name(), path.Ext(entry.Name())))
	}
	return names
}

// Text is the seed of a use case as YAML; nil when there is none of that name.
func Text(name string) []byte {
	text, _ := files.ReadFile(name + ".yaml")
	return text
}
