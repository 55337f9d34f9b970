package contract

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pingone-conformance/contract/internal/shape"
	"pingone-conformance/internal/plain"
)

// Finding is one place where a call and the contract are not the same.
type Finding struct {
	// Operation names the call in PingOne's terms, such as "Create Application".
	Operation string
	// Rule is a schema and keyword such as "application#/required", or one of the phrases below.
	Rule string
	// Where is a JSON pointer into the answer, "status", or "header Location".
	Where string
	// Want and Got say what the contract expects and what was seen; a secret is never in them.
	Want, Got string
	// Source is the page that states the rule.
	Source string
}

// The rules that are not a schema's, in the words that follow the place.
const ruleStatus = "is not the documented one"
const ruleMediaType = "is not a JSON media type"
const ruleEcho = "is not what was sent"
const ruleKept = "is not what it was before"
const ruleID = "is not the id of this resource"
const ruleSelf = "does not lead to this resource"
const ruleLink = "does not lead where its name says"
const ruleParent = "is not the parent in the address"
const ruleTimes = "goes backwards"
const ruleFuture = "lies in the future"
const rulePast = "lies in the past"
const ruleCount = "does not count what is there"
const ruleSecret = "gives away a secret"
const ruleMasked = "is not masked"
const ruleRepeated = "was in an earlier answer"
const ruleEmpty = "should be empty"
const ruleAccepted = "was accepted"
const ruleRedirect = "does not go where it may"
const ruleFlow = "does not belong to this flow"
const ruleToken = "is not this token's"
const ruleUnknown = "is a member the contract does not know"
const ruleUnlisted = "is not a call the contract knows"
const ruleSignature = "does not hold"
const ruleFact = "was seen"
const ruleNull = "is null"
const ruleRetryAfter = "is missing"

// String is the finding in one line: where, what came, what was wanted, and who says so.
func (f Finding) String() string {
	rule := f.Rule
	switch {
	case f.Want == present:
		return fmt.Sprintf("%s is missing [documented: %s]", f.Where, f.Source)
	case strings.Contains(rule, "#"):
		rule = "is not what the contract says"
	}
	return fmt.Sprintf("%s %s (want %s, got %s) [documented: %s]", f.Where, rule, f.Want, f.Got, f.Source)
}

// Report is what holding one exchange against the contract found.
type Report struct {
	// Call is the call and its status in one line: "POST /v1/… answered 201".
	Call string
	// Violations break documented rules: the scenario fails.
	Violations []Finding
	// Observations break rules that rest on one source, on an example, or on an RFC's optional wording: they are
	// worth a line in the run's list, no more.
	Observations []Finding

	op     *operation
	shapes []*shape.Shape
}

// sort puts what matters most first, so that one fault gives one text whatever the order of members.
func (r *Report) sort() {
	for _, findings := range [][]Finding{r.Violations, r.Observations} {
		slices.SortStableFunc(findings, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.Where, b.Where))
		})
	}
}

// rank is the place of a finding among others: what happened at all, then what is missing or wrong in it.
func rank(f Finding) int {
	switch f.Rule {
	case ruleSecret, ruleAccepted:
		return 0
	case ruleStatus, ruleMediaType:
		return 1
	}
	return 2
}

// shown is how many more places an error names.
const shown = 4

// Err returns nil when no documented rule was broken, else one short error: the call, the first violation in full, and
// the places of the others.
func (r Report) Err() error {
	if len(r.Violations) == 0 {
		return nil
	}
	first := r.Violations[0]
	text := r.Call + ": " + first.String()
	var others []string
	for _, other := range r.Violations {
		if other.Where != first.Where && !slices.Contains(others, other.Where) {
			others = append(others, other.Where)
		}
	}
	switch {
	case len(others) > shown:
		text += fmt.Sprintf("; and %d more places: %s, …", len(others), strings.Join(others[:shown], ", "))
	case len(others) > 0:
		text += "; also " + strings.Join(others, ", ")
	}
	return errors.New(plain.Line(text))
}
