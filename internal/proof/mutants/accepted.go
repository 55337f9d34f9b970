package mutants

import (
	_ "embed" // accepted.txt
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Acceptance is one line of accepted.txt: which survivors are accepted, and why.
type Acceptance struct {
	// Line is where it stands, from 1.
	Line int
	// Standing is "promised", "named", "silent" or "*".
	Standing string
	// Allowed says that the documents themselves allow the change, although they promise the place: such mutants, killed or
	// not, contradict nothing and are counted apart.
	Allowed bool
	// Operation may hold *; Status is a number, a class such as 4xx, or *.
	Operation, Status string
	// Place is a pattern: * stands for one token of a pointer, ** at the end for all that follow.
	Place string
	// Kinds are the accepted kinds; empty means every kind.
	Kinds  []Kind
	Reason string
}

// silent is the word for places that the documents do not speak of.
const silent = "silent"

var kinds = []Kind{Dropped, Retyped, Changed, Swapped, Emptied, Doubled, Within, Across}

// Accepted is accepted.txt: the survivors that are accepted of this project's own recordings.
//
//go:embed accepted.txt
var Accepted string

// ParseAccepted reads accepted.txt: one acceptance a line, in six columns that | separates. Empty
// lines and lines that begin with # are for the reader. The error names every faulty line.
func ParseAccepted(text string) ([]Acceptance, error) {
	var accepted []Acceptance
	var faults []string
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		a, err := parseAcceptance(line)
		if err != nil {
			faults = append(faults, fmt.Sprintf("line %d: %v", i+1, err))
			continue
		}
		a.Line = i + 1
		accepted = append(accepted, a)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("the list of accepted survivors is faulty:\n%s", strings.Join(faults, "\n"))
	}
	return accepted, nil
}

func parseAcceptance(line string) (Acceptance, error) {
	columns := strings.Split(line, "|")
	if len(columns) != 6 {
		return Acceptance{}, fmt.Errorf("%d columns instead of 6: standing | operation | status | place | kinds | reason", len(columns))
	}
	for i := range columns {
		columns[i] = strings.TrimSpace(columns[i])
	}
	standing, allowed := strings.CutPrefix(columns[0], "allowed ")
	a := Acceptance{Standing: strings.TrimSpace(standing), Allowed: allowed, Operation: columns[1], Status: columns[2], Place: columns[3], Reason: columns[5]}
	if !slices.Contains([]string{"promised", "named", silent, "*"}, a.Standing) {
		return a, fmt.Errorf("%q is no standing: promised, named, silent or *", a.Standing)
	}
	if _, err := path.Match(a.Operation, ""); err != nil || a.Operation == "" {
		return a, fmt.Errorf("%q is no pattern for an operation", a.Operation)
	}
	if !isStatusPattern(a.Status) {
		return a, fmt.Errorf("%q is no status, no class such as 4xx, and not *", a.Status)
	}
	if a.Place == "" || a.Reason == "" {
		return a, fmt.Errorf("the place or the reason is empty")
	}
	var err error
	a.Kinds, err = parseKinds(columns[4])
	if err == nil && a.Allowed && (a.Kinds == nil || strings.HasPrefix(a.Place, "*") || a.Standing == silent) {
		err = errors.New("what is allowed is named: a standing that the documents speak of, a place and kinds of change")
	}
	return a, err
}

func isStatusPattern(s string) bool {
	if s == "*" || len(s) == 3 && s[1:] == "xx" && s[0] >= '2' && s[0] <= '5' {
		return true
	}
	n, err := strconv.Atoi(s)
	return err == nil && n >= 200 && n < 600
}

func parseKinds(text string) ([]Kind, error) {
	if text == "*" {
		return nil, nil
	}
	var found []Kind
	for _, word := range strings.Split(text, ",") {
		kind := Kind(strings.TrimSpace(word))
		if !slices.Contains(kinds, kind) {
			return nil, fmt.Errorf("%q is no kind of change", kind)
		}
		found = append(found, kind)
	}
	return found, nil
}

// Accepts tells whether the survivor is one that this line accepts.
func (a Acceptance) Accepts(m Mutant) bool {
	operation, err := path.Match(a.Operation, m.Operation)
	return err == nil && operation &&
		(a.Standing == "*" || a.Standing == standingWord(m)) &&
		(len(a.Kinds) == 0 || slices.Contains(a.Kinds, m.Kind)) &&
		acceptsStatus(a.Status, m.Status) && acceptsPlace(a.Place, m.Where)
}

func acceptsStatus(pattern string, status int) bool {
	text := strconv.Itoa(status)
	return pattern == "*" || pattern == text || strings.HasSuffix(pattern, "xx") && pattern[0] == text[0]
}

func acceptsPlace(pattern, where string) bool {
	if pattern == "*" {
		return true
	}
	want, got := strings.Split(pattern, "/"), strings.Split(where, "/")
	for i, token := range want {
		switch {
		case token == "**" && i == len(want)-1:
			return len(got) > i
		case i >= len(got), token != "*" && token != got[i]:
			return false
		}
	}
	return len(got) == len(want)
}
