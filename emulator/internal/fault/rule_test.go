package fault

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]Rule{
		"limited":                     {Kind: kindLimited},
		"failed:token":                {Kind: kindFailed, Operation: "token"},
		"lost:application.create:1":   {Kind: kindLost, Operation: "application.create", First: 1},
		"reset:*:/3":                  {Kind: kindReset, Operation: "*", Every: 3},
		"half::25%42":                 {Kind: kindHalf, Chance: 0.25, Seed: 42},
		"slow:user.*:50%":             {Kind: kindSlow, Operation: "user.*", Chance: 0.5},
		"latency:token::200ms":        {Kind: kindLatency, Operation: "token", For: 200 * time.Millisecond},
		"lag:application.secret.read": {Kind: kindLag, Operation: "application.secret.read"},
		"skew:-5m":                    {Kind: kindSkew, For: -5 * time.Minute},
		"skew":                        {Kind: kindSkew},
	} {
		rule, err := Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, want, rule, text)
	}
}

func TestParseRefusesWhatCannotBeMeant(t *testing.T) {
	for text, says := range map[string]string{
		"":                     `there is no fault ""; there are latency, limited,`,
		"lattency":             `there is no fault "lattency"; there are latency, limited,`,
		"failed:*:1:2s:more":   "more parts than kind:operation:calls:duration",
		"failed:*:often":       `calls "often" is none of`,
		"failed:*:/0":          `calls "/0" is none of`,
		"failed:*:-1":          "cannot be negative",
		"failed:*:101%":        "not between 0 and 1",
		"failed:*:ten%":        `calls "ten%" is none of`,
		"failed:*:10%x":        `calls "10%x" is none of`,
		"failed:*:1:2s":        "failed has no duration",
		"failed:[:1":           "is no pattern",
		"limited:*:1:soon":     "invalid duration",
		"latency:*:1:-1s":      "cannot last -1s",
		"latency:*:1:10m":      "50s at most",
		"skew:token:1:5m":      "there is one clock",
		"skew:sideways":        "invalid duration",
		"limited:*:1:-100ms":   "cannot last",
		"slow:token:/2:51s":    "50s at most",
		"unavailable:*:0.5%:x": "invalid duration",
	} {
		_, err := Parse(text)
		require.ErrorContains(t, err, says, text)
	}
}

func TestRulesAsJSON(t *testing.T) {
	rules := []Rule{
		{Kind: kindLatency, Operation: "user.*", Every: 2, For: 1500 * time.Millisecond},
		{Kind: kindHalf, Chance: 0.5, Seed: 7}, {Kind: kindReset, First: 3},
	}
	text, err := json.Marshal(rules)
	require.NoError(t, err)
	require.JSONEq(t, `[{"kind":"latency","operation":"user.*","every":2,"for":"1.5s"},{"kind":"half","chance":0.5,"seed":7},{"kind":"reset","first":3}]`, string(text))
	var back []Rule
	require.NoError(t, json.Unmarshal(text, &back))
	require.Equal(t, rules, back)
	for _, bad := range []string{`{"kind":"latency","for":"long"}`, `{"kind":"latency","often":true}`, `{"kind":1}`} {
		require.Error(t, json.Unmarshal([]byte(bad), &Rule{}), bad)
	}
}

// Every kind explains itself, and its usual duration is one that a rule may have.
func TestKinds(t *testing.T) {
	for _, kind := range Kinds() {
		require.NotEmpty(t, kind.Does, kind.Name)
		require.Equal(t, kind.For != "", kind.Usual != 0, kind.Name)
		require.NoError(t, Rule{Kind: kind.Name, For: kind.Usual}.check(nil), kind.Name)
	}
}
