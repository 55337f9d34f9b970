package contract

import (
	"slices"

	"pingone-conformance/contract/internal/schema"
	"pingone-conformance/contract/internal/shape"
)

// unknownMembers are the paths of members that no schema of the resource names. They are
// legal, always: the vendor adds members without notice.
func unknownMembers(s *shape.Shape, v any) [][]string {
	schemas := []*schema.Schema{s.Documented}
	if s.Inferred != nil {
		schemas = append(schemas, s.Inferred)
	}
	var found [][]string
	descend(schemas, v, make([]string, 0, deep), false, func(path []string, said said) bool {
		if !said.known && len(found) < mostObservations {
			found = append(found, slices.Clone(path))
		}
		return said.known && len(said.below) > 0
	})
	return found
}

// said is what the schemas of an object or a list say of one member or item.
type said struct {
	// below are the schemas of the member.
	below []*schema.Schema
	// named members have a schema of their own, required ones have to be there, known ones are named or may have any name.
	named, required, known bool
	// item says that it is one of a list.
	item bool
}

// descend calls visit for each member and item below v, with its path, which is good until visit returns, and with what
// schemas say of it; it goes on below where visit says so.
// Conditions and alternatives count as far as they hold for v when decided, else whether they hold or not.
func descend(schemas []*schema.Schema, v any, path []string, decided bool, visit func([]string, said) bool) {
	apply := make([]*schema.Schema, 0, 2*len(schemas)+4)
	for _, s := range schemas {
		apply = applying(apply, s, v, decided)
	}
	_, isList := v.([]any)
	each(v, func(token string, inner any) {
		about := memberOf(apply, token)
		if isList {
			about = itemOf(apply)
		}
		if here := append(path, token); visit(here, about) {
			descend(about.below, inner, here, decided, visit)
		}
	})
}

// applying appends s and every schema that applies in its place.
func applying(all []*schema.Schema, s *schema.Schema, v any, decided bool) []*schema.Schema {
	if s == nil || slices.Contains(all, s) {
		return all
	}
	all = applying(append(all, s), s.Ref, v, decided)
	for _, part := range s.AllOf {
		all = applying(all, part, v, decided)
	}
	for _, alternatives := range [2][]*schema.Schema{s.AnyOf, s.OneOf} {
		for _, one := range alternatives {
			if !decided || one.Valid(v) {
				all = applying(all, one, v, decided)
			}
		}
	}
	if !decided || s.If != nil && s.If.Valid(v) {
		all = applying(all, s.Then, v, decided)
	}
	if !decided || s.If != nil && !s.If.Valid(v) {
		all = applying(all, s.Else, v, decided)
	}
	return all
}

// memberOf collects what schemas say of an object's member.
func memberOf(schemas []*schema.Schema, name string) said {
	var about said
	constrained := false
	for _, s := range schemas {
		extra, isSchema := s.AdditionalProperties.(*schema.Schema)
		if p := s.Properties.Of(name); p != nil {
			about.below, about.named = append(about.below, p), true
		} else if isSchema {
			about.below = append(about.below, extra)
		}
		about.known = about.known || about.named || isSchema || s.AdditionalProperties == true
		about.required = about.required || slices.Contains(s.Required, name)
		constrained = constrained || len(s.Properties) > 0 || s.AdditionalProperties != nil
	}
	about.known = about.known || !constrained
	return about
}

// itemOf collects what schemas say of a list's items.
func itemOf(schemas []*schema.Schema) said {
	about := said{item: true, known: true}
	for _, s := range schemas {
		if s.Items != nil {
			about.below = append(about.below, s.Items)
		}
	}
	return about
}
