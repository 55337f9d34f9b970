package export_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/steps"
)

// newmanRun is what newman's JSON report says.
type newmanRun struct {
	Run struct {
		Stats struct {
			Requests   struct{ Total, Failed int }
			Assertions struct{ Total, Failed int }
		}
		Failures []struct {
			Source struct{ Name string }
			Error  struct{ Test, Message string }
		}
	}
}

// result is nil when everything that was sent was answered as it should be, and anything was sent at all.
func (r newmanRun) result() error {
	if r.Run.Stats.Requests.Total == 0 || r.Run.Stats.Assertions.Total == 0 {
		return errors.New("newman sent nothing, or looked at nothing")
	}
	var all error
	for _, f := range r.Run.Failures {
		all = errors.Join(all, fmt.Errorf("%s: %s: %s", f.Source.Name, f.Error.Test, f.Error.Message))
	}
	return all
}

// newman runs a collection against an emulator.
func newman(t *testing.T, server *emulator.Server, collection, environment string) error {
	t.Helper()
	program, err := exec.LookPath("newman")
	if err != nil {
		t.Skip("newman is not on the PATH: make newman brings it, with npx")
	}
	report := filepath.Join(t.TempDir(), "report.json")
	args := []string{"run", collection, "--reporters", "cli,json", "--reporter-json-export", report, "--color", "off", "--disable-unicode", "--timeout-request", "20000"}
	if environment != "" {
		args = append(args, "--environment", environment)
	}
	c := server.Credentials()
	for name, value := range map[string]string{
		"apiPath": server.URL() + "/v1", "authPath": server.URL(), "outboxURL": server.OutboxURL(),
		"envID": c.EnvironmentID, "adminEnvID": c.EnvironmentID, "adminAppID": c.ClientID, "adminAppSecret": c.ClientSecret,
	} {
		args = append(args, "--env-var", name+"="+value)
	}
	out, ended := exec.Command(program, args...).CombinedOutput()
	t.Logf("%s", out)
	text, err := os.ReadFile(report)
	require.NoError(t, err, "newman: %v", ended)
	var run newmanRun
	require.NoError(t, json.Unmarshal(text, &run))
	failed := run.result()
	if failed == nil {
		require.NoError(t, ended)
	}
	return failed
}

func started(t *testing.T, o emulator.Options) *emulator.Server {
	t.Helper()
	server, err := emulator.Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Close()) })
	return server
}

func postman(t *testing.T, server *emulator.Server, useCase string) error {
	t.Helper()
	base := filepath.Join(committed, "postman", useCase)
	return newman(t, server, base+".postman_collection.json", base+".postman_environment.json")
}

func TestNewmanFindsEveryCollectionKept(t *testing.T) {
	server := started(t, emulator.Options{})
	before := server.Counts()
	for _, u := range steps.UseCases() {
		t.Run(u.Name, func(t *testing.T) { require.NoError(t, postman(t, server, u.Name)) })
	}
	require.Equal(t, before, server.Counts(), "something is left behind")
}

func TestNewmanNoticesDeviations(t *testing.T) {
	for _, row := range []struct{ deviation, useCase, notices string }{
		{"create-answers-200", "progressive_profiling", "Step 1: Create an application: status 201"},
		{"secret-in-create-answer", "login_and_mfa", "Step 1: Create an application: nor under another name"},
		{"name-not-echoed", "progressive_profiling", "Step 10: Create a population for profile users: name comes back"},
		{"profiling-skipped", "progressive_profiling", "Step 15: Submit login credentials: the flow is PROFILE_DATA_REQUIRED"},
		{"profile-not-stored", "progressive_profiling", "Step 19: Verify updated user information: the mobile phone number is the one that was given"},
		{"mfa-skipped", "login_and_mfa", "Step 16: Submit login credentials: the flow is OTP_REQUIRED"},
		{"device-address-unmasked", "login_and_mfa", "Step 16: Submit login credentials: the address of the device is masked"},
		{"redirect-without-code", "login_and_mfa", "Step 18: Call the resume endpoint: authCode is there"},
		{"state-altered", "mfa_only_login_hint_token", "Step 16: Call the resume endpoint: authorizeResponse.state is right"},
		{"nonce-dropped", "mfa_only_login_hint_token", "Get an access token: the nonce comes back"},
		{"token-subject-wrong", "login_and_mfa", "Step 20: Get the access token: the access token is for the person"},
		{"hint-asks-for-password", "mfa_only_login_hint_token", "Step 14: Send an authorization request with a login hint token: the flow is OTP_REQUIRED"},
	} {
		t.Run(row.deviation, func(t *testing.T) {
			err := postman(t, started(t, emulator.Options{Deviations: []string{row.deviation}}), row.useCase)
			require.ErrorContains(t, err, row.notices)
		})
	}
}

// newman itself ends with 0 when there is nothing to run.
func TestNewmanOfAnEmptyCollectionIsAFailure(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.json")
	require.NoError(t, os.WriteFile(empty, []byte(`{"info": {"name": "empty", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"}, "item": []}`), 0o600))
	require.ErrorContains(t, newman(t, started(t, emulator.Options{}), empty, ""), "newman sent nothing")
}
