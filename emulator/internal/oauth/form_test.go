package oauth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAParameterIsSentOnce(t *testing.T) {
	r := newRig(t)
	for _, path := range []string{"/as/token", "/as/introspect", "/as/revoke", "/as/par"} {
		for _, twice := range []string{"scope=openid&scope=openid", "grant_type=client_credentials&grant_type=authorization_code", "token=a&token="} {
			answer := r.browser().send("POST", r.path(path), formType, twice)
			requireOAuth(t, answer, 400, "invalid_request")
			name, _, _ := strings.Cut(twice, "=")
			require.Contains(t, answer.json("error_description").String(), name+" was sent more than once")
		}
	}
}
