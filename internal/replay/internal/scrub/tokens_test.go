package scrub_test

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
)

var encode = base64.RawURLEncoding.EncodeToString

// signed is a JWT of some header and one claim.
func signed(header string, sign func(input string) []byte) string {
	input := encode([]byte(header)) + "." + encode([]byte(`{"sub":"`+liveID+`"}`))
	return input + "." + encode(sign(input))
}

// A token is signed again by the stand-in of whoever signed it, so that who verifies it sees the same.
func TestTokensAreSignedAgainByTheStandInOfWhoSigned(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	byKey := func(header string) string {
		return signed(header, func(input string) []byte {
			sum := sha256.Sum256([]byte(input))
			signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
			require.NoError(t, err)
			return signature
		})
	}
	bySecret := func(secret string) string {
		return signed(`{"alg":"HS256"}`, func(input string) []byte {
			mac := hmac.New(sha256.New, []byte(secret))
			mac.Write([]byte(input))
			return mac.Sum(nil)
		})
	}
	secrets := []string{"another", scrub.StandIn("client-secret", 1, "")}
	for _, row := range []struct {
		name, live string
		issued     bool
		signer     scrub.Signer
	}{
		{"by a key that is named", byKey(`{"alg":"RS256","kid":"live-1"}`), true, scrub.StandInKey},
		{"by a key that is not named", byKey(`{"alg":"RS256"}`), true, scrub.StandInKey},
		{"by the default key", byKey(`{"alg":"RS256","kid":"default"}`), true, scrub.StandInKey},
		{"by a key, but not sent by PingOne", byKey(`{"alg":"RS256","kid":"live-1"}`), false, scrub.Foreign},
		{"by another kind of key", byKey(`{"alg":"ES256","kid":"live-1"}`), true, scrub.Foreign},
		{"by the secret", bySecret(liveSecret), false, scrub.StandInSecret},
		{"by an unknown secret", bySecret("unknown"), true, scrub.Foreign},
		{"by nobody", unsigned(`{"sub":"` + liveID + `"}`), true, scrub.Unsigned},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := rewriter(scrub.Rules{})
			if row.issued {
				w.Expect(scrub.Message{URL: &url.URL{Path: "/x"}, Header: http.Header{}, Body: []byte(`{"access_token":"` + row.live + `"}`)})
			}
			standIn := answer(w, row.live)
			require.NotEqual(t, row.live, standIn)
			require.Equal(t, row.signer, scrub.SignedBy(standIn, secrets))
			require.Equal(t, standIn, answer(w, row.live), "the same token has the same stand-in")
			if row.signer == scrub.Unsigned {
				return
			}
			require.Equal(t, scrub.Live, scrub.SignedBy(row.live, secrets))
			require.Equal(t, scrub.Live, scrub.SignedBy(standIn[:len(standIn)-8]+"AAAAAAAA", secrets), "spoiled")
		})
	}
	require.Equal(t, scrub.Live, scrub.SignedBy("eyJ.no.token", secrets))
}

// An id that the suite announced keeps its own stand-in; one that stood at the place of a secret is numbered as any other.
func TestIdsThatAreSecretsToo(t *testing.T) {
	const learned = "8a2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"
	vault := scrub.NewVault(nil)
	require.Equal(t, scrub.ClientID(1), vault.Announce("id", liveID))
	vault.Learn("cookie", learned)
	w := scrub.NewRewriter(scrub.Rules{}, vault)
	require.Equal(t, scrub.ClientID(1)+" "+firstID, answer(w, liveID+" "+learned))
	require.Equal(t, liveID+" stand-in-cookie", vault.Redact(liveID+" "+learned), "what is shown names no live session")
}

// A passcode is one as a number too.
func TestAPasscodeThatIsANumberIsReplaced(t *testing.T) {
	vault := scrub.NewVault(nil)
	vault.Announce("otp", "482913")
	require.Equal(t, `{"otp":1,"n":482914}`, answer(scrub.NewRewriter(scrub.Rules{}, vault), `{"otp":482913,"n":482914}`))
}
