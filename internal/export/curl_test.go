package export_test

import (
	"errors"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/steps"
)

// curl runs the script of a use case against an emulator.
func curl(t *testing.T, server *emulator.Server, useCase string) (string, error) {
	t.Helper()
	for _, tool := range []string{"sh", "curl", "jq", "openssl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(tool + " is not installed")
		}
	}
	c := server.Credentials()
	script := exec.Command("sh", filepath.Join(committed, "curl", useCase+".sh"))
	script.Env = append(script.Environ(),
		"apiPath="+server.URL()+"/v1", "authPath="+server.URL(), "outboxURL="+server.OutboxURL(),
		"envID="+c.EnvironmentID, "adminEnvID="+c.EnvironmentID, "adminAppID="+c.ClientID, "adminAppSecret="+c.ClientSecret,
	)
	out, err := script.CombinedOutput()
	t.Logf("%s", out)
	return string(out), err
}

func TestTheCurlScriptsFindEverythingKept(t *testing.T) {
	server := started(t, emulator.Options{})
	before := server.Counts()
	for _, u := range steps.UseCases() {
		t.Run(u.Name, func(t *testing.T) {
			out, err := curl(t, server, u.Name)
			require.NoError(t, err)
			require.NotContains(t, out, "FAILED")
		})
	}
	require.Equal(t, before, server.Counts(), "something is left behind")
}

func TestTheCurlScriptsNoticeDeviations(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a thousand processes: not with -short")
	}
	for _, row := range []struct{ deviation, useCase, notices string }{
		{"create-answers-200", "progressive_profiling", "status 200, not 201"},
		{"name-not-echoed", "progressive_profiling", "FAILED: name comes back"},
		{"flag-as-text", "progressive_profiling", "FAILED: enabled comes back"},
		{"redirect-without-code", "login_and_mfa", "FAILED: authCode is not there"},
		{"state-altered", "mfa_only_login_hint_token", "FAILED: authorizeResponse.state is right"},
		{"nonce-dropped", "mfa_only_login_hint_token", "FAILED: the nonce comes back"},
		{"token-subject-wrong", "login_and_mfa", "FAILED: the access token is for the person"},
	} {
		t.Run(row.deviation, func(t *testing.T) {
			t.Parallel()
			server := started(t, emulator.Options{Deviations: []string{row.deviation}})
			before := server.Counts()
			out, err := curl(t, server, row.useCase)
			var failed *exec.ExitError
			require.True(t, errors.As(err, &failed), "%v", err)
			require.Contains(t, out, row.notices)
			require.Equal(t, before, server.Counts(), "a failure has left something behind")
		})
	}
}

func TestAScriptSaysWhatItWasNotGiven(t *testing.T) {
	if _, err := exec.LookPath("sh"); err != nil {
		t.Skip("sh is not installed")
	}
	script := exec.Command("sh", filepath.Join(committed, "curl", "login_and_mfa.sh"))
	script.Env = append(script.Environ(), "envID=")
	out, err := script.CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "envID: the environment in which things are created")
}
