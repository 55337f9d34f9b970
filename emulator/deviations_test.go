package emulator_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestDeviationsAreOffUnlessAskedFor(t *testing.T) {
	for _, row := range []struct {
		deviations []string
		status     int
	}{{nil, 401}, {[]string{"state-dropped"}, 401}, {[]string{"bearer-not-required", "state-dropped"}, 200}, {[]string{"unauthorized-as-404"}, 404}} {
		c := newCaller(t, start(t, emulator.Options{Deviations: row.deviations}))
		status, _ := c.call(http.MethodGet, "/users", "", nil)
		require.Equal(t, row.status, status, row.deviations)
	}
}

func TestUnknownDeviationsDoNotStart(t *testing.T) {
	_, err := emulator.Start(context.Background(), emulator.Options{Deviations: []string{"bearer-not-requird"}})
	require.ErrorContains(t, err, `there is no deviation "bearer-not-requird"; the nearest are bearer-not-required,`)
	require.NoError(t, emulator.CheckDeviations([]string{"code-reusable"}))
}

func TestDeviationsAreListedByGroup(t *testing.T) {
	var groups []string
	for _, d := range emulator.Deviations() {
		if len(groups) == 0 || groups[len(groups)-1] != d.Group {
			groups = append(groups, d.Group)
		}
		require.NotEmpty(t, d.Breaks, d.Name)
		require.NotEmpty(t, d.Rule, d.Name)
	}
	require.Equal(t, []string{"security", "semantics", "shape"}, groups)
	require.GreaterOrEqual(t, len(emulator.Deviations()), 60)
}
