package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
)

// liveAgainst starts an emulator and sets the variables of a live run against it.
func liveAgainst(t *testing.T, o emulator.Options) *emulator.Server {
	t.Helper()
	server, err := emulator.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	c := server.Credentials()
	for name, value := range map[string]string{
		"PINGONE_MODE": "live", "PINGONE_RECORD": "false", "PINGONE_API_URL": server.URL(), "PINGONE_AUTH_URL": server.URL(),
		"PINGONE_ENVIRONMENT_ID": c.EnvironmentID, "PINGONE_TARGET_ENVIRONMENT_ID": "", "PINGONE_CLIENT_ID": c.ClientID,
		"PINGONE_CLIENT_SECRET": c.ClientSecret, "PINGONE_PASSCODE": "outbox", "PINGONE_OUTBOX_URL": server.OutboxURL(),
		"PINGONE_ALLOW_PRODUCTION": "", "PINGONE_MAX_RPS": "",
	} {
		t.Setenv(name, value)
	}
	return server
}

func preflights(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, faults bytes.Buffer
	status = run(t.Context(), args, &out, &faults)
	return status, out.String(), faults.String()
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

func TestConfigurationsThatCannotBeUsed(t *testing.T) {
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

func TestArgumentsAreRefused(t *testing.T) {
	status, _, faults := preflights(t, "now")
	require.Equal(t, 2, status)
	require.Contains(t, faults, "takes no arguments")
}
