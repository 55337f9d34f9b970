package scrub_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/replay/internal/scrub"
)

// What is shown to somebody holds no token, of whomever.
func TestATokenIsNotShown(t *testing.T) {
	require.Equal(t, "it is stand-in-token now", scrub.NewVault(nil).Redact("it is "+bySecret("unknown")+" now"))
}

// Stand-ins of one look are numbered together, or two secrets would have the same.
func TestNoTwoSecretsHaveOneStandIn(t *testing.T) {
	v := scrub.NewVault(nil)
	seen := map[string]bool{}
	for _, one := range [][2]string{
		{"otp", "482913"}, {"passcode", "482914"}, {"id", liveID}, {"nonce", "8a2f6c1e-3d44-4c1a-9f0e-0a1b2c3d4e5f"}, {"password", "Spring-2026!"}, {"password", "Autumn-2026!"},
	} {
		standIn := v.Announce(one[0], one[1])
		require.False(t, seen[standIn], standIn)
		seen[standIn] = true
		require.Equal(t, standIn, v.Announce("another", one[1]), "the same secret has the same one")
	}
}

// A secret is known from the moment that it is announced, whatever was asked before, in each form that it may take.
func TestASecretIsKnownAtOnce(t *testing.T) {
	v := scrub.NewVault(nil)
	require.Equal(t, "Summer & 2026!", v.Replace("Summer & 2026!"))
	require.Equal(t, "Summer & 2026!", v.Redact("Summer & 2026!"))
	standIn := v.Announce("password", "Summer & 2026!")
	require.Equal(t, standIn, v.Replace("Summer & 2026!"))
	require.Equal(t, standIn, v.Redact("Summer & 2026!"))
	require.Equal(t, url.QueryEscape(standIn), v.Replace(url.QueryEscape("Summer & 2026!")))
	long, longer := v.Announce("otp", "491511234567"), v.Announce("otp", "4915112345678")
	require.Equal(t, "0491511234567 "+long, v.Replace("0491511234567 491511234567"), "twelve digits are a number of their own")
	require.Equal(t, "0"+longer, v.Replace("04915112345678"), "thirteen are found in any")
}

func TestWhatAMessageHoldsIsLearned(t *testing.T) {
	v := scrub.NewVault(nil)
	v.LearnFrom(scrub.Message{Header: http.Header{"Set-Cookie": {"ST=a-live-cookie; Path=/"}}, Body: []byte(`{"secret":"a-live-secret","name":"a-live-name"}`)})
	text := v.Replace("a-live-cookie a-live-secret a-live-name")
	require.True(t, strings.HasSuffix(text, " a-live-name"), text)
	require.NotContains(t, text, "a-live-cookie")
	require.NotContains(t, text, "a-live-secret")
}

func TestWhatBelongsToAnExchangeHasItsNumber(t *testing.T) {
	w := rewriter(scrub.Rules{})
	w.Begin(3, liveID)
	w.Answer()
	require.Equal(t, "00000000-0000-4000-8001-000000000003", w.Header(http.Header{"Correlation-Id": {liveID}}).Get("Correlation-Id"))
	w.Begin(4, "")
	require.Equal(t, time.Date(2026, 1, 15, 9, 0, 0, 250e6, time.UTC), w.Time(begin()))
	live, err := url.Parse("https://api.pingone.eu/v1/users/" + liveID)
	require.NoError(t, err)
	require.Equal(t, "https://api.pingone.com/v1/users/00000000-0000-4000-8001-000000000003", w.URL(live))
}
