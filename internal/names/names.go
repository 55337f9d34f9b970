// Package names gives the things that a run creates their names, and knows them
// again: whoever makes a name and whoever deletes by it have to agree.
//
// It knows what a name looks like and nothing else; no call may enter.
package names

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pingone-conformance/internal/lazy"
)

// Prefix begins every name.
const Prefix = "pingone-conformance"

// Run is a scenario's id in the names of what it creates: its seed as sixteen
// lower-case hexadecimal digits.
func Run(seed uint64) string { return fmt.Sprintf("%016x", seed) }

// LiveSeed is the seed of a live scenario, which tells in its upper half when it
// began, in seconds since 1970; random tells those of the same second apart.
func LiveSeed(began time.Time, random uint32) uint64 {
	return uint64(began.Unix())<<32 | uint64(random) //nolint:gosec // after 1970
}

// Thing names an application, a policy or a population: prefix, run and label
// with a space between them.
func Thing(run, label string) string { return Prefix + " " + run + " " + label }

// Policy names a sign-on policy: like Username, of letters, digits, "_", "." and "-" alone. acr_values is a list of policies
// split at spaces, and the vendor's Terraform provider takes no others.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
func Policy(run, label string) string {
	return Prefix + "-" + run + "-" + strings.Join(strings.FieldsFunc(label, outside), "-")
}

// outside tells of the characters that a policy's name has not.
func outside(c rune) bool {
	return c >= utf8.RuneSelf || !unicode.IsLetter(c) && !unicode.IsDigit(c) && !strings.ContainsRune("_.-", c)
}

// Username names a user: prefix, run and person with a hyphen between them.
func Username(run, person string) string { return Prefix + "-" + run + "-" + person }

// Nothing is trimmed, folded or guessed: a name that is nearly one is somebody
// else's.
var (
	thing    = lazy.Regexp(`\A` + Prefix + ` ([0-9a-f]{16}) .+\z`)
	username = lazy.Regexp(`\A` + Prefix + `-([0-9a-f]{16})-.+\z`)
)

// IDLength is that of an id, in bytes.
const IDLength = len("00000000-0000-0000-0000-000000000000")

// IsID tells of an id as PingOne gives them: a UUID, in lower case.
func IsID(text string) bool {
	if len(text) != IDLength {
		return false
	}
	for i := range len(text) {
		switch c := text[i]; {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		default:
			return false
		}
	}
	return true
}

// OfThing returns the run that named a thing; ok is false for a name that Thing
// did not make.
func OfThing(name string) (run string, ok bool) { return match(thing, name) }

// OfPolicy returns the run that named a sign-on policy, by Policy or, as runs did before there was Policy, by Thing.
func OfPolicy(name string) (run string, ok bool) {
	if run, ok = match(username, name); ok && strings.ContainsFunc(name, outside) {
		return "", false
	} else if ok {
		return run, true
	}
	return OfThing(name)
}

// OfUsername returns the run that named a user; ok is false for a name that
// Username did not make.
func OfUsername(name string) (run string, ok bool) { return match(username, name) }

func match(pattern *lazy.Expression, name string) (string, bool) {
	found := pattern.Get().FindStringSubmatch(name)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// first is before any run of this suite.
var first = time.Date(2025, time.January, 1, 0, 0, 0, 0, time.UTC)

// Began tells from a run's id when the run began. Ok is false when the id holds
// no time before now that could be meant; a run that is not live has any digits.
func Began(run string, now time.Time) (began time.Time, ok bool) {
	if len(run) != 16 {
		return time.Time{}, false
	}
	seconds, err := strconv.ParseInt(run[:8], 16, 64)
	if err != nil {
		return time.Time{}, false
	}
	began = time.Unix(seconds, 0).UTC()
	if began.Before(first) || began.After(now) {
		return time.Time{}, false
	}
	return began, true
}
