package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

func TestEachFaultIsOneLineInTheUsersNames(t *testing.T) {
	rows := map[string]struct {
		set  variables
		want string
	}{
		"unknown mode": {variables{"PINGONE_MODE": "sandbox"},
			`PINGONE_MODE: "sandbox" is not a mode; use replay, emulator or live`},
		"a mode in capitals": {variables{"PINGONE_MODE": "Live"},
			`PINGONE_MODE: "Live" is not a mode; use replay, emulator or live`},
		"record is yes": {variables{"PINGONE_RECORD": "1", "PINGONE_MODE": "emulator"},
			`PINGONE_RECORD: "1" is neither true nor false`},
		"recording a replay": {variables{"PINGONE_RECORD": "true"},
			`PINGONE_RECORD: "true" needs PINGONE_MODE=emulator or PINGONE_MODE=live; in replay nobody new answers`},
		"unknown region": {live.with(variables{"PINGONE_REGION_CODE": "US"}),
			`PINGONE_REGION_CODE: "US" is not a region of PingOne; use NA, EU, AP, CA, AU or SG`},
		"environment that is no id": {live.with(variables{"PINGONE_ENVIRONMENT_ID": "my-environment"}),
			"PINGONE_ENVIRONMENT_ID: is not an environment's id, which is a UUID such as 00000000-0000-4000-8000-000000000000"},
		"target that is no id": {live.with(variables{"PINGONE_TARGET_ENVIRONMENT_ID": workerEnvironment + "0"}),
			"PINGONE_TARGET_ENVIRONMENT_ID: is not an environment's id, which is a UUID such as 00000000-0000-4000-8000-000000000000"},
		"production by yes": {live.with(variables{"PINGONE_ALLOW_PRODUCTION": "true"}),
			"PINGONE_ALLOW_PRODUCTION: is not an environment's id, which is a UUID such as 00000000-0000-4000-8000-000000000000"},
		"white space": {live.with(variables{"PINGONE_CLIENT_SECRET": "s3cr3t "}),
			"PINGONE_CLIENT_SECRET: begins or ends with white space"},
		"half of the URLs": {live.with(variables{"PINGONE_API_URL": "https://api.example.com"}),
			"PINGONE_AUTH_URL: is missing; PINGONE_API_URL is given, and the two go together"},
		"the other half": {live.with(variables{"PINGONE_AUTH_URL": "https://auth.example.com"}),
			"PINGONE_API_URL: is missing; PINGONE_AUTH_URL is given, and the two go together"},
		"plain http": {live.with(variables{"PINGONE_API_URL": "http://api.example.com", "PINGONE_AUTH_URL": "https://auth.example.com"}),
			"PINGONE_API_URL: is plain http, which is allowed on loopback only"},
		"no http at all": {live.with(variables{"PINGONE_API_URL": "api.example.com", "PINGONE_AUTH_URL": "https://auth.example.com"}),
			"PINGONE_API_URL: does not begin with https:// or http://"},
		"a path": {live.with(variables{"PINGONE_API_URL": "https://api.example.com/v1", "PINGONE_AUTH_URL": "https://auth.example.com/as"}),
			`PINGONE_AUTH_URL: has the path "/as", which does not belong there`},
		"user information": {live.with(variables{"PINGONE_API_URL": "https://me:pw@api.example.com", "PINGONE_AUTH_URL": "https://auth.example.com"}),
			"PINGONE_API_URL: has user information before the host, which does not belong there"},
		"unknown source": {live.with(variables{"PINGONE_PASSCODE": "pigeon"}),
			`PINGONE_PASSCODE: "pigeon" is not a source of passcodes; use outbox, test-device, command, prompt or totp`},
		"a command that is none": {variables{"PINGONE_MODE": "emulator", "PINGONE_PASSCODE": "command"},
			"PINGONE_PASSCODE_COMMAND: is missing; PINGONE_PASSCODE=command needs it: a program that prints the passcode"},
		"PingOne has no outbox": {live.with(variables{"PINGONE_PASSCODE": "outbox"}),
			"PINGONE_OUTBOX_URL: is missing; PINGONE_PASSCODE=outbox needs it: the outbox of a running emulator; PingOne has none"},
		"an outbox elsewhere": {live.with(variables{"PINGONE_OUTBOX_URL": "http://mail.example.com/"}),
			"PINGONE_OUTBOX_URL: is plain http, which is allowed on loopback only"},
		"nowhere to send": {live.with(variables{"PINGONE_PASSCODE": "prompt", "PINGONE_EMAIL": "anna@example.com"}),
			"PINGONE_PHONE: is missing; PINGONE_PASSCODE=prompt needs it: a phone that may get real text messages"},
		"a phone number that is none": {live.with(variables{"PINGONE_PHONE": "555-0111"}),
			"PINGONE_PHONE: is not an international phone number such as +1.5125550111"},
		"too few digits": {live.with(variables{"PINGONE_PHONE": "+1.555"}),
			"PINGONE_PHONE: is not an international phone number such as +1.5125550111"},
		"an address that is none": {live.with(variables{"PINGONE_EMAIL": "Anna <anna@example.com>"}),
			"PINGONE_EMAIL: is not an e-mail address such as anna@example.com"},
		"no rate": {live.with(variables{"PINGONE_MAX_RPS": "0"}),
			`PINGONE_MAX_RPS: "0" is not a number of calls a second from 0.1 to 1000, such as 5 or 0.5`},
		"a rate beyond counting": {live.with(variables{"PINGONE_MAX_RPS": "Inf"}),
			`PINGONE_MAX_RPS: "Inf" is not a number of calls a second from 0.1 to 1000, such as 5 or 0.5`},
		"a rate that is none": {live.with(variables{"PINGONE_MAX_RPS": "NaN"}),
			`PINGONE_MAX_RPS: "NaN" is not a number of calls a second from 0.1 to 1000, such as 5 or 0.5`},
		"a rate that is followed by something": {live.with(variables{"PINGONE_MAX_RPS": "5/s"}),
			`PINGONE_MAX_RPS: "5/s" is not a number of calls a second from 0.1 to 1000, such as 5 or 0.5`},
		"a rate that would take for ever": {live.with(variables{"PINGONE_MAX_RPS": "1e-9"}),
			`PINGONE_MAX_RPS: "1e-9" is not a number of calls a second from 0.1 to 1000, such as 5 or 0.5`},
		"a rate that limits nothing": {live.with(variables{"PINGONE_MAX_RPS": "1e300"}),
			`PINGONE_MAX_RPS: "1e300" is not a number of calls a second from 0.1 to 1000, such as 5 or 0.5`},
		"no time at all": {variables{"PINGONE_CALL_TIMEOUT": "1ns"},
			`PINGONE_CALL_TIMEOUT: "1ns" is not a time from 100ms to 10m0s, such as 90s or 2m`},
		"a value of many letters": {variables{"PINGONE_MODE": strings.Repeat("é", 5000)},
			`PINGONE_MODE: "` + strings.Repeat("é", 40) + `…" is not a mode; use replay, emulator or live`},
		"a time of many letters": {variables{"PINGONE_LAG_TIMEOUT": strings.Repeat("9", 5000)},
			`PINGONE_LAG_TIMEOUT: "` + strings.Repeat("9", 40) + `…" is not a time from 100ms to 10m0s, such as 90s or 2m`},
		"a value of several lines": {variables{"PINGONE_RECORD": "a\nok   Then\x1b[2J"},
			`PINGONE_RECORD: "a\nok   Then\x1b[2J" is neither true nor false`},
		"a time without unit": {variables{"PINGONE_CALL_TIMEOUT": "30"},
			`PINGONE_CALL_TIMEOUT: "30" is not a time from 100ms to 10m0s, such as 90s or 2m`},
		"no time": {variables{"PINGONE_LAG_TIMEOUT": "-1s"},
			`PINGONE_LAG_TIMEOUT: "-1s" is not a time from 100ms to 10m0s, such as 90s or 2m`},
		"too long": {variables{"PINGONE_PASSCODE_TIMEOUT": "11m"},
			`PINGONE_PASSCODE_TIMEOUT: "11m" is not a time from 100ms to 10m0s, such as 90s or 2m`},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(row.set.lookup)
			require.EqualError(t, err, row.want)
		})
	}
}

