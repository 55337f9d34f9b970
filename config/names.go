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

// likeness is up to what cost a name counts as a slip of the pen.
const likeness = 8

// unknown reports the variables that look like ours and are not: a setting that
// nobody reads is a run that does something else than was asked for.
func (r *reader) unknown(names []string) {
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if slices.Contains(Names(), name) || isNeighbour(name) {
			continue
		}
		nearest, cost := nearestName(name)
		if cost <= likeness {
			r.fault(shortName(name), "is not a variable of this suite; did you mean %s?", nearest)
		} else {
			r.fault(shortName(name), "is not a variable of this suite; the nearest is %s, and .env.example lists all", nearest)
		}
	}
}

// shortName is a name as it may be printed.
func shortName(name string) string {
	if nameRule.Get().MatchString(name) {
		return cut(name)
	}
	return quoted(name)
}

func nearestName(name string) (nearest string, cost int) {
	name = strings.Replace(strings.ToUpper(name), "PING_ONE_", "PINGONE_", 1)
	for i, known := range Names() {
		if c := editCost(cut(name), known); i == 0 || c < cost {
			nearest, cost = known, c
		}
	}
	return nearest, cost
}

// The cost of a letter that was left out, since people abbreviate, and of one that
// was added, replaced, or swapped with its neighbour.
const (
	leftOut = 1
	slip    = 3
)

// editCost is the least cost of the changes that make known into name.
func editCost(name, known string) int {
	rows := make([][]int, len(name)+1)
	for i := range rows {
		rows[i] = make([]int, len(known)+1)
		rows[i][0] = i * slip
	}
	for j := range rows[0] {
		rows[0][j] = j * leftOut
	}
	for i := 1; i <= len(name); i++ {
		for j := 1; j <= len(known); j++ {
			change := slip
			if name[i-1] == known[j-1] {
				change = 0
			}
			rows[i][j] = min(rows[i-1][j]+slip, rows[i][j-1]+leftOut, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && name[i-1] == known[j-2] && name[i-2] == known[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+slip)
			}
		}
	}
	return rows[len(name)][len(known)]
}
