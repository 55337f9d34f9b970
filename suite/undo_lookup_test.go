package suite

import (
	"net/http"
	"slices"
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
		"another success": func(_, truth string) said { return said{http.StatusAccepted, strings.NewReader(truth)} },
		"a redirect":      func(string, string) said { return said{http.StatusFound, strings.NewReader("")} },
		"a proxy's 407":   func(string, string) said { return said{http.StatusProxyAuthRequired, strings.NewReader("<html>")} },
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

// What gave itself another's id is known by its name again, and by nothing else.
func TestWhatGaveAnothersIDIsNamedWithoutIt(t *testing.T) {
	m := newManagement(t)
	m.says = func(string, string) said { return made(`{"id":"` + alien + `"}`) }
	s := begun(t, m)
	_, err := application(t, s, "Shop")
	require.NoError(t, err)
	m.listless = true
	err = s.cleanUp(t.Context())
	require.ErrorContains(t, err, `is "Payroll", which this run has not made`)
	require.ErrorContains(t, err, `no usable answer came to its creation, and whether it was created could not be looked up (named "pingone-conformance 0000000000000001 Shop"`)
	require.NotContains(t, err.Error(), "no longer")
	require.Empty(t, m.deletions())
}

func TestWhatIsFoundAndNotDeletedIsLeftBehind(t *testing.T) {
	m := newManagement(t)
	m.says = func(string, string) said { return made("[]") }
	m.statuses["DELETE "+first] = []int{400}
	s := begun(t, m)
	_, _ = application(t, s, "Shop")
	require.ErrorContains(t, s.cleanUp(t.Context()), "the application Shop is left behind: DELETE "+env+first+" answered 400")
	require.Contains(t, leftBehind(s), "the application Shop  ")
}

// A token may have been renewed since the creation went out.
func TestWhatWasMadeIsLookedForWithTheWorkersToken(t *testing.T) {
	m := newManagement(t)
	m.says = func(string, string) said { return made("[]") }
	var bearers []string
	s := begun(t, roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method == http.MethodGet {
			bearers = append(bearers, r.Header.Get("Authorization"))
		}
		return m.RoundTrip(r)
	}))
	s.Admin().SetToken("the-first")
	_, _ = application(t, s, "Shop")
	require.NoError(t, s.Authenticate(t.Context()))
	require.NoError(t, s.cleanUp(t.Context()))
	require.NotEmpty(t, bearers)
	for _, bearer := range bearers {
		require.Equal(t, "Bearer a.b.c", bearer)
	}
}

// What has to be looked for waits for its turn as well: it may be in use until then.
func TestALookWaitsForItsTurn(t *testing.T) {
	m := newManagement(t)
	s := begun(t, m)
	m.says = func(string, string) said { return made("[]") }
	_, _ = application(t, s, "Shop")
	m.says = nil
	user, err := s.Admin().CreateUser(t.Context(), s.Env(), map[string]any{"username": names.Username(s.Run(), "anna")})
	require.NoError(t, err)
	s.Created("the user Anna", user)
	require.NoError(t, s.cleanUp(t.Context()))
	anna := slices.Index(m.asked, "DELETE /users/"+user.Get("id").String())
	require.Positive(t, anna)
	require.Greater(t, slices.Index(m.asked, "GET /applications"), anna)
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
