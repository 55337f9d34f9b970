package schema

import (
	"encoding/json"
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

// mostExponent bounds what is computed for a number: 1e999999999 has a billion digits.
const mostExponent = 10_000

// rational is a number's value, nil when it is none that can be computed with.
func rational(n json.Number) *big.Rat {
	if _, exponent, has := strings.Cut(strings.ToLower(n.String()), "e"); has {
		if e, err := strconv.Atoi(exponent); err != nil || e > mostExponent || e < -mostExponent {
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

var uuid = regexp.MustCompile(`\A[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\z`)

// formats say of each known format whether a value has it; what is no text has each.
var formats = map[string]func(v any) bool{
	"uuid":          ofText(uuid.MatchString),
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

var dateTime = regexp.MustCompile(`\A(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))\z`)

// isDateTime tells whether a text is a time as RFC 3339 has it. A second 60 is one at the end of a day in UTC.
func isDateTime(s string) bool {
	m := dateTime.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	if _, err := time.Parse(time.DateOnly, m[1]); err != nil {
		return false
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // two digits, or none
	hour, minute, second, offset := number(m[2]), number(m[3]), number(m[4]), 60*number(m[6])+number(m[7])
	if hour > 23 || minute > 59 || second > 60 || number(m[6]) > 23 || number(m[7]) > 59 {
		return false
	}
	if m[5] == "+" {
		offset = -offset
	}
	const day = 24 * 60
	return second < 60 || (60*hour+minute+offset+day)%day == day-1
}
