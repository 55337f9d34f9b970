package drift

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// story makes calls from lines such as "7 POST /actions 201 {"type":"LOGIN"}": step,
// method, path, status, and what was sent, if anything.
func story(t *testing.T, lines ...string) []call {
	t.Helper()
	var calls []call
	for i, line := range lines {
		words := strings.SplitN(line, " ", 5)
		require.GreaterOrEqual(t, len(words), 4, line)
		address, err := url.Parse("https://api.pingone.com" + words[2])
		require.NoError(t, err)
		e := replay.Exchange{Request: replay.Request{Method: words[1], URL: address, Header: http.Header{}}}
		if len(words) == 5 {
			e.Request.Body = []byte(words[4])
			e.Request.Header.Set("Content-Type", "application/json")
		}
		e.Response = replay.Response{Header: http.Header{}}
		_, err = fmt.Sscan(words[3], &e.Response.Status)
		require.NoError(t, err)
		c := newCall(i+1, e)
		_, err = fmt.Sscan(words[0], &c.step)
		require.NoError(t, err)
		calls = append(calls, c)
	}
	return calls
}

// drawn shows pairs as "1=1 2=- -=2".
func drawn(pairs []pair) string {
	number := func(c *call) string {
		if c == nil {
			return "-"
		}
		return fmt.Sprint(c.number)
	}
	var shown []string
	for _, p := range pairs {
		shown = append(shown, number(p.recorded)+"="+number(p.seen))
	}
	return strings.Join(shown, " ")
}

func TestCallsFindTheirLike(t *testing.T) {
	const (
		create  = "1 POST /apps 201 {}"
		poll    = "0 GET /apps/a 200"
		lag     = "0 GET /apps/a 404"
		login   = `6 POST /actions 201 {"type":"LOGIN"}`
		mfa     = `7 POST /actions 201 {"type":"MULTI_FACTOR_AUTHENTICATION"}`
		setup   = `0 POST /actions 201 {"type":"LOGIN"}`
		setup2  = `0 POST /actions 201 {"type":"MULTI_FACTOR_AUTHENTICATION"}`
		remove  = "0 DELETE /apps/a 204"
		removed = "0 DELETE /apps/a 404"
	)
	for name, row := range map[string]struct {
		recorded, seen []string
		want           string
	}{
		"the same":                         {[]string{create, poll, remove}, []string{create, poll, remove}, "1=1 2=2 3=3"},
		"nothing recorded":                 {nil, []string{create}, "-=1"},
		"nothing sent":                     {[]string{create}, nil, "1=-"},
		"one more in the middle":           {[]string{create, remove}, []string{create, poll, remove}, "1=1 -=2 2=3"},
		"one less in the middle":           {[]string{create, poll, remove}, []string{create, remove}, "1=1 2=- 3=2"},
		"a poll repeated until it is 200":  {[]string{create, poll, remove}, []string{create, lag, lag, poll, remove}, "1=1 -=2 -=3 2=4 3=5"},
		"a poll that was enough once":      {[]string{create, lag, poll}, []string{create, poll}, "1=1 2=- 3=2"},
		"another status":                   {[]string{create, remove}, []string{create, removed}, "1=1 2=2"},
		"the first of two steps is gone":   {[]string{login, mfa}, []string{mfa}, "1=- 2=1"},
		"the second of two steps is gone":  {[]string{login, mfa}, []string{login}, "1=1 2=-"},
		"the first of two set-ups is gone": {[]string{setup, setup2}, []string{setup2}, "1=- 2=1"},
		"the order is another":             {[]string{create, poll}, []string{poll, create}, "1=- 2=1 -=2"},
		"a call replaced by another":       {[]string{create, poll, remove}, []string{create, mfa, remove}, "1=1 2=- -=2 3=3"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, row.want, drawn(align(story(t, row.recorded...), story(t, row.seen...))))
		})
	}
}

func TestWhatACallAsksFor(t *testing.T) {
	const tenant = "/v1/environments/6f1c2b3a-0000-4abc-9def-0123456789ab"
	same := func(a, b string) bool { return likeness(&story(t, a)[0], &story(t, b)[0]) > 0 }
	require.True(t, same("0 GET /v1/environments/00000000-0000-4000-9000-000000000001/users 200", "0 GET "+tenant+"/users 200"), "another tenant")
	require.True(t, same("0 GET "+tenant+"/users/pop_12ab 200", "0 GET "+tenant+"/users/00000000-0000-4000-9000-000000000001 200"), "an id of another form")
	require.True(t, same("0 GET /users?limit=5 200", "0 GET /users 200"), "another query is not another call")
	require.False(t, same("0 GET /users 200", "0 GET /populations 200"), "another collection")
	require.False(t, same("0 GET /users 200", "0 DELETE /users 200"), "another method")
	require.False(t, same("0 POST /flow 200 {}", "0 POST /flow 200"), "another media type, which is another action of a flow")
}

