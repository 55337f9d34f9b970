package drift

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/replay"
)

// compareHeads compares status, media type and headers.
func compareHeads(recorded, seen replay.Response) []Difference {
	var differences []Difference
	if recorded.Status != seen.Status {
		differences = append(differences, Difference{Kind: "status changed", Recorded: fmt.Sprint(recorded.Status), Seen: fmt.Sprint(seen.Status)})
	}
	if was, is := mediaType(recorded.Header), mediaType(seen.Header); was != is {
		differences = append(differences, Difference{Kind: "media type changed", Recorded: was, Seen: is})
	}
	differences = append(differences, compareNames("header", headerNames(recorded.Header), headerNames(seen.Header))...)
	differences = append(differences, compareNames("cookie", cookieNames(recorded.Header), cookieNames(seen.Header))...)
	return append(differences, compareLocations(recorded.Header.Get("Location"), seen.Header.Get("Location"))...)
}

// mediaType is the answer's media type without its parameters, "none" when it has none.
func mediaType(header http.Header) string {
	value := header.Get("Content-Type")
	if value == "" {
		return "none"
	}
	if media, _, err := mime.ParseMediaType(value); err == nil {
		return media
	}
	return "one that cannot be read"
}

// compareNames compares two lists of the names of something.
func compareNames(what string, was, is []string) []Difference {
	var differences []Difference
	for _, name := range was {
		if !slices.Contains(is, name) {
			differences = append(differences, Difference{Kind: what + " gone", At: name})
		}
	}
	for _, name := range is {
		if !slices.Contains(was, name) {
			differences = append(differences, Difference{Kind: what + " added", At: name})
		}
	}
	return differences
}

// headerNames are those present of the headers whose presence a program relies on.
func headerNames(header http.Header) []string {
	var names []string
	for _, name := range []string{"Allow", "Location", "Retry-After", "Www-Authenticate"} {
		if header.Get(name) != "" {
			names = append(names, name)
		}
	}
	return names
}

// cookieNames are the names of the cookies that an answer sets. An id in one is
// replaced, since it differs from tenant to tenant.
func cookieNames(header http.Header) []string {
	var names []string
	for _, line := range header.Values("Set-Cookie") {
		name, _, _ := strings.Cut(line, "=")
		names = with(names, ids.Get().ReplaceAllString(strings.TrimSpace(name), "{id}"))
	}
	return names
}

// compareLocations compares the parameters of two redirects by name, and the error
// that they tell by value.
func compareLocations(was, is string) []Difference {
	if was == "" || is == "" {
		return nil
	}
	before, now := parameters(was), parameters(is)
	differences := compareNames("parameter", slices.Sorted(maps.Keys(before)), slices.Sorted(maps.Keys(now)))
	if a, b := before.Get("error"), now.Get("error"); a != b && a != "" && b != "" && isWord("error", a) {
		if !isWord("error", b) {
			b = "(a text in another form)"
		}
		differences = append(differences, Difference{Kind: "value changed", At: "Location error", Recorded: a, Seen: b})
	}
	return differences
}

// parameters are those of a URL's query and of its fragment; none when it cannot be read.
func parameters(address string) url.Values {
	u, err := url.Parse(address)
	if err != nil {
		return nil
	}
	all := u.Query()
	if more, err := url.ParseQuery(u.Fragment); err == nil && strings.Contains(u.Fragment, "=") {
		maps.Copy(all, more)
	}
	return all
}
