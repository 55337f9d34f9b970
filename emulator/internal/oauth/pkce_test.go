package oauth

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/tenant"
)

func TestAChallengeOf43To128UnreservedCharactersIsTaken(t *testing.T) {
	for _, challenge := range []string{strings.Repeat("a", 43), strings.Repeat("Z", 128), "AZaz09-._~" + strings.Repeat("0", 33)} {
		r := newRig(t)
		r.policy(r.app, "Login", tenant.Action{Type: "LOGIN"})
		r.browser().authorize("code_challenge", challenge)
		require.NotZero(t, held(r.server.signOns), challenge)
	}
}
