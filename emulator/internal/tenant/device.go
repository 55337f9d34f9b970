package tenant

import (
	"crypto/subtle"
	"time"

	"github.com/pquerna/otp/hotp"
)

const totpPeriod = 30 // seconds

// totpGrace is the default of a device policy's passcodeGracePeriod: a code
// is good for so many steps before and after its own.
const totpGrace = 5

// AcceptTOTP says whether code is one that the device's authenticator shows
// around now. A code, or one older than the newest accepted, is good only once.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/mfa-devices.html
func (d *Device) AcceptTOTP(code string, now time.Time) bool {
	current := now.Unix() / totpPeriod
	for step := current - totpGrace; step <= current+totpGrace; step++ {
		if step <= d.LastStep {
			continue
		}
		expected, err := hotp.GenerateCode(d.Secret, uint64(step)) //nolint:gosec // no clock runs before 1970
		if err == nil && subtle.ConstantTimeCompare([]byte(expected), []byte(code)) == 1 {
			d.LastStep = step
			return true
		}
	}
	return false
}

// Unlock forgets wrong passcodes and the cool-down after them.
func (d *Device) Unlock() {
	d.Failures, d.LockUntil = 0, time.Time{}
}
