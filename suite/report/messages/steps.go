package messages

import (
	"time"

	messages "github.com/cucumber/messages/go/v34"

	"pingone-conformance/suite/report/har"
	"pingone-conformance/suite/report/results"
)

// Steps and their exchanges are most of the stream, and are written by hand.

// step sends how one step went, and returns when it ended.
func (w *writer) step(run, id string, s *results.Scenario, step *results.Step, now time.Time) time.Time {
	if !step.Began.IsZero() {
		now = step.Began
	}
	w.Raw(`{"testStepStarted":{"testCaseStartedId":"`).Line(run).Raw(`","testStepId":"`).Line(id).Raw(`","timestamp":`)
	w.time(now)
	w.Raw("}}\n")
	for i := range step.Calls {
		if c := &step.Calls[i]; c.Exchange < s.Len() {
			w.attach(run, id, c, &s.Packed, now)
		}
	}
	now = now.Add(duration(step.Seconds))
	w.Raw(`{"testStepFinished":{"testCaseStartedId":"`).Line(run).Raw(`","testStepId":"`).Line(id).Raw(`","testStepResult":{"duration":`)
	w.seconds(duration(step.Seconds))
	if step.Error != "" {
		w.Raw(`,"message":"`).Text(step.Error).Raw(`"`)
	}
	w.Raw(`,"status":"`).Line(string(statusOf(step.State))).Raw(`"},"timestamp":`)
	w.time(now)
	w.Raw("}}\n")
	w.Next()
	return now
}

func statusOf(state string) messages.TestStepResultStatus {
	switch state {
	case results.Passed:
		return messages.TestStepResultStatus_PASSED
	case results.Failed:
		return messages.TestStepResultStatus_FAILED
	}
	return messages.TestStepResultStatus_SKIPPED
}

// attach sends an exchange as two HTTP messages.
func (w *writer) attach(run, id string, c *results.Call, p *har.Packed, now time.Time) {
	w.Raw(`{"attachment":{"body":"`)
	w.JSON = p.AppendRequest(w.JSON, c.Exchange)
	w.Raw(`\n\n`)
	w.JSON = p.AppendAnswer(w.JSON, c.Exchange)
	w.Raw(`","contentEncoding":"IDENTITY","mediaType":"text/plain","fileName":"`).Line(c.Method).Raw(" ").Line(c.Path).Raw(" → ").Int(int64(c.Status))
	w.Raw(`","testCaseStartedId":"`).Line(run).Raw(`","testStepId":"`).Line(id).Raw(`","timestamp":`)
	w.time(now)
	w.Raw("}}\n")
	w.Next()
}

func (w *writer) time(t time.Time) {
	w.Raw(`{"seconds":`).Int(t.Unix()).Raw(`,"nanos":`).Int(int64(t.Nanosecond())).Raw("}")
}

func (w *writer) seconds(d time.Duration) {
	w.Raw(`{"seconds":`).Int(int64(d / time.Second)).Raw(`,"nanos":`).Int(int64(d % time.Second)).Raw("}")
}
