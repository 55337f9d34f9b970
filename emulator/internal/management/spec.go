package management

import (
	"encoding/json"
	"slices"
	"strconv"
	"unicode/utf8"

	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// jsonType is the type that a field has to have.
type jsonType int

const (
	kindText jsonType = iota
	kindFlag
	kindWhole
	kindObject
	kindList
)

// field says what one member of a request body has to be. Fields are built by
// the functions below and never changed afterwards.
type field struct {
	name     string
	kind     jsonType
	required bool
	words    bool             // a flag may also be "true" or "false"
	allowed  []string         // of a text
	pattern  *lazy.Expression // of a text
	valid    func(string) bool
	bounded  bool // least and most hold: of a whole number, or the length of a text
	least    int
	most     int
	members  []field // of an object
	item     *field  // of a list
	filled   bool    // a list has at least one item
}

func text(name string) field  { return field{name: name, kind: kindText} }
func flag(name string) field  { return field{name: name, kind: kindFlag} }
func whole(name string) field { return field{name: name, kind: kindWhole} }
func group(name string, members ...field) field {
	return field{name: name, kind: kindObject, members: members}
}
func list(name string, item field) field { return field{name: name, kind: kindList, item: &item} }

func (f field) must() field                  { f.required = true; return f }
func (f field) orWord() field                { f.words = true; return f }
func (f field) oneOf(values ...string) field { f.allowed = values; return f }

func (f field) matching(p *lazy.Expression) field    { f.pattern = p; return f }
func (f field) satisfying(v func(string) bool) field { f.valid = v; return f }
func (f field) within(least, most int) field {
	f.bounded, f.least, f.most = true, least, most
	return f
}
func (f field) notEmpty() field { f.filled = true; return f }

// faults collects all that is wrong with a body, so that it is reported together.
type faults struct {
	malformed []wire.Detail // wrong JSON type
	invalid   []wire.Detail
	decide    *Decisions
}

func (f *faults) add(code, target, message string, inner map[string]any) {
	fault := wire.Detail{Code: code, Target: target, Message: message, InnerError: inner}
	if !f.decide.Overlooks(fault) {
		f.invalid = append(f.invalid, fault)
	}
}

// problem is nil when nothing was wrong. One value of the wrong type makes the
// whole request a malformed one.
func (f *faults) problem() error {
	switch {
	case len(f.malformed) > 0:
		return wire.InvalidRequest(append(f.malformed, f.invalid...)...)
	case len(f.invalid) > 0:
		return wire.InvalidData(f.invalid...)
	default:
		return nil
	}
}

// check holds the members of a body against their fields.
func (f *faults) check(body map[string]any, fields []field, prefix string) {
	for _, field := range fields {
		value, present := body[field.name]
		target := prefix + field.name
		if !present || value == nil {
			if field.required {
				f.add("REQUIRED_VALUE", target, "A required value is missing.", nil)
			}
			continue
		}
		f.value(value, field, target)
	}
}

func (f *faults) value(value any, field field, target string) {
	ok := true
	switch field.kind {
	case kindText:
		var s string
		if s, ok = value.(string); ok {
			f.text(s, field, target)
		}
	case kindFlag:
		_, ok = value.(bool)
		ok = ok || field.words && (value == "true" || value == "false")
	case kindWhole:
		number, isNumber := value.(json.Number)
		ok = isNumber && f.decide.IsWhole(number)
		if n, whole := wholeNumber(value); whole {
			f.whole(n, field, target)
		}
	case kindObject:
		var members map[string]any
		if members, ok = value.(map[string]any); ok {
			f.check(members, field.members, target+".")
		}
	case kindList:
		var items []any
		if items, ok = value.([]any); ok {
			f.list(items, field, target)
		}
	}
	if !ok {
		f.malformed = append(f.malformed, wire.Detail{Code: "INVALID_VALUE", Target: target, Message: "Invalid value for attribute."})
	}
}

func (f *faults) text(s string, field field, target string) {
	length := utf8.RuneCountInString(s)
	switch {
	case s == "" && field.wantsText():
		f.add("EMPTY_VALUE", target, "The value must not be empty.", nil)
	case field.bounded && length > field.most:
		f.add("SIZE_LIMIT_EXCEEDED", target, "The value is too long.", map[string]any{"maximumValue": field.most})
	case field.bounded && length < field.least:
		f.add("INVALID_VALUE", target, "The value is too short.", map[string]any{"rangeMinimumValue": field.least})
	default:
		f.form(s, field, target)
	}
}

// wantsText says that an empty text is as good as none.
func (f field) wantsText() bool {
	return f.required || f.bounded && f.least > 0 || f.allowed != nil || f.pattern != nil || f.valid != nil
}

func (f *faults) form(s string, field field, target string) {
	switch {
	case field.allowed != nil && !slices.Contains(field.allowed, s):
		f.add("INVALID_VALUE", target, "The value is not one of the allowed ones.", map[string]any{"allowedValues": field.allowed})
	case field.pattern != nil && !field.pattern.Get().MatchString(s):
		f.add("INVALID_VALUE", target, "The value does not have the allowed form.", map[string]any{"allowedPattern": field.pattern.Get().String()})
	case field.valid != nil && !field.valid(s):
		f.add("INVALID_VALUE", target, "The value is not valid.", nil)
	}
}

func (f *faults) whole(n int, field field, target string) {
	if field.bounded && (n < field.least || n > field.most) {
		f.add("OUT_OF_RANGE", target, "The value is out of range.",
			map[string]any{"rangeMinimumValue": field.least, "rangeMaximumValue": field.most})
	}
}

func (f *faults) list(items []any, field field, target string) {
	if field.filled && len(items) == 0 {
		f.add("EMPTY_VALUE", target, "The list must not be empty.", nil)
	}
	for i, item := range items {
		f.value(item, *field.item, target+"["+strconv.Itoa(i)+"]")
	}
}

func wholeNumber(value any) (int, bool) {
	number, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	n, err := strconv.Atoi(number.String())
	return n, err == nil
}

// object is the request's body.
func (r *request) object() (map[string]any, error) {
	body, problem := r.Object()
	if problem != nil {
		return nil, *problem
	}
	return body, nil
}

// check holds a body against its fields; what else there is to check is added to
// the faults by the caller.
func (r *request) check(body map[string]any, fields []field) *faults {
	f := &faults{decide: r.decide}
	f.check(body, fields, "")
	return f
}

// body reads the request's body and checks its fields.
func (r *request) body(fields ...field) (map[string]any, *faults, error) {
	body, err := r.object()
	if err != nil {
		return nil, nil, err
	}
	return body, r.check(body, fields), nil
}

// good reads a body that no other rules hold for than those of its fields.
func (r *request) good(fields ...field) (map[string]any, error) {
	body, f, err := r.body(fields...)
	if err != nil {
		return nil, err
	}
	return body, f.problem()
}
