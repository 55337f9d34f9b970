//go:build unix

package features

import (
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/replay"
)

// The floors are the journey's calls by bare net/http, the deletions included, without
// godog, fixtures or checks: what the rest of this project costs comes on top.

// floor sends the recorded requests, as they are, to a server that answers with the recorded bytes.
func floor(b *testing.B) journeys {
	exchanges := recorded(b)
	next := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		answer := exchanges[next%len(exchanges)].Response
		next++
		for name, values := range answer.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(answer.Status)
		_, _ = w.Write(answer.Body)
	}))
	b.Cleanup(server.Close)
	plain := bare()
	return func(n int) {
		for range n {
			for _, x := range exchanges {
				_, _, _ = send(b, plain, x.Request.Method, server.URL+x.Request.URL.RequestURI(), string(x.Request.Body), x.Request.Header.Clone())
			}
		}
	}
}

// emulatorFloor sends the same calls to the emulator: each ends as it was recorded,
// because ids, tokens, the secret, cookies and the code are those that the emulator handed out.
func emulatorFloor(b *testing.B) journeys {
	server, err := emulator.Start(b.Context(), emulator.Options{})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, server.Close()) })
	worker, recordedAs := server.Credentials(), replay.Replayed()
	calls := threaded(recorded(b), recordedAs)
	plain := bare()
	return func(n int) {
		for range n {
			known := map[string]string{
				recordedAs.EnvironmentID: worker.EnvironmentID, recordedAs.ClientID: worker.ClientID, recordedAs.ClientSecret: worker.ClientSecret,
			}
			plain.Jar, err = cookiejar.New(nil)
			require.NoError(b, err)
			for _, c := range calls {
				c.send(b, plain, server.URL(), known)
			}
		}
	}
}

// threadedCall is a recorded call with gaps for what another server hands out.
type threadedCall struct {
	method                    string
	address, body, credential gapped
	scheme                    string // of the credential
	header                    http.Header
	status                    int
	learns                    map[string]string // place in the answer → the recorded value there
}

// gapped is a text in pieces; every other one is a recorded value that has to be replaced.
type gapped []string

func (g gapped) with(known map[string]string) string {
	var filled strings.Builder
	for i, piece := range g {
		if i%2 == 1 {
			piece = known[piece]
		}
		filled.WriteString(piece)
	}
	return filled.String()
}

// threaded prepares the recorded calls to be sent elsewhere.
func threaded(exchanges []replay.Exchange, recordedAs replay.StandIns) []threadedCall {
	var calls []threadedCall
	known := []string{recordedAs.EnvironmentID, recordedAs.ClientID, recordedAs.ClientSecret}
	for _, x := range exchanges {
		var gaps []string
		for _, value := range known {
			gaps = append(gaps, value, "\x00"+value+"\x00")
		}
		cut := func(text string) gapped { return strings.Split(strings.NewReplacer(gaps...).Replace(text), "\x00") }
		c := threadedCall{
			method: x.Request.Method, address: cut(x.Request.URL.RequestURI()), body: cut(string(x.Request.Body)),
			header: x.Request.Header, status: x.Response.Status, learns: handedOut(x.Response),
		}
		scheme, credential, _ := strings.Cut(c.header.Get("Authorization"), " ")
		if pair, err := base64.StdEncoding.DecodeString(credential); scheme == "Basic" && err == nil {
			credential = string(pair)
		}
		c.scheme, c.credential = scheme, cut(credential)
		c.header.Del("Cookie")
		for _, value := range c.learns {
			known = append(known, value)
		}
		calls = append(calls, c)
	}
	return calls
}

// handedOut are the places in an answer that hold what later calls send back: gjson paths, or ? and a parameter of the Location.
func handedOut(x replay.Response) map[string]string {
	places := []string{"id", "access_token", "secret", "?flowId", "?code"}
	for _, list := range []string{"_embedded.resources", "_embedded.scopes"} {
		for i := range gjson.GetBytes(x.Body, list).Array() {
			places = append(places, fmt.Sprintf("%s.%d.id", list, i))
		}
	}
	found := map[string]string{}
	for _, place := range places {
		if value := valueAt(place, x.Header, x.Body); value != "" {
			found[place] = value
		}
	}
	return found
}

func valueAt(place string, header http.Header, body []byte) string {
	name, inLocation := strings.CutPrefix(place, "?")
	if !inLocation {
		return gjson.GetBytes(body, place).String()
	}
	location, err := url.Parse(header.Get("Location"))
	if err != nil {
		return ""
	}
	return location.Query().Get(name)
}

func (c threadedCall) send(b *testing.B, plain *http.Client, server string, known map[string]string) {
	b.Helper()
	header, credential := c.header.Clone(), c.credential.with(known)
	if c.scheme == "Basic" {
		credential = base64.StdEncoding.EncodeToString([]byte(credential))
	}
	if c.scheme != "" {
		header.Set("Authorization", c.scheme+" "+credential)
	}
	status, got, body := send(b, plain, c.method, server+c.address.with(known), c.body.with(known), header)
	require.Equal(b, c.status, status, "%s %s: %s", c.method, c.address.with(known), body)
	for place, value := range c.learns {
		known[value] = valueAt(place, got, body)
	}
}

// bare is a client that does nothing of its own accord.
func bare() *http.Client {
	return &http.Client{Transport: client.NewTransport(1), CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func send(b *testing.B, plain *http.Client, method, address, body string, header http.Header) (int, http.Header, []byte) {
	b.Helper()
	request, err := http.NewRequestWithContext(b.Context(), method, address, strings.NewReader(body))
	require.NoError(b, err)
	request.Header = header
	answer, err := plain.Do(request)
	require.NoError(b, err)
	read, err := io.ReadAll(answer.Body)
	require.NoError(b, err)
	require.NoError(b, answer.Body.Close())
	return answer.StatusCode, answer.Header, read
}
