package deviation

import (
	"net/http"
	"regexp"
	"slices"
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

func TestDeviationsAreListedGroupByGroupAndByName(t *testing.T) {
	var order []string
	for _, d := range All() {
		order = append(order, string(d.Group)+" "+d.Name)
	}
	require.True(t, slices.IsSorted(order)) // the groups are in the order of the alphabet, as it happens
}

// Two deviations at once do what each does by itself, in the order in which they are listed.
func TestDeviationsAddUp(t *testing.T) {
	set, err := NewSet([]string{"code-reusable", "any-secret"})
	require.ErrorContains(t, err, `"any-secret"`)
	require.Empty(t, set.Names(), "one that does not exist leaves all off")
	set, err = NewSet([]string{"flag-as-text", "create-answers-200", "unauthorized-and-created", "cookieless-action-done"})
	require.NoError(t, err)
	asked := 0
	handle := set.Middleware()(func(call *wire.Call) *wire.Answer {
		if asked++; call.Header.Get("Authorization") == "" {
			return wire.AccessFailed().Answer("7")
		}
		return wire.HAL(201, object{"enabled": true})
	})
	answer := handle(&wire.Call{Operation: "application.create", Header: http.Header{"Authorization": {"Bearer worker"}}})
	require.Equal(t, 200, answer.Status)
	require.JSONEq(t, `{"enabled":"true"}`, string(answer.Body))
	require.Equal(t, 401, handle(&wire.Call{Operation: "application.create", Header: http.Header{}}).Status)
	require.Equal(t, 3, asked)
}

func TestASetKnowsItsNames(t *testing.T) {
	set, err := NewSet([]string{"state-dropped", "code-reusable"})
	require.NoError(t, err)
	require.True(t, set.Has("code-reusable"))
	require.False(t, set.Has("pkce-ignored"))
	require.Equal(t, []string{"code-reusable", "state-dropped"}, set.Names())
	require.False(t, Set{}.Has("code-reusable"))
	every, err := NewSet(all(All()))
	require.NoError(t, err)
	require.Len(t, every.Names(), len(All()))
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
