package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

func secretive() config.Config {
	return config.Config{
		Mode: config.Live, Region: "EU", ClientID: "worker", ClientSecret: "the-client-secret", MaxRPS: 2.5,
		Phone: "+1.5125550111", Email: "anna@example.com",
		Passcode: config.PasscodeConfig{Source: config.Command, Command: "fetch --token the-command-token", Timeout: time.Minute},
	}
}

// printed is every way a value gets into a log.
func printed(t *testing.T, value any) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%10v"} {
		all[verb] = fmt.Sprintf(verb, value)
	}
	text, err := json.Marshal(value)
	require.NoError(t, err)
	all["JSON"] = string(text)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("start", "config", value)
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", value)
	all["slog"] = log.String()
	all["error"] = fmt.Errorf("with %v", value).Error()
	return all
}

func TestNoPrintedFormShowsASecret(t *testing.T) {
	c := secretive()
	holder := struct{ Config config.Config }{c}
	for name, value := range map[string]any{
		"value": c, "pointer": &c, "in a struct": holder, "in a list": []config.Config{c}, "passcodes": c.Passcode, "pointer to passcodes": &c.Passcode,
	} {
		for how, text := range printed(t, value) {
			for _, secret := range []string{"the-client-secret", "the-command-token", "+1.5125550111", "anna@example.com"} {
				require.NotContains(t, text, secret, "%s as %s", name, how)
			}
			require.Contains(t, text, "command", "%s as %s still tells what is no secret", name, how)
		}
	}
}

func TestTheConfigurationTellsWhatItIs(t *testing.T) {
	require.Equal(t, "mode live, record false, region EU, client worker, client secret (set, not shown), phone (set, not shown), "+
		"e-mail (set, not shown), calls a second 2.5, passcode command, passcode command line (set, not shown), passcode timeout 1m0s",
		secretive().String())
	require.Equal(t, "mode replay, record false", fmt.Sprintf("%#v", config.Config{Mode: config.Replay}))
	require.Equal(t, `"passcode outbox"`, fmt.Sprintf("%q", config.PasscodeConfig{Source: config.Outbox}))
}
