package passcode

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/jsontext"
)

// TestDevice reads the passcode from the flow's own answer, where PingOne puts
// it for a device that was created with testMode true.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/mfa-devices/create_mfa_user_device_test.html
type TestDevice struct{}

// Passcode implements Source. It waits for nothing: the passcode is in flow or
// it is not. A number that lost its leading zeros gets them back.
func (TestDevice) Passcode(ctx context.Context, d Device, flow []byte, _ time.Time) (string, error) {
	if err := context.Cause(ctx); err != nil {
		return "", fmt.Errorf("reading the passcode of the %s: %w", d, err)
	}
	if len(flow) == 0 {
		return "", errors.New("PINGONE_PASSCODE=test-device reads the flow's answer, and there is none: is the flow started?")
	}
	if !jsontext.Valid(flow) {
		return "", errors.New("PINGONE_PASSCODE=test-device reads the flow's answer, and it is no JSON")
	}
	otp := gjson.GetBytes(flow, "test.otp")
	if otp.Type == gjson.Null {
		return "", fmt.Errorf("PINGONE_PASSCODE=test-device: the flow's answer for the %s carries no test.otp; the device must be "+
			"created with testMode true, and the authorization request must carry a signed request object in which "+
			"pi.testDevice is \"allow\"; an environment that does neither needs another PINGONE_PASSCODE", d)
	}
	text := otp.Str
	if otp.Type == gjson.Number {
		text = otp.Raw
	}
	if text != "" && len(text) < minDigits {
		text = strings.Repeat("0", minDigits-len(text)) + text
	}
	code, err := digits(text)
	if err != nil {
		return "", fmt.Errorf("PINGONE_PASSCODE=test-device: test.otp in the flow's answer for the %s %w", d, err)
	}
	return code, nil
}
