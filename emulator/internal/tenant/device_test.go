package tenant

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
)

func TestAcceptTOTP(t *testing.T) {
	const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
	now := time.Date(2026, 1, 15, 9, 0, 10, 0, time.UTC)
	code := func(at time.Time) string {
		shown, err := totp.GenerateCode(secret, at)
		require.NoError(t, err)
		return shown
	}
	tests := []struct {
		name string
		at   time.Duration
		want bool
	}{
		{"the present code", 0, true},
		{"one from two and a half minutes ago", -150 * time.Second, true},
		{"one from two and a half minutes ahead", 150 * time.Second, true},
		{"one from before that", -180 * time.Second, false},
		{"one from after that", 180 * time.Second, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := &Device{Secret: secret}
			require.Equal(t, test.want, d.AcceptTOTP(code(now.Add(test.at)), now))
		})
	}
	t.Run("a code is good once, and an older one not after it", func(t *testing.T) {
		d := &Device{Secret: secret}
		require.True(t, d.AcceptTOTP(code(now), now))
		require.False(t, d.AcceptTOTP(code(now), now))
		require.False(t, d.AcceptTOTP(code(now.Add(-30*time.Second)), now))
		require.True(t, d.AcceptTOTP(code(now.Add(30*time.Second)), now))
	})
	t.Run("a secret that is no base32 accepts nothing", func(t *testing.T) {
		require.False(t, (&Device{Secret: "!"}).AcceptTOTP("", now))
	})
}
