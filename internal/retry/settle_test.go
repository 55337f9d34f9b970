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

// The management API refuses media types of a user that it does not know everywhere yet.
func TestSettlingWaitsForTheMediaTypesOfANewUser(t *testing.T) {
	rows := []struct {
		name, method, url string
		want              int
		took              time.Duration
	}{
		{"a user's password", "PUT", api + "/users/1/password", 200, 500 * time.Millisecond},
		{"a user's devices", "POST", api + "/users/1/devices", 200, 500 * time.Millisecond},
		{"the user", "PUT", api + "/users/1", 415, 0},
		{"something else", "PUT", api + "/applications/1/grants", 415, 0},
		{"a flow", "POST", "https://auth.pingone.com/env/flows/1", 415, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := retry.Settling(t.Context())
				got := send(t, retry.New(plays(status(415), status(200)), retry.Options{}), request(t, ctx, row.method, row.url, "{}"))
				require.NoError(t, got.err)
				require.Equal(t, row.want, got.response.StatusCode)
				require.Equal(t, row.took, got.took)
			})
		})
	}
}

func TestWhoTriesWaitsForRightsAndForNothingElse(t *testing.T) {
	const user, flow = api + "/users/1", "https://auth.pingone.com/env/flows/1"
	rows := []struct {
		name    string
		url     string
		limit   time.Duration
		answers []answer
		want    int
		note    string
		took    time.Duration
	}{
		{"refused as expected", user, 30 * time.Second, []answer{status(400)}, 400, "", 0},
		{"rights that spread", user, 30 * time.Second, []answer{status(403), status(403), status(400)}, 400, "", time.Second},
		{"forbidden for good", user, 3 * time.Second, []answer{status(403)}, 403, "still 403 after 3s and 7 tries", 3 * time.Second},
		{"forbidden, not waited for", user, 0, []answer{status(403), status(400)}, 403, "", 0},
		{"forbidden to a person", flow, 30 * time.Second, []answer{status(403), status(200)}, 403, "", 0},
		{"not found", user, 30 * time.Second, []answer{status(404), status(200)}, 404, "", 0},
		{"limited", user, 30 * time.Second, []answer{status(429), status(200)}, 429, "", 0},
		{"limited for now", user, 0, []answer{status(429, "Retry-After", "2"), status(400)}, 400, "", 2 * time.Second},
		{"limited to a person", flow, 0, []answer{status(429, "Retry-After", "2"), status(400)}, 400, "", 2 * time.Second},
		{"limited all along", user, 0, []answer{status(429, "Retry-After", "3")}, 429, "tried 5 times in 12s", 12 * time.Second},
		{"busy", flow, 0, []answer{status(503, "Retry-After", "1"), status(400)}, 400, "", time.Second},
		{"broken, and says no more", flow, 0, []answer{status(503), status(200)}, 503, "", 0},
		{"broken", user, 30 * time.Second, []answer{status(500), status(200)}, 500, "", 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := retry.Trying(t.Context())
				got := send(t, retry.New(plays(row.answers...), retry.Options{RightsLimit: row.limit}), request(t, ctx, "PUT", row.url, "{}"))
				require.NoError(t, got.err)
				require.Equal(t, row.want, got.response.StatusCode)
				require.Equal(t, row.note, retry.Note(got.response.Header))
				require.Equal(t, row.took, got.took)
			})
		})
	}
}

func TestWhoTriesSendsABrokenCallOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answers := plays(reset, status(200))
		got := send(t, retry.New(answers, retry.Options{RightsLimit: time.Minute}), request(t, retry.Trying(t.Context()), "PUT", secret, "{}"))
		require.ErrorIs(t, got.err, errReset)
		require.Equal(t, 1, answers.count())
	})
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
