package emulator_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func TestAWholeSetIsMadeAndRemoved(t *testing.T) {
	server := start(t, emulator.Options{})
	before := server.Counts()
	c := authorized(t, server)
	created := c.set("shop")
	require.Equal(t, before["users"]+1, server.Counts()["users"])
	require.Equal(t, before["actions"]+2, server.Counts()["actions"])
	require.Equal(t, 1, server.Counts()["devices"])
	c.clear(created)
	require.Equal(t, withoutZeros(before), withoutZeros(server.Counts()), "nothing is left")
}

func withoutZeros(counts map[string]int) map[string]int {
	kept := map[string]int{}
	for name, count := range counts {
		if count > 0 {
			kept[name] = count
		}
	}
	return kept
}

func TestTheOtherWorkerHasNoRoleHere(t *testing.T) {
	server := start(t, emulator.Options{})
	c, in := newCaller(t, server), server.Credentials()
	c.token = c.workerToken(in.OtherEnvironmentID, in.OtherClientID, in.OtherClientSecret)
	status, answer := c.call(http.MethodGet, "/users", "", nil)
	require.Equal(t, 403, status)
	require.Equal(t, "INSUFFICIENT_PERMISSIONS", answer.Get("details.0.code").String())
	c.env = in.OtherEnvironmentID
	require.Equal(t, int64(0), c.get("/users").Get("count").Int())
}

func TestTokensAreCheckedAndExpire(t *testing.T) {
	var clock sync.Mutex
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	server := start(t, emulator.Options{Now: func() time.Time { clock.Lock(); defer clock.Unlock(); return now }})
	c := authorized(t, server)
	c.get("/users")
	clock.Lock()
	now = now.Add(time.Hour)
	clock.Unlock()
	status, answer := c.call(http.MethodGet, "/users", "", nil)
	require.Equal(t, 401, status)
	require.Equal(t, "INVALID_TOKEN", answer.Get("details.0.code").String())
	c.token = "garbled"
	status, _ = c.call(http.MethodGet, "/users", "", nil)
	require.Equal(t, 401, status)
}

func TestDefaultDevicePolicy(t *testing.T) {
	enabled := func(o emulator.Options) map[string]bool {
		policy := authorized(t, start(t, o)).get("/deviceAuthenticationPolicies").Get("_embedded.deviceAuthenticationPolicies.0")
		methods := map[string]bool{}
		for _, method := range []string{"email", "sms", "voice", "totp"} {
			methods[method] = policy.Get(method + ".enabled").Bool()
		}
		return methods
	}
	require.Equal(t, map[string]bool{"email": true, "sms": true, "voice": false, "totp": true}, enabled(emulator.Options{}))
	require.Equal(t, map[string]bool{"email": true, "sms": false, "voice": false, "totp": false}, enabled(emulator.Options{DefaultMethods: []string{"email"}}))
}

func TestOutbox(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	for _, name := range []string{"anna", "ben"} {
		user := c.create("/users", object{"username": name, "email": name + "@example.com"}).Get("id").String()
		c.create("/users/"+user+"/devices", object{"type": "EMAIL", "email": name + "@example.com", "status": "ACTIVATION_REQUIRED"})
	}
	outbox := func(query string) []string {
		var to []string
		for _, message := range c.get(server.OutboxURL() + query).Array() {
			require.Regexp(t, `^\d{6}$`, message.Get("otp").String())
			to = append(to, message.Get("to").String())
		}
		return to
	}
	require.Equal(t, []string{"anna@example.com", "ben@example.com"}, outbox(""))
	require.Equal(t, []string{"ben@example.com"}, outbox("?to=ben@example.com"))
	device := c.get(server.OutboxURL()).Get("0.deviceId").String()
	require.Equal(t, []string{"anna@example.com"}, outbox("?device="+device))
	require.Empty(t, outbox("?device="+device+"&to=ben@example.com"))
	c.remove(server.OutboxURL())
	require.Equal(t, "[]", strings.TrimSpace(c.get(server.OutboxURL()).Raw))
	status, _ := c.call(http.MethodPost, server.OutboxURL(), "", nil)
	require.Equal(t, 405, status)
}

