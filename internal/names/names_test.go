package names_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

var now = time.Date(2026, time.January, 15, 9, 0, 0, 0, time.UTC)

func TestNamesAreKnownAgain(t *testing.T) {
	for _, seed := range []uint64{0, 1, 0xfedcba9876543210, names.LiveSeed(now, 42)} {
		run := names.Run(seed)
		got, ok := names.OfThing(names.Thing(run, "Example Shop"))
		require.True(t, ok)
		require.Equal(t, run, got)
		got, ok = names.OfUsername(names.Username(run, "anna"))
		require.True(t, ok)
		require.Equal(t, run, got)
	}
	for _, old := range []func(run, label string) string{names.Policy, names.Thing} {
		run, ok := names.OfPolicy(old(names.Run(255), "Policy of Example Shop"))
		require.True(t, ok, "a policy is known by its old name too")
		require.Equal(t, names.Run(255), run)
	}
	require.Equal(t, "pingone-conformance 00000000000000ff Example Shop", names.Thing(names.Run(255), "Example Shop"))
	require.Equal(t, "pingone-conformance-00000000000000ff-anna", names.Username(names.Run(255), "anna"))
}

// TestPolicyNamesHaveNoSpaces: acr_values is split at spaces, and the vendor's Terraform provider takes what this takes.
func TestPolicyNamesHaveNoSpaces(t *testing.T) {
	for label, want := range map[string]string{
		"Policy":                     "pingone-conformance-00000000000000ff-Policy",
		"Password and passcode":      "pingone-conformance-00000000000000ff-Password-and-passcode",
		"Only [a passcode], (quick)": "pingone-conformance-00000000000000ff-Only-a-passcode-quick",
		"v1.2_b":                     "pingone-conformance-00000000000000ff-v1.2_b",
		"Überraschung":               "pingone-conformance-00000000000000ff-berraschung",
	} {
		require.Equal(t, want, names.Policy(names.Run(255), label))
		require.Regexp(t, `\A[A-Za-z0-9_.-]+\z`, names.Policy(names.Run(255), label))
	}
}

func TestLookAlikes(t *testing.T) {
	things := map[string]string{
		"no run":                      "pingone-conformance Example Shop",
		"the prefix alone":            "pingone-conformance",
		"no label":                    "pingone-conformance 0123456789abcdef",
		"an empty label":              "pingone-conformance 0123456789abcdef ",
		"fifteen digits":              "pingone-conformance 0123456789abcde Example Shop",
		"seventeen digits":            "pingone-conformance 0123456789abcdef0 Example Shop",
		"digits in capitals":          "pingone-conformance 0123456789ABCDEF Example Shop",
		"no hexadecimal digit":        "pingone-conformance 0123456789abcdeg Example Shop",
		"the prefix in capitals":      "PingOne-Conformance 0123456789abcdef Example Shop",
		"the prefix in the middle":    "my pingone-conformance 0123456789abcdef Example Shop",
		"a space before it":           " pingone-conformance 0123456789abcdef Example Shop",
		"a line before it":            "x\npingone-conformance 0123456789abcdef Example Shop",
		"two spaces":                  "pingone-conformance  0123456789abcdef Example Shop",
		"a tab":                       "pingone-conformance\t0123456789abcdef Example Shop",
		"a longer prefix":             "pingone-conformance-test 0123456789abcdef Example Shop",
		"a user's name":               "pingone-conformance-0123456789abcdef-anna",
		"hyphen and space":            "pingone-conformance-0123456789abcdef Example Shop",
		"nothing":                     "",
		"a name that a person gave":   "PingOne conformance test application",
		"the suite's own description": "Example Shop, made by pingone-conformance",
	}
	for what, name := range things {
		_, ok := names.OfThing(name)
		require.False(t, ok, what)
	}
	policies := map[string]string{
		"a space in it":   "pingone-conformance-0123456789abcdef-my policy",
		"no run":          "pingone-conformance-policy",
		"no label":        "pingone-conformance-0123456789abcdef-",
		"another's brand": "my-pingone-conformance-0123456789abcdef-policy",
	}
	for what, name := range policies {
		_, ok := names.OfPolicy(name)
		require.False(t, ok, what)
	}
	users := map[string]string{
		"no run":                 "pingone-conformance-anna",
		"no person":              "pingone-conformance-0123456789abcdef-",
		"fifteen digits":         "pingone-conformance-0123456789abcde-anna",
		"in capitals":            "PINGONE-CONFORMANCE-0123456789ABCDEF-ANNA",
		"the prefix in the rest": "anna.pingone-conformance-0123456789abcdef-anna",
		"a thing's name":         "pingone-conformance 0123456789abcdef anna",
		"an address":             "anna.0123456789abcdef@example.com",
	}
	for what, name := range users {
		_, ok := names.OfUsername(name)
		require.False(t, ok, what)
	}
}

func TestAnIDIsAUUIDAndNothingElse(t *testing.T) {
	require.True(t, names.IsID("0f8fad5b-d9cb-469f-a165-70867728950e"))
	for _, text := range []string{
		"", "0f8fad5b-d9cb-469f-a165-70867728950", "0F8FAD5B-D9CB-469F-A165-70867728950E", "0f8fad5b-d9cb-469f-a165-70867728950e\n",
		"../0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e/actions", "0f8fad5bd9cb469fa16570867728950e",
	} {
		require.False(t, names.IsID(text), "%q", text)
	}
}

func TestWhenARunBegan(t *testing.T) {
	began, ok := names.Began(names.Run(names.LiveSeed(now.Add(-time.Hour), 7)), now)
	require.True(t, ok)
	require.Equal(t, now.Add(-time.Hour), began)
	for what, run := range map[string]string{
		"in the future":        names.Run(names.LiveSeed(now.Add(time.Second), 7)),
		"before there was one": names.Run(names.LiveSeed(time.Date(2024, 12, 31, 23, 59, 59, 0, time.UTC), 7)),
		"any digits":           "ffffffffffffffff",
		"none":                 "0000000000000000",
		"no run":               "abc",
		"no digits":            "xxxxxxxxxxxxxxxx",
	} {
		_, ok := names.Began(run, now)
		require.False(t, ok, what)
	}
}
