package condition

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func decoded(t *testing.T, text string) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var raw map[string]any
	require.NoError(t, decoder.Decode(&raw))
	return raw
}

func known(attribute string) bool { return attribute != "shoe" }

const since = `{"secondsSince":"${session.lastSignOn.withAuthenticator.pwd.at}","greater":3600}`

func TestConditions(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	facts := Facts{Now: now, Value: func(name string) any {
		return map[string]any{
			RemoteIP: "192.0.2.7", PasswordAt: now.Add(-time.Hour), "user.population.id": "members", "user.enabled": true,
			"user.email": "anna@example.com", "user.memberOfGroupIDs": []string{"staff", "sales"}, "user.shoeSize": json.Number("42"),
			"user.lastSignOn.at": now.Add(-time.Minute), "user.languages": []any{"de", "en"}, MFAAt: time.Time{},
		}[name]
	}}
	for text, want := range map[string]bool{
		`{"value":"${user.population.id}","equals":"members"}`:                                      true,
		`{"value":"${user.population.id}","equals":"others"}`:                                       false,
		`{"value":"${user.enabled}","equals":true}`:                                                 true,
		`{"value":"${user.shoeSize}","equals":42}`:                                                  true,
		`{"value":"${user.title}","equals":"Tester"}`:                                               false,
		`{"value":"${user.title}","equals":"<nil>"}`:                                                false,
		`{"value":"${user.languages}","contains":"de"}`:                                             true,
		`{"value":"${user.languages}","contains":"d"}`:                                              false,
		`{"value":"${user.enabled}","contains":"true"}`:                                             false,
		`{"value":"${user.title}","contains":"T"}`:                                                  false,
		`{"contains":"${flow.request.http.remoteIp}","ipRange":["::ffff:0:0/96"]}`:                  false,
		`{"value":"${user.email}","contains":"@example.com"}`:                                       true,
		`{"value":"${user.email}","contains":"@example.org"}`:                                       false,
		`{"value":"${user.memberOfGroupIDs}","contains":"staff"}`:                                   true,
		`{"value":"${user.memberOfGroupIDs}","contains":"sta"}`:                                     false,
		`{"contains":"${flow.request.http.remoteIp}","ipRange":["198.51.100.0/24","192.0.2.0/24"]}`: true,
		`{"contains":"${flow.request.http.remoteIp}","ipRange":["192.0.2.8"]}`:                      false,
		`{"contains":"${flow.request.http.remoteIp}","ipRange":["192.0.2.7"]}`:                      true,
		`{"not":{"contains":"${flow.request.http.remoteIp}","ipRange":["192.0.2.0/24"]}}`:           false,
		since: false,
		strings.Replace(since, "3600", "3599", 1):                                                                        true,
		strings.Replace(since, "3600", "0", 1):                                                                           true,
		strings.Replace(since, "pwd", "mfa", 1):                                                                          true,
		`{"secondsSince":"${session.lastSignOn.withAuthenticator.mfa.at}","greater":99999999999}`:                        true,
		`{"secondsSince":"${user.lastSignOn.at}","greater":59}`:                                                          true,
		`{"secondsSince":"${user.lastSignOn.at}","greater":60}`:                                                          false,
		nots(20) + since + ends(20):                                                                                      false,
		`{"or":[` + since + `,{"value":"${user.enabled}","equals":true}]}`:                                               true,
		`{"and":[` + since + `,{"value":"${user.enabled}","equals":true}]}`:                                              false,
		`{"and":[{"not":` + since + `},{"value":"${user.enabled}","equals":true}]}`:                                      true,
		`{"not":{"or":[{"not":{"value":"${user.enabled}","equals":true}},{"value":"${user.title}","equals":"Tester"}]}}`: true,
	} {
		plain := map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(text), &plain))
		for _, raw := range []map[string]any{decoded(t, text), plain} {
			c, err := Parse(raw, known)
			require.NoError(t, err, text)
			require.Equal(t, want, c.Holds(facts), text)
		}
	}
	require.True(t, Condition{}.Holds(facts), "no condition always holds")
}