func TestFrontPageSaysWhatThisIs(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	user := c.create("/users", object{"username": "anna", "email": "anna@example.com"}).Get("id").String()
	c.create("/users/"+user+"/devices", object{"type": "SMS", "phone": "+1.5125550101", "status": "ACTIVATION_REQUIRED"})
	page := c.text(server.URL() + "/")
	require.Contains(t, page, "NO IDENTITY PROVIDER")
	require.Regexp(t, `(?m)^  \d\d:\d\d:\d\d  SMS   to \+1\.5125550101: \d{6}$`, page, "the outbox is listed")
	require.Contains(t, page, "\npasscodes in the outbox: 1\n")
	require.Regexp(t, `(?m)^ +1 devices\n +2 environments\n`, page, "in the order of the alphabet")
	require.Contains(t, page, "management API   "+server.URL()+"/v1/environments/"+c.env+"\n")
	require.NotContains(t, page, server.Credentials().ClientSecret)

	request, err := http.NewRequest(http.MethodGet, server.URL()+"/", nil)
	require.NoError(t, err)
	request.Header.Set("Accept", "application/json")
	_, body := c.do(request)
	require.Contains(t, body.Get("warning").String(), "NO IDENTITY PROVIDER")
	require.Equal(t, server.OutboxURL(), body.Get("outboxUrl").String())
	require.Equal(t, []string{emulator.Version, c.env, "+1.5125550101"}, names(body.Get("[version,environmentId,outbox.0.to]")))
	require.Equal(t, int64(1), body.Get("counts.users").Int())
	require.NotContains(t, body.Raw, server.Credentials().ClientSecret)
	status, _ := c.call(http.MethodDelete, server.URL()+"/", "", nil)
	require.Equal(t, 405, status)
}

func TestOnlyLoopbackNamesAreAnswered(t *testing.T) {
	server := start(t, emulator.Options{})
	for host, want := range map[string]int{
		"localhost": 200, "localhost:8080": 200, "LOCALHOST": 200, "LocalHost:8080": 200, "127.0.0.1": 200, "127.9.9.9:1": 200, "[::1]:8080": 200, "[::1]": 200,
		"rebound.example.com": 421, "localhost.example.com": 421, "10.0.0.1": 421, "[::2]": 421, "127.0.0.1.example.com": 421,
	} {
		request, err := http.NewRequest(http.MethodGet, server.OutboxURL(), nil)
		require.NoError(t, err)
		request.Host = host
		response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, want, response.StatusCode, host)
	}
}

func TestOptionsThatAreRefused(t *testing.T) {
	for says, o := range map[string]emulator.Options{
		`and remote callers were not allowed: ":0"`:            {Addr: ":0"},
		`remote callers were not allowed: "192.0.2.1:0"`:       {Addr: "192.0.2.1:0"},
		`remote callers were not allowed: "example.com:0"`:     {Addr: "example.com:0"},
		`address "127.0.0.1" is not host:port`:                 {Addr: "127.0.0.1"},
		`"pigeon" is no method of a device policy: sms, email`: {DefaultMethods: []string{"sms", "pigeon"}},
		`address "localhost:65536" is not host:port`:           {Addr: "localhost:65536"},
		`address "localhost:" is not host:port`:                {Addr: "localhost:"},
		"latency -1ns is less than none":                       {Latency: -1},
		"a limit of users or policies is less than none":       {MaxUsers: -1},
		"limit of users or policies is less than none":         {MaxPolicies: -1},
	} {
		_, err := emulator.Start(context.Background(), o)
		require.ErrorContains(t, err, "emulator: ")
		require.ErrorContains(t, err, says)
		var refused *emulator.OptionsError
		require.ErrorAs(t, err, &refused)
	}
	_, err := emulator.Start(context.Background(), emulator.Options{Addr: ":0"})
	require.ErrorIs(t, err, emulator.ErrNotLoopback)
	server := start(t, emulator.Options{Addr: "[::]:0", AllowRemote: true})
	require.True(t, strings.HasPrefix(server.URL(), "http://localhost:"), server.URL())
}

