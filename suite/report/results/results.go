// Package results is what a run found, as data: conformance.json. Every report is made
// from it and from the HAR files beside it, and it can be read by a program that knows
// nothing of this project: the JSON Schema lies beside it.
//
// Nothing that runs, sends or prints may enter.
package results

import (
	"fmt"
	"time"

	"pingone-conformance/suite/report/har"
)

// Format grows when a member goes or changes its meaning, not when one is added.
const Format = 1

// States of runs, scenarios and steps. A run passes, fails, is interrupted or did not begin.
const (
	Passed      = "passed"
	Failed      = "failed"
	Skipped     = "skipped" // a step that was not tried, since something before it failed
	NotStarted  = "not started"
	Interrupted = "interrupted"
	NotBegun    = "not begun"
)

// Run is one run, or several that were joined.
type Run struct {
	Format int `json:"format"`
	// Suite is the version of the program.
	Suite string `json:"suite"`
	// Mode is replay, emulator or live; Answered says who answered, in words.
	Mode     string `json:"mode"`
	Answered string `json:"answered"`
	Region   string `json:"region,omitempty"`
	// Passcodes is where passcodes came from.
	Passcodes string    `json:"passcodes,omitempty"`
	Began     time.Time `json:"began"`
	// Seconds is how long the run took.
	Seconds float64 `json:"seconds"`
	// Shard is which part of a run this is that was split over machines, nil for a whole one.
	Shard *Shard `json:"shard,omitempty"`
	// Notes are what has to be known of the parts that were joined.
	Notes []string `json:"notes,omitempty"`
	// Order says how the scenarios were shuffled.
	Order string `json:"order,omitempty"`
	// State is Passed, Failed, Interrupted or NotBegun; Why says so in words, "" when it passed.
	State  string `json:"state"`
	Why    string `json:"why,omitempty" plain:"text"`
	Totals Totals `json:"totals"`
	// UseCases are the published lists.
	UseCases []UseCase `json:"useCases"`
	// Sentences are the expressions that read the steps, with where they stand.
	Sentences    []Sentence    `json:"sentences"`
	Observations []Observation `json:"observations"`
	// History is the runs before this one in the same folder, oldest first.
	History []Past `json:"history"`
	// Features is what was run, in the order of the files; it comes last.
	Features []Feature `json:"features"`

	// Drift is what lies beside the results, nil when drift was not looked at.
	Drift *Drift `json:"-"`
}

// Shard is the Index-th of Of parts, from 1, and what falls to it: how many of the Selected
// scenarios, and how many calls their recordings have.
type Shard struct {
	Index     int `json:"index"`
	Of        int `json:"of"`
	Scenarios int `json:"scenarios"`
	Selected  int `json:"selected"`
	Calls     int `json:"calls"`
}

// Empty tells whether no scenario falls to it; a whole run is not empty.
func (s *Shard) Empty() bool { return s != nil && s.Scenarios == 0 }

// String is "2/3".
func (s *Shard) String() string { return fmt.Sprintf("%d/%d", s.Index, s.Of) }

// Totals counts scenarios.
type Totals struct {
	Scenarios  int `json:"scenarios"`
	Passed     int `json:"passed"`
	Failed     int `json:"failed"`
	NotStarted int `json:"notStarted"`
	// Undocumented is how many of the passed hold what no page promises.
	Undocumented int `json:"undocumented"`
}

// Past is an earlier run in short.
type Past struct {
	Began   time.Time `json:"began"`
	Mode    string    `json:"mode"`
	State   string    `json:"state"`
	Seconds float64   `json:"seconds"`
	Totals  Totals    `json:"totals"`
}

// UseCase is one published list.
type UseCase struct {
	Name  string          `json:"name"`
	Page  string          `json:"page"`
	Calls []PublishedCall `json:"calls"`
}

// PublishedCall is one line of a published list; Printed is the method that the page prints
// when it slips, and Why says what settles it.
type PublishedCall struct {
	Step    int    `json:"step"`
	Method  string `json:"method"`
	Path    string `json:"path"`
	Printed string `json:"printed,omitempty"`
	Why     string `json:"why,omitempty"`
}

// Sentence is one expression; File is its path from the root of its module.
type Sentence struct {
	Expression string `json:"expression"`
	File       string `json:"file"`
	Line       int    `json:"line"`
}

