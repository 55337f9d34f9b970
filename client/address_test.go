package client_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/client"
)

func TestTwoSpellingsOfOneAddressAreOne(t *testing.T) {
	for address, normal := range map[string]string{
		"https://api.pingone.com/v1/A?b=C": "https://api.pingone.com/v1/A?b=C",
		"HTTPS://API.PingOne.com/v1/A":     "https://api.pingone.com/v1/A",
		"https://API.pingone.com:443/v1":   "https://api.pingone.com/v1",
		"http://LocalHost:80?A":            "http://localhost?A",
		"https://API.pingone.com#A":        "https://api.pingone.com#A",
		"HTTP://127.0.0.1:443":             "http://127.0.0.1:443",
		"https://api.pingone.com:4430/v1":  "https://api.pingone.com:4430/v1",
		"https://api.pingone.com:80":       "https://api.pingone.com:80",
		"/v1/A":                            "/v1/A",
		"Urn:A":                            "Urn:A",
		"":                                 "",
	} {
		require.Equal(t, normal, client.Normal(address), address)
		require.Equal(t, normal, client.Normal(normal), address)
	}
}
