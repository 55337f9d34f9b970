package client

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
)

// apiVersion is the first segment of every path of the management API.
const apiVersion = "/v1"

// hosts are the places a client talks to, as origins without a path.
type hosts struct{ api, auth, apps *url.URL }

// newHosts checks and normalises the two configured URLs.
func newHosts(apiURL, authURL, appsURL string) (hosts, error) {
	api, err := parseOrigin(apiURL, apiVersion)
	if err != nil {
		return hosts{}, fmt.Errorf("the API's URL %w", err)
	}
	auth, err := parseOrigin(authURL, "")
	if err != nil {
		return hosts{}, fmt.Errorf("the authorization server's URL %w", err)
	}
	apps, err := parseOrigin(cmp.Or(appsURL, authURL), "")
	if err != nil {
		return hosts{}, fmt.Errorf("the pages' URL %w", err)
	}
	return hosts{api, auth, apps}, nil
}

// CheckAPIURL says why a URL cannot be the management API's, or returns nil.
// The error reads on from the URL's name ("is plain http, …") and does not
// repeat the URL.
func CheckAPIURL(raw string) error {
	_, err := parseOrigin(raw, apiVersion)
	return err
}

// CheckAuthURL says why a URL cannot be the authorization server's, as
// CheckAPIURL does for the API's.
func CheckAuthURL(raw string) error {
	_, err := parseOrigin(raw, "")
	return err
}

// CheckURL says why a URL can be called by nobody here: it is none, names no
// host, holds user information, or is plain http to another machine.
func CheckURL(raw string) error {
	_, err := parseURL(raw)
	return err
}

// parseOrigin reads a base URL whose path is empty or allowedPath and returns
// it without that path.
func parseOrigin(raw, allowedPath string) (*url.URL, error) {
	parsed, err := parseURL(raw)
	if err != nil {
		return nil, err
	}
	if path := strings.TrimSuffix(parsed.Path, "/"); path != "" && path != allowedPath {
		return nil, fmt.Errorf("has the path %q, which does not belong there", parsed.Path)
	}
	if parsed.RawQuery != "" || parsed.Fragment != "" {
		return nil, errors.New("has a query or a fragment, which does not belong there")
	}
	return &url.URL{Scheme: parsed.Scheme, Host: parsed.Host}, nil
}

// parseURL reads an absolute http or https URL without user information whose
// scheme is safe for its host. Its errors do not repeat the text, which may
// hold a code or a secret.
func parseURL(raw string) (*url.URL, error) {
	parsed, err := url.Parse(raw)
	if err != nil {
		return nil, errors.New("is not a URL")
	}
	switch {
	case parsed.Scheme != "https" && parsed.Scheme != "http":
		return nil, errors.New("does not begin with https:// or http://")
	case parsed.Hostname() == "":
		return nil, errors.New("names no host")
	case parsed.User != nil:
		return nil, errors.New("has user information before the host, which does not belong there")
	case parsed.Scheme == "http" && !isLoopback(parsed.Hostname()):
		return nil, errors.New("is plain http, which is allowed on loopback only")
	}
	return parsed, nil
}

// isLoopback says whether a host name, without a port, is this machine:
// 127.0.0.0/8, ::1 or localhost.
func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

// resolve checks an address before anything is sent to it, and says which of the
// two hosts it belongs to. An address that begins with a slash is a path of the
// management API, with or without /v1. Where both share one origin, the management
// API's paths begin with /v1, an authorization server's with the environment's id.
func (h hosts) resolve(href string) (target *url.URL, atAPI bool, err error) {
	if strings.HasPrefix(href, "/") && !strings.HasPrefix(href, "//") {
		if !strings.HasPrefix(href+"/", apiVersion+"/") {
			href = apiVersion + href
		}
		href = h.api.String() + href
	}
	target, err = parseURL(href)
	if err != nil {
		return nil, false, err
	}
	target.Fragment, target.RawFragment = "", ""
	switch atAPI = SameOrigin(target, h.api); {
	case SameOrigin(target, h.auth):
		return target, atAPI && strings.HasPrefix(target.Path, apiVersion+"/"), nil
	case atAPI:
		return target, true, nil
	}
	return nil, false, fmt.Errorf("belongs neither to the configured API nor to the configured authorization server (%s, %s)", h.api, h.auth)
}

// page is resolve for a page of PingOne's own.
func (h hosts) page(href string) (*url.URL, error) {
	target, err := parseURL(href)
	if err == nil && !SameOrigin(target, h.apps) && !SameOrigin(target, h.auth) {
		return nil, &ElsewhereError{fmt.Sprintf("is no page of PingOne's (%s, %s)", h.apps, h.auth)}
	}
	return target, err
}

// ElsewhereError says that an address leads to a host that is not PingOne's as it was configured.
type ElsewhereError struct{ text string }

// Error goes on from the address.
func (e *ElsewhereError) Error() string { return e.text }

// SameOrigin tells whether two addresses have the same scheme, host and port, however they are spelled.
func SameOrigin(a, b *url.URL) bool {
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	if port := u.Port(); port != "" {
		return port
	}
	if u.Scheme == "https" {
		return "443"
	}
	return "80"
}

// APIURL builds a management URL from the path's segments after /v1, escaping
// each: APIURL("environments", id).
func (c *Client) APIURL(segments ...string) string {
	return c.hosts.api.String() + apiVersion + joined(segments)
}

// AuthURL builds an authorization server URL from the path's segments,
// escaping each: AuthURL(environmentID, "as", "token").
func (c *Client) AuthURL(segments ...string) string {
	return c.hosts.auth.String() + joined(segments)
}

func joined(segments []string) string {
	var path strings.Builder
	for _, segment := range segments {
		path.WriteString("/" + url.PathEscape(segment))
	}
	return path.String()
}
