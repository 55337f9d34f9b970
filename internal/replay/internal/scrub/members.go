package scrub

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/replay/jsontree"
)

// json rewrites a JSON text value by value.
func (w *Rewriter) json(text string) string {
	return string(jsontree.Rewrite([]byte(text), w.member))
}

// member rewrites one value of a JSON text by its name, or else by what it is.
func (w *Rewriter) member(v jsontree.Value) string {
	if v.Key {
		return w.mixed(v.Text)
	}
	name := v.Member()
	if v.Type == jsontree.Number {
		return w.number(name, v.Text)
	}
	switch {
	case name == "kid":
		return w.key(v.Text)
	case (name == "at_hash" || name == "c_hash") && w.hashed[v.Text] != "":
		return hashClaim(w.text(w.hashed[v.Text]))
	case w.environment && len(v.Path) == 1 && (name == "name" || name == "description"):
		return "Stand-in environment " + name
	case w.jwks != "" && len(v.Path) >= 3 && v.Path[0] == "keys":
		return w.jwk(v)
	case phoneMember.Get().MatchString(name):
		return w.people.phone(w.text(v.Text), w.ids.request)
	}
	return w.text(v.Text)
}

// jwk rewrites a member of one key of a JWKS answer.
func (w *Rewriter) jwk(v jsontree.Value) string {
	key := gjson.Get(w.jwks, "keys."+v.Path[1])
	if key.Get("kty").String() != "RSA" {
		return w.text(v.Text)
	}
	switch name := v.Member(); name {
	case "n", "e", "x5c", "x5t", "x5t#S256":
		number, _ := keyNumber(w.key(key.Get("kid").String()))
		return jwkMember(number, name, v.Text)
	}
	return w.text(v.Text)
}

// timeMembers are the numbers that are a time: seconds, or milliseconds if there
// are too many of them.
func isTimeMember(name string) bool {
	switch name {
	case "iat", "exp", "nbf", "auth_time", "updated_at", "coolDownExpiresAt", "quotaResetTime":
		return true
	}
	return false
}

func (w *Rewriter) number(name, literal string) string {
	if isTimeMember(name) {
		return w.clock.epoch(literal, day, future)
	}
	if standIn := w.vault.standIn(literal); isDigits(standIn) {
		return strconv.Itoa(atoi(standIn))
	}
	return literal
}

func atoi(digits string) int {
	n, err := strconv.Atoi(strings.TrimLeft(digits, "0"))
	if err != nil {
		return 0
	}
	return n
}

var phoneMember = lazy.Regexp(`^(phone|mobilePhone|primaryPhone|phone_number|phoneNumber)$`)
