package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// keysLife is how long the keys of a jwksUrl are kept before they are asked for again.
const keysLife = time.Minute

// keysTimeout is how long a jwksUrl may take to answer.
const keysTimeout = 5 * time.Second

const maxKeySet = 64 << 10

// publishedKeys are the keys of an application, from its jwks or its jwksUrl.
func (s *Server) publishedKeys(app *tenant.Application, now time.Time) []jose.JSONWebKey {
	if set := app.Words("jwks"); set != "" {
		return readKeys([]byte(set))
	}
	keys, _ := s.keys.Get(app.Words("jwksUrl"), now)
	return keys
}

// readKeys reads a key set; keys that are not understood are passed over (RFC 7517
// section 5).
func readKeys(set []byte) []jose.JSONWebKey {
	var raw struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(set, &raw) != nil {
		return nil
	}
	var keys []jose.JSONWebKey
	for _, one := range raw.Keys {
		var key jose.JSONWebKey
		if json.Unmarshal(one, &key) == nil && key.IsPublic() {
			keys = append(keys, key)
		}
	}
	return keys
}

// FetchKeys asks the jwksUrl of an application for its keys before a call that they
// have signed something of is answered. It runs outside the tenant's lock.
func (s *Server) FetchKeys(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		if address := s.keysNeeded(call); address != "" {
			// An address that gives no keys has none: the signature is refused for it.
			keys, _ := s.fetch(address, call.Done)
			s.tenant.Lock()
			now := s.tenant.Now()
			s.keys.Put(address, keys, now, now.Add(keysLife))
			s.tenant.Unlock()
		}
		return next(call)
	}
}

// keysNeeded is the jwksUrl whose keys a call needs and that are not known, "" when
// there is none.
func (s *Server) keysNeeded(call *wire.Call) string {
	values := call.URL.Query()
	if call.MediaType() == formType {
		if form, err := url.ParseQuery(string(call.Body)); err == nil {
			for name, sent := range form {
				values[name] = sent
			}
		}
	}
	for _, name := range []string{"client_assertion", "request"} {
		algorithm, issuer := unverified(values.Get(name))
		if strings.HasPrefix(algorithm, "RS") {
			return s.unknownKeys(strings.Split(strings.TrimPrefix(call.URL.Path, "/"), "/")[0], issuer)
		}
	}
	return ""
}

func (s *Server) unknownKeys(envID, appID string) string {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	env := s.tenant.Environment(envID)
	if env == nil || env.Applications[appID] == nil || env.Applications[appID].Words("jwks") != "" {
		return ""
	}
	address := env.Applications[appID].Words("jwksUrl")
	if _, known := s.keys.Get(address, s.tenant.Now()); known {
		return ""
	}
	return address
}

func (s *Server) fetch(address string, done <-chan struct{}) ([]jose.JSONWebKey, error) {
	// Plain http is for loopback, as with redirect URIs.
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || tenant.RedirectFault(address, false) != "") {
		return nil, errors.New("a jwksUrl is https, or on loopback")
	}
	ctx, cancel := context.WithTimeout(context.Background(), keysTimeout)
	defer cancel()
	go func() {
		select {
		case <-done:
			cancel()
		case <-ctx.Done():
		}
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for the keys of a client: %w", err)
	}
	answer, err := s.http.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for the keys of a client: %w", err)
	}
	defer func() { _ = answer.Body.Close() }() // it was read, or not wanted
	set, err := io.ReadAll(io.LimitReader(answer.Body, maxKeySet))
	if err != nil || answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("ask for the keys of a client: status %d: %w", answer.StatusCode, err)
	}
	return readKeys(set), nil
}
