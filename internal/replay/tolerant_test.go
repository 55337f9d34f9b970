package replay_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay"
)

func TestATolerantReplayAnswersWhatIsAlike(t *testing.T) {
	const another = "00000000-0000-4000-8000-999999999999"
	for _, c := range []struct {
		name  string
		at    int
		do    func(*call)
		alike bool
	}{
		{"another id in the path", 3, func(c *call) { c.url = apiHost + "/users/" + another }, true},
		{"another query", 2, func(c *call) { c.url = strings.Replace(c.url, "x=1", "x=3", 1) }, true},
		{"another credential", 0, func(c *call) { c.header.Set("Authorization", "Basic YTpi") }, true},
		{"no cookies", 2, func(c *call) { c.header.Del("Cookie") }, true},
		{"another body", 2, func(c *call) { c.body = `{"otp":"2"}` }, true},
		{"another method", 3, func(c *call) { c.method = http.MethodGet }, false},
		{"another media type", 2, func(c *call) { c.header.Set("Content-Type", "application/json") }, false},
		{"another kind of resource", 3, func(c *call) { c.url = strings.Replace(c.url, "/users/", "/populations/", 1) }, false},
		{"something below", 3, func(c *call) { c.url += "/devices" }, false},
		{"another host", 3, func(c *call) { c.url = strings.Replace(c.url, "api.", "auth.", 1) }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			recording, err := replay.Parse("fixtures/use_case/small.txtar", []byte(small))
			require.NoError(t, err)
			s := replay.Play(recording, true)
			sent := calls()
			sendAll(t, s, sent[:c.at]...)
			c.do(&sent[c.at])
			if _, err = sent[c.at].send(s); !c.alike {
				require.ErrorContains(t, err, "does not match")
				return
			}
			require.NoError(t, err)
			sendAll(t, s, sent[c.at+1:]...)
			require.NoError(t, s.Finish(true))
		})
	}
}

// A call that its caller has given up is not answered, and the recording goes on where it was.
func TestACallThatIsGivenUpIsNotAnswered(t *testing.T) {
	file, err := recordCalls(t, always(`{"id":"1"}`), replay.RecordOptions{}, func(s *replay.Session) { get(t, s, "https://api.pingone.eu/v1/x") })
	require.NoError(t, err)
	session, err := replay.Replay(from(file))
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://api.pingone.eu/v1/x", nil)
	require.NoError(t, err)
	answer, err := session.RoundTripper().RoundTrip(request)
	if err == nil {
		require.NoError(t, answer.Body.Close())
	}
	require.ErrorIs(t, err, context.Canceled)
	require.Error(t, session.Finish(true), "nobody has asked")
}
