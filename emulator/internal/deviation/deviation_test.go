package deviation

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/wire"
)

func TestEveryDeviationSaysWhatItIs(t *testing.T) {
	name := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)
	seen := map[string]bool{}
	groups := map[Group]int{}
	for _, d := range All() {
		require.Regexp(t, name, d.Name)
		require.False(t, seen[d.Name], "%s twice", d.Name)
		require.NotEmpty(t, d.Breaks, d.Name)
		require.NotContains(t, d.Breaks, "\n", d.Name)
		require.NotEmpty(t, d.Rule, d.Name)
		require.True(t, strings.HasPrefix(d.Page, "https://"), d.Name)
		seen[d.Name] = true
		groups[d.Group]++
	}
	require.Greater(t, groups[Security], 40)
	require.Greater(t, groups[Semantics], 30)
	require.Greater(t, groups[Shape], 90)
	require.Len(t, groups, 3)
}

func TestASetKnowsItsNames(t *testing.T) {
	set, err := NewSet([]string{"state-dropped", "code-reusable"})
	require.NoError(t, err)
	require.True(t, set.Has("code-reusable"))
	require.False(t, set.Has("pkce-ignored"))
	require.Equal(t, []string{"code-reusable", "state-dropped"}, set.Names())
	require.False(t, Set{}.Has("code-reusable"))
	require.Empty(t, Set{}.Names())
}

func TestUnknownNamesAreRefusedWithTheNearest(t *testing.T) {
	for wrong, near := range map[string]string{
		"pasword-not-checked": "password-not-checked",
		"code_reusable":       "code-reusable",
		"pkce":                "pkce-ignored",
		"":                    "there is no deviation",
	} {
		_, err := NewSet([]string{"code-reusable", wrong})
		require.ErrorContains(t, err, near)
	}
	_, err := NewSet([]string{"one", "two"})
	require.ErrorContains(t, err, `"one"`)
	require.ErrorContains(t, err, `"two"`)
}

func TestNothingChangesAnswersUnlessSomethingIsOn(t *testing.T) {
	require.Nil(t, Set{}.Middleware())
	deep, err := NewSet([]string{"code-reusable"})
	require.NoError(t, err)
	require.Nil(t, deep.Middleware(), "it lies deeper than the answers")
}

func TestTheMiddlewareSeesTheCorrelationID(t *testing.T) {
	set, err := NewSet([]string{"oauth-error-code-wrong"})
	require.NoError(t, err)
	answer := set.Middleware()(func(*wire.Call) *wire.Answer {
		return wire.OAuthError(400, "invalid_grant", "No.")
	})(&wire.Call{ID: "7", Operation: "token"})
	require.JSONEq(t, `{"error":"invalid_request","error_description":"No. (Correlation ID: 7)"}`, string(answer.Body))
}
