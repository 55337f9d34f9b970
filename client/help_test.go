package client_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

const (
	naAPI  = "https://api.pingone.com/v1"
	naAuth = "https://auth.pingone.com"
)

// carry is a transport in place of a network.
type carry func(*http.Request) (*http.Response, error)

func (c carry) RoundTrip(request *http.Request) (*http.Response, error) { return c(request) }

// wire answers every request with one answer and keeps what was sent.
type wire struct {
	status int
	header http.Header
	body   string
	sent   []*http.Request
	bodies []string
}

func (w *wire) RoundTrip(request *http.Request) (*http.Response, error) {
	body := ""
	if request.Body != nil {
		text, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		body = string(text)
	}
	w.sent, w.bodies = append(w.sent, request), append(w.bodies, body)
	status, header := w.status, w.header
	if status == 0 {
		status = http.StatusOK
	}
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(w.body)), Request: request}, nil
}

func (w *wire) last() *http.Request { return w.sent[len(w.sent)-1] }

// overWire returns a client of the NA region whose calls end in a wire.
func overWire(t *testing.T) (*client.Client, *wire) {
	t.Helper()
	w := &wire{}
	c, err := client.New(client.Options{APIURL: naAPI, AuthURL: naAuth, Transport: w})
	require.NoError(t, err)
	return c, w
}

// answered is an earlier exchange with a JSON body.
func answered(t *testing.T, body any) *client.Exchange {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	return &client.Exchange{Operation: "Earlier Call", Status: http.StatusOK, Header: http.Header{}, Body: text}
}

// links is a HAL answer with these links.
func links(hrefs map[string]string) map[string]any {
	all := map[string]any{}
	for rel, href := range hrefs {
		all[rel] = map[string]string{"href": href}
	}
	return map[string]any{"_links": all}
}
