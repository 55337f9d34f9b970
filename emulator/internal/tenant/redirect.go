package tenant

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// NoDeviceGrant is why an application cannot have, and a client cannot use, the
// device authorization grant.
const NoDeviceGrant = "The emulator has no device authorization grant"

// NoWildcards is why a redirect URI with a wildcard is refused to an application
// that has not asked for them.
const NoWildcards = "Wildcards are not allowed in redirect URIs."

// RedirectFault is why a redirect URI cannot be registered, "" when it can: plain http
// is for loopback alone, wildcards stand in path or query, and no page is a script.
// Schemes of native applications are taken.
//
// https://docs.pingidentity.com/pingone/applications/p1_wildcard_redirect_uri.html
func RedirectFault(uri string, wildcards bool) string {
	u, err := url.Parse(uri)
	switch {
	case err != nil || !u.IsAbs() || u.Fragment != "":
		return "The redirect URI is not an absolute URI without a fragment."
	case slices.Contains([]string{"javascript", "data", "vbscript"}, strings.ToLower(u.Scheme)):
		return "The scheme of the redirect URI is not allowed."
	case u.Scheme == "http" && !loopback(u):
		return "A redirect URI with http is for localhost, 127.0.0.1 and [::1] only."
	case u.Scheme == "https" && u.Hostname() == "":
		return "The redirect URI has no host."
	case !strings.Contains(uri, "*"):
		return ""
	case !wildcards:
		return NoWildcards
	case strings.Contains(u.Scheme+u.Host+u.User.String()+u.Opaque, "*"):
		return "A wildcard stands in the path or the query of a redirect URI."
	}
	return ""
}

func loopback(u *url.URL) bool {
	return slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

// Registered says whether a redirect URI is one of the application's: byte by byte,
// but for the port on loopback (RFC 8252 section 7.3), and for wildcards where the
// application allows them.
func (a *Application) Registered(uri string) bool {
	wildcards := a.Setting("allowWildcardInRedirectUris", false)
	return slices.ContainsFunc(a.RedirectURIs, func(registered string) bool {
		return registered == uri || otherPort(registered, uri) || wildcards && strings.Contains(registered, "*") && matchesWildcard(registered, uri)
	})
}

func otherPort(registered, uri string) bool {
	one, err := url.Parse(registered)
	other, otherErr := url.Parse(uri)
	if err != nil || otherErr != nil || one.Scheme != "http" || !loopback(one) || one.User != nil {
		return false
	}
	one.Host, other.Host = one.Hostname(), other.Hostname()
	return one.String() == other.String()
}

// matchesWildcard: an asterisk stands for any text, in the path for none with a
// slash. Scheme and host have to be the same.
func matchesWildcard(registered, uri string) bool {
	pattern, err := url.Parse(registered)
	sent, sentErr := url.Parse(uri)
	if err != nil || sentErr != nil || sent.Fragment != "" || sent.User != nil {
		return false
	}
	if pattern.Scheme != sent.Scheme || pattern.Host != sent.Host || sent.Path != path.Clean("/"+sent.Path) && sent.Path != path.Clean("/"+sent.Path)+"/" {
		return false
	}
	return glob(pattern.EscapedPath(), sent.EscapedPath(), "/") && glob(pattern.RawQuery, sent.RawQuery, "")
}

// glob matches a text with a pattern whose asterisks stand for any text without one
// of the characters in except.
func glob(pattern, text, except string) bool {
	before, after, wild := strings.Cut(pattern, "*")
	if !wild {
		return pattern == text
	}
	rest, fits := strings.CutPrefix(text, before)
	for fits {
		if glob(after, rest, except) {
			return true
		}
		if rest == "" || strings.ContainsAny(rest[:1], except) {
			return false
		}
		rest = rest[1:]
	}
	return false
}