func TestLiveWithoutCredentialsNamesAllThatIsMissing(t *testing.T) {
	_, err := config.Load(variables{"PINGONE_MODE": "live", "PINGONE_CLIENT_SECRET": ""}.lookup)
	require.EqualError(t, err, strings.Join([]string{
		"PINGONE_ENVIRONMENT_ID: is missing; PINGONE_MODE=live needs it: the id of the environment that holds the worker application",
		"PINGONE_CLIENT_ID: is missing; PINGONE_MODE=live needs it: the worker application's id",
		"PINGONE_CLIENT_SECRET: is missing; PINGONE_MODE=live needs it: the worker application's secret",
	}, "\n"))
}

func TestAllFaultsComeAtOnce(t *testing.T) {
	_, err := config.Load(variables{
		"PINGONE_MODE": "live", "PINGONE_RECORD": "yes", "PINGONE_REGION_CODE": "XX", "PINGONE_ENVIRONMENT_ID": "no id",
		"PINGONE_CLIENT_ID": "worker", "PINGONE_CLIENT_SECRET": "s3cr3t", "PINGONE_PASSCODE": "command",
		"PINGONE_MAX_RPS": "fast", "PINGONE_CALL_TIMEOUT": "soon",
	}.lookup)
	var faults config.Faults
	require.ErrorAs(t, err, &faults)
	var names []string
	for _, fault := range faults {
		name, _, _ := strings.Cut(fault, ":")
		names = append(names, strings.TrimPrefix(name, "PINGONE_"))
	}
	require.ElementsMatch(t, []string{
		"RECORD", "CALL_TIMEOUT", "MAX_RPS", "REGION_CODE", "ENVIRONMENT_ID", "PASSCODE_COMMAND", "PHONE", "EMAIL",
	}, names)
}

