package scrub

import (
	"encoding/base64"
	"maps"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay/jsontree"
)

// shortest is the length from which a secret can be told from other text.
const shortest = 6

// mostLearned is how many secrets of answers are put out of sight: to look for millions fills the memory.
const mostLearned = 10_000

// TooMany is what is shown of texts that may hold more secrets than are looked for.
const TooMany = "(not shown: the answers hold more than 10000 secrets)"

// Call is one secret that the suite itself brought, in the order of its calls.
type Call struct{ Kind, Value, StandIn string }

// Vault knows the secrets of one session and the stand-in of each.
type Vault struct {
	entries []*entry
	byValue map[string]*entry
	counts  map[string]int
	calls   []Call
	learned int
	// Made when first needed after a change.
	replace, redact *strings.Replacer
	digits          map[string]string
}

type entry struct {
	kind, value, standIn string
	// learned says that the value was seen at the place of a secret, and was
	// not announced: its id, if it is one, is numbered as any other.
	learned bool
}

// configuration is the kind of the values that a run was configured with.
const configuration = "configuration"

// NewVault holds the configuration's values, each with its stand-in.
func NewVault(known map[string]string) *Vault {
	v := &Vault{byValue: map[string]*entry{}, counts: map[string]int{}}
	for _, value := range slices.Sorted(maps.Keys(known)) {
		if value != "" && value != known[value] {
			v.add(&entry{kind: configuration, value: value, standIn: known[value]})
		}
	}
	return v
}

// Announce takes a secret that the suite brings, and returns its stand-in. A
// value too short to be told from other text stands for itself.
func (v *Vault) Announce(kind, value string) string {
	standIn := value
	if known, ok := v.byValue[value]; ok {
		standIn = known.standIn
	} else if len(value) >= shortest {
		standIn = StandIn(kind, v.next(kind, value), value)
		v.add(&entry{kind: kind, value: value, standIn: standIn})
	}
	v.calls = append(v.calls, Call{Kind: kind, Value: value, StandIn: standIn})
	return standIn
}

// Learn takes a value that stood at the place of a secret in an exchange.
func (v *Vault) Learn(kind, value string) {
	if _, known := v.byValue[value]; known || len(value) < shortest || IsStandIn(value) || isToken(value) {
		return
	}
	if v.learned++; v.Full() {
		return
	}
	e := &entry{kind: kind, value: value, learned: true}
	if isUUID(value) {
		e.standIn = "stand-in-" + kind
	} else {
		e.standIn = StandIn(kind, v.next(kind, value), value)
	}
	v.add(e)
}

// Full tells that there are secrets that are not looked for, since they are too many.
func (v *Vault) Full() bool { return v.learned > mostLearned }

// Again returns a vault that knows the same configuration and the same
// announced secrets, and nothing learned: its numbering depends on nothing else.
func (v *Vault) Again(known map[string]string) *Vault {
	fresh := NewVault(known)
	for _, call := range v.calls {
		fresh.Announce(call.Kind, call.Value)
	}
	return fresh
}

// Calls are the announced secrets in order.
func (v *Vault) Calls() []Call { return v.calls }

// next counts the stand-ins that look alike.
func (v *Vault) next(kind, value string) int {
	switch {
	case isUUID(value):
		kind = "id"
	case isDigits(value):
		kind = "digits"
	}
	v.counts[kind]++
	return v.counts[kind]
}

func (v *Vault) add(e *entry) {
	v.entries = append(v.entries, e)
	v.byValue[e.value] = e
	v.replace, v.redact, v.digits = nil, nil, nil
}

// Replace puts the stand-ins in the place of all secrets in text, as they are
// or encoded as a whole. Ids are not touched.
func (v *Vault) Replace(text string) string {
	if v.replace == nil {
		v.replace, v.digits = v.replacer(false)
	}
	return replaceDigits(v.replace.Replace(text), v.digits)
}

// Redact makes text fit to be shown: no secret, no token, no value of the configuration,
// nobody's e-mail address or phone number. It is TooMany once there are more secrets than are looked for.
func (v *Vault) Redact(text string) string {
	if v.Full() {
		return TooMany
	}
	if v.redact == nil {
		v.redact, v.digits = v.replacer(true)
	}
	text = tokenPattern.Get().ReplaceAllString(text, "stand-in-token")
	return newPeople(v).redact(replaceDigits(v.redact.Replace(text), v.digits))
}

func (v *Vault) replacer(redact bool) (*strings.Replacer, map[string]string) {
	pairs := map[string]string{}
	digits := map[string]string{}
	for _, e := range v.entries {
		switch {
		case isUUID(e.value):
			if redact && (e.learned || e.kind == configuration) {
				pairs[e.value], pairs[strings.ToUpper(e.value)] = e.standIn, e.standIn
			}
		case isDigits(e.value) && len(e.value) <= 12:
			digits[e.value] = e.standIn
		case len(e.value) >= shortest:
			addForms(pairs, e.value, e.standIn)
		}
	}
	longestFirst := slices.Sorted(maps.Keys(pairs))
	slices.SortStableFunc(longestFirst, func(a, b string) int { return len(b) - len(a) })
	var list []string
	for _, value := range longestFirst {
		list = append(list, value, pairs[value])
	}
	return strings.NewReplacer(list...), digits
}

// addForms adds the value and the forms that it takes in URLs, JSON and headers.
func addForms(pairs map[string]string, value, standIn string) {
	pairs[value] = standIn
	forms := []func(string) string{
		url.QueryEscape, url.PathEscape, jsonForm, htmlForm,
		func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
		func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
		func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	}
	for _, form := range forms {
		if _, taken := pairs[form(value)]; !taken {
			pairs[form(value)] = form(standIn)
		}
	}
}

// jsonForm is a value as it stands between the quotes of a JSON string.
func jsonForm(s string) string {
	quoted := string(jsontree.Quote(s))
	return quoted[1 : len(quoted)-1]
}

// htmlForm is the same where <, > and & are escaped, too.
func htmlForm(s string) string {
	return strings.NewReplacer("<", `\u003c`, ">", `\u003e`, "&", `\u0026`).Replace(jsonForm(s))
}

// replaceDigits replaces numbers that stand alone: a passcode must not be found
// in the middle of an id or a time.
func replaceDigits(text string, digits map[string]string) string {
	if len(digits) == 0 {
		return text
	}
	return eachNumber(text, func(number string) string {
		if standIn, ok := digits[number]; ok {
			return standIn
		}
		return number
	})
}

var digitsPattern = lazy.Regexp(`[0-9]+`)

// eachNumber rewrites every run of digits that no letter adjoins.
func eachNumber(text string, fn func(string) string) string {
	return eachRun(text, digitsPattern.Get().FindAllStringIndex(text, -1), func(number, rest string) string {
		before := text[:len(text)-len(rest)-len(number)]
		if before != "" && isLetter(before[len(before)-1]) || rest != "" && isLetter(rest[0]) {
			return number
		}
		return fn(number)
	}, same)
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// standIn is the stand-in of a value that is a secret as a whole, or "".
func (v *Vault) standIn(value string) string {
	if e, ok := v.byValue[value]; ok && !isUUID(value) {
		return e.standIn
	}
	return ""
}
