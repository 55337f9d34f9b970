package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// People abbreviate more often than they mistype: a letter that is left out costs the least.
func TestWhatASlipOfThePenCosts(t *testing.T) {
	for _, row := range []struct {
		name, known string
		cost        int
	}{
		{"", "", 0}, {"A", "A", 0}, {"ABC", "ABC", 0},
		{"", "ABC", 3}, {"AC", "ABC", 1}, {"BC", "ABC", 1}, {"AB", "ABC", 1}, {"A", "ABC", 2},
		{"ABC", "", 9}, {"ABXC", "ABC", 3}, {"XABC", "ABC", 3}, {"ABCX", "ABC", 3},
		{"AXC", "ABC", 3}, {"XBC", "ABC", 3}, {"ABX", "ABC", 3}, {"XYZ", "ABC", 9},
		{"BA", "AB", 3}, {"BAC", "ABC", 3}, {"ACB", "ABC", 3}, {"XBAY", "XABY", 3},
		{"CAB", "ABC", 4}, {"CA", "ABC", 5}, {"BBA", "ABB", 4},
		{"PINGONE_ENV_ID", "PINGONE_ENVIRONMENT_ID", 8}, {"PINGONE_REGON_CODE", "PINGONE_REGION_CODE", 1},
	} {
		require.Equal(t, row.cost, editCost(row.name, row.known), "%s for %s", row.name, row.known)
	}
	for name, want := range map[string]string{
		"PINGONE_REGIO_COED": "PINGONE_REGION_CODE", "ping_one_client_id": "PINGONE_CLIENT_ID", "PINGONE_SECRET": "PINGONE_CLIENT_SECRET", "PINGONE_MAXRPS": "PINGONE_MAX_RPS",
	} {
		nearest, _ := nearestName(name)
		require.Equal(t, want, nearest)
	}
}
