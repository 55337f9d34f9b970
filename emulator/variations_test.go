package emulator_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestVariationsAreOffUnlessAskedFor(t *testing.T) {
	for _, row := range []struct {
		variations []string
		media      string
		changed    bool
	}{
		{nil, "application/json;charset=UTF-8", false},
		{[]string{"redirect-303"}, "application/json;charset=UTF-8", false},
		{[]string{"media-type-hal"}, "application/hal+json; charset=UTF-8", true},
		{[]string{"media-type-in-capitals"}, `APPLICATION/JSON ; Charset="utf-8"`, true},
		{[]string{"all"}, `APPLICATION/HAL+JSON ; Charset="utf-8"`, true},
	} {
		var changed atomic.Bool
		server := start(t, emulator.Options{Variations: row.variations, Varied: func(string) { changed.Store(true) }})
		c := authorized(t, server)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL()+"/v1/environments/"+server.Credentials().EnvironmentID, nil)
		require.NoError(t, err)
		request.Header.Set("Accept", "application/json")
		request.Header.Set("Authorization", "Bearer "+c.token)
		request.Header.Set("Accept", "application/json")
		answer, err := c.http.Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusOK, answer.StatusCode, row.variations)
		require.Equal(t, row.media, answer.Header.Get("Content-Type"))
		require.Equal(t, row.changed, changed.Load(), row.variations)
	}
}

func TestUnknownVariationsDoNotStart(t *testing.T) {
	_, err := emulator.Start(context.Background(), emulator.Options{Variations: []string{"redirect-304"}})
	require.ErrorContains(t, err, `there is no variation "redirect-304"; the nearest are redirect-303,`)
	require.NoError(t, emulator.CheckVariations([]string{"redirect-303", "all"}))
	require.ErrorContains(t, emulator.CheckVariations([]string{"redirect-303", "redirect-304"}), `there is no variation "redirect-304"`)
}

func TestVariationsAreListedByGroup(t *testing.T) {
	var groups []string
	for _, v := range emulator.Variations() {
		if len(groups) == 0 || groups[len(groups)-1] != v.Group {
			groups = append(groups, v.Group)
		}
	}
	require.Equal(t, []string{"people", "policies", "applications", "lists", "flows", "cookies", "tokens", "keys", "refusals", "delays", "answers"}, groups)
	require.GreaterOrEqual(t, len(emulator.Variations()), 60)
}
