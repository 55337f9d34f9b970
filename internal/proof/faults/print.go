package faults

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"pingone-conformance/suite"
)

// Print writes the matrix: a line for each fault, a column for each journey.
func Print(out io.Writer, journeys []suite.UseCase, rows []Row) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	head := []string{"fault"}
	for _, u := range journeys {
		head = append(head, u.Name)
	}
	_, _ = fmt.Fprintln(table, strings.Join(append(head, "left behind", "says"), "\t"))
	for _, row := range rows {
		_, _ = fmt.Fprintln(table, strings.Join(row.cells(), "\t"))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("print the matrix: %w", err)
	}
	return nil
}

func (row Row) cells() []string {
	cells := []string{row.Name()}
	said, left := "", "nothing"
	for _, got := range row.Outcomes {
		cells = append(cells, got.String())
		if got.Err != nil {
			said = row.Says
		}
	}
	if row.Left {
		left = "all; then swept"
	}
	if row.Err != nil {
		said = "NOT AS IT SHOULD BE, see below"
	}
	return append(cells, left, said)
}

// Name is the fault, "none" for none.
func (trial Trial) Name() string {
	if trial.Fault == "" {
		return "none"
	}
	return trial.Fault
}
