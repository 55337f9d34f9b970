package retry_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

const secret = api + "/applications/1/secret"

func TestSettling(t *testing.T) {
	lag := retry.Options{LagLimit: 30 * time.Second, LagInterval: 2500 * time.Millisecond}
	rows := []struct {
		name    string
		answers []answer
		want    int
		note    string
		took    time.Duration
	}{
		{"known at once", []answer{status(200)}, 200, "", 0},
		{"known at the third look", []answer{status(404), status(403), status(200)}, 200, "", 5 * time.Second},
		{"never known", []answer{status(404)}, 404, "still 404 after 30s and 13 tries", 30 * time.Second},
		{"forbidden at the end", []answer{status(404), status(403)}, 403, "still 403 after 30s and 13 tries", 30 * time.Second},
		{"refused otherwise", []answer{status(404), status(400)}, 400, "", 2500 * time.Millisecond},
		{"limited in between", []answer{status(404), status(429, "Retry-After", "4"), status(200)}, 200, "", 6500 * time.Millisecond},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := retry.Settling(t.Context())
				got := send(t, retry.New(plays(row.answers...), lag), request(t, ctx, "GET", secret, ""))
				require.NoError(t, got.err)
				require.Equal(t, row.want, got.response.StatusCode)
				require.Equal(t, row.note, retry.Note(got.response.Header))
				require.Equal(t, row.took, got.took)
				require.Equal(t, `{"ok":true}`, got.body, "the last answer is given as it came")
			})
		})
	}
}

func TestSettlingEndsBeforeTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(retry.Settling(t.Context()), 2*time.Second)
		defer cancel()
		got := send(t, retry.New(plays(status(404)), retry.Options{}), request(t, ctx, "GET", secret, ""))
		require.NoError(t, got.err)
		require.Equal(t, "still 404 after 1.5s and 4 tries", retry.Note(got.response.Header))
	})
}

func TestSettlingEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopped := errors.New("stopped by interrupt")
		ctx, cancel := context.WithCancelCause(retry.Settling(t.Context()))
		time.AfterFunc(1700*time.Millisecond, func() { cancel(stopped) })
		got := send(t, retry.New(plays(status(404)), retry.Options{}), request(t, ctx, "GET", secret, ""))
		require.ErrorIs(t, got.err, stopped)
		require.Equal(t, 1700*time.Millisecond, got.took)
	})
}

func TestSettlingIsLogged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log events
		ctx := retry.Settling(t.Context())
		send(t, retry.New(plays(status(404), status(404), status(200)), retry.Options{Log: log.log}), request(t, ctx, "GET", secret, ""))
		require.Len(t, log.list, 2)
		require.Equal(t, "not settled yet, answered 404", log.list[1].Why)
		require.Equal(t, 2, log.list[1].Try)
	})
}
