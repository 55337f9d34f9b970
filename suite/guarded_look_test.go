package suite

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/config"
)

// What could not be seen may be seen the next time; what is refused stays refused.
func TestTheLookBeforeACreation(t *testing.T) {
	broken := errors.New("the line is dead")
	production := fmt.Errorf("%w: it is PRODUCTION", errUntouchable)
	for _, row := range []struct {
		name  string
		looks []error // what each look finds
		sent  []bool  // whether each creation goes out
	}{
		{"a sandbox", []error{nil}, []bool{true, true, true}},
		{"production", []error{production, nil}, []bool{false, false, false}},
		{"not to be seen at first", []error{broken, nil}, []bool{false, true, true}},
		{"not to be seen, then production", []error{broken, production}, []bool{false, false, false}},
	} {
		t.Run(row.name, func(t *testing.T) {
			looks, sent := 0, 0
			g := &guarded{
				next: roundTrip(func(*http.Request) (*http.Response, error) { sent++; return answer(http.StatusCreated, "{}"), nil }),
				look: func(context.Context) error { looks++; return row.looks[looks-1] },
			}
			for _, goes := range row.sent {
				before := sent
				request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.pingone.com/v1/environments/x/users", nil)
				require.NoError(t, err)
				response, err := g.RoundTrip(request)
				require.Equal(t, goes, err == nil)
				if err == nil {
					require.NoError(t, response.Body.Close())
				}
				require.Equal(t, goes, sent > before)
			}
			require.LessOrEqual(t, looks, len(row.looks))
		})
	}
}

func TestReadingAndSigningOnNeedNoLook(t *testing.T) {
	g := &guarded{
		next: roundTrip(func(*http.Request) (*http.Response, error) { return answer(http.StatusOK, "{}"), nil }),
		look: func(context.Context) error { t.Error("nothing is changed"); return nil },
	}
	for _, call := range [][2]string{{"GET", "/v1/environments/x/users"}, {"HEAD", "/v1/environments/x"}, {"POST", "/x/as/token"}, {"POST", "/x/flows/1"}} {
		request, err := http.NewRequestWithContext(t.Context(), call[0], "https://api.pingone.com"+call[1], nil)
		require.NoError(t, err)
		response, err := g.RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
	}
}

// A look that nobody answers is no permission.
func TestWhatCannotBeSeenOnceMoreIsNotTouched(t *testing.T) {
	c, err := client.New(client.Options{APIURL: "https://api.pingone.com", AuthURL: "https://auth.pingone.com", Transport: roundTrip(
		func(*http.Request) (*http.Response, error) { return nil, errDead },
	)})
	require.NoError(t, err)
	err = lookAgain(c, config.Config{})(t.Context())
	require.ErrorContains(t, err, "not sent, since the environment's type could not be read once more: ")
	require.ErrorIs(t, err, errDead)
	require.NotErrorIs(t, err, errUntouchable, "it may be seen the next time")
}
