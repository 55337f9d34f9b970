package features

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/fixtures"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
	"pingone-conformance/suite/report/results"
)

// looksPage is the table of what the sentences of the journeys look at.
const looksPage = "../docs/what-a-then-looks-at.md"

var update = flag.Bool("update", false, "write docs/what-a-then-looks-at.md anew")

// TestTheTableOfWhatAThenLooksAtIsComplete replays the journeys and wants the page to say of each of their sentences what was
// called, what its answers were held against, and what a Then has read.
func TestTheTableOfWhatAThenLooksAtIsComplete(t *testing.T) {
	run := journeysRun(t)
	page := looksOf(t, run)
	if *update {
		require.NoError(t, os.WriteFile(looksPage, []byte(page), 0o600))
	}
	kept, err := os.ReadFile(looksPage)
	require.NoError(t, err)
	require.Equal(t, page, string(kept), "go test ./features -run WhatAThenLooksAt -update writes it anew")

	for _, u := range steps.UseCases() {
		source, err := fs.ReadFile(Files, u.Name+".feature")
		require.NoError(t, err)
		_, journey, _ := strings.Cut(string(source), "@journey")
		journey, _, _ = strings.Cut(journey, "\n  @")
		for _, line := range strings.Split(journey, "\n") {
			role, text, _ := strings.Cut(strings.TrimSpace(line), " ")
			if slices.Contains([]string{"Given", "When", "Then", "And"}, role) {
				require.Contains(t, page, "| "+cell(text)+" |", "%s: every sentence of the journey has its row", u.Name)
			}
		}
	}
}

func journeysRun(t *testing.T) results.Run {
	t.Helper()
	recorder := suite.NewRecorder("of a test")
	o := suite.Options{
		Features: Files, Fixtures: fixtures.Files, Sentences: steps.All, UseCases: steps.UseCases(),
		Config: config.Config{Mode: config.Replay}, Tags: "@journey", Recorder: recorder,
	}
	_, err := suite.Run(context.Background(), o)
	require.NoError(t, err)
	return recorder.Results(o, nil)
}

// looksOf writes the page.
func looksOf(t *testing.T, run results.Run) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`# What a Then looks at

Every sentence of the three journeys, in their order: the calls that it makes, what each answer is held against besides the
sentence itself, and, for a Then, the answers that it has read and of whom they speak. The engine refuses a Then that has read
nothing, or nothing of those whom it names.

This page is written from the evidence of a run, by ` + "`go test ./features -run WhatAThenLooksAt -update`" + `; a test fails when it is
not complete. Rules are named as in ` + "`contract/`" + `; a schema's name stands for all rules of its file.
`)
	for _, feature := range run.Features {
		for _, s := range feature.Scenarios {
			if len(s.Steps) == 0 || s.State != results.Passed {
				continue
			}
			fmt.Fprintf(&b, "\n## %s\n\n%s, %s\n\n", s.Name, feature.Title, "`"+feature.File+"`")
			b.WriteString("| sentence | calls, and what their answers are held against | what the Then has read |\n| --- | --- | --- |\n")
			role := ""
			for _, step := range s.Steps {
				if keyword := strings.TrimSpace(step.Keyword); keyword != "And" {
					role = keyword
				}
				if role == "Then" {
					require.NotEmpty(t, step.Evidence, "%s: a Then without evidence", step.Text)
				}
				fmt.Fprintf(&b, "| %s | %s | %s |\n", cell(step.Text), calls(step), evidence(s, step))
			}
		}
	}
	return b.String()
}

// cell is a text that a table can hold.
func cell(text string) string { return strings.ReplaceAll(text, "|", `\|`) }

func calls(step results.Step) string {
	var all []string
	for _, c := range step.Calls {
		var rules []string
		for _, rule := range c.Rules {
			if name := rule.Name; name != c.Operation && rule.Grade == "documented" && !slices.Contains(rules, name) {
				rules = append(rules, name)
			}
		}
		one := c.Operation
		if len(rules) > 0 {
			one += ": " + strings.Join(rules, ", ")
		}
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return cell(strings.Join(all, "; "))
}

// evidence says which answers a Then has read, each with of whom it speaks.
func evidence(s results.Scenario, step results.Step) string {
	operations := map[int]string{}
	for _, earlier := range s.Steps {
		for _, c := range earlier.Calls {
			operations[c.Exchange] = fmt.Sprintf("%s, %d", c.Operation, c.Status)
		}
	}
	var all []string
	for _, e := range step.Evidence {
		one := "the answer to " + operations[e.Exchange]
		if len(e.Of) > 0 {
			one += ", of " + strings.Join(e.Of, " and ")
		}
		if !slices.Contains(all, one) {
			all = append(all, one)
		}
	}
	return cell(strings.Join(all, "; "))
}
