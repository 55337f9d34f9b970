package scrub_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
)

// bySecret is a JWT that is signed with a secret.
func bySecret(secret string) string {
	return signed(`{"alg":"HS256"}`, func(input string) []byte {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(input))
		return mac.Sum(nil)
	})
}

// A message about a call that replay does not take shows what differs, and no secret.
func TestWhatIsShownOfACall(t *testing.T) {
	standIn := scrub.StandIn("client-secret", 1, "")
	live, ours := bySecret("unknown"), bySecret(standIn)
	for _, row := range []struct {
		what   string
		header string // Authorization
		body   string
		shown  string
	}{
		{"a secret in a Basic header", basic("me:hunter-22"), "", "Basic me:(9 characters that are no stand-in)"},
		{"a stand-in in a Basic header", basic("me:" + standIn), "", "Basic me:" + standIn},
		{"a header that is none", "Basic abcde", "", "Basic (5 characters that are no stand-in)"},
		{"a password", "", `{"newPassword":"hunter-22"}`, `{"newPassword":"(9 characters that are no stand-in)"}`},
		{"a password, percent-encoded as well", "", `{"newPassword":"a?b&c","note":"a%3Fb%26c"}`, `{"newPassword":"(5 characters that are no stand-in)","note":"(5 characters that are no stand-in)"}`},
		{"the shortest that is hidden", "", `{"otp":"abcd"}`, `{"otp":"(4 characters that are no stand-in)"}`},
		{"what is too short to be told from other text", "", `{"otp":"abc"}`, `{"otp":"abc"}`},
		{"a stand-in", "", `{"newPassword":"Stand-In-password-1!"}`, `{"newPassword":"Stand-In-password-1!"}`},
		{"another member", "", `{"name":"hunter-22"}`, `{"name":"hunter-22"}`},
		{"a token of somebody", "", `{"access_token":"` + live + `"}`, `{"access_token":"JWT {"alg":"HS256"} {"sub":"` + liveID + `"} signed by an unknown key …` + live[len(live)-6:] + `"}`},
		{"a token of ours", "", `{"access_token":"` + ours + `"}`, `{"access_token":"JWT {"alg":"HS256"} {"sub":"` + liveID + `"} signed by a stand-in secret …` + ours[len(ours)-6:] + `"}`},
		{"a token of nobody", "", `{"hint":"` + unsigned(`{}`) + `"}`, `{"hint":"JWT {"alg":"none"} {} signed by nobody "}`},
		{"what only looks like a token", "", `{"hint":"eyJx.y.z"}`, `{"hint":"(a token that is no JWT)"}`},
	} {
		m := scrub.Message{Request: true, Header: http.Header{}, Body: []byte(row.body)}
		text := row.body
		if row.header != "" {
			m.Header.Set("Authorization", row.header)
			text = row.header
		}
		require.Equal(t, row.shown, scrub.Show(m, text, []string{standIn}), row.what)
	}
}

func TestWhichStandInsMayHaveSigned(t *testing.T) {
	encoded := base64.StdEncoding.EncodeToString([]byte("me:stand%2Din-application-secret-7"))
	found := scrub.SecretsIn("a stand-in-application-secret-2... and STAND-IN-other-secret-3\nAuthorization: Basic " + encoded + "\nAuthorization: Basic abcde")
	require.Equal(t, []string{"STAND-IN-other-secret-3", "stand-in-application-secret-2...", "stand-in-application-secret-7", scrub.StandIn("client-secret", 1, "")}, found)
}

// A spoiled token counts as the recorded one only where it says the same and nobody has signed it.
func TestASpoiledTokenStandsForTheRecordedOne(t *testing.T) {
	standIn := scrub.StandIn("client-secret", 1, "")
	live := bySecret("unknown")
	recorded := answer(rewriter(scrub.Rules{}), live)
	require.Equal(t, scrub.Foreign, scrub.SignedBy(recorded, nil))
	input := recorded[:strings.LastIndexByte(recorded, '.')+1]
	spoiled := input + encode([]byte("another signature"))
	mac := hmac.New(sha256.New, []byte(standIn))
	mac.Write([]byte(strings.TrimSuffix(input, ".")))
	valid := input + encode(mac.Sum(nil))
	asked := 0
	secrets := func() []string { asked++; return []string{standIn} }
	for _, row := range []struct{ what, recorded, sent, want string }{
		{"spoiled", recorded, "a " + spoiled + " b", "a " + recorded + " b"},
		{"the same", recorded, recorded + " " + spoiled, recorded + " " + spoiled},
		{"signed", recorded, valid, valid},
		{"another content", recorded, live, live},
		{"nothing", recorded, "nothing", "nothing"},
		{"what was recorded was no spoiled one", valid, spoiled, spoiled},
	} {
		require.Equal(t, row.want, scrub.EaseForeign(row.recorded, row.sent, secrets), row.what)
	}
	require.Equal(t, 2, asked, "only where a token says the same")
}

func TestWhatReplayGivesForASecretThatWasNotRecorded(t *testing.T) {
	for kind, want := range map[string]string{"otp": "000903", "passcode": "000903", "id": scrub.ClientID(903), "password": "Stand-In-password-903!"} {
		require.Equal(t, want, scrub.Unrecorded(kind, 3))
		require.True(t, scrub.IsStandIn(want), want)
	}
}

func TestWhatWasAnnouncedIsKnownInItsOrder(t *testing.T) {
	v := scrub.NewVault(map[string]string{"unchanged": "unchanged", "": "nothing", liveSecret: "stand-in-client-secret-1"})
	first, second := v.Announce("password", "Spring-2026!"), v.Announce("otp", "482913")
	third := v.Announce("otp", "482914")
	require.Equal(t, []string{"Stand-In-password-1!", "000001", "000002"}, []string{first, second, third})
	require.Equal(t, []scrub.Call{
		{Kind: "password", Value: "Spring-2026!", StandIn: first}, {Kind: "otp", Value: "482913", StandIn: second}, {Kind: "otp", Value: "482914", StandIn: third},
	}, v.Calls())
	v.Learn("cookie", "a-live-cookie")
	require.Equal(t, "unchanged "+first+" 000001 x482913 stand-in-cookie-1", v.Replace("unchanged Spring-2026! 482913 x482913 a-live-cookie"))
	again := v.Again(map[string]string{liveSecret: "stand-in-client-secret-1"})
	require.Equal(t, v.Calls(), again.Calls())
	require.Equal(t, "a-live-cookie stand-in-client-secret-1", again.Replace("a-live-cookie "+liveSecret), "nothing that was learned")
	for _, known := range []string{first, bySecret("x"), liveSecret} {
		before := v.Replace(known)
		v.Learn("cookie", known)
		require.Equal(t, before, v.Replace(known), "it is no new secret")
	}
}
