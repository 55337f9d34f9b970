// Package shape reads a schema file of the contract: what it documents, and what it only observes.
package shape

import (
	"fmt"
	"strings"

	"pingone-conformance/contract/internal/schema"
)

// Base is the address under which schema files know each other; nothing is ever fetched.
const Base = "https://json-schema.org/pingone-conformance/"

// Shape is one compiled schema file: what is documented, and what is only observed.
type Shape struct {
	Name string
	// Page is the vendor's page of the resource.
	Page       string
	Documented *schema.Schema
	// Created is what is documented of a new resource besides, Inferred what is only
	// observed; each is nil when the file has no such part under $defs.
	Created, Inferred *schema.Schema
}

// Compile compiles the file of a name, whose decoded text is doc.
func Compile(c *schema.Compiler, name string, doc any) (*Shape, error) {
	file, _ := doc.(map[string]any)
	parts, _ := file["$defs"].(map[string]any)
	comment, _ := file["$comment"].(string)
	s := &Shape{Name: name, Page: FirstPage(comment)}
	for part, compiled := range map[string]**schema.Schema{"": &s.Documented, "created": &s.Created, "inferred": &s.Inferred} {
		pointer := ""
		if part != "" {
			if parts[part] == nil {
				continue
			}
			pointer = "/$defs/" + part
		}
		var err error
		if *compiled, err = c.Compile(name+".json", pointer); err != nil {
			return nil, fmt.Errorf("compile schema %s: %w", name, err)
		}
	}
	return s, nil
}

// FirstPage returns the first https address in a comment.
func FirstPage(comment string) string {
	_, after, found := strings.Cut(comment, "https://")
	if !found {
		return ""
	}
	page, _, _ := strings.Cut(after, " ")
	return "https://" + strings.TrimRight(page, ";,.:")
}
