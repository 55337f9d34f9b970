package oauth

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// A token whose signature is known to be good is refused in each of the ways in which
// it would be if nobody had seen it before.
func TestAKnownTokenIsRefusedOnceItIsNoGood(t *testing.T) {
	for name, end := range map[string]func(r *rig, b *userAgent, token, code string){
		"revoked": func(r *rig, _ *userAgent, token, _ string) {
			require.Equal(r.t, 200, r.tokenCall("/as/revoke", "token", token).StatusCode)
		},
		"code used again": func(r *rig, _ *userAgent, _, code string) { r.exchange(code) },
		"expired":         func(r *rig, _ *userAgent, _, _ string) { r.pass(time.Hour) },
		"signed off": func(r *rig, b *userAgent, _, _ string) {
			b.send("GET", r.path("/as/signoff"), "", "")
		},
		"application disabled": func(r *rig, _ *userAgent, _, _ string) { r.app.Enabled = false },
		"application deleted":  func(r *rig, _ *userAgent, _, _ string) { delete(r.env.Applications, r.app.ID) },
		"person disabled":      func(r *rig, _ *userAgent, _, _ string) { r.anna.Enabled = false },
		"person deleted":       func(r *rig, _ *userAgent, _, _ string) { r.env.RemoveUser(r.anna) },
		"environment deleted":  func(r *rig, _ *userAgent, _, _ string) { r.tenant.RemoveEnvironment(r.env.ID) },
		"restored to before": func(r *rig, _ *userAgent, _, _ string) {
			r.tenant.Replace(tenant.Data{Environments: tenant.Table[*tenant.Environment]{}})
			r.server.Forget()
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			b := r.browser()
			code := b.code()
			token := r.exchange(code).json("access_token").String()
			info := func() int {
				return r.browser().send("GET", r.path("/as/userinfo"), "", "", "Authorization", "Bearer "+token).StatusCode
			}
			require.Equal(t, 200, info())
			_, known := r.server.verified.look(digest(token))
			require.True(t, known)
			require.Equal(t, 200, info())
			end(r, b, token, code)
			require.Contains(t, []int{401, 404}, info())
			_, ok := r.server.Authenticate(token)
			require.False(t, ok)
		})
	}
}

func TestAKnownTokenIsGoodAgainWhenTheClockGoesBack(t *testing.T) {
	r := newRig(t)
	token := r.exchange(r.browser().code()).json("access_token").String()
	good := func() bool { _, ok := r.server.Authenticate(token); return ok }
	require.True(t, good())
	r.pass(2 * time.Hour)
	require.False(t, good())
	_, known := r.server.verified.look(digest(token))
	require.False(t, known, "it is not remembered past its end")
	r.pass(-2 * time.Hour)
	require.True(t, good())
}

// Only the very token is known: neither another signature under the same claims, nor
// other claims, nor the key of an earlier process once that is not trusted any more.
// What a call brings of tokens is looked at before the call waits for the tenant.
func TestWhereACallBringsTokens(t *testing.T) {
	bearer := http.Header{"Authorization": {"Bearer a.b.c"}}
	for _, row := range []struct {
		operation, query, body string
		header                 http.Header
		want                   []string
	}{
		{"user.read", "", "token=one", nil, nil},
		{"user.read", "id_token_hint=one", "", bearer, []string{"a.b.c"}},
		{"introspect", "", "token=one", bearer, []string{"a.b.c", "one"}},
		{"introspect", "", "other=one", nil, nil},
		{"revoke", "token=two", "token=one", nil, []string{"one"}},
		{"revoke", "", "token=one;", nil, nil},
		{"authorize", "id_token_hint=one", "", nil, []string{"one"}},
		{"authorize", "", "id_token_hint=one", nil, nil},
		{"signoff", "id_token_hint=one", "", bearer, []string{"a.b.c", "one"}},
	} {
		call := &wire.Call{Operation: row.operation, URL: &url.URL{RawQuery: row.query}, Header: row.header, Body: []byte(row.body)}
		require.Equal(t, row.want, tokensOf(call), row)
	}
}

func TestOnlyTheVeryTokenIsKnown(t *testing.T) {
	r := newRig(t)
	token := r.exchange(r.browser().code()).json("access_token").String()
	_, ok := r.server.Authenticate(token)
	require.True(t, ok)
	parts := strings.Split(token, ".")
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	c, err := r.server.verify(token)
	require.NoError(t, err)
	foreign, err := SignAsPublished(other, c)
	require.NoError(t, err)
	flipped := []byte(parts[2])
	flipped[0] ^= 1
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"client_id":"` + r.app.ID + `"}`))
	for _, forged := range []string{foreign, parts[0] + "." + parts[1] + "." + string(flipped), parts[0] + "." + payload + "." + parts[2], token + ".", ""} {
		_, ok := r.server.Authenticate(forged)
		require.False(t, ok, forged)
	}

	former, err := named(other)
	require.NoError(t, err)
	r.server.former = []*key{former}
	token, err = former.sign(c)
	require.NoError(t, err)
	_, ok = r.server.Authenticate(token)
	require.True(t, ok)
	r.server.former = nil
	r.server.Forget()
	_, ok = r.server.Authenticate(token)
	require.False(t, ok)
}

// Nothing grows with the tokens that were seen.
func TestKnownTokensAreBounded(t *testing.T) {
	v := newVerified()
	for i := range 2*maxVerified + 10 {
		v.put(fmt.Sprint(i), Claims{"n": i})
	}
	require.Equal(t, maxVerified, held(v.known))
	_, known := v.look(fmt.Sprint(2*maxVerified + 9))
	require.True(t, known)
	_, known = v.look("0")
	require.False(t, known)
}

// Whoever sends a code again while its tokens are being signed, which happens without
// the lock, takes them back all the same.
func TestACodeSentAgainWhileItsTokensAreSigned(t *testing.T) {
	decide := Documented()
	var meanwhile func()
	decide.AccessClaims = func(c Claims) Claims {
		if do := meanwhile; do != nil {
			meanwhile = nil
			do()
		}
		return c
	}
	r := newRig(t, Options{Decisions: &decide})
	r.app.GrantTypes = append(r.app.GrantTypes, "REFRESH_TOKEN")
	code := r.browser().code()
	meanwhile = func() { requireOAuth(t, r.exchange(code), 400, "invalid_grant") }
	first := r.exchange(code)
	require.Equal(t, 200, first.StatusCode)
	_, ok := r.server.Authenticate(first.json("access_token").String())
	require.False(t, ok)
	requireOAuth(t, r.token("grant_type", "refresh_token", "refresh_token", first.json("refresh_token").String()), 400, "invalid_grant")

	person := url.Values{}
	meanwhile = func() { r.env.RemoveUser(r.anna); person.Set("gone", "") }
	last := r.exchange(r.browser().code()).json("access_token").String()
	require.True(t, person.Has("gone"))
	_, ok = r.server.Authenticate(last)
	require.False(t, ok, "a person who was deleted meanwhile")
}
