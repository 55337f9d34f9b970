package config

import (
	"slices"
	"strings"
)

// Names lists every variable this package reads.
func Names() []string {
	return []string{
		"PINGONE_MODE", "PINGONE_RECORD",
		"PINGONE_REGION_CODE", "PINGONE_API_URL", "PINGONE_AUTH_URL",
		"PINGONE_ENVIRONMENT_ID", "PINGONE_TARGET_ENVIRONMENT_ID", "PINGONE_CLIENT_ID", "PINGONE_CLIENT_SECRET",
		"PINGONE_PASSCODE", "PINGONE_PASSCODE_COMMAND", "PINGONE_OUTBOX_URL", "PINGONE_PHONE", "PINGONE_EMAIL",
		"PINGONE_ALLOW_PRODUCTION", "PINGONE_MAX_RPS",
		callVariable, lagVariable, passcodeVariable,
	}
}

// neighbours are names that PingOne's other tools document, as words or, with
// an underscore at the end, as beginnings. They may lie around in the same
// environment and are none of our business.
var neighbours = []string{
	"PINGONE_REGION", "PINGONE_API_ACCESS_TOKEN", "PINGONE_API_ACCESS_TOKEN_EXPIRY",
	"PINGONE_API_SERVICE_HOSTNAME", "PINGONE_AUTH_SERVICE_HOSTNAME",
	"PINGONE_LICENSE_ID", "PINGONE_ORGANIZATION_ID", "PINGONE_ORGANIZATION_NAME", "PINGONE_VERIFIED_EMAIL_DOMAIN",
	"PINGONE_ROOT_DOMAIN", "PINGONE_TOP_LEVEL_DOMAIN", "PINGONE_API_DOMAIN", "PINGONE_CUSTOM_DOMAIN",
	"PINGONE_AUTH_GRANT_TYPE", "PINGONE_ENV_ID", "PINGONE_AUTH_PATH",
	"PINGONE_ADMIN_ENV_ID", "PINGONE_ADMIN_CLIENT_ID", "PINGONE_ADMIN_CLIENT_SECRET", "PINGONE_ADMIN_SECRET",
	"PINGONE_AUTHORIZATION_CODE_", "PINGONE_CLIENT_CREDENTIALS_", "PINGONE_DEVICE_CODE_",
	"PINGONE_STORAGE_", "PINGONE_TWILIO_", "PINGONE_MCP_", "PINGONE_TF_",
}

// likeness is how many letters may differ for a name to count as a typo.
const likeness = 3

// misspelt reports the variables whose names nearly are ours. A name that is
// like none of them belongs to somebody else.
func (r *reader) misspelt(names []string) {
	names = slices.Clone(names)
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if slices.Contains(Names(), name) || isNeighbour(name) {
			continue
		}
		if nearest, distance := nearestName(strings.ToUpper(name)); distance <= likeness {
			r.fault(name, "is not a variable of this suite; did you mean %s?", nearest)
		}
	}
}

func isNeighbour(name string) bool {
	return slices.ContainsFunc(neighbours, func(neighbour string) bool {
		return name == neighbour || strings.HasSuffix(neighbour, "_") && strings.HasPrefix(name, neighbour)
	})
}

func nearestName(name string) (nearest string, distance int) {
	distance = len(name)
	for _, known := range Names() {
		if d := editDistance(name, known); d < distance {
			nearest, distance = known, d
		}
	}
	return nearest, distance
}

// editDistance counts the letters to insert, delete, replace or swap with their
// neighbour to make a into b.
func editDistance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
