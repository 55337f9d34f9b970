package condition

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"pingone-conformance/internal/lazy"
)

// The variables that a condition may ask about, beside attributes of the person
// (${user.…}).
const (
	RemoteIP = "flow.request.http.remoteIp"

	PasswordAt = "session.lastSignOn.withAuthenticator.pwd.at"

	MFAAt = "session.lastSignOn.withAuthenticator.mfa.at"
)

// Facts are what is true about a sign-on.
type Facts struct {
	Now time.Time
	// Value is that of a variable by its name, nil when it has none: texts, flags,
	// numbers, times, or lists of texts.
	Value func(name string) any
}

// Condition is one that was read.
type Condition struct {
	holds func(Facts) bool
	// since are the tests of the time since a sign-on.
	since []sinceTest
}

type sinceTest struct {
	variable string
	seconds  float64
}

// Holds says whether the condition is met.
func (c Condition) Holds(f Facts) bool { return c.holds == nil || c.holds(f) }

// Stale says whether the condition finds the last sign-on with a variable's
// authenticator too long ago, so that it has to be proven again.
func (c Condition) Stale(variable string, f Facts) bool {
	return slices.ContainsFunc(c.since, func(t sinceTest) bool { return t.variable == variable && t.holds(f) })
}

// holds: a sign-on that never was is longer ago than anything.
func (t sinceTest) holds(f Facts) bool {
	at, _ := f.Value(t.variable).(time.Time)
	return at.IsZero() || f.Now.Sub(at).Seconds() > t.seconds
}

// Fault is why a condition cannot be taken: Target is the member, below the condition.
type Fault struct{ Target, Message string }

// Error makes a Fault an error.
func (f Fault) Error() string { return f.Target + ": " + f.Message }

// maxDepth bounds how deep conditions may be nested.
const maxDepth = 20

// Parse reads a condition as it was decoded from JSON; numbers may be json.Number.
// Known says which attributes of a person there are.
func Parse(raw map[string]any, known func(attribute string) bool) (Condition, error) {
	p := &parser{known: known}
	holds, err := p.one(raw, "", 0)
	return Condition{holds, p.since}, err
}

type parser struct {
	known func(string) bool
	since []sinceTest
}

// unsupported are tests that PingOne has and the emulator has no facts for.
func unsupported() []string { return []string{"ipRisk", "geoVelocity", "anonymousNetwork"} }

func (p *parser) one(raw map[string]any, target string, depth int) (func(Facts) bool, error) {
	if depth > maxDepth {
		return nil, Fault{target, "The condition is nested too deeply."}
	}
	for _, name := range unsupported() {
		if _, there := raw[name]; there {
			return nil, Fault{join(target, name), "The emulator does not evaluate " + name + "."}
		}
	}
	for _, form := range []struct {
		members []string
		read    func(map[string]any, string, int) (func(Facts) bool, error)
	}{
		{[]string{"and"}, p.all}, {[]string{"or"}, p.any}, {[]string{"not"}, p.not},
		{[]string{"secondsSince", "greater"}, p.secondsSince}, {[]string{"value", "equals"}, p.equals},
		{[]string{"contains", "ipRange"}, p.inRange}, {[]string{"value", "contains"}, p.contains},
	} {
		if len(raw) == len(form.members) && !slices.ContainsFunc(form.members, func(name string) bool { _, there := raw[name]; return !there }) {
			return form.read(raw, target, depth)
		}
	}
	return nil, Fault{target, "The condition is none of and, or, not, secondsSince with greater, value with equals or contains, contains with ipRange."}
}

func join(target, name string) string {
	if target == "" {
		return name
	}
	return target + "." + name
}

func (p *parser) all(raw map[string]any, target string, depth int) (func(Facts) bool, error) {
	parts, err := p.parts(raw["and"], join(target, "and"), depth)
	return func(f Facts) bool {
		return !slices.ContainsFunc(parts, func(holds func(Facts) bool) bool { return !holds(f) })
	}, err
}

func (p *parser) any(raw map[string]any, target string, depth int) (func(Facts) bool, error) {
	parts, err := p.parts(raw["or"], join(target, "or"), depth)
	return func(f Facts) bool {
		return slices.ContainsFunc(parts, func(holds func(Facts) bool) bool { return holds(f) })
	}, err
}

