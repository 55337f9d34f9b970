package config_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

const (
	workerEnvironment = "00000000-0000-4000-8000-00000000000a"
	targetEnvironment = "00000000-0000-4000-8000-00000000000b"
)

type variables map[string]string

func (v variables) lookup(name string) (string, bool) {
	value, set := v[name]
	return value, set
}

// with returns these variables and others on top.
func (v variables) with(more variables) variables {
	all := maps.Clone(v)
	maps.Copy(all, more)
	return all
}

// live is the least that a live run needs.
var live = variables{
	"PINGONE_MODE":           "live",
	"PINGONE_ENVIRONMENT_ID": workerEnvironment,
	"PINGONE_CLIENT_ID":      "worker",
	"PINGONE_CLIENT_SECRET":  "s3cr3t~value",
}

func TestNothingSetMeansReplay(t *testing.T) {
	c, err := config.Load(variables{}.lookup)
	require.NoError(t, err)
	require.Equal(t, config.Config{
		Mode:     config.Replay,
		Passcode: config.PasscodeConfig{Timeout: config.PasscodeLimit},
		Limits: config.Limits{
			Call: config.CallLimit, Lag: config.LagLimit, Passcode: config.PasscodeLimit,
			Scenario: config.ScenarioLimit, Run: config.RunLimit,
		},
	}, c)
}

func TestWhatIsReadForWhichMode(t *testing.T) {
	everything := live.with(variables{
		"PINGONE_TARGET_ENVIRONMENT_ID": targetEnvironment, "PINGONE_REGION_CODE": "EU",
		"PINGONE_ALLOW_PRODUCTION": targetEnvironment, "PINGONE_MAX_RPS": "0.5", "PINGONE_RECORD": "true",
		"PINGONE_PASSCODE": "prompt", "PINGONE_PHONE": "+1 (512) 555-0111", "PINGONE_EMAIL": "anna@example.com",
	})
	c, err := config.Load(everything.lookup)
	require.NoError(t, err)
	require.Equal(t, []any{
		config.Live, true, "EU", "https://api.pingone.eu/v1", "https://auth.pingone.eu", workerEnvironment, targetEnvironment,
		"worker", "s3cr3t~value", targetEnvironment, 0.5, config.Prompt, "+1 (512) 555-0111", "anna@example.com",
	}, []any{
		c.Mode, c.Record, c.Region, c.APIURL, c.AuthURL, c.EnvironmentID, c.TargetEnvironmentID,
		c.ClientID, c.ClientSecret, c.AllowProduction, c.MaxRPS, c.Passcode.Source, c.Phone, c.Email,
	})

	c, err = config.Load(everything.with(variables{"PINGONE_MODE": "emulator"}).lookup)
	require.NoError(t, err)
	require.Equal(t, []any{config.Emulator, true, 0.5, config.Prompt}, []any{c.Mode, c.Record, c.MaxRPS, c.Passcode.Source})
	require.Empty(t, c.ClientID+c.ClientSecret+c.EnvironmentID+c.APIURL+c.Phone, "the emulator brings its own")

	for _, unneeded := range []variables{everything, {"PINGONE_ENVIRONMENT_ID": "no id", "PINGONE_API_URL": "ftp://x", "PINGONE_PASSCODE": "pigeon", "PINGONE_MAX_RPS": "many"}} {
		c, err = config.Load(unneeded.with(variables{"PINGONE_MODE": "replay", "PINGONE_RECORD": "false"}).lookup)
		require.NoError(t, err, "replay needs nothing of it")
		require.Empty(t, c.ClientID+c.ClientSecret+c.EnvironmentID+c.APIURL+c.Phone+c.Passcode.Source)
	}
}

func TestDefaultsOfALiveRun(t *testing.T) {
	c, err := config.Load(live.lookup)
	require.NoError(t, err)
	require.Equal(t, "NA", c.Region)
	require.Equal(t, "https://api.pingone.com/v1", c.APIURL)
	require.Equal(t, "https://auth.pingone.com", c.AuthURL)
	require.Equal(t, workerEnvironment, c.TargetEnvironmentID, "things are made where the worker lives")
	require.Equal(t, config.TestDevice, c.Passcode.Source)
	require.Zero(t, c.MaxRPS)
	require.False(t, c.Record)
}

func TestWherePasscodesComeFromWhenNothingIsSaid(t *testing.T) {
	outbox := variables{"PINGONE_OUTBOX_URL": "http://127.0.0.1:8080/emulator/outbox"}
	for name, row := range map[string]struct {
		set  variables
		want string
	}{
		"emulator":                         {variables{"PINGONE_MODE": "emulator"}, config.Outbox},
		"live":                             {live, config.TestDevice},
		"live, with an emulator's outbox":  {live.with(outbox), config.Outbox},
		"live, and something else is said": {live.with(outbox).with(variables{"PINGONE_PASSCODE": "totp"}), config.TOTP},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := config.Load(row.set.lookup)
			require.NoError(t, err)
			require.Equal(t, row.want, c.Passcode.Source)
			require.Equal(t, row.set["PINGONE_OUTBOX_URL"], c.Passcode.OutboxURL)
		})
	}
}

