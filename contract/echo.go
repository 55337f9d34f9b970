package contract

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// silent lists members that are sent and, as documented or for all that is known, perhaps not
// answered, by schema; the reader finds them as observations. What is answered of them has to be what was sent.
var silent = map[string][]string{
	"device": {"policy", "notification", "testMode", "rp"},

	"user": {"password"},

	"device-authentication-policy": {"securityKey", "platform", "mobile"},

	"sign-on-policy-action": {"sms", "email", "voice", "authenticator", "boundBiometrics", "securityKey", "applications", "deviceAuthenticationPolicy", "noDevicesMode", "condition"},

	"sign-on-policy": {"default"},
}

// compare reports each member of what was sent, or was there before, that got does not repeat. Where leads to got, inner from there to the member.
func (c *call) compare(sent, got any, where, inner []string, rule string) {
	switch sent := sent.(type) {
	case nil:
	case map[string]any:
		if object(got) == nil {
			if len(inner) > 0 {
				c.differs(sent, got, where, inner, rule)
			}
			return
		}
		for name, value := range sent {
			c.compare(value, at(got, name), where, join(inner, name), rule)
		}
	case []any:
		c.compareLists(sent, got, where, inner, rule)
	default:
		x, isNumber := number(sent)
		y, alsoNumber := number(got)
		if same := sent == got || isNumber && alsoNumber && x == y; !same {
			c.differs(sent, got, where, inner, rule)
		}
	}
}

func (c *call) compareLists(sent []any, got any, where, inner []string, rule string) {
	items := list(got)
	if len(items) != len(sent) || items == nil {
		c.differs(sent, got, where, inner, rule)
		return
	}
	for i, value := range sent {
		match := i
		if key := keyOf(value); key != [3]string{} {
			match = slices.IndexFunc(items, func(v any) bool { return keyOf(v) == key || key[1] == "" && keyOf(v)[2] == key[2] && key[2] != "" })
		}
		if match < 0 {
			c.differs(sent, got, where, inner, rule)
			return
		}
		c.compare(value, items[match], where, join(inner, strconv.Itoa(match)), rule)
	}
}

// keyOf is by what an item of a list is found again, whatever the order: its text, its id, or its name.
func keyOf(item any) [3]string { return [3]string{text(item), text(item, "id"), text(item, "name")} }

// differs grades a difference: some members are not promised to come back, a
// telephone number may be written otherwise.
func (c *call) differs(sent, got any, where, inner []string, rule string) {
	path, schema := join(where, inner...), c.op.schema()
	top, last := inner[0], inner[len(inner)-1]
	report, source := c.fail, c.op.source
	_, sentList := sent.([]any)
	switch {
	case schema == "sign-on-policy" && top == "default":
		if fmt.Sprint(sent) == fmt.Sprint(got) {
			report = c.note
		}
	case slices.Contains(silent[schema], top) && (got == nil || sentList),
		slices.Contains([]string{"phone", "mobilePhone", "primaryPhone"}, last) && digits(text(sent)) == digits(text(got)):
		report = c.note
	}
	report(rule, pointer(path...), show(sent, path...), show(got, path...), source)
}

// digits are what makes two spellings of a telephone number the same.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// merged lays the members of change over those of base, as PATCH does.
func merged(base, change any) any {
	if object(change) == nil {
		return change
	}
	result := maps.Clone(object(base))
	if result == nil {
		result = map[string]any{}
	}
	for name, value := range object(change) {
		if result[name] = merged(result[name], value); value == nil {
			delete(result, name)
		}
	}
	return result
}

// without is an object that lacks some members.
func without(v any, names ...string) any {
	if object(v) == nil {
		return v
	}
	rest := maps.Clone(object(v))
	for _, name := range names {
		delete(rest, name)
	}
	return rest
}
