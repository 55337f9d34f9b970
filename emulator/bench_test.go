//go:build unix

package emulator_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

// startBench starts an emulator and gives a caller with a token.
func startBench(b *testing.B, o emulator.Options) *caller {
	b.Helper()
	server, err := emulator.Start(context.Background(), o)
	require.NoError(b, err)
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	b.Cleanup(func() { transport.CloseIdleConnections(); require.NoError(b, server.Close()) })
	in := server.Credentials()
	c := &caller{t: b, http: &http.Client{Transport: transport}, url: server.URL(), env: in.EnvironmentID}
	c.token = c.workerToken(in.EnvironmentID, in.ClientID, in.ClientSecret)
	return c
}

func (c *caller) addPerson(name string) string {
	return c.create("/users", object{"username": name, "email": name + "@example.com"}).Get("id").String()
}

// BenchmarkWrites compares creations in memory with those in a state file, one caller
// after the other and eight at a time.
func BenchmarkWrites(b *testing.B) {
	for name, state := range map[string]bool{"memory": false, "state": true} {
		for _, callers := range []int{1, 8} {
			b.Run(fmt.Sprintf("%s/%d", name, callers), func(b *testing.B) {
				var o emulator.Options
				if state {
					o.State = filepath.Join(b.TempDir(), "state.db")
				}
				c := startBench(b, o)
				b.SetParallelism(callers)
				var made uint64
				b.ResetTimer()
				if callers == 1 {
					for b.Loop() {
						c.remove(c.url + "/v1/environments/" + c.env + "/users/" + c.addPerson(fmt.Sprintf("person%d", made)))
						made++
					}
					return
				}
				b.RunParallel(func(p *testing.PB) {
					for n := 0; p.Next(); n++ {
						c.remove(c.url + "/v1/environments/" + c.env + "/users/" + c.addPerson(fmt.Sprintf("person%p-%d", p, n)))
					}
				})
			})
		}
	}
}

// BenchmarkCodeFlow is an authorization code flow from authorize to tokens, beside the
// two RSA signatures that it needs; cpu-ms is what the process has used, caller included.
func BenchmarkCodeFlow(b *testing.B) {
	b.Run("signatures", func(b *testing.B) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(b, err)
		digest := sha256.Sum256([]byte("claims"))
		began := used(b)
		for b.Loop() {
			for range 2 {
				_, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
				require.NoError(b, err)
			}
		}
		b.ReportMetric(float64(used(b)-began)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
	})
	b.Run("flow", func(b *testing.B) {
		text, err := os.ReadFile("../examples/seeds/login-and-mfa.yaml")
		require.NoError(b, err)
		c := startBench(b, emulator.Options{Seed: text})
		began := used(b)
		for b.Loop() {
			c.signOn()
		}
		b.ReportMetric(float64(used(b)-began)/float64(time.Millisecond)/float64(b.N), "cpu-ms/op")
	})
}

// signOn takes Anna of the example from authorize to her tokens.
func (c *caller) signOn() {
	c.http.Jar, _ = cookiejar.New(nil) // it makes no error
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	query := url.Values{"client_id": {"11111111-1111-4111-8111-0000000000a2"}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "scope": {"openid"},
		"redirect_uri": {"http://localhost:3000/back"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}
	base := c.url + "/" + c.env
	flow := gjson.Parse(c.text(base + "/as/authorize?" + query.Encode())).Get("id").String()
	for action, body := range map[string]object{"usernamePassword.check": {"username": "anna", "password": "Quiet-Harbour-52"}} {
		status, answer := c.call(http.MethodPost, base+"/flows/"+flow, "application/vnd.pingidentity."+action+"+json", body)
		require.Equal(c.t, 200, status, answer.Raw)
	}
	status, answer := c.call(http.MethodPost, base+"/flows/"+flow, "application/vnd.pingidentity.otp.check+json", object{"otp": "123456"})
	require.Equal(c.t, 200, status, answer.Raw)
	code := gjson.Parse(c.text(base + "/as/resume?flowId=" + flow)).Get("authorizeResponse.code").String()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {"http://localhost:3000/back"}, "client_id": query["client_id"], "code_verifier": {verifier}}
	response, err := c.http.PostForm(base+"/as/token", form)
	require.NoError(c.t, err)
	_, err = io.Copy(io.Discard, response.Body) // else the connection is of no further use
	require.NoError(c.t, err)
	require.NoError(c.t, response.Body.Close())
	require.Equal(c.t, 200, response.StatusCode)
}

// used is the processor time that this process has used.
func used(b *testing.B) time.Duration {
	var usage syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
