package emulatortest_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/emulator/emulatortest"
)

const seeds = "../../examples/seeds/"

// TestAPersonSignsOn is what a test of an application's sign-on looks like.
func TestAPersonSignsOn(t *testing.T) {
	pingone := emulatortest.Seed(t, seeds+"login-and-mfa.yaml")
	browser := pingone.Client()
	environment := pingone.URL() + "/11111111-1111-4111-8111-111111111111"
	flow := authorize(t, browser, environment)
	require.Equal(t, "USERNAME_PASSWORD_REQUIRED", flow.Status)
	flow = act(t, browser, environment, flow.ID, "usernamePassword.check", `{"username":"ben","password":"Quiet-Harbour-52"}`)
	require.Equal(t, "OTP_REQUIRED", flow.Status)
	flow = act(t, browser, environment, flow.ID, "otp.check", `{"otp":"`+pingone.Passcode("ben")+`"}`)
	require.Equal(t, "COMPLETED", flow.Status)

	flow = authorize(t, pingone.Client(), environment)
	pingone.Pass(16 * time.Minute)
	response, err := browser.Get(environment + "/flows/" + flow.ID)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusNotFound, response.StatusCode, "a flow that nobody touched for 15 minutes is gone")
	require.NotEmpty(t, pingone.Token())
}

type flow struct{ ID, Status string }

func authorize(t *testing.T, browser *http.Client, environment string) flow {
	t.Helper()
	response, err := browser.Get(environment + "/as/authorize?" + url.Values{ //nolint:bodyclose // decode does
		"client_id": {"11111111-1111-4111-8111-0000000000a2"}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "scope": {"openid"},
		"redirect_uri":   {"http://localhost:3000/back"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}.Encode())
	require.NoError(t, err)
	return decode(t, response)
}

func act(t *testing.T, browser *http.Client, environment, id, action, body string) flow {
	t.Helper()
	response, err := browser.Post(environment+"/flows/"+id, "application/vnd.pingidentity."+action+"+json", strings.NewReader(body)) //nolint:bodyclose // decode does
	require.NoError(t, err)
	return decode(t, response)
}

func decode(t *testing.T, response *http.Response) (f flow) {
	t.Helper()
	defer func() { require.NoError(t, response.Body.Close()) }()
	require.NoError(t, json.NewDecoder(response.Body).Decode(&f))
	require.Equal(t, 200, response.StatusCode)
	return f
}

func TestOptionsAndTLS(t *testing.T) {
	pingone := emulatortest.New(t, emulator.Options{TLS: true, Faults: []emulator.Fault{{Kind: "limited", Operation: "user.list"}}})
	request, err := http.NewRequest(http.MethodGet, pingone.URL()+"/v1/environments/"+pingone.Credentials().EnvironmentID+"/users", nil)
	require.NoError(t, err)
	request.Header.Set("Authorization", "Bearer "+pingone.Token())
	for _, status := range []int{429, 200} {
		response, err := pingone.Client().Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, status, response.StatusCode)
		require.NoError(t, pingone.SetFaults())
	}
}

// failing is a test that notes why it fails instead.
type failing struct {
	testing.TB
	why string
}

func (f *failing) Helper()        {}
func (f *failing) Cleanup(func()) {}
func (f *failing) Fatal(args ...any) {
	f.why = args[0].(error).Error()
	panic(f)
}

func TestWhatDoesNotStartFailsTheTest(t *testing.T) {
	f := &failing{TB: t}
	func() {
		defer func() { require.Equal(t, f, recover()) }()
		emulatortest.New(f, emulator.Options{Deviations: []string{"nothing"}})
	}()
	require.Contains(t, f.why, `there is no deviation "nothing"`)
}

// TestWhoImportsItGetsFewModules: seven at the most, without the tests' own.
func TestWhoImportsItGetsFewModules(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}}{{end}}{{end}}", ".").Output()
	require.NoError(t, err)
	modules := strings.Fields(string(out))
	slices.Sort(modules)
	modules = slices.Compact(modules)
	t.Log(strings.Join(modules, "\n"))
	require.NotEmpty(t, modules)
	require.LessOrEqual(t, len(modules), 7)
}
