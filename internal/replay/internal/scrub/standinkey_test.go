package scrub

import (
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// The fixtures hold these keys: whoever derives others verifies none of their tokens (decision 0003).
func TestTheStandInKeysAreTheSameEverywhere(t *testing.T) {
	for number, want := range map[int]string{
		1: "de7605f79e20656a",
		2: "6f660c240689582a",
	} {
		require.Equal(t, map[int]string{1: "ycxesah4GYnLEyZgj33ib9xgpL0yIEYP69TsQYxAtrg", 2: "ocUBeHqO6IyCoHFMGmXPwndMZHx2sHYSjdFwPK-goOw"}[number], jwkMember(number, "x5t#S256", ""), "and so are their certificates")
		key := standInKey(number)
		require.NoError(t, key.Validate())
		require.Equal(t, 2048, key.N.BitLen())
		sum := sha256.Sum256(key.N.Bytes())
		require.Equal(t, want, hex.EncodeToString(sum[:8]))

		modulus, err := base64.RawURLEncoding.DecodeString(jwkMember(number, "n", ""))
		require.NoError(t, err)
		require.Equal(t, key.N.Bytes(), modulus)
		require.Equal(t, "AQAB", jwkMember(number, "e", ""))
		raw, err := base64.StdEncoding.DecodeString(jwkMember(number, "x5c", ""))
		require.NoError(t, err)
		certificate, err := x509.ParseCertificate(raw)
		require.NoError(t, err)
		require.NoError(t, certificate.CheckSignature(certificate.SignatureAlgorithm, certificate.RawTBSCertificate, certificate.Signature))
		require.True(t, key.PublicKey.Equal(certificate.PublicKey))
		short, long := sha1.Sum(raw), sha256.Sum256(raw)
		require.Equal(t, base64.RawURLEncoding.EncodeToString(short[:]), jwkMember(number, "x5t", ""))
		require.Equal(t, base64.RawURLEncoding.EncodeToString(long[:]), jwkMember(number, "x5t#S256", ""))
	}
}

func TestWhichStandInKeySigned(t *testing.T) {
	for id, want := range map[string]int{
		"": 1, "default": 1, "stand-in-key-1": 1, "stand-in-key-9": 9,
		"stand-in-key-0": 0, "stand-in-key-10": 0, "stand-in-key-x": 0, "live": 0,
	} {
		number, known := keyNumber(id)
		require.Equal(t, want != 0, known, id)
		require.Equal(t, max(want, 1), number, id)
	}
	w := NewRewriter(Rules{}, NewVault(nil))
	for _, row := range [][2]string{{"", ""}, {"default", "default"}, {"live-a", "stand-in-key-1"}, {"live-b", "stand-in-key-2"}, {"live-a", "stand-in-key-1"}, {"stand-in-key-7", "stand-in-key-7"}} {
		require.Equal(t, row[1], w.key(row[0]))
	}
}
