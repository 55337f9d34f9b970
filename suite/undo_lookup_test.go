package suite

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

// endless is a body that does not end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestWhatWasMadeIsFoundWhenTheAnswerIsOfNoUse(t *testing.T) {
	body := func(text string) func(string, string) said {
		return func(string, string) said { return made(text) }
	}
	for name, says := range map[string]func(path, truth string) said{
		"nothing":        body(""),
		"null":           body("null"),
		"a list":         body("[]"),
		"an empty thing": body("{}"),
		"a page":         body("<html><h1>Sign on to the network</h1></html>"),
		"another thing":  body(`{"id":7}`),
		"half of it":     func(_, truth string) said { return made(truth[:len(truth)/2]) },
		"two ids": func(_, truth string) said {
			return made(strings.TrimSuffix(truth, "}") + `,"id":"` + alien + `"}`)
		},
		"no text": func(_, truth string) said {
			return made(strings.Replace(truth, "Shop", "\xff", 1))
		},
		"too much": body(strings.Repeat(" ", 11<<20)),
		"no end": func(string, string) said {
			return said{http.StatusCreated, endless{}}
		},
		"no answer":       func(string, string) said { return said{} },
		"a gateway's 504": func(string, string) said { return said{http.StatusGatewayTimeout, strings.NewReader("late")} },
	} {
		t.Run(name, func(t *testing.T) {
			m := newManagement(t)
			m.says = says
			s := begun(t, m)
			_, _ = application(t, s, "Shop")
			_, _ = s.Admin().CreateUser(t.Context(), s.Env(), map[string]any{"username": names.Username(s.Run(), "anna")})
			require.Len(t, m.things, 4)
			require.Contains(t, leftBehind(s), "2 things are left behind")
			require.NoError(t, s.cleanUp(t.Context()))
			require.ElementsMatch(t, theirs, m.remaining())
			require.Equal(t, "nothing is left behind\n", leftBehind(s))
		})
	}
}

func TestWhatCannotBeFoundIsNamed(t *testing.T) {
	for _, row := range []struct {
		name string
		make func(m *management)
		says string
	}{
		{"the list is refused", func(m *management) { m.listless = true }, `no usable answer came to its creation, and whether it was created could not be looked up (named "pingone-conformance 0000000000000001 Shop", at https://api.pingone.com` + env + "/applications)"},
		{"it is not listed", func(m *management) { clear(m.things) }, "it was created, but no usable answer came, and it is not listed"},
		{"it has an id that is none", func(m *management) {
			delete(m.things, env+first)
			m.things[env+"/applications/.."] = "pingone-conformance 0000000000000001 Shop"
		}, `it is listed with the id ".."`},
		{"it may not be read", func(m *management) { m.statuses["GET "+first] = []int{403, 403} }, "before its deletion it could not be looked at: GET " + env + first + " answered 403"},
	} {
		t.Run(row.name, func(t *testing.T) {
			m := newManagement(t)
			m.says = func(string, string) said { return made("[]") }
			s := begun(t, m)
			_, _ = application(t, s, "Shop")
			row.make(m)
			err := s.cleanUp(t.Context())
			require.ErrorContains(t, err, "the application Shop is left behind: ")
			require.ErrorContains(t, err, row.says)
			require.Empty(t, m.deletions())
			require.Contains(t, leftBehind(s), "the application Shop  ")
		})
	}
}

func TestACreationThatDidNotHappenLeavesNothing(t *testing.T) {
	m := newManagement(t)
	m.statuses["POST /applications"] = []int{500, 400}
	s := begun(t, m)
	_, _ = application(t, s, "Shop")
	_, _ = application(t, s, "Shop")
	require.NoError(t, s.cleanUp(t.Context()))
	require.Empty(t, m.deletions())
	require.Equal(t, "nothing is left behind\n", leftBehind(s))
}