func (p *parser) parts(value any, target string, depth int) ([]func(Facts) bool, error) {
	items, _ := value.([]any)
	if len(items) == 0 {
		return nil, Fault{target, "It is no list of conditions."}
	}
	var parts []func(Facts) bool
	for i, item := range items {
		part, err := p.nested(item, fmt.Sprintf("%s[%d]", target, i), depth)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	return parts, nil
}

func (p *parser) nested(value any, target string, depth int) (func(Facts) bool, error) {
	raw, isObject := value.(map[string]any)
	if !isObject {
		return nil, Fault{target, "It is no condition."}
	}
	return p.one(raw, target, depth+1)
}

// not turns a test around. What is stale inside it asks for nothing.
func (p *parser) not(raw map[string]any, target string, depth int) (func(Facts) bool, error) {
	before := len(p.since)
	holds, err := p.nested(raw["not"], join(target, "not"), depth)
	p.since = p.since[:before]
	return func(f Facts) bool { return !holds(f) }, err
}

func (p *parser) secondsSince(raw map[string]any, target string, _ int) (func(Facts) bool, error) {
	name, err := p.variable(raw["secondsSince"], join(target, "secondsSince"))
	if err != nil {
		return nil, err
	}
	if name != PasswordAt && name != MFAAt && name != "user.lastSignOn.at" {
		return nil, Fault{join(target, "secondsSince"), "The variable is no time of a sign-on."}
	}
	seconds, isNumber := number(raw["greater"])
	if !isNumber || seconds < 0 {
		return nil, Fault{join(target, "greater"), "It is no number of seconds."}
	}
	test := sinceTest{name, seconds}
	p.since = append(p.since, test)
	return test.holds, nil
}

func (p *parser) equals(raw map[string]any, target string, _ int) (func(Facts) bool, error) {
	name, err := p.variable(raw["value"], join(target, "value"))
	if err != nil {
		return nil, err
	}
	switch raw["equals"].(type) {
	case nil, []any, map[string]any:
		return nil, Fault{join(target, "equals"), "It is no text, number or flag."}
	}
	want := raw["equals"]
	return func(f Facts) bool {
		have := f.Value(name)
		return have != nil && fmt.Sprint(have) == fmt.Sprint(want)
	}, nil
}

// contains: a list has the text as an item, or a text has it as a part.
func (p *parser) contains(raw map[string]any, target string, _ int) (func(Facts) bool, error) {
	name, err := p.variable(raw["value"], join(target, "value"))
	if err != nil {
		return nil, err
	}
	part, _ := raw["contains"].(string)
	if part == "" {
		return nil, Fault{join(target, "contains"), "It is no text."}
	}
	return func(f Facts) bool { return holdsPart(f.Value(name), part) }, nil
}

func (p *parser) inRange(raw map[string]any, target string, _ int) (func(Facts) bool, error) {
	name, err := p.variable(raw["contains"], join(target, "contains"))
	if err != nil {
		return nil, err
	}
	items, _ := raw["ipRange"].([]any)
	if name != RemoteIP || len(items) == 0 {
		return nil, Fault{join(target, "ipRange"), "It is no list of ranges of ${" + RemoteIP + "}."}
	}
	var ranges []netip.Prefix
	for i, item := range items {
		prefix, err := ipRange(item)
		if err != nil {
			return nil, Fault{fmt.Sprintf("%s[%d]", join(target, "ipRange"), i), "It is no range of addresses."}
		}
		ranges = append(ranges, prefix)
	}
	return func(f Facts) bool {
		words, _ := f.Value(name).(string)
		address, err := netip.ParseAddr(words)
		return err == nil && slices.ContainsFunc(ranges, func(r netip.Prefix) bool { return r.Contains(address.Unmap()) })
	}, nil
}

func ipRange(value any) (netip.Prefix, error) {
	words, _ := value.(string)
	if prefix, err := netip.ParsePrefix(words); err == nil {
		return prefix, nil
	}
	address, err := netip.ParseAddr(words)
	if err != nil {
		return netip.Prefix{}, err
	}
	return address.Prefix(address.BitLen())
}

var variableForm = lazy.Regexp(`^\$\{([A-Za-z0-9_.-]+)\}$`)

// variable reads ${name}, one that there is.
func (p *parser) variable(value any, target string) (string, error) {
	words, _ := value.(string)
	parts := variableForm.Get().FindStringSubmatch(words)
	if parts == nil {
		return "", Fault{target, "It is no variable such as ${user.email}."}
	}
	name := parts[1]
	if slices.Contains([]string{RemoteIP, PasswordAt, MFAAt}, name) {
		return name, nil
	}
	if attribute, aboutUser := strings.CutPrefix(name, "user."); aboutUser && p.known(attribute) {
		return name, nil
	}
	return "", Fault{target, "There is no variable ${" + name + "}."}
}
