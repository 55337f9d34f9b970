package emulator_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

// heard is as much of an answer as arrived.
type heard struct {
	status   int
	header   http.Header
	promised int64 // Content-Length
	body     []byte
}

// onNewLine sends one POST over a connection of its own, so that nothing repeats
// the call behind the test's back.
func (c *caller) onNewLine(path string) (heard, error) {
	request, err := http.NewRequest(http.MethodPost, c.url+"/v1/environments/"+c.env+path, strings.NewReader(`{"name":"Shop customers"}`))
	require.NoError(c.t, err)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	transport := &http.Transport{DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	if err != nil {
		return heard{}, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	return heard{response.StatusCode, response.Header, response.ContentLength, body}, err
}

func TestFaultsOnTheLine(t *testing.T) {
	for _, row := range []struct {
		kind    string
		created bool
		check   func(*testing.T, heard, error)
	}{
		{"reset", false, func(t *testing.T, _ heard, err error) { require.ErrorIs(t, err, syscall.ECONNRESET) }},
		{"lost", true, func(t *testing.T, _ heard, err error) { require.ErrorIs(t, err, syscall.ECONNRESET) }},
		{"half", true, func(t *testing.T, r heard, err error) {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF)
			require.Equal(t, 201, r.status)
			require.Equal(t, r.promised/2, int64(len(r.body)))
		}},
		{"timeout", true, func(t *testing.T, r heard, err error) {
			require.NoError(t, err)
			require.Equal(t, 504, r.status)
			require.False(t, gjson.ValidBytes(r.body))
		}},
		{"unavailable", false, func(t *testing.T, r heard, err error) {
			require.NoError(t, err)
			require.Equal(t, 503, r.status)
			require.False(t, gjson.ValidBytes(r.body))
			at, err := http.ParseTime(r.header.Get("Retry-After"))
			require.NoError(t, err)
			require.WithinDuration(t, time.Now(), at, 5*time.Second)
		}},
		{"limited", false, func(t *testing.T, r heard, err error) {
			require.NoError(t, err)
			require.Equal(t, 429, r.status)
			require.Equal(t, "1", r.header.Get("Retry-After"))
			require.Equal(t, "REQUEST_LIMITED", gjson.GetBytes(r.body, "code").String())
		}},
		{"failed", false, func(t *testing.T, r heard, err error) {
			require.NoError(t, err)
			require.Equal(t, 500, r.status)
			require.Equal(t, "UNEXPECTED_ERROR", gjson.GetBytes(r.body, "code").String())
		}},
		{"slow:*::40ms", true, func(t *testing.T, r heard, err error) {
			require.NoError(t, err)
			require.Equal(t, 201, r.status)
			require.Equal(t, "Shop customers", gjson.GetBytes(r.body, "name").String())
		}},
	} {
		t.Run(row.kind, func(t *testing.T) {
			server := start(t, emulator.Options{})
			c := authorized(t, server)
			before := server.Counts()["populations"]
			c.setFaults(row.kind)
			began := time.Now()
			answer, err := c.onNewLine("/populations")
			row.check(t, answer, err)
			if strings.HasPrefix(row.kind, "slow") {
				require.GreaterOrEqual(t, time.Since(began), 40*time.Millisecond)
			}
			require.Equal(t, row.created, server.Counts()["populations"] > before, "whether it had an effect")
		})
	}
}

// setFaults tells the running emulator over its page, as another program would.
func (c *caller) setFaults(texts ...string) gjson.Result {
	var rules []emulator.Fault
	for _, text := range texts {
		rule, err := emulator.ParseFault(text)
		require.NoError(c.t, err)
		rules = append(rules, rule)
	}
	status, answer := c.call(http.MethodPut, c.url+"/emulator/faults", "application/json", rules)
	require.Equal(c.t, 200, status, answer.Raw)
	return answer
}

func TestFaultsOfARunningEmulator(t *testing.T) {
	server := start(t, emulator.Options{Faults: []emulator.Fault{{Kind: "failed", Operation: "user.list", First: 1}}})
	require.Equal(t, server.URL()+"/emulator/faults", server.FaultsURL())
	c := authorized(t, server)
	statusOf := func() int { status, _ := c.call(http.MethodGet, "/users", "", nil); return status }
	require.Equal(t, []int{500, 200}, []int{statusOf(), statusOf()})
	shown := c.get(server.FaultsURL())
	require.JSONEq(t, `[{"rule":{"kind":"failed","operation":"user.list","first":1},"struck":1}]`, shown.Get("faults").Raw)
	require.Len(t, shown.Get("kinds").Array(), len(emulator.FaultKinds()))

	c.setFaults("limited:user.*:/2")
	require.Equal(t, []int{200, 429, 200, 429}, []int{statusOf(), statusOf(), statusOf(), statusOf()})
	c.get(server.OutboxURL()) // the emulator's own pages are never struck
	c.remove(server.FaultsURL())
	require.Equal(t, []int{200, 200}, []int{statusOf(), statusOf()})
	require.Equal(t, "[]", c.get(server.FaultsURL()).Get("faults").Raw)
}

func TestFaultsThatAreRefused(t *testing.T) {
	server := start(t, emulator.Options{})
	c := newCaller(t, server)
	for body, says := range map[string]string{
		`[{"kind":"gremlin"}]`:                       `there is no fault "gremlin"; there are latency, limited,`,
		`[{"kind":"failed","operation":"users.*"}]`:  `no operation is called "users.*"`,
		`[{"kind":"failed","often":true}]`:           `unknown field "often"`,
		`{"kind":"failed"}`:                          "not a JSON list of faults",
		`[` + strings.Repeat(" ", 64<<10) + `]`:      "too large",
		`[{"kind":"latency","for":"1h"}]`:            "50s at most",
		`[{"kind":"failed"},{"kind":"skew","for":5}`: "not a JSON list of faults",
	} {
		request, err := http.NewRequest(http.MethodPut, server.FaultsURL(), strings.NewReader(body))
		require.NoError(t, err)
		response, err := c.http.Do(request)
		require.NoError(t, err)
		text, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, 400, response.StatusCode, body)
		require.Contains(t, string(text), says)
	}
	status, _ := c.call(http.MethodPost, server.FaultsURL(), "", nil)
	require.Equal(t, 405, status)
	_, err := emulator.Start(context.Background(), emulator.Options{Faults: []emulator.Fault{{Kind: "gremlin"}}})
	require.ErrorContains(t, err, `fault 1: there is no fault "gremlin"`)
}