func TestPortInUse(t *testing.T) {
	server := start(t, emulator.Options{})
	_, err := emulator.Start(context.Background(), emulator.Options{Addr: strings.TrimPrefix(server.URL(), "http://")})
	require.ErrorIs(t, err, syscall.EADDRINUSE)
}

func TestLatency(t *testing.T) {
	const latency = 30 * time.Millisecond
	server := start(t, emulator.Options{Latency: latency})
	c := authorized(t, server)
	began := time.Now()
	c.get("/users")
	require.GreaterOrEqual(t, time.Since(began), latency)
}

func TestCloseDoesNotWaitForLatency(t *testing.T) {
	server, err := emulator.Start(context.Background(), emulator.Options{Latency: time.Hour})
	require.NoError(t, err)
	conn, err := net.Dial("tcp", strings.TrimPrefix(server.URL(), "http://"))
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "GET /v1/environments HTTP/1.1\r\nHost: localhost\r\n\r\n")
	require.NoError(t, err)
	closed := make(chan error)
	go func() { closed <- server.Close() }()
	select {
	case err := <-closed:
		require.NoError(t, err)
	case <-time.After(time.Minute):
		t.Fatal("the emulator does not close")
	}
	require.NoError(t, server.Close(), "a second time does nothing")
}

func TestManyCallersAtOnceLeaveNothingBehind(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	server, err := emulator.Start(context.Background(), emulator.Options{})
	require.NoError(t, err)
	before := server.Counts()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	var group sync.WaitGroup
	for i := range 64 {
		group.Add(1)
		go func() {
			defer group.Done()
			c := &caller{t: gentle{t}, http: &http.Client{Transport: transport}, url: server.URL(), env: server.Credentials().EnvironmentID}
			c.token = c.workerToken(c.env, server.Credentials().ClientID, server.Credentials().ClientSecret)
			c.clear(c.set(shopName(i)))
		}()
	}
	group.Wait()
	require.Equal(t, withoutZeros(before), withoutZeros(server.Counts()))
	transport.CloseIdleConnections()
	require.NoError(t, server.Close())
	require.True(t, settlesAt(goroutines), "goroutines are left:\n%s", stacks())
}

// settlesAt waits until no more goroutines run than before; connections take a
// moment to end. It counts from the test's own goroutine, as a helper would be
// one more.
func settlesAt(before int) bool {
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		if runtime.NumGoroutine() <= before {
			return true
		}
	}
	return false
}

func stacks() string {
	all := make([]byte, 1<<20)
	return string(all[:runtime.Stack(all, true)])
}

// gentle reports from another goroutine, which must not end the test itself.
type gentle struct{ t *testing.T }

func (g gentle) Errorf(format string, arguments ...any) { g.t.Errorf(format, arguments...) }
func (g gentle) FailNow()                               { runtime.Goexit() }

func TestSameSeedSameAnswers(t *testing.T) {
	run := func() string {
		now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
		server := start(t, emulator.Options{Random: rand.NewChaCha8([32]byte{7}), Now: func() time.Time { return now }})
		c := authorized(t, server)
		// Looking at the outbox must not change what comes after it.
		c.get(server.OutboxURL())
		created := strings.Join(c.set("shop"), "\n")
		listing := c.get("/users").Raw + c.get("/applications").Raw + c.token
		return strings.ReplaceAll(created+listing, server.URL(), "URL")
	}
	first := strings.ReplaceAll(run(), "\n", " ")
	require.Contains(t, first, "shop@example.com")
	require.Equal(t, stripToken(first), stripToken(strings.ReplaceAll(run(), "\n", " ")))
}

// stripToken leaves out the issuer's port, which differs, within the token.
func stripToken(s string) string {
	if i := strings.LastIndex(s, "eyJ"); i >= 0 {
		return s[:i]
	}
	return s
}
