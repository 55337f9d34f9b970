package main

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
	"pingone-conformance/emulator"
	"pingone-conformance/internal/names"
)

func sweeps(ctx context.Context, t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	got := start(ctx, t, append([]string{"sweep"}, args...)...)
	return got.status, got.stdout, got.stderr
}

// killedRun leaves in the emulator what a run leaves that is killed in the middle
// of a journey: things that refer to each other.
func killedRun(t *testing.T, server *emulator.Server) {
	t.Helper()
	c, err := client.New(client.Options{APIURL: server.URL(), AuthURL: server.URL()})
	require.NoError(t, err)
	ctx, env := t.Context(), server.Credentials().EnvironmentID
	made := func(ex *client.Exchange, err error) *client.Exchange {
		t.Helper()
		require.NoError(t, err)
		require.Contains(t, []int{200, 201}, ex.Status, string(ex.Body))
		return ex
	}
	token := made(c.WorkerToken(ctx, env, server.Credentials().ClientID, server.Credentials().ClientSecret, client.ClientSecretBasic))
	c.SetToken(token.Get("access_token").String())

	id := names.Run(names.LiveSeed(time.Now(), 1))
	type object = map[string]any
	app := made(c.CreateApplication(ctx, env, object{
		"name": names.Thing(id, "Example Shop"), "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT",
		"grantTypes": []string{"AUTHORIZATION_CODE"}, "responseTypes": []string{"CODE"}, "tokenEndpointAuthMethod": client.ClientSecretBasic,
		"redirectUris": []string{"https://shop.example.com/callback"},
	}))
	policy := made(c.CreateSignOnPolicy(ctx, env, object{"name": names.Thing(id, "Policy")}))
	made(c.CreateSignOnPolicyAction(ctx, policy, object{"priority": 1, "type": "LOGIN"}))
	made(c.AssignSignOnPolicy(ctx, app, object{"priority": 1, "signOnPolicy": object{"id": policy.Get("id").String()}}))
	people := made(c.CreatePopulation(ctx, env, object{"name": names.Thing(id, "People")}))
	for _, name := range []string{"anna", "ben"} {
		made(c.CreateUser(ctx, env, object{
			"username": names.Username(id, name), "email": name + "@example.com", "population": object{"id": people.Get("id").String()},
		}))
	}
	made(c.CreatePopulation(ctx, env, object{"name": "pingone-conformance of a person"}))
}

func TestAnEnvironmentWithNothingLeft(t *testing.T) {
	liveAgainst(t, emulator.Options{})
	status, out, faults := sweeps(t.Context(), t, "--yes")
	require.Zero(t, status, out+faults)
	require.Contains(t, out, "nothing to delete")
}

func TestListingDeletesNothing(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	killedRun(t, server)
	before := server.Counts()
	status, out, faults := sweeps(t.Context(), t, "--older-than", "0s", "--even-running")
	require.Zero(t, status, out+faults)
	require.Contains(t, out, "5 to delete; nothing was deleted")
	require.Equal(t, before, server.Counts())
}

func TestAKilledRunIsSwept(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	before := server.Counts()
	killedRun(t, server)
	status, out, faults := sweeps(t.Context(), t, "--yes", "--older-than", "0s", "--even-running")
	require.Zero(t, status, out+faults)
	require.Contains(t, out, "5 of 5 deleted")
	require.NotContains(t, out, "of a person")
	after := server.Counts()
	require.Equal(t, before["populations"]+1, after["populations"], "the one that a person made is there")
	for _, kind := range []string{"applications", "users", "signOnPolicies"} {
		require.Equal(t, before[kind], after[kind], kind)
	}
}

// This machine's clock is two hours ahead: what a run has just made looks two hours old.
func TestWithAWrongClockNothingIsSwept(t *testing.T) {
	for _, skew := range []string{"skew:-2h", "skew:2h"} {
		fault, err := emulator.ParseFault(skew)
		require.NoError(t, err)
		server := liveAgainst(t, emulator.Options{Faults: []emulator.Fault{fault}})
		killedRun(t, server)
		before := server.Counts()
		status, out, faults := sweeps(t.Context(), t, "--yes")
		require.Equal(t, 1, status, out)
		require.Regexp(t, "this machine's clock is (2h0m0s|1h59m59s|2h0m1s) (ahead of|behind) PingOne's: set it first", faults)
		require.Equal(t, before, server.Counts())
	}
}

func TestADeletionThatDoesNothingIsSaid(t *testing.T) {
	server := liveAgainst(t, emulator.Options{Faults: []emulator.Fault{{Kind: "ignored", Operation: "application.delete"}}})
	t.Setenv("PINGONE_LAG_TIMEOUT", "1s")
	killedRun(t, server)
	status, out, _ := sweeps(t.Context(), t, "--yes", "--older-than", "0s", "--even-running")
	require.Equal(t, 1, status, out)
	require.Regexp(t, "[34] of 5 deleted", out, "the policy is assigned to what stays")
	require.Regexp(t, `left: the application "pingone-conformance \w+ Example Shop" \([0-9a-f-]+\): its deletion was answered, but it is still there: GET `, out)
}

func TestARunThatMayStillGoOnIsLeftAlone(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	killedRun(t, server)
	before := server.Counts()
	status, out, _ := sweeps(t.Context(), t, "--yes")
	require.Zero(t, status)
	require.Contains(t, out, "kept: not older than 1h0m0s")
	require.Contains(t, out, "nothing to delete")
	require.Equal(t, before, server.Counts())
}

func TestAnEnvironmentThatMayBeProductionIsRefused(t *testing.T) {
	server := liveAgainst(t, emulator.Options{})
	t.Setenv("PINGONE_TARGET_ENVIRONMENT_ID", server.Credentials().OtherEnvironmentID)
	status, out, faults := sweeps(t.Context(), t, "--yes")
	require.Equal(t, 1, status)
	require.Contains(t, out, "it might be PRODUCTION")
	require.Contains(t, faults, "this environment is not swept")
}

func TestSweepNeedsALiveConfiguration(t *testing.T) {
	rows := []struct {
		name, mode string
		args       []string
		want       string
	}{
		{"not live", "replay", nil, `PINGONE_MODE is "replay", and only live has an environment to look at`},
		{"an unknown flag", "live", []string{"--force"}, "unknown flag: --force"},
		{"an age below none", "live", []string{"--older-than", "-1h"}, "an age is not below 0"},
		{"an age that a run may have", "live", []string{"--yes", "--older-than", "5m"}, "5m0s is less than the 9m0s that a run may take; wait, or add --even-running when no run goes on"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			liveAgainst(t, emulator.Options{})
			t.Setenv("PINGONE_MODE", row.mode)
			status, _, faults := sweeps(t.Context(), t, row.args...)
			require.Equal(t, 2, status)
			require.Contains(t, faults, row.want)
		})
	}
}
