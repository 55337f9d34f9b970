package emulator_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// patience is how long the emulators of these tests wait for a slow caller, and
// lifetime bounds everything here that could hang.
const (
	patience = 2 * time.Second
	lifetime = time.Minute
)

// line is a bare connection that speaks whatever it likes.
func line(t *testing.T, server *emulator.Server) net.Conn {
	t.Helper()
	connection, err := net.DialTimeout("tcp", strings.TrimPrefix(server.URL(), "http://"), lifetime)
	require.NoError(t, err)
	require.NoError(t, connection.SetDeadline(time.Now().Add(lifetime)))
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

// requireHungUp waits until the emulator has ended the connection, whatever it said before.
func requireHungUp(t *testing.T, connection net.Conn) {
	t.Helper()
	_, err := io.Copy(io.Discard, connection)
	var late net.Error
	require.False(t, errors.As(err, &late) && late.Timeout(), "the emulator still waits for a caller that is slow")
}

// requireAnswers makes and removes a whole set, as somebody who needs the emulator would.
func requireAnswers(t *testing.T, server *emulator.Server) {
	t.Helper()
	c := authorized(t, server)
	c.clear(c.set("shop"))
}

func TestSlowCallersStopNobody(t *testing.T) {
	server := start(t, emulator.Impatient(emulator.Options{}, patience))
	before := server.Counts()
	var slow []net.Conn
	for name, opening := range map[string]string{
		"says nothing":             "",
		"never ends a header line": "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaa",
		"never ends the header":    "GET / HTTP/1.1\r\nHost: localhost\r\n",
		"never ends the body":      "POST /" + server.Credentials().EnvironmentID + "/as/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\ngrant",
		"never ends a chunk":       "POST /v1/environments HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
		"never asks again":         "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		for range 30 {
			connection := line(t, server)
			_, err := io.WriteString(connection, opening)
			require.NoError(t, err, name)
			slow = append(slow, connection)
		}
	}
	requireAnswers(t, server)
	require.Equal(t, withoutZeros(before), withoutZeros(server.Counts()))
	for _, connection := range slow {
		requireHungUp(t, connection)
	}
}

// A reader that takes no byte of a long page holds nothing that others need.
func TestAReaderThatStopsReadingStopsNobody(t *testing.T) {
	server := start(t, emulator.Impatient(emulator.Options{}, 2*lifetime))
	c := authorized(t, server)
	user := c.create("/users", object{"username": "anna", "email": "anna@example.com"})
	for i := range 45 {
		c.create("/users/"+user.Get("id").String()+"/devices", object{"type": "EMAIL", "status": "ACTIVATION_REQUIRED", "email": fmt.Sprintf("%0200d@example.com", i)})
	}
	askUntilStuck(t, line(t, server), "GET /emulator/outbox HTTP/1.1\r\nHost: localhost\r\n\r\n")
	c.http.Timeout = lifetime
	c.remove(user.Get("_links.self.href").String())
	requireAnswers(t, server)
}

// askUntilStuck asks on and on without reading an answer, until the emulator has
// no room left for answers and takes no further request.
func askUntilStuck(t *testing.T, connection net.Conn, request string) {
	t.Helper()
	require.NoError(t, connection.(*net.TCPConn).SetReadBuffer(1))
	require.NoError(t, connection.(*net.TCPConn).SetWriteBuffer(1))
	for range 1000 {
		require.NoError(t, connection.SetWriteDeadline(time.Now().Add(patience)))
		if _, err := io.WriteString(connection, strings.Repeat(request, 100)); err != nil {
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			return
		}
	}
	t.Fatal("the emulator buffers answers without end")
}

func TestTheConnectionThatIsQuietLongestMakesRoom(t *testing.T) {
	const limit = 20
	server := start(t, emulator.Small(emulator.Options{}, limit, 0))
	var silent []net.Conn
	for range 3 * limit {
		silent = append(silent, line(t, server))
	}
	requireAnswers(t, server)
	for _, connection := range silent[:limit] {
		requireHungUp(t, connection)
	}
}

// Calls that are never sent whole keep nobody out, however many there are.
func TestTheCallThatIsSentLongestMakesRoom(t *testing.T) {
	const limit = 20
	for name, opening := range map[string]string{
		"half a header": "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: a",
		"half a body":   "POST /as/token HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\ngrant",
		"half a chunk":  "POST /as/token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ngr",
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t, emulator.Small(emulator.Options{}, limit, 0))
			for range 3 * limit {
				_, err := io.WriteString(line(t, server), opening)
				require.NoError(t, err)
			}
			requireAnswers(t, server)
		})
	}
}

