//go:build unix

package emulator_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/collector"
)

// clients are how many call at the same time.
const clients = 8

// measured is what calls cost that clients make at the same time.
type measured struct {
	each, processor time.Duration // of the wall, and of all processors, clients included
	p50, p99        time.Duration
}

// together lets the clients make b.N calls, and reports calls a second and how far the
// slowest are from the middle.
func together(b *testing.B, call func(client int)) (m measured) {
	b.Helper()
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var group sync.WaitGroup
	b.ResetTimer()
	began, processor := time.Now(), used(b)
	for client := range clients {
		group.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				began := time.Now()
				call(client)
				took[n-1] = time.Since(began)
			}
		})
	}
	group.Wait()
	m.each = time.Since(began) / time.Duration(b.N)
	slices.Sort(took)
	m.p50, m.p99 = took[len(took)/2], took[len(took)*99/100]
	m.processor = (used(b) - processor) / time.Duration(b.N)
	b.ReportMetric(float64(m.processor)/float64(time.Microsecond), "cpu-us/op")
	b.ReportMetric(float64(time.Second)/float64(m.each), "calls/s")
	b.ReportMetric(float64(m.p99)/float64(m.p50), "p99/p50")
	return m
}

// asking makes a client that sends one request again and again and reads the answers.
func asking(b *testing.B, transport http.RoundTripper, method, address, body string, header ...string) func(int) {
	return func(int) {
		request, err := http.NewRequestWithContext(b.Context(), method, address, strings.NewReader(body))
		require.NoError(b, err)
		for i := 0; i < len(header); i += 2 {
			request.Header.Set(header[i], header[i+1])
		}
		answer, err := transport.RoundTrip(request)
		require.NoError(b, err)
		_, err = io.Copy(io.Discard, answer.Body)
		require.NoError(b, err)
		require.NoError(b, answer.Body.Close())
		require.Equal(b, 200, answer.StatusCode)
	}
}

// BenchmarkThroughput is what eight clients get at the same time, beside a handler of
// net/http that answers as many bytes, and beside the RSA signatures that are needed.
// Clients and emulator share the processors. x-bare is the processor time of a call as a
// multiple of the bare one's; of-rsa is which part of it its signatures are.
func BenchmarkThroughput(b *testing.B) {
	collector.LeaveRoom() // as the program does
	text, err := os.ReadFile("../examples/seeds/login-and-mfa.yaml")
	require.NoError(b, err)
	server, err := emulator.Start(b.Context(), emulator.Options{Seed: text})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, server.Close()) })
	transport := &http.Transport{MaxIdleConnsPerHost: 2 * clients}
	b.Cleanup(transport.CloseIdleConnections)
	in := server.Credentials()
	c := &caller{t: b, http: &http.Client{Transport: transport}, url: server.URL(), env: in.EnvironmentID}
	c.token = c.workerToken(in.EnvironmentID, in.ClientID, in.ClientSecret)
	user := c.get("/users?limit=1").Get("_embedded.users.0")

	bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, user.Raw)
	}))
	b.Cleanup(bare.Close)
	var base, signature measured
	b.Run("bare", func(b *testing.B) { base = together(b, asking(b, transport, "GET", bare.URL, "")) })
	against := func(m measured) float64 { return float64(m.processor) / float64(base.processor) }
	b.Run("read", func(b *testing.B) {
		m := together(b, asking(b, transport, "GET", c.url+"/v1/environments/"+c.env+"/users/"+user.Get("id").String(), "", "Authorization", "Bearer "+c.token))
		b.ReportMetric(against(m), "x-bare")
	})
	b.Run("signature", func(b *testing.B) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(b, err)
		digest := sha256.Sum256([]byte("claims"))
		signature = together(b, func(int) {
			_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
			require.NoError(b, err)
		})
	})
	b.Run("token", func(b *testing.B) {
		form := url.Values{"grant_type": {"client_credentials"}}.Encode()
		basic := (&http.Request{Header: http.Header{}})
		basic.SetBasicAuth(in.ClientID, in.ClientSecret)
		m := together(b, asking(b, transport, "POST", c.url+"/"+c.env+"/as/token", form,
			"Content-Type", "application/x-www-form-urlencoded", "Authorization", basic.Header.Get("Authorization")))
		b.ReportMetric(against(m), "x-bare")
		b.ReportMetric(float64(signature.processor)/float64(m.processor), "of-rsa")
	})
	b.Run("signOn", func(b *testing.B) {
		people := [clients]*caller{}
		for i := range people {
			people[i] = &caller{t: b, http: &http.Client{Transport: transport}, url: c.url, env: c.env}
		}
		m := together(b, func(client int) { people[client].signOn() })
		b.ReportMetric(2*float64(signature.processor)/float64(m.processor), "of-rsa")
	})
}

// BenchmarkCrowd is what calls cost in an environment of a hundred thousand people, as a
// multiple of what they cost with a hundred: of the medians of calls made in turn.
func BenchmarkCrowd(b *testing.B) {
	few, many := startBench(b, emulator.Options{Seed: crowd(b, 100)}), startBench(b, emulator.Options{Seed: crowd(b, 100_000)})
	for name, do := range map[string]func(c *caller){
		"list":   func(c *caller) { c.get("/users?limit=10") },
		"read":   func(c *caller) { c.get("/users/" + c.anna()) },
		"filter": func(c *caller) { c.get("/users?filter=" + url.QueryEscape(`username eq "person7"`)) },
		"email":  func(c *caller) { c.get("/users?filter=" + url.QueryEscape(`email eq "person7@example.com"`)) },
		"population": func(c *caller) {
			c.get("/users?limit=10&filter=" + url.QueryEscape(`population.id eq "`+c.population()+`"`))
		},
		"create": func(c *caller) {
			c.remove(c.url + "/v1/environments/" + c.env + "/users/" + c.addPerson("another"))
		},
		"signOn": (*caller).signOn,
	} {
		b.Run(name, func(b *testing.B) {
			var took [2][]time.Duration
			for b.Loop() {
				for i, c := range []*caller{few, many} {
					began := time.Now()
					do(c)
					took[i] = append(took[i], time.Since(began))
				}
			}
			for i := range took {
				slices.Sort(took[i])
			}
			b.ReportMetric(float64(took[1][len(took[1])/2])/float64(took[0][len(took[0])/2]), "x-few")
		})
	}
}

// anna is the id of Anna of the example.
func (c *caller) anna() string {
	return c.known("anna", func() string {
		return c.get(`/users?filter=` + url.QueryEscape(`username eq "anna"`)).Get("_embedded.users.0.id").String()
	})
}

func (c *caller) population() string {
	return c.known("population", func() string { return c.get("/populations?limit=1").Get("_embedded.populations.0.id").String() })
}

// known asks once for what is asked for again and again.
func (c *caller) known(name string, ask func() string) string {
	if c.ids == nil {
		c.ids = map[string]string{}
	}
	if c.ids[name] == "" {
		c.ids[name] = ask()
	}
	return c.ids[name]
}

// crowd is the example's seed with so many people more.
func crowd(b *testing.B, people int) []byte {
	b.Helper()
	collector.LeaveRoom() // as the program does
	text, err := os.ReadFile("../examples/seeds/login-and-mfa.yaml")
	require.NoError(b, err)
	var more strings.Builder
	more.WriteString("  users:\n")
	for i := range people {
		fmt.Fprintf(&more, "  - {username: person%d, email: person%d@example.com}\n", i, i)
	}
	before, after, found := strings.Cut(string(text), "  users:\n")
	require.True(b, found)
	return []byte(before + more.String() + after)
}
