package schema

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// isOf tells whether a value is of one of JSON Schema's types.
func isOf(t string, v any) bool {
	switch v := v.(type) {
	case nil:
		return t == "null"
	case bool:
		return t == "boolean"
	case string:
		return t == "string"
	case []any:
		return t == "array"
	case map[string]any:
		return t == "object"
	case json.Number:
		if t == "integer" {
			n := rational(v)
			return n != nil && n.IsInt()
		}
		return t == "number"
	}
	return false
}

// mostDigits bounds what is computed for a number: 1e999999999 has a billion digits.
const mostDigits = 10_000

// rational is a number's value, nil when it is none that can be computed with.
func rational(n json.Number) *big.Rat {
	if len(n) > mostDigits {
		return nil
	}
	if _, exponent, has := strings.Cut(strings.ToLower(n.String()), "e"); has {
		if e, err := strconv.Atoi(exponent); err != nil || e > mostDigits || e < -mostDigits {
			return nil
		}
	}
	value, ok := new(big.Rat).SetString(n.String())
	if !ok {
		return nil
	}
	return value
}

// equal compares as JSON does: numbers by their values, objects whatever their order.
func equal(a, b any) bool {
	switch a := a.(type) {
	case json.Number:
		b, is := b.(json.Number)
		if !is || a == b {
			return is
		}
		x, y := rational(a), rational(b)
		return x != nil && y != nil && x.Cmp(y) == 0
	case []any:
		b, is := b.([]any)
		return is && slices.EqualFunc(a, b, equal)
	case map[string]any:
		b, is := b.(map[string]any)
		return is && maps.EqualFunc(a, b, equal)
	}
	return a == b
}

// spelled is the same text for two values that equal takes for the same.
func spelled(v any) string {
	var parts []string
	switch v := v.(type) {
	case json.Number:
		if r := rational(v); r != nil {
			return r.RatString()
		}
		return v.String()
	case []any:
		for _, item := range v {
			parts = append(parts, spelled(item))
		}
		return "[" + strings.Join(parts, ",") + "]"
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			parts = append(parts, strconv.Quote(name)+":"+spelled(v[name]))
		}
		return "{" + strings.Join(parts, ",") + "}"
	case string:
		return strconv.Quote(v)
	}
	return fmt.Sprint(v)
}

func isUUID(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F'):
			return false
		}
	}
	return len(s) == 36
}

// formats say of each known format whether a value has it; what is no text has each.
var formats = map[string]func(v any) bool{
	"uuid":          ofText(isUUID),
	"date-time":     ofText(isDateTime),
	"date":          ofText(func(s string) bool { _, err := time.Parse(time.DateOnly, s); return err == nil }),
	"time":          ofText(func(s string) bool { return isDateTime("2000-01-01T" + s) }),
	"uri":           ofText(func(s string) bool { u, ok := address(s); return ok && u.IsAbs() }),
	"uri-reference": ofText(func(s string) bool { _, ok := address(s); return ok && !strings.Contains(s, `\`) }),
	"email":         ofText(func(s string) bool { a, err := mail.ParseAddress(s); return err == nil && a.Address == s }),
	"ipv4":          ofText(func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is4() }),
	"ipv6":          ofText(func(s string) bool { a, err := netip.ParseAddr(s); return err == nil && a.Is6() && a.Zone() == "" }),
	"regex":         ofText(func(s string) bool { _, err := regexp.Compile(s); return err == nil }),
}

func ofText(has func(string) bool) func(any) bool {
	return func(v any) bool {
		s, is := v.(string)
		return !is || has(s)
	}
}

// address is a URI whose host, if it is an IPv6 address in brackets, is one.
func address(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, false
	}
	if host := u.Hostname(); strings.Contains(host, ":") {
		if !strings.Contains(u.Host, "[") {
			return nil, false
		}
		if a, err := netip.ParseAddr(host); err != nil || !a.Is6() || a.Zone() != "" {
			return nil, false
		}
	}
	return u, true
}

// isDateTime tells whether a text is a time as RFC 3339 has it. A second 60 is one at the end of a day in UTC.
func isDateTime(s string) bool {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' && s[10] != 't' {
		return false
	}
	_, err := time.Parse(time.DateOnly, s[:10])
	minutes, seconds, isClock := clock(s[11:19])
	offset, isZone := zone(s[19:])
	const day = 24 * 60
	return err == nil && isClock && isZone && (seconds < 60 || (minutes-offset+day)%day == day-1)
}

// clock reads hours, minutes and seconds.
func clock(s string) (minutes, seconds int, ok bool) {
	hour, minute, second := number(s[:2], 23), number(s[3:5], 59), number(s[6:], 60)
	return 60*hour + minute, second, s[2] == ':' && s[5] == ':' && min(hour, minute, second) >= 0
}

// zone reads a fraction of a second, if there is one, and the offset from UTC, in minutes.
func zone(s string) (offset int, ok bool) {
	if s[0] == '.' {
		fraction := s[1:]
		if s = strings.TrimLeft(fraction, "0123456789"); len(s) == len(fraction) {
			return 0, false
		}
	}
	if s == "Z" || s == "z" {
		return 0, true
	}
	if len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	hours, minutes := number(s[1:3], 23), number(s[4:], 59)
	if offset = 60*hours + minutes; s[0] == '-' {
		offset = -offset
	}
	return offset, min(hours, minutes) >= 0
}

// number is what two digits say, less than 0 when they are none or say more than most.
func number(s string, most int) int {
	n, err := strconv.ParseUint(s, 10, 8)
	if err != nil || int(n) > most {
		return -1
	}
	return int(n)
}
