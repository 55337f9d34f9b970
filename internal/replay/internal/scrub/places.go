package scrub

import (
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/replay/jsontree"
)

// Message is one half of an exchange.
type Message struct {
	Request bool
	// URL is the request's; an answer has that of its request.
	URL    *url.URL
	Header http.Header
	Body   []byte
}

// Leaf is one value of a message, and where it stands.
type Leaf struct {
	Where string // such as "body member access_token" or "header Location, code"
	Kind  string // of the secret that stands at such a place, "" for none
	Name  string // of the member, parameter or header
	Value string
	// Nested: the value is a JSON text whose values come as leaves of their own.
	Nested bool
}

// maxDepth bounds how often a value is decoded: a query in a URL in a JSON text
// in a query is as deep as PingOne goes.
const maxDepth = 6

// Leaves calls fn for every value of a message, also of those that are nested in
// URLs, in JSON texts and in JWTs.
func Leaves(m Message, fn func(Leaf)) {
	v := leafVisitor{fn: fn, request: m.Request, media: m.Header.Get("Content-Type")}
	if m.Request && m.URL != nil {
		v.fn(Leaf{Where: "host", Name: "host", Value: m.URL.Scheme + "://" + m.URL.Host})
		v.fn(Leaf{Where: "path", Name: "path", Value: m.URL.Path})
		v.pairs("query", m.URL.RawQuery, maxDepth)
	}
	for _, name := range slices.Sorted(maps.Keys(m.Header)) {
		for _, value := range m.Header[name] {
			v.header(name, value)
		}
	}
	switch body := string(m.Body); {
	case body == "":
	case strings.HasPrefix(v.media, "application/x-www-form-urlencoded"):
		v.pairs("form", body, maxDepth)
	default:
		v.value("body", "", "", body, maxDepth)
	}
}

type leafVisitor struct {
	fn      func(Leaf)
	request bool
	media   string
}

func (v leafVisitor) header(name, value string) {
	where := "header " + name
	switch name {
	case "Authorization":
		v.authorization(where, value)
	case "Cookie":
		for pair := range strings.SplitSeq(value, ";") {
			cookie, content, _ := strings.Cut(strings.TrimSpace(pair), "=")
			v.value(where+" "+cookie, "cookie", cookie, strings.Trim(content, `"`), maxDepth)
		}
	case "Set-Cookie":
		pair, attributes, _ := strings.Cut(value, ";")
		cookie, content, _ := strings.Cut(strings.TrimSpace(pair), "=")
		v.value(where+" "+cookie, "cookie", cookie, strings.Trim(content, `"`), maxDepth)
		v.value(where, "", name, attributes, maxDepth)
	default:
		v.value(where, "", name, value, maxDepth)
	}
}

func (v leafVisitor) authorization(where, value string) {
	scheme, credentials, _ := strings.Cut(value, " ")
	if !strings.EqualFold(scheme, "Basic") {
		v.value(where, "access-token", "Authorization", credentials, maxDepth)
		return
	}
	user, password, ok := basic(credentials)
	if !ok {
		v.value(where, "client-secret", "Authorization", credentials, maxDepth)
		return
	}
	v.value(where+", user", "", "client_id", unescape(user), maxDepth)
	v.value(where+", password", "client-secret", "client_secret", unescape(password), maxDepth)
}

// value reports a value and what is nested in it.
func (v leafVisitor) value(where, kind, name, value string, depth int) {
	nested := depth > 0 && jsontree.IsContainer(value)
	v.fn(Leaf{Where: where, Kind: kind, Name: name, Value: value, Nested: nested})
	if depth == 0 {
		return
	}
	if nested {
		v.members(where, value, depth-1)
		return
	}
	if header, payload, ok := jsontree.OpenToken(value); ok {
		v.members(where+", JWT header", header, depth-1)
		v.members(where+", JWT payload", payload, depth-1)
		return
	}
	if base, fragment, ok := strings.Cut(value, "#"); ok && strings.Contains(fragment, "=") {
		v.pairs(where, fragment, depth-1)
		value = base
	}
	if _, query, ok := strings.Cut(value, "?"); ok {
		v.pairs(where, query, depth-1)
	}
}

func (v leafVisitor) members(where, text string, depth int) {
	jsontree.Walk([]byte(text), func(value jsontree.Value) {
		kind := memberKind(v.request, v.media, value)
		place := where + " member " + strings.Join(value.Path, ".")
		switch {
		case value.Key:
			v.fn(Leaf{Where: where + ", a member's name", Value: value.Text})
		case value.Type == jsontree.Number:
			v.fn(Leaf{Where: place, Kind: kind, Name: value.Member(), Value: value.Text})
		case value.Type == jsontree.String:
			v.value(place, kind, value.Member(), value.Text, depth)
		}
	})
}

func (v leafVisitor) pairs(where, query string, depth int) {
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name = unescape(name)
		v.value(where+", "+name, parameterKind(name), name, unescape(value), depth)
	}
}

// memberKind names the secret that a member of a JSON body holds. The code of an
// error is no secret, that of an authorization is; value is a password only where
// one is set.
func memberKind(request bool, media string, v jsontree.Value) string {
	name := v.Member()
	switch name {
	case "secret":
		return "application-secret"
	case "code":
		if v.Parent() == "authorizeResponse" {
			return "code"
		}
		return ""
	case "value":
		if request && strings.Contains(media, "password.") {
			return "password"
		}
		return ""
	}
	return secretMembers[name]
}

func parameterKind(name string) string {
	if name == "code" {
		return "code"
	}
	return secretMembers[name]
}

// secretMembers are the members of bodies and the parameters of forms and queries
// that hold a secret wherever they stand, and its kind. A code_verifier, a state
// and a nonce are made from the session's seed, which the recording shows.
var secretMembers = map[string]string{
	"access_token":     "access-token",
	"id_token":         "id-token",
	"id_token_hint":    "id-token",
	"refresh_token":    "refresh-token",
	"token":            "access-token",
	"client_secret":    "client-secret",
	"client_assertion": "client-assertion",
	"secret":           "application-secret",
	"password":         "password",
	"currentPassword":  "password",
	"newPassword":      "password",
	"otp":              "otp",
	"recoveryCode":     "recovery-code",
	"verificationCode": "verification-code",
	"pairingKey":       "pairing-key",
	"device_code":      "device-code",
	"user_code":        "user-code",
	"cursor":           "cursor",
}

func basic(credentials string) (user, password string, ok bool) {
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawStdEncoding} {
		if plain, err := encoding.DecodeString(strings.TrimSpace(credentials)); err == nil {
			return strings.Cut(string(plain), ":")
		}
	}
	return "", "", false
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// LearnFrom takes the secrets of messages by the places at which they stand.
func (v *Vault) LearnFrom(messages ...Message) {
	for _, m := range messages {
		Leaves(m, func(l Leaf) {
			if l.Kind != "" {
				v.Learn(l.Kind, l.Value)
			}
		})
	}
}
