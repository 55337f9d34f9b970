package contract

import (
	"fmt"
	"slices"
	"strings"
)

// echo wants the answer to a create or an update to repeat what was sent.
func (c *call) echo() {
	if !c.op.echoed {
		return
	}
	c.compare(c.sent, c.body, nil, nil, ruleEcho)
}

// silent lists members that are sent and, as documented or for all that is known, perhaps not
// answered, by schema; the reader finds them as observations. What is answered of them has to be what was sent.
var silent = map[string][]string{
	"device":                       {"policy", "notification", "testMode", "rp"},
	"user":                         {"password"},
	"device-authentication-policy": {"securityKey", "platform", "mobile"},
	"sign-on-policy-action":        {"sms", "email", "voice", "authenticator", "boundBiometrics", "securityKey", "applications", "deviceAuthenticationPolicy", "noDevicesMode", "condition"},
	"sign-on-policy":               {"default"},
}

// schema is the name of the schema that the operation's resources have.
func (o *operation) schema() string { return o.answer + o.items }

// compare reports each member of sent that got does not repeat. top is the name of the outermost member.
func (c *call) compare(sent, got any, where, inner []string, rule string) {
	switch sent := sent.(type) {
	case nil:
		return
	case map[string]any:
		if _, isObject := got.(map[string]any); !isObject {
			if len(inner) > 0 {
				c.differs(sent, got, where, inner, rule)
			}
			return
		}
		for name, value := range sent {
			if value != nil {
				c.compare(value, member(got, name), where, join(inner, name), rule)
			}
		}
	case []any:
		c.compareLists(sent, got, where, inner, rule)
	default:
		if !sameScalar(sent, got) {
			c.differs(sent, got, where, inner, rule)
		}
	}
}

func (c *call) compareLists(sent []any, got any, where, inner []string, rule string) {
	list, isList := got.([]any)
	if !isList || len(list) != len(sent) {
		c.differs(sent, got, where, inner, rule)
		return
	}
	for i, value := range sent {
		match := i
		switch value := value.(type) {
		case string:
			match = slices.IndexFunc(list, func(v any) bool { return v == value })
		case map[string]any:
			if id := text(value, "id"); id != "" {
				match = slices.IndexFunc(list, func(v any) bool { return text(v, "id") == id })
			}
		}
		if match < 0 {
			c.differs(sent, got, where, inner, rule)
			return
		}
		c.compare(value, list[match], where, join(inner, fmt.Sprint(match)), rule)
	}
}

// differs grades a difference: some members are not promised to come back, a
// telephone number may be written otherwise.
func (c *call) differs(sent, got any, where, inner []string, rule string) {
	place := join(where, inner...)
	top, last := inner[0], inner[len(inner)-1]
	want, came := show(place, sent), show(place, got)
	switch {
	case c.op.schema() == "sign-on-policy" && top == "default" && fmt.Sprint(sent) == fmt.Sprint(got):
		c.note(rule, pointer(place...), want, came, pagePolicy)
	case c.op.schema() == "sign-on-policy" && top == "default":
		c.fail(rule, pointer(place...), want, came, pagePolicy)
	case slices.Contains(silent[c.op.schema()], top) && (got == nil || isList(sent)):
		c.note(rule, pointer(place...), want, came, c.op.source)
	case (last == "phone" || last == "mobilePhone" || last == "primaryPhone") && digits(sent) == digits(got):
		c.note(rule, pointer(place...), want, came, c.op.source)
	default:
		c.fail(rule, pointer(place...), want, came, c.op.source)
	}
}

func isList(v any) bool {
	_, list := v.([]any)
	return list
}

func sameScalar(a, b any) bool {
	if x, isNumber := number(a); isNumber {
		y, alsoNumber := number(b)
		return alsoNumber && x == y
	}
	return a == b
}

// digits are what makes two spellings of a telephone number the same.
func digits(v any) string {
	s, _ := v.(string)
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// merged lays the members of change over those of base, as PATCH does.
func merged(base, change any) any {
	over, isObject := change.(map[string]any)
	if !isObject {
		return change
	}
	result := map[string]any{}
	if under, ok := base.(map[string]any); ok {
		for name, value := range under {
			result[name] = value
		}
	}
	for name, value := range over {
		if value == nil {
			delete(result, name)
			continue
		}
		result[name] = merged(result[name], value)
	}
	return result
}
