package trace

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const someID = "00000000-0000-4000-8000-000000000001"

// exact is a journey that sends just what the list says.
func exact(t *testing.T, u UseCase) []Sent {
	t.Helper()
	var sent []Sent
	for _, c := range u.Calls {
		path := variable.ReplaceAllString(c.Path, someID)
		if strings.HasPrefix(path, "/environments") {
			path = "/v1" + path
		}
		address, err := url.Parse("https://host.example.com" + path)
		require.NoError(t, err)
		sent = append(sent, Sent{Step: c.Step, Method: c.Method, URL: address})
	}
	return sent
}

func TestEveryPublishedListHasItsLength(t *testing.T) {
	lengths := map[string]int{}
	for _, u := range UseCases() {
		lengths[u.Name] = len(u.Calls)
	}
	require.Equal(t, map[string]int{"progressive_profiling": 19, "login_and_mfa": 20, "mfa_only_login_hint_token": 16}, lengths)
}

func TestCompareNoticesWhatDiffersFromTheList(t *testing.T) {
	for _, u := range UseCases() {
		require.Empty(t, Compare(u, exact(t, u)), "the list itself")
		for name, change := range map[string]func([]Sent) []Sent{
			"a step is missing":       func(s []Sent) []Sent { return slices.Delete(s, 4, 5) },
			"the last is missing":     func(s []Sent) []Sent { return s[:len(s)-1] },
			"a step is doubled":       func(s []Sent) []Sent { return slices.Insert(s, 4, s[4]) },
			"one more after the last": func(s []Sent) []Sent { return append(s, Sent{Step: 99, Method: "GET", URL: s[0].URL}) },
			"two are swapped":         func(s []Sent) []Sent { s[2], s[3] = s[3], s[2]; return s },
			"another method":          func(s []Sent) []Sent { s[11].Method = "POST!"; return s },
			"another path":            func(s []Sent) []Sent { s[5].URL = s[0].URL; return s },
		} {
			t.Run(u.Name+": "+name, func(t *testing.T) {
				require.NotEmpty(t, Compare(u, change(exact(t, u))))
			})
		}
	}
}

func TestPrintShowsEveryLine(t *testing.T) {
	var b strings.Builder
	u := UseCases()[0]
	sent := exact(t, u)
	sent[0].Line = "Priya creates the web application"
	require.NoError(t, Print(&b, u, sent))
	require.Equal(t, len(u.Calls)+4, strings.Count(b.String(), "\n"))
	require.Contains(t, b.String(), "Priya creates the web application")
	require.Len(t, u.Slips(), 4)
}
