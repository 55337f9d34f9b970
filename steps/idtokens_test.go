package steps

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"testing"

	"github.com/stretchr/testify/require"
)

// A signature does not hold against the stranger's key because it is wrong, and not because the key is no key.
func TestTheStrangersKeyIsAKey(t *testing.T) {
	stranger, err := strangersKey()
	require.NoError(t, err)
	require.Equal(t, 2048, stranger.N.BitLen())
	signer, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	digest := sha256.Sum256([]byte("a token"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, signer, crypto.SHA256, digest[:])
	require.NoError(t, err)
	require.NoError(t, rsa.VerifyPKCS1v15(&signer.PublicKey, crypto.SHA256, digest[:], signature))
	require.ErrorIs(t, rsa.VerifyPKCS1v15(stranger, crypto.SHA256, digest[:], signature), rsa.ErrVerification)
}
