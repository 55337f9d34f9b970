package contract

import (
	"fmt"
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
	return fmt.Sprintf("%s %s (want %s, got %s) [%s: %s]", f.Where, f.problem(), f.Want, f.Got, f.Grade, f.Source)
}

// problem is the verb phrase between the place and the expectation.
func (f Finding) problem() string {
	if text, known := problems[f.Rule]; known {
		return text
	}
	if f.Got == nothing {
		return "is missing"
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

// nothing is what a member that is missing has for a value.
const nothing = "nothing"

// Report is what holding one exchange against the contract found.
type Report struct {
	// Call tells the call and its status in one line: "POST /v1/… answered 201".
	Call string
	// Violations break documented rules: the scenario fails.
	Violations []Finding
	// Observations are worth a line in the run's list, no more.
	Observations []Finding
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

// Error tells the first violation in full and the places of the others.
func (v *Violation) Error() string {
	first, others := v.Report.Violations[0], v.Report.Violations[1:]
	text := v.Report.Call + ": " + first.String()
	if len(others) == 0 {
		return text
	}
	places := make([]string, 0, len(others))
	for _, other := range others {
		if len(places) == 4 {
			places = append(places, "…")
			break
		}
		places = append(places, other.Where)
	}
	return fmt.Sprintf("%s; and %d more: %s", text, len(others), strings.Join(places, ", "))
}
