package contract

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Grade says how far a rule can be trusted.
type Grade string

const (
	// Documented rules stand in the vendor's documents, or in an SDK and a client that agree.
	Documented Grade = "documented"
	// Inferred rules rest on one source, on an example, or on an RFC's optional wording.
	Inferred Grade = "inferred"
)

// Finding is one place where a call and the contract are not the same.
type Finding struct {
	// Operation names the call in PingOne's terms, such as "Create Application".
	Operation string
	// Rule names the rule: a schema and keyword such as "application#/required", or a check such as "echo".
	Rule  string
	Grade Grade
	// Where is a JSON pointer into the answer, "status", or "header Location".
	Where string
	// Want and Got say what the contract expects and what was seen; a secret is never in them.
	Want, Got string
	// Source is the page that states the rule.
	Source string
}

// String tells the finding in one line: where, what came, what was wanted, and who says so.
func (f Finding) String() string {
	if f.Want == present {
		return fmt.Sprintf("%s is missing [%s: %s]", f.Where, f.Grade, f.Source)
	}
	return fmt.Sprintf("%s %s (want %s, got %s) [%s: %s]", f.Where, f.problem(), f.Want, f.Got, f.Grade, f.Source)
}

// problem is the verb phrase between the place and the expectation.
func (f Finding) problem() string {
	if text, known := problems[f.Rule]; known {
		return text
	}
	return "is not what the contract says"
}

// problems says in words what it means to break a rule that is not a schema's.
var problems = map[string]string{
	ruleStatus:     "is not the documented one",
	ruleMediaType:  "is not a JSON media type",
	ruleEcho:       "is not what was sent",
	ruleKept:       "is not what it was before",
	ruleID:         "is not the id of this resource",
	ruleSelf:       "does not lead to this resource",
	ruleLink:       "does not lead where its name says",
	ruleParent:     "is not the parent in the address",
	ruleTimes:      "goes backwards",
	ruleCount:      "does not count what is there",
	ruleSecret:     "gives away a secret",
	ruleMasked:     "is not masked",
	ruleEmpty:      "should be empty",
	ruleAccepted:   "was accepted",
	ruleRedirect:   "does not go where it may",
	ruleFlow:       "does not belong to this flow",
	ruleToken:      "is not this token's",
	ruleUnknown:    "is a member the contract does not know",
	ruleUnlisted:   "is not a call the contract knows",
	ruleSignature:  "does not hold",
	ruleFact:       "was seen",
	ruleRetryAfter: "is missing",
}

// The rules that are not a schema's.
const (
	ruleStatus     = "status"
	ruleMediaType  = "media-type"
	ruleEcho       = "echo"
	ruleKept       = "kept"
	ruleID         = "id"
	ruleSelf       = "self-link"
	ruleLink       = "link"
	ruleParent     = "parent"
	ruleTimes      = "times"
	ruleCount      = "count"
	ruleSecret     = "secret"
	ruleMasked     = "masked"
	ruleEmpty      = "empty-body"
	ruleAccepted   = "accepted"
	ruleRedirect   = "redirect"
	ruleFlow       = "flow"
	ruleToken      = "token"
	ruleUnknown    = "unknown-member"
	ruleUnlisted   = "unlisted-call"
	ruleSignature  = "signature"
	ruleFact       = "fact"
	ruleRetryAfter = "retry-after"
)

// nothing is what a member that is missing has for a value, present what is wanted of it.
const (
	nothing = "nothing"
	present = "it to be there"
)

// Report is what holding one exchange against the contract found.
type Report struct {
	// Call tells the call and its status in one line: "POST /v1/… answered 201".
	Call string
	// Violations break documented rules: the scenario fails.
	Violations []Finding
	// Observations are worth a line in the run's list, no more.
	Observations []Finding
}

// sort puts what tells most first, so that one fault gives one text whatever the order of members.
func (r *Report) sort() {
	for _, findings := range [][]Finding{r.Violations, r.Observations} {
		slices.SortStableFunc(findings, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(rank(a), rank(b)), strings.Compare(a.Where, b.Where), strings.Compare(a.Rule, b.Rule))
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

// Err returns nil when no documented rule was broken, else one short error that
// tells the call, the first violation, and where the others are.
func (r Report) Err() error {
	if len(r.Violations) == 0 {
		return nil
	}
	return &Violation{Report: r}
}

// Violation is the error of a Report; its Report has all findings.
type Violation struct{ Report Report }

// shown is how many more places an error names.
const shown = 4

// Error tells the first violation in full and the places of the others.
func (v *Violation) Error() string {
	first := v.Report.Violations[0]
	text := v.Report.Call + ": " + first.String()
	var others []string
	for _, other := range v.Report.Violations[1:] {
		if other.Where != first.Where && !slices.Contains(others, other.Where) {
			others = append(others, other.Where)
		}
	}
	switch {
	case len(others) == 0:
		return text
	case len(others) > shown:
		return fmt.Sprintf("%s; and %d more places: %s, …", text, len(others), strings.Join(others[:shown], ", "))
	}
	return fmt.Sprintf("%s; also %s", text, strings.Join(others, ", "))
}
