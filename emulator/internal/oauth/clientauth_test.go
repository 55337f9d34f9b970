package oauth

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func TestClientAuthenticationGoesByTheApplicationsMethod(t *testing.T) {
	const inBasic, inForm, idOnly, both, nothing = "basic", "form", "id only", "basic and form", "nothing"
	works := map[string]string{"CLIENT_SECRET_BASIC": inBasic, "CLIENT_SECRET_POST": inForm, "NONE": idOnly, "PRIVATE_KEY_JWT": ""}
	for method, good := range works {
		for _, way := range []string{inBasic, inForm, idOnly, both, nothing} {
			t.Run(method+" by "+way, func(t *testing.T) {
				r := newRig(t)
				worker := r.addWorker("Environment Admin")
				worker.TokenEndpointAuthMethod = method
				form, authorization := url.Values{"grant_type": {"client_credentials"}}, ""
				if way == inBasic || way == both {
					authorization = basic(worker.ID, worker.Secret)
				}
				if way == inForm || way == both {
					form.Set("client_secret", worker.Secret)
				}
				if way == inForm || way == both || way == idOnly {
					form.Set("client_id", worker.ID)
				}
				answer := r.post(authorization, form)
				if way == good {
					require.Equal(t, 200, answer.StatusCode, answer.body)
					return
				}
				requireOAuth(t, answer, 401, "invalid_client")
				require.Contains(t, answer.json("error_description").String(), "Unsupported authentication method")
				require.Equal(t, authorization != "", answer.Header.Get("WWW-Authenticate") != "")
			})
		}
	}
}

func TestClientAuthenticationRefusals(t *testing.T) {
	r := newRig(t)
	worker := r.addWorker("Environment Admin")
	form := url.Values{"grant_type": {"client_credentials"}}
	for name, authorization := range map[string]string{
		"wrong secret":                        basic(worker.ID, worker.Secret+"x"),
		"empty secret":                        basic(worker.ID, ""),
		"unknown client":                      basic(r.tenant.NewID(), worker.Secret),
		"no colon":                            "Basic " + base64.StdEncoding.EncodeToString([]byte(worker.ID)),
		"no base64":                           "Basic %%%",
		"another scheme":                      "Bearer " + worker.Secret,
		"the right pair under another scheme": strings.Replace(basic(worker.ID, worker.Secret), "Basic", "Bearer", 1),
	} {
		t.Run(name, func(t *testing.T) { requireOAuth(t, r.post(authorization, form), 401, "invalid_client") })
	}
	t.Run("another client_id beside it", func(t *testing.T) {
		requireOAuth(t, r.post(basic(worker.ID, worker.Secret), url.Values{"grant_type": {"client_credentials"}, "client_id": {r.app.ID}}), 401, "invalid_client")
	})
	t.Run("disabled", func(t *testing.T) {
		worker.Enabled = false
		requireOAuth(t, r.post(basic(worker.ID, worker.Secret), form), 401, "invalid_client")
		worker.Enabled = true
	})
	t.Run("a secret with reserved characters has to be encoded", func(t *testing.T) {
		worker.Secret = "a+b%41:c d/é"
		require.Equal(t, 200, r.tokenAs(worker.ID, worker.Secret, "grant_type", "client_credentials").StatusCode)
		requireOAuth(t, r.post(basic(worker.ID, worker.Secret), form), 401, "invalid_client")
	})
	t.Run("what is no encoding is taken as it is", func(t *testing.T) {
		worker.Secret = "100%"
		require.Equal(t, 200, r.post(basic(worker.ID, worker.Secret), form).StatusCode)
	})
	t.Run("the secret before a rotation, until its time is over", func(t *testing.T) {
		worker.Previous = &tenant.PreviousSecret{Secret: "former", ExpiresAt: r.now.Add(time.Minute)}
		require.Equal(t, 200, r.post(basic(worker.ID, "former"), form).StatusCode)
		require.Equal(t, r.now, worker.Previous.LastUsed)
		require.True(t, r.server.Touched(), "whoever keeps the tenant keeps that it was used")
		require.False(t, r.server.Touched())
		require.Equal(t, 200, r.post(basic(worker.ID, worker.Secret), form).StatusCode)
		require.False(t, r.server.Touched())
		r.pass(time.Minute)
		requireOAuth(t, r.post(basic(worker.ID, "former"), form), 401, "invalid_client")
	})
}
