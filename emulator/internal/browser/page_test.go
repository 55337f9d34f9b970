package browser

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/flow"
)

// What went wrong is told in the words of the error body, with what its details name.
func TestErrorText(t *testing.T) {
	for body, want := range map[string]string{
		`{"message":"It failed.","details":[{"target":"scope","message":"Unknown."},{"target":"prompt","message":"Odd."}]}`: "It failed. scope: Unknown. prompt: Odd.",
		`{"message":"It failed."}`: "It failed.",
		`{"code":"INVALID_DATA"}`:  "The sign-on request is not valid.",
		"rubbish":                  "The sign-on request is not valid.",
		"":                         "The sign-on request is not valid.",
	} {
		require.Equal(t, want, ErrorText(body), body)
	}
}

func TestWords(t *testing.T) {
	require.Equal(t, "Sign on", Words(flow.PasswordRequired))
	require.Equal(t, "ASSERTION_REQUIRED", Words("ASSERTION_REQUIRED"), "a state without words is named")
}

// Browsers fill in what they know, and offer the right keys.
func TestWhatBrowsersAreToldOfAField(t *testing.T) {
	for name, want := range map[string]string{"mobilePhone": "tel", "email": "email", "name.given": "given-name", "title": "on"} {
		require.Equal(t, want, autocompleteOf(name), name)
	}
	for status, want := range map[string][]Field{
		flow.PasscodeRequired: {{Name: "otp", Label: "Passcode", Type: "text", Required: true, Autocomplete: "one-time-code", Mode: "numeric"}},
		flow.RecoveryCodeRequired: {
			{Name: "recoveryCode", Label: "Recovery code", Type: "text", Required: true, Autocomplete: "one-time-code"},
			{Name: "newPassword", Label: "New password", Type: "password", Required: true, Autocomplete: "new-password"},
		},
		flow.Completed: nil,
	} {
		_, fields := forms(status)
		require.Equal(t, want, fields, status)
	}
}
