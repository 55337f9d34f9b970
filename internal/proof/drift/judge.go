package drift

import "net/http"

// judge fills a scenario with what its calls tell. failed says that the scenario did
// not reach its end.
func (s *Scenario) judge(recorded, seen []call, failed bool) {
	pairs := align(recorded, seen)
	end := len(pairs)
	if failed {
		end = reached(pairs)
	}
	s.Calls = []Call{}
	for i, p := range pairs {
		switch {
		case p.seen == nil && (i >= end || failed && p.recorded.undoes()):
			s.NotReached++
		case p.seen == nil:
			s.Calls = append(s.Calls, p.recorded.entry(Missing, nil))
		case p.recorded == nil:
			s.Calls = append(s.Calls, p.seen.entry(Extra, nil))
		default:
			s.Compared++
			if found := Compare(p.recorded.Response, p.seen.Response); len(found) > 0 {
				c := p.recorded.entry(Drifted, found)
				c.Seen, c.Status = p.seen.number, p.seen.Response.Status
				if c.Step == 0 { // a recording that does not replay any more does not tell
					c.Step, c.Line = p.seen.step, p.seen.line
				}
				s.Calls = append(s.Calls, c)
			}
		}
	}
}

// reached is the place behind the last call that was sent before the clean-up, where
// a scenario that failed came to.
func reached(pairs []pair) int {
	for i := len(pairs); i > 0; i-- {
		if p := pairs[i-1]; p.recorded != nil && p.seen != nil && !p.seen.undoes() {
			return i
		}
	}
	return 0
}

// undoes tells whether a call deletes something, as the clean-up does.
func (c *call) undoes() bool { return c.Request.Method == http.MethodDelete }

// entry is the call in a report; it is numbered where it was, and a drifted one in
// both lists.
func (c *call) entry(outcome Outcome, differences []Difference) Call {
	t := Call{
		Outcome: outcome, Step: c.step, Line: c.line, Operation: c.operation,
		Method: c.Request.Method, Path: c.path, Status: c.Response.Status, Differences: append([]Difference{}, differences...),
	}
	if outcome == Extra {
		t.Seen = c.number
	} else {
		t.Recorded = c.number
	}
	return t
}
