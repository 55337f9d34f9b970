package management

import "strings"

// at returns the member of a body at a dotted path, nil when there is none.
func at(body map[string]any, path string) any {
	var value any = body
	for _, name := range strings.Split(path, ".") {
		members, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = members[name]
	}
	return value
}

// textAt is the text at a path, "" when there is none.
func textAt(body map[string]any, path string) string {
	s, _ := at(body, path).(string)
	return s
}

// textOr is the text at a path, or a default.
func textOr(body map[string]any, path, otherwise string) string {
	if s := textAt(body, path); s != "" {
		return s
	}
	return otherwise
}

// flagAt is the flag at a path, false when there is none; the word "true" counts.
func flagAt(body map[string]any, path string) bool {
	value := at(body, path)
	return value == true || value == "true"
}

// wholeAt is the whole number at a path, or a default.
func wholeAt(body map[string]any, path string, otherwise int) int {
	if n, ok := wholeNumber(at(body, path)); ok {
		return n
	}
	return otherwise
}

// textsAt is the list of texts at a path.
func textsAt(body map[string]any, path string) []string {
	items, _ := at(body, path).([]any)
	var texts []string
	for _, item := range items {
		if s, ok := item.(string); ok {
			texts = append(texts, s)
		}
	}
	return texts
}

// objectsAt is the list of objects at a path.
func objectsAt(body map[string]any, path string) []map[string]any {
	items, _ := at(body, path).([]any)
	var objects []map[string]any
	for _, item := range items {
		if o, ok := item.(map[string]any); ok {
			objects = append(objects, o)
		}
	}
	return objects
}
