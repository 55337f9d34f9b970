package detect

import (
	"slices"
	"strings"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/lazy"
)

// filler are words that many deviations have in common: they name what is wrong with a place, and not the place.
var filler = []string{
	"wrong", "missing", "ignored", "another", "with", "without", "that", "from", "kept", "otherwise", "answered", "answers", "changed", "changes",
	"text", "number", "taken", "accepted", "once", "twice", "more", "their", "than", "when", "does", "have", "been", "about", "same", "says", "shows",
	"names", "named", "other", "which", "what", "whatever", "anything", "nothing", "they", "them", "this", "into", "only", "PingOne", "http", "https", "localhost",
}

var word = lazy.Regexp(`[A-Za-z]{4,}`)

// stem is enough of a word for its forms to be one.
const stem = 5

func stems(text string) []string {
	var all []string
	for _, one := range word.Get().FindAllString(strings.NewReplacer("_", " ", "-", " ").Replace(text), -1) {
		if !slices.Contains(filler, one) {
			all = append(all, strings.ToLower(one[:min(stem, len(one))]))
		}
	}
	return all
}

// SpeaksOf are the words of a deviation's name, and of what it breaks, that the sentence which caught it or its message has as
// well, cut short: the place is named. None means that a reader is led elsewhere first.
func (c Catch) SpeaksOf(d emulator.DeviationInfo) []string {
	said := stems(c.Step + " " + inTable(c.Message))
	var found []string
	for _, one := range stems(d.Name + " " + d.Breaks) {
		if slices.Contains(said, one) && !slices.Contains(found, one) {
			found = append(found, one)
		}
	}
	return found
}

// Led are the outcomes that were noticed by a message that speaks of something else.
func Led(outcomes []Outcome) []Outcome {
	return slices.DeleteFunc(slices.Clone(outcomes), func(o Outcome) bool {
		return !o.Noticed() || len(o.Caught[0].SpeaksOf(o.Deviation)) > 0
	})
}
