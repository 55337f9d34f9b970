package steps

import (
	"fmt"
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/internal/retry"
)

// must passes when an answer came with one of the wanted statuses. Its error says
// what was attempted, the call, its status and PingOne's own words.
func (w *World) must(doing string, ex *client.Exchange, err error, statuses ...int) error {
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	if slices.Contains(statuses, ex.Status) {
		return nil
	}
	return fmt.Errorf("%s: wanted %s, but %s%s%s", doing, orList(statuses), ex, vendorWords(ex), noted(ex))
}

// expect passes when got is want. The error names both and the call that gave got.
func (w *World) expect(what, want, got string) error {
	if got == want {
		return nil
	}
	return w.unlike(what, fmt.Sprintf("%q", want), fmt.Sprintf("%q", got))
}

// unlike makes the error for something that was not as wanted in the last answer.
func (w *World) unlike(what, want, got string) error {
	where := ""
	if w.last != nil {
		where = "; " + w.last.String() + vendorWords(w.last)
	}
	return fmt.Errorf("%s: wanted %s, got %s%s", what, want, got, where)
}

// noted is what the retries have to say about an answer.
func noted(ex *client.Exchange) string {
	if note := retry.Note(ex.Header); note != "" {
		return " (" + note + ")"
	}
	return ""
}

func orList(statuses []int) string {
	words := make([]string, len(statuses))
	for i, s := range statuses {
		words[i] = fmt.Sprint(s)
	}
	return strings.Join(words, " or ")
}