func nots(depth int) string { return strings.Repeat(`{"not":`, depth) }
func ends(depth int) string { return strings.Repeat(`}`, depth) }

func TestConditionsThatAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                                      ": The condition is none of",
		`{"sunny":true}`:                                          ": The condition is none of",
		`{"value":"x","equals":"y"}`:                              "value: It is no variable",
		`{"value":"${user.shoe}","equals":"y"}`:                   "value: There is no variable ${user.shoe}",
		`{"value":"${moon.phase}","equals":"y"}`:                  "value: There is no variable ${moon.phase}",
		`{"value":"${user.email}","equals":["y"]}`:                "equals: It is no text",
		`{"value":"${user.email}","equals":"y","more":1}`:         ": The condition is none of",
		`{"value":"${user.email}","contains":7}`:                  "contains: It is no text",
		`{"or":[]}`:                                               "or: It is no list",
		`{"or":[7]}`:                                              "or[0]: It is no condition",
		`{"and":[{"not":{"sunny":true}}]}`:                        "and[0].not: The condition is none of",
		`{"secondsSince":"${user.email}","greater":1}`:            "secondsSince: The variable is no time",
		strings.Replace(since, "3600", `"long"`, 1):               "greater: It is no number",
		`{"contains":"${user.email}","ipRange":["192.0.2.0/24"]}`: "ipRange: It is no list of ranges",
		`{"contains":"${flow.request.http.remoteIp}","ipRange":["everywhere"]}`:             "ipRange[0]: It is no range",
		`{"ipRisk":{"minScore":80,"maxScore":100},"valid":"${flow.request.http.remoteIp}"}`: "ipRisk: The emulator does not evaluate ipRisk.",
		`{"geoVelocity":"${flow.request.http.remoteIp}","valid":{}}`:                        "geoVelocity: The emulator does not evaluate geoVelocity.",
		`{"or":[{"anonymousNetwork":[],"valid":"${flow.request.http.remoteIp}"}]}`:          "or[0].anonymousNetwork: The emulator does not evaluate anonymousNetwork.",
		`{"value":"${user.email}","contains":""}`:                                           "contains: It is no text",
		`{"value":"x","contains":"y"}`:                                                      "value: It is no variable",
		`{"secondsSince":"x","greater":1}`:                                                  "secondsSince: It is no variable",
		`{"contains":"x","ipRange":["192.0.2.0/24"]}`:                                       "contains: It is no variable",
		`{"contains":"${flow.request.http.remoteIp}","ipRange":[]}`:                         "ipRange: It is no list of ranges",
		`{"or":7}`:                              "or: It is no list",
		strings.Replace(since, "3600", "-1", 1): "greater: It is no number",
		nots(21) + since + ends(21):             strings.TrimSuffix(strings.Repeat("not.", 21), ".") + ": The condition is nested too deeply.",
	} {
		_, err := Parse(decoded(t, text), known)
		require.Error(t, err, text)
		require.True(t, strings.HasPrefix(err.Error(), want), "%s: %v", text, err)
	}
}

func TestStale(t *testing.T) {
	now := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC)
	facts := Facts{Now: now, Value: func(string) any { return now.Add(-2 * time.Hour) }}
	for text, want := range map[string]bool{
		since: true,
		`{"or":[{"value":"${user.enabled}","equals":true},` + since + `]}`: true,
		`{"not":` + since + `}`:                   false,
		strings.Replace(since, "3600", "7200", 1): false,
	} {
		c, err := Parse(decoded(t, text), known)
		require.NoError(t, err)
		require.Equal(t, want, c.Stale(PasswordAt, facts), text)
		require.False(t, c.Stale(MFAAt, facts))
	}
}
