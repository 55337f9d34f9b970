package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

func preflights(t *testing.T) (status int, stdout, stderr string) {
	t.Helper()
	got := start(t.Context(), t, "preflight")
	return got.status, got.stdout, got.stderr
}

func TestAnEnvironmentThatLacksNothing(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	before := server.Counts()
	status, out, faults := preflights(t)
	require.Zero(t, status, out+faults)
	require.Contains(t, out, "nothing is missing")
	require.Empty(t, faults)
	require.Equal(t, before, server.Counts(), "nothing is created")
}

func TestAnEnvironmentWithoutTextMessages(t *testing.T) {
	liveAgainst(t, emulator.Options{DefaultMethods: []string{"email"}})
	status, out, _ := preflights(t)
	require.Equal(t, 1, status)
	require.Contains(t, out, "STOP  default MFA policy: text messages are off")
	require.Contains(t, out, "nothing was created")
}

func TestAWorkerOfAnotherEnvironment(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	t.Setenv("PINGONE_TARGET_ENVIRONMENT_ID", server.Credentials().OtherEnvironmentID)
	status, out, _ := preflights(t)
	require.Equal(t, 1, status)
	require.Contains(t, out, "STOP  environment type: could not look: answered 403 ACCESS_FAILED; it might be PRODUCTION")
}

func TestAWrongSecret(t *testing.T) {
	liveAgainst(t, emulator.Options{})
	t.Setenv("PINGONE_CLIENT_SECRET", "not-the-secret")
	status, out, faults := preflights(t)
	require.Equal(t, 1, status)
	require.Contains(t, out, "STOP  worker application: gets no token: answered 401 invalid_client")
	require.NotContains(t, out+faults, "not-the-secret")
}

func TestPreflightNeedsALiveConfiguration(t *testing.T) {
	rows := []struct{ name, variable, value, want string }{
		{"not live", "PINGONE_MODE", "emulator", `PINGONE_MODE is "emulator", and only live has an environment to look at`},
		{"no secret", "PINGONE_CLIENT_SECRET", "", "PINGONE_CLIENT_SECRET: is missing"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			liveAgainst(t, emulator.Options{})
			t.Setenv(row.variable, row.value)
			status, out, faults := preflights(t)
			require.Equal(t, 2, status)
			require.Empty(t, out)
			require.Contains(t, faults, row.want)
		})
	}
}
