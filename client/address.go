package client

import "strings"

// Normal is an address with its scheme and host in small letters, and without the port that its scheme has
// anyway: RFC 3986, sections 6.2.2.1 and 6.2.3, by which two spellings of one address are told from two addresses. What is
// no absolute address stays as it is.
func Normal(address string) string {
	scheme, rest, absolute := strings.Cut(address, "://")
	if !absolute {
		return address
	}
	end := strings.IndexAny(rest+"/", "/?#")
	small, host := strings.ToLower(scheme), strings.ToLower(rest[:end])
	switch small {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	}
	if small == scheme && host == rest[:end] {
		return address
	}
	return small + "://" + host + rest[end:]
}
