package export_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/steps"
)

// k6 starts it with variables of its own alone, and says how it ended and what it printed.
func k6(t *testing.T, variables map[string]string, words ...string) (string, error) {
	t.Helper()
	program, err := exec.LookPath("k6")
	if err != nil {
		t.Skip("k6 is not on the PATH: go install go.k6.io/k6@v1.8.1 builds it, in some ten minutes")
	}
	command := exec.Command(program, append(words, "--no-color", "--address", "")...)
	command.Env = []string{"HOME=" + t.TempDir(), "PATH=" + filepath.Dir(program)}
	for name, value := range variables {
		command.Env = append(command.Env, name+"="+value)
	}
	out, err := command.CombinedOutput()
	return string(out), err
}

func k6Script(useCase string) string { return filepath.Join(committed, "k6", useCase+".js") }

// given are the variables of a script against an emulator.
func given(server *emulator.Server) map[string]string {
	c := server.Credentials()
	return map[string]string{
		"apiPath": server.URL() + "/v1", "authPath": server.URL(), "outboxURL": server.OutboxURL(),
		"envID": c.EnvironmentID, "adminEnvID": c.EnvironmentID, "adminAppID": c.ClientID, "adminAppSecret": c.ClientSecret,
	}
}

// load runs the script of a use case against an emulator.
func load(t *testing.T, server *emulator.Server, useCase string, more ...string) (string, error) {
	t.Helper()
	variables := given(server)
	for i := 0; i < len(more); i += 2 {
		variables[more[i]] = more[i+1]
	}
	out, err := k6(t, variables, "run", "--no-usage-report", "--quiet", k6Script(useCase))
	t.Logf("%s", out)
	return out, err
}

func TestTheK6ScriptsFindEverythingKept(t *testing.T) {
	server := started(t, emulator.Options{})
	before := server.Counts()
	for _, u := range steps.UseCases() {
		t.Run(u.Name, func(t *testing.T) {
			out, err := load(t, server, u.Name, "VUS", "3", "ITERATIONS", "2")
			require.NoError(t, err)
			require.Contains(t, out, "✓ 'count>0' count=6")
			for _, c := range u.Calls {
				require.Regexp(t, metricOf(c.Step), out, "no trend of step %d", c.Step)
			}
		})
	}
	require.Equal(t, before, server.Counts(), "something is left behind")
}

func metricOf(step int) string {
	return `step_` + string(rune('0'+step/10)) + string(rune('0'+step%10)) + `_[a-z0-9_]+\.*: avg=`
}

func TestTheK6ScriptsNoticeDeviations(t *testing.T) {
	if testing.Short() {
		t.Skip("starts k6 for each: not with -short")
	}
	for _, row := range []struct{ deviation, useCase, notices string }{
		{"create-answers-200", "progressive_profiling", "Step 1: Create an application: status 201"},
		{"name-not-echoed", "progressive_profiling", "Step 10: Create a population for profile users: name comes back"},
		{"flag-as-text", "progressive_profiling", "Step 1: Create an application: enabled comes back"},
		{"profile-not-stored", "progressive_profiling", "Step 19: Verify updated user information: the mobile phone number is the one that was given"},
		{"redirect-without-code", "login_and_mfa", "Step 18: Call the resume endpoint: authCode is there"},
		{"device-address-unmasked", "login_and_mfa", "Step 16: Submit login credentials: the address of the device is masked"},
		{"token-subject-wrong", "login_and_mfa", "Step 20: Get the access token: the access token is for the person"},
		{"state-altered", "mfa_only_login_hint_token", "Step 16: Call the resume endpoint: authorizeResponse.state is right"},
		{"nonce-dropped", "mfa_only_login_hint_token", "Get an access token: the nonce comes back"},
		{"profiling-skipped", "progressive_profiling", "Step 15: Submit login credentials: the flow is PROFILE_DATA_REQUIRED"},
	} {
		t.Run(row.deviation, func(t *testing.T) {
			t.Parallel()
			server := started(t, emulator.Options{Deviations: []string{row.deviation}})
			before := server.Counts()
			out, err := load(t, server, row.useCase)
			var failed *exec.ExitError
			require.ErrorAs(t, err, &failed)
			require.Equal(t, 99, failed.ExitCode(), "a threshold is crossed")
			require.Contains(t, out, "✗ "+row.notices)
			require.Equal(t, before, server.Counts(), "a failure has left something behind")
		})
	}
}

func TestAK6ScriptSaysWhatIsWrongBeforeItsFirstCall(t *testing.T) {
	const env = "11111111-1111-4111-8111-111111111111"
	for _, row := range []struct {
		name    string
		changed map[string]string
		says    string
	}{
		{"PingOne itself", map[string]string{"apiPath": "https://api.pingone.eu/v1"}, "api.pingone.eu is PingOne itself: say allowLoad="},
		{"in capitals, with a port", map[string]string{"authPath": "https://AUTH.PingOne.COM:443"}, "is PingOne itself"},
		{"with a dot at its end", map[string]string{"apiPath": "https://api.pingone.com.au./v1"}, "is PingOne itself"},
		{"behind a user's name", map[string]string{"apiPath": "https://127.0.0.1@api.pingone.com/v1"}, "is PingOne itself"},
		{"another environment was allowed", map[string]string{"apiPath": "https://api.pingone.sg/v1", "allowLoad": "true"}, "is PingOne itself"},
		{"no address", map[string]string{"apiPath": "localhost:9030"}, "apiPath=localhost:9030 is no address"},
		{"nothing given", map[string]string{"adminAppSecret": ""}, "adminAppSecret is not set: its secret"},
		{"no number of users", map[string]string{"VUS": "0"}, "VUS=0 is not a whole number of 1 or more"},
		{"half a call a second", map[string]string{"PINGONE_MAX_RPS": "0.5"}, "PINGONE_MAX_RPS=0.5 is not a whole number"},
	} {
		t.Run(row.name, func(t *testing.T) {
			variables := map[string]string{
				"apiPath": "http://127.0.0.1:9030/v1", "authPath": "http://127.0.0.1:9030", "outboxURL": "http://127.0.0.1:9030/emulator/outbox",
				"envID": env, "adminEnvID": env, "adminAppID": env, "adminAppSecret": "s",
			}
			for name, value := range row.changed {
				variables[name] = value
			}
			out, err := k6(t, variables, "inspect", "--include-system-env-vars", k6Script("login_and_mfa"))
			require.Error(t, err)
			require.Contains(t, out, row.says)
		})
	}
}

func TestAK6ScriptTakesItsLimitsFromTheEnvironment(t *testing.T) {
	const env = "11111111-1111-4111-8111-111111111111"
	out, err := k6(t, map[string]string{
		"apiPath": "https://api.pingone.com/v1", "authPath": "https://auth.pingone.com", "allowLoad": env,
		"envID": env, "adminEnvID": env, "adminAppID": env, "adminAppSecret": "s", "PINGONE_MAX_RPS": "20", "VUS": "7", "ITERATIONS": "3",
	}, "inspect", "--include-system-env-vars", k6Script("progressive_profiling"))
	require.NoError(t, err, out)
	var options struct {
		RPS       int `json:"rps"`
		Scenarios map[string]struct{ VUs, Iterations int }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &options), out)
	require.Equal(t, 20, options.RPS)
	require.Equal(t, 7, options.Scenarios["journey"].VUs)
	require.Equal(t, 3, options.Scenarios["journey"].Iterations)
	text, err := os.ReadFile(k6Script("progressive_profiling"))
	require.NoError(t, err)
	require.Contains(t, string(text), "k6's operator starts several, and each has the limit for itself")
}
