package files_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// canaries stands before a server and collects what must be in no report: the secrets and
// tokens that go over the wire, and the ids that the environment gives out.
type canaries struct {
	*httptest.Server
	mu    sync.Mutex
	found map[string]bool
	shown sync.Map // challenges, by their text
}

func before(t *testing.T, server string) *canaries {
	t.Helper()
	target, err := url.Parse(server)
	require.NoError(t, err)
	c := &canaries{found: map[string]bool{}}
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(answer *http.Response) error {
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				return err
			}
			answer.Body = io.NopCloser(bytes.NewReader(body))
			if gjson.GetBytes(body, "id").String() == answer.Header.Get("Correlation-Id") {
				return nil // a refusal's id is the name of the call, which PingOne's support asks for
			}
			c.learn(body, "access_token", "id_token", "secret", "id", "environment.id", "_embedded.users.#.id")
			for _, cookie := range answer.Cookies() {
				c.add(cookie.Value)
			}
			return nil
		},
	}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sent, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(sent))
		if challenge := r.URL.Query().Get("code_challenge"); challenge != "" {
			c.shown.Store(challenge, true)
		}
		c.learn(sent, "password", "value", "newPassword", "currentPassword")
		if form, err := url.ParseQuery(string(sent)); err == nil {
			c.add(form.Get("code"))
			c.add(form.Get("client_secret"))
			if _, shown := c.shown.Load(form.Get("code_verifier")); !shown { // a challenge is no secret
				c.add(form.Get("code_verifier"))
			}
		}
		if _, secret, is := r.BasicAuth(); is {
			c.add(secret)
		}
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *canaries) learn(body []byte, members ...string) {
	for _, member := range members {
		for _, value := range gjson.GetBytes(body, member).Array() {
			c.add(value.String())
		}
	}
}

// add takes what is long enough to be found by nothing but itself.
func (c *canaries) add(text string) {
	if len(text) < 10 || text == "00000000-0000-0000-0000-000000000000" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found[text] = true
}

func (c *canaries) all() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []string
	for text := range c.found {
		all = append(all, text)
	}
	return all
}
