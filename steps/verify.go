package steps

import (
	"context"
	"crypto"
	"fmt"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

// verifyIDToken verifies a raw ID token as a relying party does (OpenID Connect
// Core 3.1.3.7): RS256 by one of the keys, issuer, audience and expiry at now.
func verifyIDToken(ctx context.Context, raw, issuer, clientID string, keys []crypto.PublicKey, now func() time.Time) (*oidc.IDToken, error) {
	verifier := oidc.NewVerifier(issuer, &oidc.StaticKeySet{PublicKeys: keys}, &oidc.Config{
		ClientID: clientID, SupportedSigningAlgs: []string{oidc.RS256}, Now: now,
	})
	token, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, fmt.Errorf("the ID token does not hold: %w", err)
	}
	return token, nil
}
