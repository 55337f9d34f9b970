// Package junit writes results as JUnit XML, as build servers read it: there is no schema of
// it, so it keeps to what they share.
package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/results"
)

type document struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Seconds  string   `xml:"time,attr"`
	Suites   []*suite `xml:"testsuite"`
}

type suite struct {
	Name      string     `xml:"name,attr"`
	Tests     int        `xml:"tests,attr"`
	Failures  int        `xml:"failures,attr"`
	Errors    int        `xml:"errors,attr"`
	Skipped   int        `xml:"skipped,attr"`
	Seconds   string     `xml:"time,attr"`
	Timestamp string     `xml:"timestamp,attr"`
	Cases     []testCase `xml:"testcase"`
	seconds   float64
}

type testCase struct {
	Class   string   `xml:"classname,attr"`
	Name    string   `xml:"name,attr"`
	File    string   `xml:"file,attr,omitempty"`
	Line    int      `xml:"line,attr,omitempty"`
	Seconds string   `xml:"time,attr"`
	Failure *message `xml:"failure,omitempty"`
	Skipped *message `xml:"skipped,omitempty"`
}

type message struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Write writes the results: a suite for each feature, a case for each scenario, in the order
// of the files. A run that could not begin, or ended early, is a failing case of its own.
// What was written is read back before it goes out.
func Write(out io.Writer, run *results.Run) error {
	d := document{Name: "pingone-conformance", Seconds: seconds(run.Seconds)}
	stamp := run.Began.UTC().Format("2006-01-02T15:04:05")
	names := map[string]int{}
	for _, f := range run.Features {
		s := &suite{Name: plain.Line(f.Name), Timestamp: stamp}
		for i := range f.Scenarios {
			c := caseOf(&f, &f.Scenarios[i])
			key := c.Class + "\x00" + c.Name
			if names[key]++; names[key] > 1 {
				c.Name = fmt.Sprintf("%s (%d)", c.Name, names[key])
			}
			s.add(c, f.Scenarios[i].Seconds)
		}
		d.add(s)
	}
	if run.State == results.NotBegun || run.State == results.Interrupted || (run.Why != "" && run.Totals.Failed == 0) {
		s := &suite{Name: "pingone-conformance", Timestamp: stamp}
		s.add(testCase{
			Class: "pingone-conformance", Name: "the run begins and comes to its end", Seconds: seconds(run.Seconds),
			Failure: &message{Message: oneLine(run.Why), Type: run.State, Text: plain.Block(run.Why, "")},
		}, run.Seconds)
		d.add(s)
	}
	if run.Shard.Empty() && run.State == results.Passed { // some readers fail for a file without a case
		s := &suite{Name: "pingone-conformance", Timestamp: stamp}
		s.add(testCase{
			Class: "pingone-conformance", Name: "shard " + run.Shard.String(), Seconds: seconds(run.Seconds),
			Skipped: &message{Message: "no scenario falls to it"},
		}, run.Seconds)
		d.add(s)
	}
	return d.write(out)
}

func (d *document) add(s *suite) {
	s.Seconds = seconds(s.seconds)
	d.Suites = append(d.Suites, s)
	d.Tests, d.Failures, d.Skipped = d.Tests+s.Tests, d.Failures+s.Failures, d.Skipped+s.Skipped
}

func (s *suite) add(c testCase, elapsed float64) {
	s.Tests++
	s.seconds += elapsed
	switch {
	case c.Failure != nil:
		s.Failures++
	case c.Skipped != nil:
		s.Skipped++
	}
	s.Cases = append(s.Cases, c)
}

func caseOf(f *results.Feature, s *results.Scenario) testCase {
	c := testCase{Class: plain.Line(f.Name), Name: plain.Line(s.Name), File: f.File, Line: s.Line, Seconds: seconds(s.Seconds)}
	switch {
	case s.State == results.NotStarted:
		c.Skipped = &message{Message: "not started"}
	case s.Failure != nil:
		where := "after the scenario"
		if s.Failure.Step >= 0 {
			step := s.Steps[s.Failure.Step]
			where = fmt.Sprintf("%s %s (%s:%d)", step.Keyword, step.Text, f.File, step.Line)
		}
		c.Failure = &message{Message: oneLine(s.Failure.Text), Type: results.Failed, Text: plain.Line(where) + "\n" + plain.Block(s.Failure.Text, "") + "run it again: " + plain.Line(s.Failure.Rerun)}
	case s.State == results.Failed:
		c.Failure = &message{Message: "failed", Type: results.Failed}
	}
	return c
}

// longest is how long a message may be: the rest is in the text.
const longest = 300

func oneLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return plain.Short(line, longest)
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }

func (d *document) write(out io.Writer) error {
	var text bytes.Buffer
	text.WriteString(xml.Header)
	encoder := xml.NewEncoder(&text)
	encoder.Indent("", "  ")
	if err := encoder.Encode(d); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	text.WriteByte('\n')
	var back document
	if err := xml.Unmarshal(text.Bytes(), &back); err != nil {
		return fmt.Errorf("the JUnit report cannot be read back: %w", err)
	}
	if back.Tests != d.Tests || back.Failures != d.Failures || len(back.Suites) != len(d.Suites) {
		return errors.New("the JUnit report does not say what was written")
	}
	if _, err := out.Write(text.Bytes()); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return nil
}
