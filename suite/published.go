package suite

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/names"
)

// Call is one line of a published list.
type Call struct {
	Step int
	// Method and Path are what is really sent. Path is written as the vendor does,
	// with {{variables}} and without the version prefix.
	Method, Path string
	// Printed is the method that the published text prints when it slips, and Why
	// says which page of the vendor's settles it; both are empty otherwise.
	Printed, Why string
}

// UseCase is one published use case.
type UseCase struct {
	// Name is the feature's file name, tag and fixture folder.
	Name string
	// Page is where the vendor publishes it.
	Page  string
	Calls []Call
}

var (
	variable = lazy.Regexp(`\{\{[^}]*\}\}`)
	id       = lazy.Regexp(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
)

// template writes a sent URL as the published lists do, every id being {}. Only
// the flow's id is kept of a query: it is the only one in the lists.
func template(u *url.URL) string {
	path := strings.TrimSuffix(u.Path, "/")
	if rest, has := strings.CutPrefix(path, "/v1/"); has {
		path = "/" + rest
	}
	path = withoutIDs(path)
	if !strings.Contains(u.RawQuery, "flowId") {
		return path
	}
	if flow := u.Query().Get("flowId"); flow != "" {
		path += "?flowId=" + withoutIDs(flow)
	}
	return path
}

// withoutIDs is a text with {} in the place of each id. Every call of a run is asked for it,
// and an expression would take most of the time.
func withoutIDs(text string) string {
	var out strings.Builder
	from := 0
	for i := 0; i+names.IDLength <= len(text); i++ {
		if !names.IsID(text[i : i+names.IDLength]) {
			continue
		}
		out.WriteString(text[from:i])
		out.WriteString("{}")
		from = i + names.IDLength
		i = from - 1
	}
	if from == 0 {
		return text
	}
	out.WriteString(text[from:])
	return out.String()
}

// Compare holds what was sent against the published list. Every step has to send
// its one call, in order; each difference is one entry of the answer.
func Compare(u UseCase, sent []Traced) []string {
	var faults []string
	next := 0
	for _, s := range sent {
		call := s.Exchange.Request.Method + " " + template(s.Exchange.Request.URL)
		if next >= len(u.Calls) {
			faults = append(faults, fmt.Sprintf("step %d: %s comes after the last of the %d published calls", s.Step, call, len(u.Calls)))
			continue
		}
		want := u.Calls[next]
		switch {
		case s.Step == want.Step:
			next++
			faults = append(faults, differences(want, s)...)
		case s.Step < want.Step:
			faults = append(faults, fmt.Sprintf("step %d: %s is doubled or out of order: step %d is next", s.Step, call, want.Step))
		default:
			for ; next < len(u.Calls) && u.Calls[next].Step < s.Step; next++ {
				faults = append(faults, fmt.Sprintf("step %d is missing: %s %s", u.Calls[next].Step, u.Calls[next].Method, u.Calls[next].Path))
			}
			if next < len(u.Calls) {
				faults = append(faults, differences(u.Calls[next], s)...)
				next++
			}
		}
	}
	for ; next < len(u.Calls); next++ {
		faults = append(faults, fmt.Sprintf("step %d is missing: %s %s", u.Calls[next].Step, u.Calls[next].Method, u.Calls[next].Path))
	}
	return faults
}

func differences(want Call, got Traced) []string {
	path := variable.Get().ReplaceAllString(want.Path, "{}")
	if got.Exchange.Request.Method == want.Method && template(got.Exchange.Request.URL) == path {
		return nil
	}
	return []string{fmt.Sprintf("step %d: the list has %s %s, the journey sent %s %s", want.Step, want.Method, path, got.Exchange.Request.Method, template(got.Exchange.Request.URL))}
}

// Slips are the calls whose published text prints another method than is sent.
func (u UseCase) Slips() []Call {
	var slips []Call
	for _, c := range u.Calls {
		if c.Printed != "" {
			slips = append(slips, c)
		}
	}
	return slips
}

// listFor is the published list of a scenario whose lines carry numbers, nil when none
// does. Numbers without a list are an error, for nothing would hold them; so is a number
// that counts nothing.
func listFor(feature string, texts []string, known []UseCase) (*UseCase, error) {
	numbered := slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !published.Get().MatchString(text) })
	if len(numbered) == 0 {
		return nil, nil
	}
	for _, text := range numbered {
		if publishedNumber(text) == 0 {
			return nil, fmt.Errorf("the line %q carries no number of a published list: they begin with 1", text)
		}
	}
	i := slices.IndexFunc(known, func(u UseCase) bool { return u.Name == feature })
	if i < 0 {
		return nil, fmt.Errorf("its lines carry published step numbers, but no published list is known for %q: add one, or take the numbers away", feature)
	}
	return &known[i], nil
}

// follows holds what a scenario's numbered lines sent against the published list.
func (s *Scenario) follows(list *UseCase) error {
	if list == nil {
		return nil
	}
	if faults := Compare(*list, s.trace); len(faults) > 0 {
		return errors.New("the calls are not those of the published list: " + strings.Join(faults, "; "))
	}
	return nil
}