func TestServersOfOnesOwn(t *testing.T) {
	c, err := config.Load(live.with(variables{
		"PINGONE_API_URL": "http://127.0.0.1:8080/v1", "PINGONE_AUTH_URL": "http://127.0.0.1:8080",
	}).lookup)
	require.NoError(t, err)
	require.Equal(t, "http://127.0.0.1:8080/v1", c.APIURL)
	require.Equal(t, "http://127.0.0.1:8080", c.AuthURL)
}

func TestTheBoundsOfATimeAreTimes(t *testing.T) {
	for text, want := range map[string]time.Duration{"100ms": 100 * time.Millisecond, "10m": 10 * time.Minute} {
		c, err := config.Load(live.with(variables{"PINGONE_CALL_TIMEOUT": text}).lookup)
		require.NoError(t, err)
		require.Equal(t, want, c.Limits.Call)
	}
}

func TestIdsAreComparedInLowerCase(t *testing.T) {
	c, err := config.Load(live.with(variables{"PINGONE_ENVIRONMENT_ID": strings.ToUpper(workerEnvironment)}).lookup)
	require.NoError(t, err)
	require.Equal(t, workerEnvironment, c.EnvironmentID)
}

func TestTimeLimitsThatCanBeSet(t *testing.T) {
	c, err := config.Load(variables{
		"PINGONE_CALL_TIMEOUT": "5s", "PINGONE_LAG_TIMEOUT": "1m", "PINGONE_PASSCODE_TIMEOUT": "10m",
	}.lookup)
	require.NoError(t, err)
	require.Equal(t, config.Limits{
		Call: 5 * time.Second, Lag: time.Minute, Passcode: 10 * time.Minute,
		Scenario: config.ScenarioLimit + 30*time.Second + 8*time.Minute,
		Run:      config.RunLimit + 30*time.Second + 8*time.Minute,
	}, c.Limits, "a longer wait for a tenant or a person lengthens scenario and run")
	require.Equal(t, 10*time.Minute, c.Passcode.Timeout)
	require.Less(t, config.RunLimit+config.CleanUpLimit, 10*time.Minute, "go test ends a run after ten minutes")
}

// A rate and passcodes that somebody brings cost time, which the run is given.
func TestASlowRunHasMoreTime(t *testing.T) {
	brought := variables{"PINGONE_PHONE": "+1.5125550111", "PINGONE_EMAIL": "anna@example.com", "PINGONE_PASSCODE_COMMAND": "true"}
	for _, row := range []struct {
		what          string
		with          variables
		scenario, run time.Duration // more than usual
	}{
		{"nothing", nil, 0, 0},
		{"two calls a second", variables{"PINGONE_MAX_RPS": "2"}, 200 * time.Second, 1500 * time.Second},
		{"a program that brings passcodes", brought.with(variables{"PINGONE_PASSCODE": "command"}), 3 * config.PasscodeLimit, 60 * config.PasscodeLimit},
		{"a person who brings passcodes", brought.with(variables{"PINGONE_PASSCODE": "prompt"}), 3 * config.PasscodeLimit, 60 * config.PasscodeLimit},
		{"a device that makes its own", brought.with(variables{"PINGONE_PASSCODE": "totp"}), 0, 0},
	} {
		c, err := config.Load(live.with(row.with).lookup)
		require.NoError(t, err, row.what)
		require.Equal(t, row.scenario, c.Limits.Scenario-config.ScenarioLimit, row.what)
		require.Equal(t, row.run, c.Limits.Run-config.RunLimit, row.what)
		require.Equal(t, row.with["PINGONE_PASSCODE"] == "command", c.Passcode.Command != "", row.what)
	}
}

func TestHowLongAPhoneNumberIs(t *testing.T) {
	for number, good := range map[string]bool{"+123456": false, "+1234567": true, "+123456789012345": true, "+1234567890123456": false} {
		_, err := config.Load(live.with(variables{"PINGONE_PHONE": number}).lookup)
		require.Equal(t, good, err == nil, number)
	}
}

// A run that is limited as far as can be still ends on the day it began.
func TestWhatIsDerivedFromNumbersIsBounded(t *testing.T) {
	for _, rps := range []string{"0.1", "1", "1000"} {
		c, err := config.Load(live.with(variables{
			"PINGONE_MAX_RPS": rps, "PINGONE_CALL_TIMEOUT": "10m", "PINGONE_LAG_TIMEOUT": "10m", "PINGONE_PASSCODE_TIMEOUT": "10m",
			"PINGONE_PASSCODE": "prompt", "PINGONE_PHONE": "+1.5125550111", "PINGONE_EMAIL": "anna@example.com",
		}).lookup)
		require.NoError(t, err)
		for what, limit := range map[string]time.Duration{
			"scenario": c.Limits.Scenario - config.ScenarioLimit, "run": c.Limits.Run - config.RunLimit,
		} {
			require.Positive(t, limit, "%s at %s calls a second", what, rps)
			require.Less(t, limit, 24*time.Hour, "%s at %s calls a second", what, rps)
		}
	}
}
