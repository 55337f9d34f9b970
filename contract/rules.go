package contract

import "slices"

// Grades of a rule.
const (
	// Documented rules stand on a page of the vendor's or in an RFC: breaking one fails.
	Documented = "documented"
	// Inferred rules rest on one source or an example: breaking one is observed.
	Inferred = "inferred"
)

// Applied is one rule, or one schema's set of them, that an exchange was held against.
type Applied struct {
	// Name is an operation, such as "Create User", or "schema user".
	Name string
	// Grade is Documented or Inferred.
	Grade string
	// Source is the page that states it.
	Source string
}

// Rules lists what the exchange was held against: the operation's status, media type and
// rules of its own, then each schema, once for each grade that it has.
func (r Report) Rules() []Applied {
	if r.op == nil {
		return nil
	}
	rules := make([]Applied, 1, 1+2*len(r.shapes))
	rules[0] = Applied{r.op.name, Documented, r.op.source}
	for i, s := range r.shapes {
		if slices.Contains(r.shapes[:i], s) {
			continue
		}
		rules = append(rules, Applied{"schema " + s.Name, Documented, s.Page})
		if s.Inferred != nil {
			rules = append(rules, Applied{"schema " + s.Name, Inferred, s.Page})
		}
	}
	return rules
}
