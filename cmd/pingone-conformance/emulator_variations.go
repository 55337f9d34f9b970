package main

import (
	"fmt"
	"strings"

	"pingone-conformance/emulator"
)

// variationHelp is the table that --vary list prints.
func variationHelp() string {
	var b strings.Builder
	group := ""
	for _, v := range emulator.Variations() {
		if v.Group != group {
			group = v.Group
			fmt.Fprintf(&b, "\n%s\n", strings.ToUpper(group))
		}
		fmt.Fprintf(&b, "  %-40s %s (%s: %s)\n", v.Name, v.Does, v.Allows, v.Page)
	}
	return strings.TrimPrefix(b.String(), "\n")
}

// variationNames are the names of all variations, each with what it does, as shells show it.
func variationNames() []string {
	words := []string{"all\tanswers as differently as the pages allow"}
	for _, v := range emulator.Variations() {
		words = append(words, v.Name+"\t"+v.Does)
	}
	return words
}
