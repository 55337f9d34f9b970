package suite

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

func TestScenariosThatAPlaceCannotHoldAreLeftOut(t *testing.T) {
	for _, row := range []struct{ mode, source, outbox, tags, want string }{
		{config.Replay, "", "", "", ""},
		{config.Emulator, config.Outbox, "", "@journey", "@journey"},
		{config.Live, config.Prompt, "", "", "~@time-travel && ~@two-environments"},
		{config.Live, config.TOTP, "", "@journey", "@journey && ~@time-travel && ~@two-environments && ~@sent-passcode"},
		{config.Live, config.Outbox, "http://localhost:9030/emulator/outbox", "", "~@two-environments"},
		{config.Live, config.Outbox, "http://localhost:9030/mail", "", "~@time-travel && ~@two-environments"},
		{config.Emulator, config.TOTP, "", "", "~@sent-passcode"},
	} {
		o := Options{Tags: row.tags, Config: config.Config{Mode: row.mode, Passcode: config.PasscodeConfig{Source: row.source, OutboxURL: row.outbox}}}
		require.Equal(t, row.want, possible(o), row)
	}
}

func TestSignOnPagesAreBesideTheAuthorizationServer(t *testing.T) {
	for auth, apps := range map[string]string{
		"https://auth.pingone.eu":   "https://apps.pingone.eu",
		"http://127.0.0.1:8080":     "http://127.0.0.1:8080",
		"https://login.example.com": "https://login.example.com",
	} {
		require.Equal(t, apps, appsURL(config.Config{AuthURL: auth}), auth)
	}
}
