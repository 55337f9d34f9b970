package passcode_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

func TestTestDeviceReadsThePasscodeInTheFlowsAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		flow, want string
	}{
		"a string":                       {`{"test":{"otp":"123456"}}`, "123456"},
		"a number":                       {`{"test":{"otp":123456}}`, "123456"},
		"a number without leading zeros": {`{"test":{"otp":123}}`, "000123"},
		"a string without leading zeros": {`{"test":{"otp":"42"}}`, "000042"},
		"nought":                         {`{"test":{"otp":0}}`, "000000"},
		"ten digits":                     {`{"test":{"otp":9876543210}}`, "9876543210"},
		"more digits than assumed":       {`{"test":{"otp":"12345678"}}`, "12345678"},
	} {
		t.Run(name, func(t *testing.T) {
			code, err := passcode.TestDevice{}.Passcode(t.Context(), phone(), []byte(c.flow), began())
			require.NoError(t, err)
			require.Equal(t, c.want, code)
		})
	}
}

func TestTestDeviceSaysWhatIsMissing(t *testing.T) {
	absent := "carries no test.otp; the device must be created with testMode true, and the authorization request must " +
		"carry a signed request object in which pi.testDevice is \"allow\""
	for name, c := range map[string]struct{ flow, says string }{
		"no flow":           {"", "is the flow started?"},
		"no JSON":           {"<html>", "it is no JSON"},
		"no test member":    {`{"status":"OTP_REQUIRED"}`, absent},
		"no otp in it":      {`{"test":{}}`, absent},
		"null":              {`{"test":{"otp":null}}`, absent},
		"empty":             {`{"test":{"otp":""}}`, "is not 6 to 10 digits"},
		"letters":           {`{"test":{"otp":"abcdef"}}`, "is not 6 to 10 digits"},
		"a fraction":        {`{"test":{"otp":1234.5}}`, "is not 6 to 10 digits"},
		"an exponent":       {`{"test":{"otp":1.5e5}}`, "is not 6 to 10 digits"},
		"a negative number": {`{"test":{"otp":-12345}}`, "is not 6 to 10 digits"},
		"too long":          {`{"test":{"otp":"12345678901"}}`, "is not 6 to 10 digits"},
		"a list":            {`{"test":{"otp":[1,2,3,4,5,6]}}`, "is not 6 to 10 digits"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := passcode.TestDevice{}.Passcode(t.Context(), phone(), []byte(c.flow), began())
			require.ErrorContains(t, err, c.says)
			require.ErrorContains(t, err, "PINGONE_PASSCODE=test-device")
			require.NotContains(t, err.Error(), "12345")
		})
	}
}

func TestTestDeviceStopsWhenTheRunIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := passcode.TestDevice{}.Passcode(ctx, phone(), []byte(`{"test":{"otp":"123456"}}`), began())
	require.ErrorIs(t, err, context.Canceled)
}
