package emulator_test

import (
	"encoding/json"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// chromium finds a browser, and starts it headless on a page.
func chromium(t *testing.T, address string, more ...string) {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium here: install Debian's package chromium to see a browser sign on")
	}
	profile, err := os.MkdirTemp("", "chromium")
	require.NoError(t, err)
	args := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--user-data-dir=" + profile,
	}, more...)
	cmd := exec.Command(path, append(args, address)...)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed, which is an error
		// Its children take a moment to end, and write meanwhile.
		require.Eventually(t, func() bool { return os.RemoveAll(profile) == nil }, 20*time.Second, 100*time.Millisecond)
	})
}

// driver fills in the forms of the example's page as a person would, and says what
// became of it.
const driver = `<script type="module">
const answers = {username: "anna", password: "Quiet-Harbour-52", otp: "123456", mobilePhone: "+1.5125550101"};
const states = [];
new MutationObserver(() => {
  const form = document.querySelector("form"), claims = document.getElementById("claims"), error = document.getElementById("error").textContent;
  if (claims?.textContent || error) fetch("/done", {method: "POST", body: JSON.stringify({states, claims: claims?.textContent, error})});
  if (!form || form.dataset.seen) return;
  if (!form.dataset.status) return;
  form.dataset.seen = "yes"; states.push(form.dataset.status);
  for (const input of form.querySelectorAll("input")) input.value = answers[input.name];
  form.requestSubmit();
}).observe(document.body, {childList: true, subtree: true, characterData: true, attributes: true});
</script>`

// signedOn is what the driver says.
type signedOn struct {
	States        []string
	Claims, Error string
}

func TestAPageOnLocalhostSignsOnInABrowser(t *testing.T) {
	page, err := os.ReadFile("../examples/page/index.html")
	require.NoError(t, err)
	for _, row := range []struct {
		seed, environment string
		hint              bool
		host              string // of the page
		states            []string
		fails             string
	}{
		{"login-and-mfa", "11111111-1111-4111-8111-111111111111", false, "localhost", []string{"USERNAME_PASSWORD_REQUIRED", "OTP_REQUIRED"}, ""},
		{"progressive-profiling", "22222222-2222-4222-8222-222222222222", false, "localhost", []string{"USERNAME_PASSWORD_REQUIRED", "PROFILE_DATA_REQUIRED"}, ""},
		{"mfa-only-login-hint-token", "33333333-3333-4333-8333-333333333333", true, "localhost", []string{"OTP_REQUIRED"}, ""},
		{"login-and-mfa", "11111111-1111-4111-8111-111111111111", false, "127.0.0.1", []string{"USERNAME_PASSWORD_REQUIRED"}, "the page is on http://127.0.0.1"},
	} {
		t.Run(row.seed+" from "+row.host, func(t *testing.T) {
			text, err := os.ReadFile("../examples/seeds/" + row.seed + ".yaml")
			require.NoError(t, err)
			server := start(t, emulator.Options{Seed: text, SeedFile: row.seed})
			done := make(chan signedOn, 10)
			shop := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/done" {
					w.Header().Set("Content-Type", "text/html; charset=utf-8")
					_, _ = w.Write([]byte(strings.Replace(string(page), "</body>", driver+"</body>", 1)))
					return
				}
				var said signedOn
				if json.NewDecoder(r.Body).Decode(&said) == nil {
					done <- said
				}
			}))
			t.Cleanup(shop.Close)
			_, port, err := net.SplitHostPort(shop.Listener.Addr().String())
			require.NoError(t, err)
			client := row.environment[:24] + "0000000000a2"
			query := url.Values{"auth": {server.URL()}, "environment": {row.environment}, "client": {client}}
			if row.hint {
				query.Set("secret", "not-a-secret-known-to-everybody-32")
				query.Set("hint", hintToken(t, client, server.URL()+"/"+row.environment+"/as", query.Get("secret")))
			}
			chromium(t, "http://"+row.host+":"+port+"/?"+query.Encode())
			select {
			case said := <-done:
				require.Equal(t, row.states, said.States, said.Error)
				if row.fails != "" {
					require.Contains(t, said.Error, row.fails)
					return
				}
				require.Empty(t, said.Error)
				require.Contains(t, said.Claims, `"iss": "`+server.URL()+"/"+row.environment+`/as"`)
			case <-time.After(60 * time.Second):
				t.Fatal("the browser does not come to an end")
			}
		})
	}
}

// hintToken says who signs on, signed with the application's secret.
func hintToken(t *testing.T, client, audience, secret string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(secret)}, nil)
	require.NoError(t, err)
	claims, err := json.Marshal(object{
		"iss": client, "sub": "anna", "aud": audience, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "jti": "once",
	})
	require.NoError(t, err)
	signed, err := signer.Sign(claims)
	require.NoError(t, err)
	token, err := signed.CompactSerialize()
	require.NoError(t, err)
	return token
}

// TestPictures takes pictures of the pages, to be looked at: into the folder that
// -args names with PICTURES=, else only to see that the browser draws them.
func TestPictures(t *testing.T) {
	text, err := os.ReadFile("../examples/seeds/login-and-mfa.yaml")
	require.NoError(t, err)
	server := start(t, emulator.Options{Seed: text})
	const environment = "/11111111-1111-4111-8111-111111111111"
	query := url.Values{"client_id": {"11111111-1111-4111-8111-0000000000a2"}, "response_type": {"code"}, "redirect_uri": {"http://localhost:3000/back"},
		"scope": {"openid"}, "code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"}}
	authorize := server.URL() + environment + "/as/authorize?" + query.Encode()
	for name, address := range map[string]string{"sign-on": authorize, "console": server.URL() + "/"} {
		for _, look := range []struct{ name, size, dark string }{{"light", "1280,1000", ""}, {"dark", "1280,1000", "--blink-settings=preferredColorScheme=0"}, {"phone", "500,900", ""}} {
			file := filepath.Join(picturesTo(t), name+"-"+look.name+".png")
			args := []string{"--screenshot=" + file, "--window-size=" + look.size, "--timeout=2500", "--hide-scrollbars"}
			if look.dark != "" {
				args = append(args, look.dark)
			}
			chromium(t, address, args...)
			require.Eventually(t, func() bool { drawn, err := os.Stat(file); return err == nil && drawn.Size() > 5000 }, 60*time.Second, 100*time.Millisecond, file)
		}
	}
}

func picturesTo(t *testing.T) string {
	for _, arg := range os.Args {
		if dir, asked := strings.CutPrefix(arg, "PICTURES="); asked {
			return dir
		}
	}
	return t.TempDir()
}
