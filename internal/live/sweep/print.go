package sweep

import (
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"pingone-conformance/internal/plain"
)

// Print writes the leftovers as a table: kind, name, age, id, and why one is kept.
func Print(w io.Writer, found []Leftover) error {
	// Quoted, a name can neither break the table nor steer the terminal.
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "KIND\tNAME\tAGE\tID\t") // the table keeps its errors for Flush
	for _, one := range found {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", one.Kind, plain.Short(strconv.Quote(one.Name), 200), age(one), plain.Short(one.ID, 60), plain.Line(one.Keep))
	}
	return table.Flush()
}

// age is written in whole minutes, or seconds below one.
func age(one Leftover) string {
	switch {
	case one.Age == 0:
		return "unknown"
	case one.Age < time.Minute:
		return one.Age.Round(time.Second).String()
	case one.Age < 48*time.Hour:
		minutes := int(one.Age.Minutes())
		return fmt.Sprintf("%dh%02dm", minutes/60, minutes%60)
	}
	return fmt.Sprintf("%d days", int(one.Age.Hours()/24))
}

// Due counts what is to be deleted.
func Due(found []Leftover) int {
	due := 0
	for _, one := range found {
		if one.Keep == "" {
			due++
		}
	}
	return due
}
