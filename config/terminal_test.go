package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestColourIsTheUsersChoice(t *testing.T) {
	for name, row := range map[string]struct {
		terminal  bool
		variables map[string]string
		colour    bool
	}{
		"a terminal":              {true, nil, true},
		"a pipe":                  {false, nil, false},
		"NO_COLOR":                {true, map[string]string{"NO_COLOR": "1"}, false},
		"NO_COLOR set to nothing": {true, map[string]string{"NO_COLOR": ""}, true},
		"CLICOLOR=0":              {true, map[string]string{"CLICOLOR": "0"}, false},
		"CLICOLOR=1 in a pipe":    {false, map[string]string{"CLICOLOR": "1"}, false},
		"CLICOLOR_FORCE":          {false, map[string]string{"CLICOLOR_FORCE": "1"}, true},
		"CLICOLOR_FORCE=0":        {false, map[string]string{"CLICOLOR_FORCE": "0"}, false},
		"NO_COLOR over FORCE":     {true, map[string]string{"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, false},
		"a dumb terminal":         {true, map[string]string{"TERM": "dumb"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.colour, colour(row.terminal, func(name string) string { return row.variables[name] }))
		})
	}
}
