package emulator_test

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// again closes an emulator and starts another on the same file.
func again(t *testing.T, server *emulator.Server, o emulator.Options) *emulator.Server {
	t.Helper()
	require.NoError(t, server.Close())
	return start(t, o)
}

func TestStateSurvivesARestart(t *testing.T) {
	o := emulator.Options{State: filepath.Join(t.TempDir(), "state.db")}
	server := start(t, o)
	require.False(t, server.Recalled())
	c := authorized(t, server)
	c.set("shop")
	removed := c.set("other")
	c.person("anna")
	require.NoError(t, server.Advance(time.Minute))
	c.clear(removed)
	held, err := server.Snapshot()
	require.NoError(t, err)

	o.Seed = []byte("seed: 1\nenvironments: []\n")
	next := again(t, server, o)
	require.True(t, next.Recalled(), "the seed does not apply")
	require.Equal(t, server.Credentials(), next.Credentials())
	kept, err := next.Snapshot()
	require.NoError(t, err)
	require.JSONEq(t, withoutSeq(string(held)), withoutSeq(string(kept)))
	c.url = next.URL()
	require.NotEmpty(t, c.get("/users?filter=username+eq+%22shop%22").Get("_embedded.users.0.id").String(), "the token from before holds")
	c.remove(c.url + "/emulator/outbox")
	last := again(t, next, o)
	require.Empty(t, last.Outbox())
	c.url = last.URL()
	status, _ := c.control(http.MethodPost, "/reset", nil)
	require.Equal(t, 204, status)
	require.Zero(t, last.Counts()["users"], "reset goes back to the first start of the file")
	require.Equal(t, server.Credentials(), last.Credentials())
	require.Equal(t, last.Counts(), again(t, last, o).Counts(), "which is in the file then")
}

// withoutSeq leaves out the number of the newest thing, which may have been deleted.
func withoutSeq(snapshot string) string {
	at := len(snapshot) - 1
	for ; at > 0 && snapshot[at] != ','; at-- {
		continue
	}
	return snapshot[:at] + "}}"
}

func TestAnUnknownEnvironmentIsNotFoundWithAStateFileEither(t *testing.T) {
	server := start(t, emulator.Options{State: filepath.Join(t.TempDir(), "state.db")})
	status, answer := newCaller(t, server).call(http.MethodPost, server.URL()+"/nowhere/flows/none", "application/vnd.pingidentity.usernamePassword.check+json", object{"username": "anna"})
	require.Equal(t, 404, status, answer.Raw)
}

func TestOneEmulatorAtATimeHasAStateFile(t *testing.T) {
	o := emulator.Options{State: filepath.Join(t.TempDir(), "state.db")}
	server := start(t, o)
	began := time.Now()
	_, err := emulator.Start(context.Background(), o)
	require.ErrorIs(t, err, emulator.ErrStateInUse)
	require.ErrorContains(t, err, o.State)
	require.Less(t, time.Since(began), 5*time.Second, "at once")
	authorized(t, server).get("/users")
}
