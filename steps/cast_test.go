package steps

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// silent is a place where nobody answers.
type silent struct{}

func (silent) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }

func (s silent) Open(context.Context, suite.ID) (*suite.Place, error) {
	return suite.Replayed(replay.Direct(s, 1)), nil
}

// inWorld runs a deed in a World of a scenario that has begun.
func inWorld(t *testing.T, deed func(w *World)) {
	t.Helper()
	done := errors.New("done")
	results, _ := suite.Run(t.Context(), suite.Options{
		Features: fstest.MapFS{"some.feature": {Data: []byte("Feature: F\n  Scenario: S\n    Given it is done\n")}},
		Sentences: func(r *suite.Registry) {
			w := Register(r)
			r.Given(`^it is done$`, func() error { deed(w); return done })
		},
		Places: silent{},
	})
	require.Len(t, results, 1)
	require.ErrorIs(t, results[0].Err, done)
}

func TestPeopleAndApplicationsCarryTheRun(t *testing.T) {
	inWorld(t, func(w *World) {
		p := w.newPerson("Anna")
		require.Equal(t, "pingone-conformance-0000000000000001-anna", p.username)
		require.Equal(t, "anna.0000000000000001@example.com", p.email)
		require.Equal(t, "Anna", p.Label())
		a := w.newApplication("Example Shop")
		require.Equal(t, "https://example-shop.example.com/callback", a.redirectURI)
		require.Equal(t, "Example Shop", a.Label())
		require.Contains(t, w.applicationBody(a)["name"], "0000000000000001 Example Shop")
	})
}

func TestEveryPersonHasAPasswordAndABrowserOfTheirOwn(t *testing.T) {
	inWorld(t, func(w *World) {
		anna, ben := w.newPerson("Anna"), w.newPerson("Ben")
		require.NotEqual(t, anna.password, ben.password)
		require.NotSame(t, anna.browser, ben.browser)
	})
	require.NotEqual(t, newPassword(), newPassword())
	for _, class := range []string{"abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "0123456789", "!-_=."} {
		require.True(t, strings.ContainsAny(newPassword(), class), "the default password policy wants one of %s", class)
	}
	require.GreaterOrEqual(t, len(newPassword()), 8)
}

func TestWhoIsSpokenOfHasBeenCreated(t *testing.T) {
	inWorld(t, func(w *World) {
		_, err := w.Person("Anna")
		require.EqualError(t, err, "Anna has not been created: an earlier sentence has to register Anna")
		w.newPerson("Anna")
		_, err = w.Person("Anna")
		require.Error(t, err, "to be named is not to be there")
		_, err = w.Application("Example Shop")
		require.EqualError(t, err, `"Example Shop" has not been created: an earlier sentence has to create the application`)
		w.newApplication("Example Shop")
		_, err = w.Application("Example Shop")
		require.Error(t, err)
	})
}

func TestWhoIsKnownIsNotInventedAgain(t *testing.T) {
	inWorld(t, func(w *World) {
		require.Same(t, w.newPerson("Anna"), w.knownPerson("Anna"))
		require.Same(t, w.newApplication("Example Shop"), w.knownApplication("Example Shop"))
		require.Same(t, w.knownPerson("Ben"), w.knownPerson("Ben"))
		require.Same(t, w.knownApplication("Example Bank"), w.knownApplication("Example Bank"))
	})
}
