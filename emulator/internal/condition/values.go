package condition

import (
	"encoding/json"
	"slices"
	"strings"
)

func number(value any) (float64, bool) {
	switch n := value.(type) {
	case json.Number:
		f, err := n.Float64()
		return f, err == nil
	case float64:
		return n, true
	}
	return 0, false
}

func holdsPart(value any, part string) bool {
	switch have := value.(type) {
	case string:
		return strings.Contains(have, part)
	case []string:
		return slices.Contains(have, part)
	case []any:
		return slices.Contains(have, any(part))
	}
	return false
}
