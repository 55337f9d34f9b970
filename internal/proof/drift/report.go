package drift

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Format is the version of the JSON form of a report. It changes when a member is
// taken away or means something else, not when one is added.
const Format = 1

// Outcome says what became of one call.
type Outcome string

// The outcomes that a report tells; of calls that are as recorded it holds the number only.
const (
	// Drifted: the call was answered otherwise than recorded.
	Drifted Outcome = "drifted"
	// Extra: the call was sent, and the recording has none like it at this place.
	Extra Outcome = "extra"
	// Missing: the recording has the call, and none like it was sent.
	Missing Outcome = "missing"
)

// Report is what a run found out.
type Report struct {
	Format int `json:"format"`
	// Mode and Answered say who answered this time: "live" and "live NA", or
	// "live at" and the server's URL.
	Mode     string `json:"mode"`
	Answered string `json:"answered"`
	// Compared is when the run began.
	Compared time.Time `json:"compared,omitzero"`
	// Scenarios are in the order of feature and name.
	Scenarios []Scenario `json:"scenarios"`
	Totals    Totals     `json:"totals"`
}

// Scenario is one scenario of a report.
type Scenario struct {
	Feature string `json:"feature"`
	Name    string `json:"name"`
	// Recording is the file that was compared with, RecordedFrom who answered then.
	Recording    string `json:"recording"`
	RecordedFrom string `json:"recordedFrom,omitempty"`
	// Passcodes is where passcodes came from this time, RecordedPasscodes where then.
	// Another source means another kind of device, and answers that differ for that.
	Passcodes         string `json:"passcodes,omitempty"`
	RecordedPasscodes string `json:"recordedPasscodes,omitempty"`
	// Uncompared says why nothing of the scenario could be compared; "" if it was.
	Uncompared string `json:"uncompared,omitempty"`
	// FailedAt is the sentence that failed and Failure why; both "" if the scenario passed.
	FailedAt string `json:"failedAt,omitempty"`
	Failure  string `json:"failure,omitempty"`
	// Compared is how many calls found their like, NotReached how many recorded ones
	// lie behind the failure.
	Compared   int `json:"compared"`
	NotReached int `json:"notReached"`
	// Calls are those that drifted, in order.
	Calls []Call `json:"calls"`
}

// Call is one call of a scenario that is not as it was recorded.
type Call struct {
	Outcome Outcome `json:"outcome"`
	// Recorded and Seen are the call's numbers in the recording and in this run, from 1; 0 where it was not.
	Recorded int `json:"recorded"`
	Seen     int `json:"seen"`
	// Step is the published number and Line the sentence; 0 and "" where the call has none.
	Step int    `json:"step"`
	Line string `json:"line,omitempty"`
	// Operation is the call in PingOne's terms. Path has {id} for every id.
	Operation string `json:"operation"`
	Method    string `json:"method"`
	Path      string `json:"path"`
	// Status is that of this run's answer; of the recorded one if the call is missing.
	Status      int          `json:"status"`
	Differences []Difference `json:"differences"`
}

// Totals count over all scenarios.
type Totals struct {
	Scenarios   int `json:"scenarios"`
	Failed      int `json:"failed"`
	Uncompared  int `json:"uncompared"`
	Compared    int `json:"compared"`
	Drifted     int `json:"drifted"`
	Extra       int `json:"extra"`
	Missing     int `json:"missing"`
	NotReached  int `json:"notReached"`
	Differences int `json:"differences"`
}

// Clean tells whether everything could be compared and nothing differs.
func (t Totals) Clean() bool {
	return t.Failed == 0 && t.Uncompared == 0 && t.Drifted == 0 && t.Extra == 0 && t.Missing == 0
}

func (t *Totals) add(s Scenario) {
	t.Scenarios++
	t.Compared += s.Compared
	t.NotReached += s.NotReached
	if s.Failure != "" {
		t.Failed++
	}
	if s.Uncompared != "" {
		t.Uncompared++
	}
	for _, c := range s.Calls {
		t.Differences += len(c.Differences)
		switch c.Outcome {
		case Drifted:
			t.Drifted++
		case Extra:
			t.Extra++
		case Missing:
			t.Missing++
		}
	}
}

// WriteJSON writes the report for machines.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
