package client_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestAnAnswerIsNoErrorWhateverItsStatus(t *testing.T) {
	for _, status := range []int{200, 204, 302, 400, 404, 429, 500, 503} {
		w := &wire{status: status, header: http.Header{"X-Sign": {"here"}}, body: `{"id":"one"}`}
		c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: w})
		require.NoError(t, err)
		exchange, err := c.ReadEnvironment(context.Background(), "env")
		require.NoError(t, err)
		require.Equal(t, status, exchange.Status)
		require.Equal(t, "here", exchange.Header.Get("X-Sign"))
		require.Equal(t, "one", exchange.Get("id").String())
	}
}

// JSON may write any character as an escape: the text is there all the same.
func TestAnAnswerSaysWhateverItsJSONSays(t *testing.T) {
	ex := &client.Exchange{Body: []byte(`{"n\u0061me":"one\/two","list":[{"of":"thr\u0065e"},4.50,"\"five\""],"none":null}`)}
	for text, says := range map[string]bool{
		"name": true, "one/two": true, "three": true, `"five"`: true, "4.50": true, `n\u0061me`: true, "one/three": false, "six": false,
	} {
		require.Equal(t, says, ex.Says(text), text)
	}
	require.False(t, (&client.Exchange{Body: []byte(`p\u0061ge`)}).Says("page"), "it is no JSON")
	require.True(t, (&client.Exchange{Body: []byte(`<p>page`)}).Says("page"))
}

func TestObserveSeesEveryAnswerInOrder(t *testing.T) {
	var seen []*client.Exchange
	clock := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	asked := 0
	c, err := client.New(client.Options{
		APIURL: naAPI, AuthURL: naAuth, Transport: &wire{status: http.StatusNotFound}, UserAgent: "nightly/1",
		Observe: func(e *client.Exchange) { seen = append(seen, e) },
		Now:     func() time.Time { asked++; return clock.Add(time.Duration(asked) * time.Second) },
	})
	require.NoError(t, err)
	first, err := c.ReadEnvironment(context.Background(), "env")
	require.NoError(t, err)
	second, err := c.WithFreshJar().Authorize(context.Background(), "env", nil)
	require.NoError(t, err)
	_, err = c.Get(context.Background(), "https://evil.example.com")
	require.Error(t, err)

	require.Equal(t, []*client.Exchange{first, second}, seen)
	require.Equal(t, 2, asked, "the clock is asked once for each call")
	require.Equal(t, clock.Add(time.Second), first.At)
	require.Equal(t, clock.Add(2*time.Second), second.At)
	require.Regexp(t, `^pingone-conformance/[\d.]+ nightly/1$`, first.Request.Header.Get("User-Agent"))
}

func TestElapsedIsTheTimeOfTheAnswer(t *testing.T) {
	c, _ := serve(t, func(http.ResponseWriter, *http.Request) {
		waiting := time.NewTimer(20 * time.Millisecond)
		<-waiting.C
	})
	exchange, err := c.ReadEnvironment(context.Background(), "env")
	require.NoError(t, err)
	require.GreaterOrEqual(t, exchange.Elapsed, 20*time.Millisecond)
}

// A recorded cookie may expire at a date that is past for this machine.
func TestCookiesExpireByTheScenariosClock(t *testing.T) {
	recorded := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	far := time.Date(2096, 1, 15, 9, 0, 0, 0, time.UTC)
	rows := map[string]struct {
		cookie string
		kept   bool
	}{
		"at this moment":         {"ST=1; Path=/; Expires=" + far.Format(http.TimeFormat), false},
		"later than the clock":   {"ST=1; Path=/; Expires=Thu, 15 Jan 2026 09:15:00 GMT", true},
		"earlier than the clock": {"ST=1; Path=/; Expires=Thu, 15 Jan 2026 08:45:00 GMT", false},
		"a Max-Age wins":         {"ST=1; Path=/; Max-Age=60; Expires=Thu, 15 Jan 2026 08:45:00 GMT", true},
		"taken back":             {"ST=; Path=/; Max-Age=0", false},
		"without an end":         {"ST=1; Path=/", true},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			now := recorded
			if name == "at this moment" {
				now = far
			}
			w := &wire{header: http.Header{"Set-Cookie": {row.cookie}}}
			c, err := client.New(client.Options{
				APIURL: naAPI, AuthURL: naAuth, Transport: w, Now: func() time.Time { return now },
			})
			require.NoError(t, err)
			for range 2 {
				_, err = c.Authorize(context.Background(), "env", nil)
				require.NoError(t, err)
			}
			require.Equal(t, row.kept, w.last().Header.Get("Cookie") == "ST=1")
		})
	}
}

func TestAClientMayBeUsedByManyAtOnce(t *testing.T) {
	seen := 0
	c, err := client.New(client.Options{
		APIURL: naAPI, AuthURL: naAuth, Observe: func(*client.Exchange) { seen++ },
		Transport: carry(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
		}),
	})
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			c.SetToken("token")
			_, _ = c.ReadEnvironment(context.Background(), "env")
			_, _ = c.Authorize(context.Background(), "env", nil)
		})
	}
	all.Wait()
	require.Equal(t, 32, seen)
}

func TestWhatIsNotFound(t *testing.T) {
	for _, row := range []struct {
		status int
		body   string
		is     bool
	}{
		{404, "", true}, {410, `{"code":"NOT_FOUND"}`, true}, {410, `{"code":"INVALID_DATA"}`, false}, {410, "", false}, {200, `{"code":"NOT_FOUND"}`, false}, {503, `{"code":"NOT_FOUND"}`, false},
	} {
		require.Equal(t, row.is, (&client.Exchange{Status: row.status, Body: []byte(row.body)}).NotFound(), "%d %s", row.status, row.body)
	}
}