func TestASkewedEmulatorDatesItsAnswersAndTokensWrong(t *testing.T) {
	server := start(t, emulator.Options{Faults: []emulator.Fault{{Kind: "skew", For: -2 * time.Hour}}})
	c := authorized(t, server)
	answer, err := c.onNewLine("/populations")
	require.NoError(t, err)
	at, err := http.ParseTime(answer.header.Get("Date"))
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(-2*time.Hour), at, time.Minute)
	c.remove(server.FaultsURL())
	status, _ := c.call(http.MethodGet, "/users", "", nil)
	require.Equal(t, 401, status, "by the right clock the token has expired")
}

func TestLagAfterACreation(t *testing.T) {
	server := start(t, emulator.Options{Faults: []emulator.Fault{{Kind: "lag", First: 2, For: time.Minute}}})
	c := authorized(t, server)
	app := c.create("/applications", object{"name": "shop", "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT",
		"grantTypes": []string{"AUTHORIZATION_CODE"}, "responseTypes": []string{"CODE"}, "redirectUris": []string{"https://shop.example.com/back"}, "tokenEndpointAuthMethod": "CLIENT_SECRET_BASIC"})
	for _, want := range []int{404, 404, 200} {
		status, _ := c.call(http.MethodGet, app.Get("_links.secret.href").String(), "", nil)
		require.Equal(t, want, status)
	}
	environment := c.create(server.URL()+"/v1/environments", object{"name": "Another", "type": "SANDBOX", "region": "NA", "license": object{"id": "00000000-0000-4000-8000-000000000001"}})
	status, _ := c.call(http.MethodGet, environment.Get("_links.self.href").String(), "", nil)
	require.Equal(t, 403, status)
}
