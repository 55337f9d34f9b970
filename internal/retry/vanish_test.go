package retry_test

import (
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

func TestVanishing(t *testing.T) {
	lag := retry.Options{LagLimit: 30 * time.Second, LagInterval: 2500 * time.Millisecond}
	rows := []struct {
		name    string
		answers []answer
		want    int
		note    string
		took    time.Duration
	}{
		{"gone at once", []answer{status(404)}, 404, "", 0},
		{"gone at the third look", []answer{status(200), status(200), status(404)}, 404, "", 5 * time.Second},
		{"never gone", []answer{status(200)}, 200, "still 200 after 30s and 13 tries", 30 * time.Second},
		{"not to be seen", []answer{status(200), status(403)}, 403, "", 2500 * time.Millisecond},
		{"limited in between", []answer{status(200), status(429, "Retry-After", "4"), status(404)}, 404, "", 6500 * time.Millisecond},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := retry.Vanishing(t.Context())
				got := send(t, retry.New(plays(row.answers...), lag), request(t, ctx, "GET", api+"/applications/1", ""))
				require.NoError(t, got.err)
				require.Equal(t, row.want, got.response.StatusCode)
				require.Equal(t, row.note, retry.Note(got.response.Header))
				require.Equal(t, row.took, got.took)
			})
		})
	}
}

// unreadable is a body that nobody should begin to read.
type unreadable struct{ t *testing.T }

func (u unreadable) Read([]byte) (int, error) { u.t.Error("it is read"); return 0, io.EOF }

func TestAnAnswerThatIsTooLongIsNotRead(t *testing.T) {
	long := func(*http.Request) (*http.Response, error) {
		r := response(201, "")
		r.Body, r.ContentLength = io.NopCloser(unreadable{t}), 10<<20+1
		return r, nil
	}
	got := send(t, retry.New(plays(long), retry.Options{}), request(t, t.Context(), "POST", api+"/users", `{"username":"x"}`))
	require.NoError(t, got.err)
	require.Equal(t, int64(10<<20+1), got.response.ContentLength, "whoever asked can see why there is nothing")
}
