package management

// layered puts one object over another: what the upper one has wins, objects that
// both have are joined member by member. Neither is changed.
func layered(lower, upper map[string]any) object {
	joined := object{}
	joined.overlay(lower)
	for name, value := range upper {
		below, both := members(joined[name])
		above, isObject := members(value)
		if both && isObject {
			value = layered(below, above)
		}
		joined[name] = value
	}
	return joined
}

func members(value any) (map[string]any, bool) {
	switch o := value.(type) {
	case object:
		return o, true
	case map[string]any:
		return o, true
	}
	return nil, false
}

// readOnly are the members that every thing has and no caller may set: they are
// dropped, not refused, so that what was read can be sent back changed.
func readOnly() []string {
	return []string{"_links", "_embedded", "id", "environment", "createdAt", "updatedAt"}
}

// kept is what a caller sent, without what no caller may set, what is null, and
// what is named.
func kept(body map[string]any, without ...string) map[string]any {
	rest, _ := filled(body).(map[string]any)
	for _, name := range append(readOnly(), without...) {
		delete(rest, name)
	}
	return rest
}

// filled copies a JSON value without the members that are null, at any depth.
func filled(value any) any {
	switch v := value.(type) {
	case map[string]any:
		copied := map[string]any{}
		for name, member := range v {
			if member != nil {
				copied[name] = filled(member)
			}
		}
		return copied
	case []any:
		copied := make([]any, 0, len(v))
		for _, item := range v {
			copied = append(copied, filled(item))
		}
		return copied
	}
	return value
}
