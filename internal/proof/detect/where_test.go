package detect

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStepsAreFoundInTheirScenario(t *testing.T) {
	index, err := readLines(few(t, "this is refused"))
	require.NoError(t, err)
	index["also.feature"] = []string{"Feature: Also", "Scenario: A", "Given a", "Scenario: B", "Given a"}
	for _, row := range []struct{ file, scenario, step, at string }{
		{"few.feature", "A wrong secret gets no token", "this is refused", "few.feature:5"},
		{"features/few.feature", "A wrong secret gets no token", "this is refused", "few.feature:5"},
		{"few.feature", "Nothing is created with a stale one", "Priya tries to create an application with a stale one", "few.feature:9"},
		{"few.feature", "A wrong secret gets no token", "", "few.feature:3"},
		{"few.feature", "A wrong secret gets no token", "a step that is not there", "few.feature:3"},
		{"also.feature", "B", "a", "also.feature:5"},
		{"also.feature", "C", "a", "also.feature:0"},
	} {
		at, _ := index.find(row.file, row.scenario, row.step)
		require.Equal(t, row.at, at, row.step)
	}
	_, first := index.find("also.feature", "B", "a")
	_, second := index.find("few.feature", "A wrong secret gets no token", "")
	require.Less(t, first, second, "files in order, then lines")
}
