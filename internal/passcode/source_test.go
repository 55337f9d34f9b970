package passcode_test

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// phone is the device that the tests ask about.
func phone() passcode.Device {
	return passcode.Device{ID: "dev-1", Type: "SMS", Masked: "*******01", FlowID: "flow-1", Address: "+1.5125550101"}
}

// began is when the tests' passcodes were asked for.
func began() time.Time { return time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC) }

func TestNewMakesTheSourceThatTheConfigurationNames(t *testing.T) {
	for kind, want := range map[string]passcode.Source{
		"outbox": &passcode.Outbox{}, "test-device": passcode.TestDevice{}, "command": &passcode.Command{}, "prompt": &passcode.Prompt{}, "totp": &passcode.TOTP{},
	} {
		t.Run(kind, func(t *testing.T) {
			s, err := passcode.New(passcode.Options{Kind: kind, Command: "true", OutboxURL: "http://127.0.0.1:1/emulator/outbox"})
			require.NoError(t, err)
			require.IsType(t, want, s)
		})
	}
	_, err := passcode.NewOutbox("https://mail.example.com/outbox", time.Second)
	require.NoError(t, err)
}

// A source that is given no time limit waits all the same: two minutes.
func TestASourceWithoutATimeLimitWaits(t *testing.T) {
	url, _ := outbox(t, "[]", "["+sent("dev-1", "flow-1", "+1.5125550101", "123456", "01.000")+"]")
	for _, options := range []passcode.Options{{Kind: "outbox", OutboxURL: url}, {Kind: "command", Command: "echo 123456"}} {
		s, err := passcode.New(options)
		require.NoError(t, err)
		code, err := s.Passcode(t.Context(), phone(), nil, began())
		require.NoError(t, err)
		require.Equal(t, "123456", code)
	}
}

// The zero clock is the real one: an authenticator goes by it.
func TestAnAuthenticatorGoesByTheRealClock(t *testing.T) {
	s, err := passcode.New(passcode.Options{Kind: "totp"})
	require.NoError(t, err)
	const secret = "JBSWY3DPEHPK3PXP"
	require.NoError(t, s.(*passcode.TOTP).Pair("dev-1", secret))
	before, err := totp.GenerateCode(secret, time.Now())
	require.NoError(t, err)
	code, err := s.Passcode(t.Context(), app("dev-1"), nil, began())
	require.NoError(t, err)
	after, err := totp.GenerateCode(secret, time.Now())
	require.NoError(t, err)
	require.Contains(t, []string{before, after}, code)
}

func TestNewSaysWhatTheConfigurationLacks(t *testing.T) {
	for name, c := range map[string]struct {
		options passcode.Options
		says    string
	}{
		"no kind":                  {passcode.Options{}, `PINGONE_PASSCODE is "": allowed are outbox, test-device, command, prompt and totp`},
		"unknown kind":             {passcode.Options{Kind: "pigeon"}, `PINGONE_PASSCODE is "pigeon": allowed are`},
		"command without a line":   {passcode.Options{Kind: "command", Command: " "}, "needs PINGONE_PASSCODE_COMMAND"},
		"outbox without a URL":     {passcode.Options{Kind: "outbox"}, "needs PINGONE_OUTBOX_URL"},
		"outbox that is no URL":    {passcode.Options{Kind: "outbox", OutboxURL: "nowhere"}, `PINGONE_OUTBOX_URL is "nowhere"`},
		"outbox on no host":        {passcode.Options{Kind: "outbox", OutboxURL: "http:///emulator/outbox"}, "must be an http or https address"},
		"outbox at a bad address":  {passcode.Options{Kind: "outbox", OutboxURL: "http://127.0.0.1:x/"}, "must be an http or https address"},
		"outbox of another scheme": {passcode.Options{Kind: "outbox", OutboxURL: "ftp://127.0.0.1/x"}, "must be an http or https address"},
		"negative time limit":      {passcode.Options{Kind: "prompt", Timeout: -time.Second}, "PINGONE_PASSCODE_TIMEOUT is -1s"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := passcode.New(c.options)
			require.ErrorContains(t, err, c.says)
		})
	}
}

func TestDeviceDescribesItselfToAPersonWithoutItsAddress(t *testing.T) {
	for want, d := range map[string]passcode.Device{
		"text-message device *******01":    {Type: "SMS", Masked: "*******01", Address: "+1.5125550101"},
		"e-mail device an****@example.com": {Type: "EMAIL", Masked: "an****@example.com", Address: "anna@example.com"},
		"voice device":                     {Type: "VOICE"},
		"authenticator app":                {Type: "TOTP"},
		"device":                           {},
		"PIGEON device [2J":                {Type: "PIGEON", Masked: "\x1b[2J"},
	} {
		t.Run(want, func(t *testing.T) { require.Equal(t, want, d.String()) })
	}
}