func TestMalformedRequestsAreRefusedAndNoHarm(t *testing.T) {
	server := start(t, emulator.Impatient(emulator.Options{}, patience))
	token := "/" + server.Credentials().EnvironmentID + "/as/token"
	for name, row := range map[string]struct{ sent, wants string }{
		"no HTTP at all":            {"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", "400"},
		"no version":                {"GET /\r\n\r\n", "400"},
		"a version to come":         {"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", "505"},
		"no host":                   {"GET / HTTP/1.1\r\n\r\n", "400"},
		"two hosts":                 {"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", "400"},
		"a zero in a header":        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: \x00\r\n\r\n", "400"},
		"a header without colon":    {"GET / HTTP/1.1\r\nHost: localhost\r\nX\r\n\r\n", "400"},
		"a bad escape in the path":  {"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", "400"},
		"two lengths":               {"POST " + token + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
		"a negative length":         {"POST " + token + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", "400"},
		"an unknown coding":         {"POST " + token + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: zip\r\n\r\n", "501"},
		"a chunk that is no number": {"POST " + token + " HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
		"an unknown method":         {"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", "405"},
		"a path of nothing":         {"GET //////// HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"},
		"dots":                      {"GET /v1/environments/../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", "404"},
		"headers above PingOne's":   {"GET /v1/environments HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 7<<10) + "\r\n\r\n", "400"},
		"headers above ours":        {"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("a", 80<<10) + "\r\n\r\n", "431"},
		"a very long path":          {"GET /" + strings.Repeat("a/", 40<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "431"},
		"a million headers":         {"GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("A: b\r\n", 100_000) + "\r\n", "431"},
		"a form of nonsense":        {"POST " + token + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 6\r\n\r\n%zz=%\x00", "400"},
		"JSON nested without end":   {jsonCall(server, strings.Repeat(`{"a":`, 100_000)), "401"},
		"a body that is too large":  {jsonCall(server, strings.Repeat("a", 2<<20)), "413"},
	} {
		t.Run(name, func(t *testing.T) {
			connection := line(t, server)
			go func() { _, _ = io.WriteString(connection, row.sent) }() // it may hang up before all is said
			answer, err := bufio.NewReader(connection).ReadString('\n')
			require.NoError(t, err)
			require.True(t, strings.HasPrefix(answer, "HTTP/1.1 "+row.wants), answer)
		})
	}
	requireAnswers(t, server)
}

func jsonCall(server *emulator.Server, body string) string {
	return fmt.Sprintf("POST /v1/environments/%s/applications HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
		server.Credentials().EnvironmentID, len(body), body)
}

// Bodies that only an authorized caller gets to have parsed.
func TestStrangeBodiesOfAnAuthorizedCaller(t *testing.T) {
	server := start(t, emulator.Options{})
	c := authorized(t, server)
	for name, body := range map[string]string{
		"nothing":               "",
		"half an object":        `{"name":`,
		"two objects":           `{} {}`,
		"a list":                `[]`,
		"null":                  `null`,
		"nested without end":    strings.Repeat(`{"a":`, 100_000),
		"lists without end":     strings.Repeat(`[`, 100_000),
		"no text":               "\xff\xfe\x00",
		"a huge number":         `{"name":1e999999}`,
		"a name of a megabyte":  `{"name":"` + strings.Repeat("a", 1<<19) + `"}`,
		"one member many times": `{` + strings.Repeat(`"name":"x",`, 1000) + `"name":"y"}`,
	} {
		request, err := http.NewRequest(http.MethodPost, c.url+"/v1/environments/"+c.env+"/applications", strings.NewReader(body))
		require.NoError(t, err)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+c.token)
		status, _ := c.do(request)
		require.Equal(t, 400, status, name)
	}
	requireAnswers(t, server)
}

func TestAnEndlessBodyIsCutOff(t *testing.T) {
	server := start(t, emulator.Options{})
	reader, writer := io.Pipe()
	go func() {
		piece := bytes.Repeat([]byte("a"), 1<<16)
		for {
			if _, err := writer.Write(piece); err != nil {
				return
			}
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), lifetime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL()+"/v1/environments", reader)
	require.NoError(t, err)
	response, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(request)
	if err == nil {
		require.Equal(t, 413, response.StatusCode)
		require.NoError(t, response.Body.Close())
	}
	require.NoError(t, ctx.Err(), "the emulator reads on and on")
	require.NoError(t, reader.Close())
	requireAnswers(t, server)
}

// Close ends callers of every sort at once, and leaves no goroutine.
func TestCloseLeavesNothingRunning(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	server, err := emulator.Start(context.Background(), emulator.Options{Faults: []emulator.Fault{
		{Kind: "latency", Operation: "environment.list", For: 40 * time.Second}, {Kind: "slow", Operation: "discovery", For: 40 * time.Second},
	}})
	require.NoError(t, err)
	var lines []net.Conn
	for _, sent := range []string{
		"", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /v1/environments HTTP/1.1\r\nHost: localhost\r\n\r\n",
		"GET /" + server.Credentials().EnvironmentID + "/as/.well-known/openid-configuration HTTP/1.1\r\nHost: localhost\r\n\r\n",
	} {
		connection := line(t, server)
		_, err := io.WriteString(connection, sent)
		require.NoError(t, err)
		lines = append(lines, connection)
	}
	// The slow answer has begun: its call is being answered.
	_, err = bufio.NewReader(lines[4]).ReadString('\n')
	require.NoError(t, err)
	began := time.Now()
	require.NoError(t, server.Close())
	require.Less(t, time.Since(began), lifetime)
	for _, connection := range lines {
		requireHungUp(t, connection)
	}
	require.True(t, settlesAt(goroutines), "goroutines are left:\n%s", stacks())
}