// Feature is one feature file.
type Feature struct {
	// Name is the file's name without its ending, File its path from the repository's root.
	Name        string `json:"name"`
	File        string `json:"file"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty" plain:"text"`
	// Source is the file's text.
	Source    string     `json:"source" plain:"whole"`
	Scenarios []Scenario `json:"scenarios"`
}

// Scenario is one scenario or one row of an outline.
type Scenario struct {
	// ID is unique and stable: <feature>/<words of the name>.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Line is where it stands in the file, in an outline that of the row.
	Line        int      `json:"line"`
	Description string   `json:"description,omitempty" plain:"text"`
	Tags        []string `json:"tags"`
	// State is Passed, Failed or NotStarted.
	State   string    `json:"state"`
	Began   time.Time `json:"began,omitzero"`
	Seconds float64   `json:"seconds"`
	Steps   []Step    `json:"steps"`
	// TearDown are the calls after the last step, which delete what was made.
	TearDown []Call `json:"tearDown"`
	// Failure is why it failed; nil when it did not.
	Failure *Failure `json:"failure,omitempty"`
	// HAR is the file with its exchanges, from the folder of the report; "" without calls.
	HAR string `json:"har,omitempty"`

	// Packed are the exchanges that the calls number, as they stand in the reports.
	har.Packed `json:"-"`
}

// Step is one line.
type Step struct {
	Line    int    `json:"line"`
	Keyword string `json:"keyword"`
	Text    string `json:"text"`
	// Sentence is the expression that read it, "" when none was tried.
	Sentence string `json:"sentence,omitempty"`
	// Published is its number in the published list, 0 when it has none.
	Published int       `json:"published,omitempty"`
	State     string    `json:"state"`
	Began     time.Time `json:"began,omitzero"`
	Seconds   float64   `json:"seconds"`
	Error     string    `json:"error,omitempty" plain:"text"`
	Calls     []Call    `json:"calls"`
	// Evidence is what a Then looked at.
	Evidence []Evidence `json:"evidence"`
}

// Call is one exchange in short.
type Call struct {
	// Exchange is its number in the HAR file, from 0.
	Exchange int `json:"exchange"`
	// By is who called: administrator, application or browser.
	By        string `json:"by"`
	Operation string `json:"operation"`
	Method    string `json:"method"`
	// Path has {id} for every id.
	Path    string  `json:"path"`
	Status  int     `json:"status"`
	Seconds float64 `json:"seconds"`
	// Correlation is PingOne's own name of the call, for its support.
	Correlation string `json:"correlation,omitempty"`
	// Rules are what the answer was held against, Broken and Observed what was not as they say.
	Rules    []Rule    `json:"rules"`
	Broken   []Finding `json:"broken"`
	Observed []Finding `json:"observed"`
}

// Rule is one rule with its grade, documented or inferred, and its page.
type Rule struct {
	Name   string `json:"name"`
	Grade  string `json:"grade"`
	Source string `json:"source"`
}

// Finding is one place where an answer and a rule differ.
type Finding struct {
	Rule   string `json:"rule"`
	Where  string `json:"where"`
	Want   string `json:"want"`
	Got    string `json:"got"`
	Source string `json:"source"`
}

// Evidence is one answer that a Then has read, and of whom.
type Evidence struct {
	Exchange int      `json:"exchange"`
	Of       []string `json:"of"`
}

// Failure is why a scenario failed.
type Failure struct {
	// Cause is the same for failures of one kind.
	Cause string `json:"cause"`
	// Step is the index of the step, -1 when it was none of them.
	Step int    `json:"step"`
	Text string `json:"text" plain:"text"`
	// Want and Got are what was wanted and came, Words what PingOne said of it.
	Want  string `json:"want,omitempty"`
	Got   string `json:"got,omitempty"`
	Words string `json:"words,omitempty"`
	// Rule and Page are the rule of the contract that was broken, if it was one.
	Rule string `json:"rule,omitempty"`
	Page string `json:"page,omitempty"`
	// Exchange is the number of the exchange, -1 when it is not known.
	Exchange int `json:"exchange"`
	// Rerun is a command that runs just this scenario.
	Rerun string `json:"rerun"`
}

// Observation is one thing that the pages leave open.
type Observation struct {
	Times    int      `json:"times"`
	What     string   `json:"what"`
	Seen     []string `json:"seen"`
	Expected []string `json:"expected"`
	Sources  []string `json:"sources"`
}
