// Package emulatortest starts PingOne's stand-in for one test of Go.
//
//	func TestSignOn(t *testing.T) {
//		pingone := emulatortest.New(t, emulator.Options{Seed: seed})
//		...                                       // sign on at pingone.URL()
//		passcode := pingone.Passcode("anna")      // what PingOne would have sent
//		pingone.Pass(16 * time.Minute)            // and then time passes
//	}
package emulatortest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pingone-conformance/emulator"
)

// patience is how long a passcode is waited for.
const patience = 10 * time.Second

// Emulator is an emulator that ends with its test. A call that cannot be carried out
// fails the test.
type Emulator struct {
	*emulator.Server
	t testing.TB
}

// New starts an emulator on a free port of localhost, with these options if any. It
// is closed when the test is over.
func New(t testing.TB, o ...emulator.Options) *Emulator {
	t.Helper()
	var options emulator.Options
	if len(o) > 0 {
		options = o[0]
	}
	server, err := emulator.Start(context.Background(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	return &Emulator{Server: server, t: t}
}

// Seed starts an emulator with what a file says, YAML or JSON.
func Seed(t testing.TB, file string) *Emulator {
	t.Helper()
	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		t.Fatal(err)
	}
	return New(t, emulator.Options{Seed: text, SeedFile: file})
}

// Client is a browser of its own: it keeps cookies, follows no redirect, and trusts
// the emulator's certificate.
func (e *Emulator) Client() *http.Client {
	jar, err := cookiejar.New(nil)
	if err != nil {
		e.t.Fatal(err)
	}
	transport := &http.Transport{}
	if authority := e.CA(); authority != nil {
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(authority)
		transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	}
	e.t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{
		Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Token is an access token of the worker application, which may do everything in its
// environment.
func (e *Emulator) Token() string {
	e.t.Helper()
	c := e.Credentials()
	form := strings.NewReader("grant_type=client_credentials")
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, e.URL()+"/"+c.EnvironmentID+"/as/token", form)
	if err != nil {
		e.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.SetBasicAuth(url.QueryEscape(c.ClientID), url.QueryEscape(c.ClientSecret))
	response, err := e.Client().Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	var answer struct {
		Token string `json:"access_token"`
		Error string `json:"error_description"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil || answer.Token == "" {
		e.t.Fatalf("no token for the worker application %s: %s %s %v", c.ClientID, response.Status, answer.Error, err)
	}
	return answer.Token
}

// Passcode is the newest passcode that was sent to a person, by username or id; it
// waits until there is one.
func (e *Emulator) Passcode(user string) string {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	message, err := e.Message(ctx, user)
	if err != nil {
		e.t.Fatalf("no passcode was sent to %s: %v", user, err)
	}
	return message.OTP
}

// Pass lets time pass.
func (e *Emulator) Pass(by time.Duration) {
	e.t.Helper()
	if err := e.Advance(by); err != nil {
		e.t.Fatal(err)
	}
}
