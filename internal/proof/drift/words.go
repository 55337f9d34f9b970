package drift

import (
	"strings"

	"pingone-conformance/internal/lazy"
)

// constant is how PingOne writes enumerated values, such as USERNAME_PASSWORD_REQUIRED.
var constant = lazy.Regexp(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)

// registered is how the values of OAuth's and JOSE's registries look, such as invalid_grant, Bearer, RS256.
var registered = lazy.Regexp(`^[A-Za-z][A-Za-z0-9_+-]*$`)

// longestWord bounds an enumerated value; what is longer is more likely a secret in capitals.
const longestWord = 48

// isWord tells whether the text of a member is an enumerated value.
func isWord(name, text string) bool {
	if len(text) > longestWord || strings.HasPrefix(text, "STANDIN") {
		return false
	}
	switch name {
	case "error", "token_type", "alg", "typ":
		return registered.Get().MatchString(text)
	}
	return len(text) > 1 && constant.Get().MatchString(text)
}

// enumerated tells whether the values of a member may be compared and shown: not those
// of a tenant's list, which are its own business, nor those at the place of a secret,
// of key material, or of where the environment lives.
func enumerated(at, name string) bool {
	if _, below, embedded := strings.Cut(at, "/_embedded/"); embedded && strings.Contains(below+"/", "/*/") {
		return false
	}
	lower := strings.ToLower(name)
	switch lower {
	case "e", "n", "region", "code_verifier":
		return false
	}
	for _, part := range []string{"secret", "password", "passcode", "otp", "name", "email", "phone"} {
		if strings.Contains(lower, part) {
			return false
		}
	}
	return !strings.HasSuffix(lower, "token") && !strings.HasSuffix(lower, "key")
}
