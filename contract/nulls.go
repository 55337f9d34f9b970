package contract

import "slices"

// withoutNulls is an answer's body without the members that are null, each of which is observed: they say what members
// that are missing say. Where one is required, null is therefore as bad as nothing.
func (c *call) withoutNulls(body any) any {
	if !c.answer.holds("null") {
		return body
	}
	return pruned(body, nil, func(path []string) {
		c.note(ruleNull, pointer(path...), "a value, or no such member", "null", pageCompatibility)
	})
}

// pruned is v without the members that are null, each of which drop is called for with its path, which is good until drop returns.
func pruned(v any, path []string, drop func([]string)) any {
	switch v := v.(type) {
	case map[string]any:
		rest := make(map[string]any, len(v))
		for name, inner := range v {
			below := append(path, name)
			if inner == nil {
				drop(below)
				continue
			}
			rest[name] = pruned(inner, below, drop)
		}
		return rest
	case []any:
		rest := slices.Clone(v)
		for i, inner := range v {
			rest[i] = pruned(inner, append(path, "*"), drop)
		}
		return rest
	}
	return v
}
