package results

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"pingone-conformance/suite/report/encode"
)

// Write writes conformance.json, of a run that was counted. Steps and calls are most of it, and
// are written by hand, with the members in the order of the structs.
func Write(out io.Writer, run *Run) error {
	w := &fileWriter{Stream: encode.NewStream(out)}
	w.encoder = json.NewEncoder(&w.JSON)
	w.encoder.SetEscapeHTML(false)
	head := *run
	head.Features = []Feature{}
	w.open(head)
	for i := range run.Features {
		f := run.Features[i]
		f.Scenarios = []Scenario{}
		w.Comma(i)
		w.open(f)
		for k := range run.Features[i].Scenarios {
			w.Comma(k)
			w.scenario(&run.Features[i].Scenarios[k])
			w.Next()
		}
		w.Raw("]}")
	}
	w.Raw("]}\n")
	if err := cmp.Or(w.err, w.Flush()); err != nil {
		return fmt.Errorf("write %s: %w", FileName, err)
	}
	return nil
}

type fileWriter struct {
	*encode.Stream
	encoder *json.Encoder
	err     error
}

// value writes what there are few of.
func (w *fileWriter) value(value any) {
	if err := w.encoder.Encode(value); err != nil {
		w.err = cmp.Or(w.err, err)
		return
	}
	w.JSON = w.JSON[:len(w.JSON)-1] // the end of the line
}

// open writes a value that ends in an empty list, up to where the list begins.
func (w *fileWriter) open(value any) {
	w.value(value)
	w.JSON = w.JSON[:max(0, len(w.JSON)-len("]}"))]
}

func (w *fileWriter) scenario(s *Scenario) {
	short := *s
	short.Steps, short.TearDown, short.Failure, short.HAR = nil, nil, nil, ""
	w.value(short)
	const rest = `"steps":null,"tearDown":null}`
	w.JSON = w.JSON[:max(0, len(w.JSON)-len(rest))]
	w.Raw(`"steps":[`)
	for i := range s.Steps {
		w.Comma(i)
		w.step(&s.Steps[i])
	}
	w.Raw(`],"tearDown":`)
	w.calls(s.TearDown)
	if s.Failure != nil {
		w.Raw(`,"failure":`)
		w.value(s.Failure)
	}
	w.optional(`,"har":"`, s.HAR)
	w.Raw("}")
}

func (w *fileWriter) step(s *Step) {
	w.Raw(`{"line":`).Int(int64(s.Line)).Raw(`,"keyword":"`).Line(s.Keyword).Raw(`","text":"`).Line(s.Text).Raw(`"`)
	w.optional(`,"sentence":"`, s.Sentence)
	if s.Published != 0 {
		w.Raw(`,"published":`).Int(int64(s.Published))
	}
	w.Raw(`,"state":"`).Line(s.State).Raw(`"`)
	if !s.Began.IsZero() {
		w.Raw(`,"began":"`)
		w.JSON = s.Began.AppendFormat(w.JSON, time.RFC3339Nano)
		w.Raw(`"`)
	}
	w.Raw(`,"seconds":`)
	w.seconds(s.Seconds)
	w.optional(`,"error":"`, s.Error)
	w.Raw(`,"calls":`)
	w.calls(s.Calls)
	w.Raw(`,"evidence":[`)
	for i, e := range s.Evidence {
		w.Comma(i).Raw(`{"exchange":`).Int(int64(e.Exchange)).Raw(`,"of":[`)
		for k, subject := range e.Of {
			w.Comma(k).Raw(`"`).Line(subject).Raw(`"`)
		}
		w.Raw("]}")
	}
	w.Raw("]}")
}

func (w *fileWriter) calls(all []Call) {
	w.Raw("[")
	for i := range all {
		c := &all[i]
		w.Comma(i).Raw(`{"exchange":`).Int(int64(c.Exchange)).Raw(`,"by":"`).Line(c.By).Raw(`","operation":"`).Line(c.Operation)
		w.Raw(`","method":"`).Line(c.Method).Raw(`","path":"`).Line(c.Path).Raw(`","status":`).Int(int64(c.Status)).Raw(`,"seconds":`)
		w.seconds(c.Seconds)
		w.optional(`,"correlation":"`, c.Correlation)
		w.Raw(`,"rules":[`)
		for k, r := range c.Rules {
			w.Comma(k).Raw(`{"name":"`).Line(r.Name).Raw(`","grade":"`).Line(r.Grade).Raw(`","source":"`).Line(r.Source).Raw(`"}`)
		}
		w.Raw(`],"broken":`)
		w.findings(c.Broken)
		w.Raw(`,"observed":`)
		w.findings(c.Observed)
		w.Raw("}")
	}
	w.Raw("]")
}

func (w *fileWriter) findings(all []Finding) {
	w.Raw("[")
	for i, f := range all {
		w.Comma(i).Raw(`{"rule":"`).Line(f.Rule).Raw(`","where":"`).Line(f.Where).Raw(`","want":"`).Line(f.Want)
		w.Raw(`","got":"`).Line(f.Got).Raw(`","source":"`).Line(f.Source).Raw(`"}`)
	}
	w.Raw("]")
}

// optional writes a member that is left out when it is empty.
func (w *fileWriter) optional(begins, text string) {
	if text != "" {
		w.Raw(begins).Text(text).Raw(`"`)
	}
}

// seconds writes a number as encoding/json does, which gives the smallest an exponent.
func (w *fileWriter) seconds(n float64) {
	if n != 0 && (n < 1e-6 || n >= 1e21) {
		w.value(n)
		return
	}
	w.Float(n)
}
