package tenant

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMasks(t *testing.T) {
	for phone, want := range map[string]string{
		"+1.5125550101": "*******01", "+1 (512) 555-0142": "*******42", "7": "*******7", "": "*******",
	} {
		require.Equal(t, want, MaskPhone(phone))
	}
	for email, want := range map[string]string{
		"anna@example.com": "an****@example.com", "an@example.com": "a****@example.com", "a@example.com": "****@example.com", "@example.com": "****@example.com", "rubbish": "****",
	} {
		require.Equal(t, want, MaskEmail(email))
	}
}

func TestDisplayNames(t *testing.T) {
	for path, want := range map[string]string{
		"mobilePhone": "Mobile Phone", "name.given": "Given Name", "address.postalCode": "Postal Code", "email": "Email",
	} {
		require.Equal(t, want, ProfileAttribute{Name: path}.DisplayName())
	}
}
