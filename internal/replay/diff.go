package replay

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"pingone-conformance/internal/replay/internal/scrub"
)

// MismatchError is the error of a call that replay cannot answer. Its text shows
// the nearest recorded call and what differs; secrets are not in it.
type MismatchError struct {
	// File is the fixture; Exchange the number of the one expected, counted from
	// 1, or one more than there are for a call after the last.
	File     string
	Exchange int
	text     string
}

// Error tells what was expected, what came, and the difference.
func (e *MismatchError) Error() string { return e.text }

// mismatch is the error of a call that is not the next one, or of one after the last.
func mismatch(r *Recording, next int, s *sent) error {
	var out strings.Builder
	count := len(r.exchanges)
	if next < count {
		expected := r.exchanges[next]
		fmt.Fprintf(&out, "replay %s: exchange %d of %d does not match\n", r.File, next+1, count)
		fmt.Fprintf(&out, "  expected (line %d): %s\n", expected.lines[0], expected.Request.title())
	} else {
		fmt.Fprintf(&out, "replay %s: all %d exchanges are used, and there is one call more\n", r.File, count)
	}
	fmt.Fprintf(&out, "  sent: %s\n", s.title())
	if other, found := same(r, next, s); found {
		when := "was already used"
		if other > next {
			when = "comes later"
		}
		fmt.Fprintf(&out, "  out of order: it matches exchange %d, which %s\n", other+1, when)
	} else if count > 0 {
		nearest := near(r, min(next, count-1), s)
		closest := r.exchanges[nearest]
		if nearest != next {
			fmt.Fprintf(&out, "  nearest: exchange %d, %s\n", nearest+1, closest.Request.title())
		}
		fmt.Fprintf(&out, "  exchange %d differs in: %s\n", nearest+1, strings.Join(closest.differences(r, s), ", "))
		out.WriteString(difference(r, nearest, &s.Request))
	}
	return &MismatchError{File: r.File, Exchange: next + 1, text: strings.TrimRight(out.String(), "\n")}
}

// unused is the error of a scenario that left exchanges.
func unused(r *Recording, next int) error {
	var out strings.Builder
	left := len(r.exchanges) - next
	fmt.Fprintf(&out, "replay %s: %d of %d exchanges were never asked for:", r.File, left, len(r.exchanges))
	for i, one := range r.exchanges[next:] {
		fmt.Fprintf(&out, "\n  exchange %d (line %d): %s", next+i+1, one.lines[0], one.Request.title())
	}
	return &MismatchError{File: r.File, Exchange: next + 1, text: out.String()}
}

// same finds another exchange that the call matches, a later one first.
func same(r *Recording, next int, s *sent) (int, bool) {
	for i := next; i < len(r.exchanges); i++ {
		if r.exchanges[i].matches(r, s) {
			return i, true
		}
	}
	for i := min(next, len(r.exchanges)) - 1; i >= 0; i-- {
		if r.exchanges[i].matches(r, s) {
			return i, true
		}
	}
	return 0, false
}

// near finds the exchange that is most like the call; of equals the one nearest
// to the expected.
func near(r *Recording, next int, s *sent) int {
	best, most := next, likeness(r.exchanges[next].canonical(), s.canonical())
	for distance := range len(r.exchanges) {
		for _, i := range []int{next + distance, next - distance} {
			if i < 0 || i >= len(r.exchanges) {
				continue
			}
			if score := likeness(r.exchanges[i].canonical(), s.canonical()); score > most {
				best, most = i, score
			}
		}
	}
	return best
}

// likeness weighs what two calls have in common: the path by its segments most,
// since it names what is done.
func likeness(a, b canonical) int {
	score := -len(a.differences(b))
	first, second := strings.Split(a.address, "/"), strings.Split(b.address, "/")
	for i := range min(len(first), len(second)) {
		if first[i] == second[i] {
			score++
		}
	}
	return score - max(len(first), len(second)) + min(len(first), len(second))
}

// title is a call in one line: its method and where it goes, without the query.
func (r *Request) title() string {
	media := r.Header.Get("Content-Type")
	if media != "" {
		media = " (" + media + ")"
	}
	return r.Method + " " + r.URL.Scheme + "://" + r.URL.Host + r.URL.EscapedPath() + media
}

// difference shows a call as a unified diff against the recorded one at index i.
func difference(r *Recording, i int, sent *Request) string {
	secrets := r.signers()
	return udiff.Unified(fmt.Sprintf("recorded as exchange %d", i+1), "sent", shown(&r.exchanges[i].Request, secrets), shown(sent, secrets))
}

// shown writes a request for reading: parameters, claims and members one in a
// line and sorted, Basic credentials decoded, and nothing secret.
func shown(r *Request, secrets []string) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%s %s://%s%s\n", r.Method, r.URL.Scheme, r.URL.Host, r.URL.EscapedPath())
	if r.URL.RawQuery != "" {
		out.WriteString(shownPairs("?", r.URL.RawQuery))
	}
	out.WriteString(canonicalHeaders(r.Header))
	media := r.Header.Get("Content-Type")
	switch body := canonicalBody(media, r.Body); {
	case body == "":
	case strings.HasPrefix(media, "application/x-www-form-urlencoded"):
		out.WriteString("\n" + shownPairs("", body))
	default:
		text, _ := formatBody([]byte(body))
		out.WriteString("\n" + text + "\n")
	}
	return scrub.Show(scrub.Message{Request: true, URL: r.URL, Header: r.Header, Body: r.Body}, out.String(), secrets)
}

func shownPairs(mark, query string) string {
	var out strings.Builder
	for pair := range strings.SplitSeq(canonicalPairs(query), "&") {
		if plain, err := url.QueryUnescape(pair); err == nil {
			pair = plain
		}
		out.WriteString("  " + mark + pair + "\n")
		mark = strings.Replace(mark, "?", "&", 1)
	}
	return out.String()
}
