package retry_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

func TestLookUpsKeepTheCallsHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var reads []http.Header
		server := &tenant{faults: []fault{{done: true, lost: reset}}}
		spy := spying(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				reads = append(reads, r.Header)
				body, err := io.ReadAll(bodyOrNone(r))
				require.NoError(t, err)
				require.Empty(t, body)
			}
			return server.RoundTrip(r)
		})
		require.Equal(t, 201, post(t, spy, "/applications", creations[0].body, nil).response.StatusCode)
		require.Len(t, reads, 2)
		for _, header := range reads {
			require.Equal(t, "Bearer token", header.Get("Authorization"))
			require.Empty(t, header.Get("Content-Type"), "a reading has no body")
		}
	})
}

// What was made is found by what was sent, when the answer to it is of no use.
func TestFind(t *testing.T) {
	for _, c := range creations {
		for _, row := range []struct {
			name   string
			server *tenant
			made   string
			id     string
			fails  bool
		}{
			{"it is there", &tenant{}, c.body, "thing-1", false},
			{"it shows late", &tenant{lists: 2}, c.body, "thing-1", false},
			{"it is there, and its link lies", &tenant{lies: true}, c.body, "thing-1", false},
			{"it is not there", &tenant{}, c.alike, "", false},
			{"the list cannot be read", &tenant{broken: true}, c.body, "", true},
		} {
			synctest.Test(t, func(t *testing.T) {
				row.server.add(thing(t, c.alike), time.Now(), api+c.path)
				row.server.add(thing(t, row.made), time.Now(), api+c.path)
				creation := request(t, t.Context(), "POST", api+c.path, c.body)
				id, err := retry.Find(row.server, creation, retry.Options{})
				require.Equal(t, row.id, id, row.name)
				require.Equal(t, row.fails, err != nil, row.name)
				require.Zero(t, row.server.creations, "it is looked for, not made")
			})
		}
	}
}

func TestWhatCannotBeLookedUp(t *testing.T) {
	for _, row := range []struct{ name, path, body, answer string }{
		{"no collection that is known", "/gateways", `{"name":"x"}`, `{}`},
		{"nothing to look for", "/users", `{"email":"x"}`, `{}`},
		{"a list that is none", "/users", `{"username":"x"}`, `<html>{"_embedded":{}}</html>`},
		{"a list that is nested until it ends", "/users", `{"username":"x"}`, strings.Repeat("[", 9<<20)},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, err := retry.Find(plays(func(*http.Request) (*http.Response, error) { return response(200, row.answer), nil }),
				request(t, t.Context(), "POST", api+row.path, row.body), retry.Options{})
			require.ErrorIs(t, err, retry.ErrNotLookedUp, row.name)
		})
	}
}

type spying func(*http.Request) (*http.Response, error)

func (s spying) RoundTrip(r *http.Request) (*http.Response, error) { return s(r) }

func bodyOrNone(r *http.Request) io.Reader {
	if r.Body == nil {
		return strings.NewReader("")
	}
	return r.Body
}

// The list is asked for as it stands, and each look once: whoever is asked repeats by itself.
func TestFindLooksOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var asked []string
		broken := spying(func(r *http.Request) (*http.Response, error) {
			asked = append(asked, r.URL.String())
			return response(500, "{}"), nil
		})
		_, err := retry.Find(broken, request(t, t.Context(), "POST", api+"/applications?expand=all", creations[0].body), retry.Options{Attempts: 5})
		require.ErrorIs(t, err, retry.ErrNotLookedUp)
		require.Equal(t, []string{api + "/applications"}, asked)
	})
}