func TestGrantTypesAreDifferentCalls(t *testing.T) {
	form := func(body string) call {
		address, err := url.Parse("https://auth.pingone.com/e/as/token")
		require.NoError(t, err)
		header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
		return newCall(1, replay.Exchange{Request: replay.Request{Method: "POST", URL: address, Header: header, Body: []byte(body)}})
	}
	worker, code := form("grant_type=client_credentials"), form("grant_type=authorization_code&code=1")
	other := form("grant_type=authorization_code&code=2")
	require.Zero(t, likeness(&worker, &code))
	require.Positive(t, likeness(&code, &other))
}

func TestStepsAreGivenToTheCallsThatTheySent(t *testing.T) {
	calls := story(t, "0 POST /token 200", "0 POST /apps 201 {}", "0 GET /apps/a 404", "0 GET /apps/a 200")
	traced := func(step int, method, path string, status int) suite.Traced {
		address, err := url.Parse("https://api.example.com" + path)
		require.NoError(t, err)
		return suite.Traced{Step: step, Line: fmt.Sprint("line ", step), Exchange: &client.Exchange{
			Request: client.Request{Method: method, URL: address}, Status: status, Header: http.Header{},
		}}
	}
	number(calls, []suite.Traced{traced(1, "POST", "/apps", 201), traced(2, "PUT", "/elsewhere", 200), traced(3, "GET", "/apps/a", 200)})
	var got []int
	for _, c := range calls {
		got = append(got, c.step)
	}
	require.Equal(t, []int{0, 1, 0, 3}, got)
	require.Equal(t, "line 3", calls[3].line)
}

func TestAFailureLeavesTheRestUnreached(t *testing.T) {
	recorded := []string{"1 POST /apps 201 {}", "2 POST /users 201 {}", "3 GET /users 200", "4 GET /apps 200", "0 DELETE /users/u 204", "0 DELETE /apps/a 204"}
	for name, row := range map[string]struct {
		seen       []string
		failed     bool
		notReached int
		calls      []string
	}{
		"to the end":                        {recorded, false, 0, nil},
		"stopped, and cleaned up":           {[]string{recorded[0], recorded[5]}, true, 4, nil},
		"stopped at once":                   {nil, true, 6, nil},
		"a call left out before it stopped": {[]string{recorded[0], recorded[2], recorded[5]}, true, 2, []string{"missing POST /users"}},
		"calls left out without a failure":  {recorded[:4], false, 0, []string{"missing DELETE /users/u", "missing DELETE /apps/a"}},
		"a deletion more":                   {[]string{recorded[0], "0 DELETE /keys/k 204", recorded[5]}, true, 4, []string{"extra DELETE /keys/k"}},
	} {
		t.Run(name, func(t *testing.T) {
			var s Scenario
			s.judge(story(t, recorded...), story(t, row.seen...), row.failed)
			var calls []string
			for _, c := range s.Calls {
				calls = append(calls, fmt.Sprint(c.Outcome, " ", c.Method, " ", c.Path))
			}
			require.Equal(t, row.notReached, s.NotReached)
			require.Equal(t, row.calls, calls)
		})
	}
}

// A call of a report can be found in both lists, and has the step that either of them tells.
func TestACallOfAReportSaysWhereItIs(t *testing.T) {
	recorded := story(t, "1 POST /apps 201 {}", "2 GET /apps 200", "0 DELETE /apps/a 204")
	seen := story(t, "0 GET /users 200", "7 POST /apps 400 {}", "0 DELETE /apps/a 404")
	recorded[2].line, seen[2].step, seen[2].line = "", 9, "Priya deletes it"
	var s Scenario
	s.judge(recorded, seen, false)
	require.Equal(t, 2, s.Compared)
	type found struct {
		outcome                Outcome
		recorded, seen, status int
		step                   int
		line                   string
	}
	var all []found
	for _, c := range s.Calls {
		all = append(all, found{c.Outcome, c.Recorded, c.Seen, c.Status, c.Step, c.Line})
		require.NotNil(t, c.Differences)
	}
	require.Equal(t, []found{
		{Extra, 0, 1, 200, 0, ""}, {Drifted, 1, 2, 400, 1, ""}, {Missing, 2, 0, 200, 2, ""}, {Drifted, 3, 3, 404, 9, "Priya deletes it"},
	}, all)
	s = Scenario{}
	s.judge(recorded, recorded, false)
	require.Equal(t, []Call{}, s.Calls, "nothing, and not null")
}