// What stands in the wrong variable by mistake may be the secret.
func TestAFaultNeverRepeatsWhatMayBeASecret(t *testing.T) {
	secret := "s3cr3t~value"
	for _, name := range []string{
		"PINGONE_ENVIRONMENT_ID", "PINGONE_TARGET_ENVIRONMENT_ID", "PINGONE_ALLOW_PRODUCTION", "PINGONE_API_URL",
		"PINGONE_AUTH_URL", "PINGONE_OUTBOX_URL", "PINGONE_PHONE", "PINGONE_EMAIL",
	} {
		for _, value := range []string{secret, "https://x:" + secret + "@example.com", "https://example.com?" + secret} {
			_, err := config.Load(live.with(variables{name: value}).lookup)
			if err != nil {
				require.NotContains(t, err.Error(), secret, name)
			}
		}
	}
}

func TestAMessageIsShort(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	everything := variables{}
	for _, name := range config.Names() {
		everything[name] = long
	}
	for _, mode := range []string{long, config.Emulator, config.Live} {
		for _, prefix := range []string{"", "https://example.com/"} {
			everything["PINGONE_API_URL"], everything["PINGONE_AUTH_URL"] = prefix+long, prefix+long
			_, err := config.Load(everything.with(variables{"PINGONE_MODE": mode}).lookup)
			var faults config.Faults
			require.ErrorAs(t, err, &faults)
			for _, fault := range faults {
				require.Less(t, len(fault), 250, "%.100s", fault)
			}
		}
	}
}
