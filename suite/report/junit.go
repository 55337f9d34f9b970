package report

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"time"
)

// WriteJUnit writes the results as a JUnit report: one suite for each feature, one
// case for each scenario. We write it ourselves because godog's own formatter
// reports failed scenarios as passed.
func WriteJUnit(out io.Writer, results []Result) error {
	report := junitReport{}
	suites := map[string]*junitSuite{}
	for _, r := range results {
		s := suites[r.Scenario.Feature]
		if s == nil {
			s = &junitSuite{Name: r.Scenario.Feature}
			suites[r.Scenario.Feature] = s
			report.Suites = append(report.Suites, s)
		}
		s.add(r)
	}
	if _, err := io.WriteString(out, xml.Header); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	encoder := xml.NewEncoder(out)
	encoder.Indent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return nil
}

type junitReport struct {
	XMLName xml.Name      `xml:"testsuites"`
	Suites  []*junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Class   string        `xml:"classname,attr"`
	Name    string        `xml:"name,attr"`
	Seconds string        `xml:"time,attr"`
	Failure *junitMessage `xml:"failure,omitempty"`
	Skipped *junitMessage `xml:"skipped,omitempty"`
}

type junitMessage struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func (s *junitSuite) add(r Result) {
	c := junitCase{Class: r.Scenario.Feature, Name: r.Scenario.Name, Seconds: fmt.Sprintf("%.3f", r.Elapsed.Round(time.Millisecond).Seconds())}
	s.Tests++
	switch {
	case errors.Is(r.Err, ErrNotStarted):
		c.Skipped = &junitMessage{Message: r.Err.Error()}
		s.Skipped++
	case r.Err != nil:
		c.Failure = &junitMessage{Message: r.Step, Text: r.Err.Error()}
		s.Failures++
	}
	s.Cases = append(s.Cases, c)
}
