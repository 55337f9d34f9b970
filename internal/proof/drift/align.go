package drift

// pair is two calls that ask for the same, or one that has no like: then the other
// is nil.
type pair struct{ recorded, seen *call }

// align brings two lists of calls together, both in order. As many calls as possible
// find their like; where there is a choice, it is the one of the same step, with the
// same request and the same status.
func align(recorded, seen []call) []pair {
	best := make([][]int, len(recorded)+1) // of the rest of both lists
	for i := range best {
		best[i] = make([]int, len(seen)+1)
	}
	for i := len(recorded) - 1; i >= 0; i-- {
		for j := len(seen) - 1; j >= 0; j-- {
			best[i][j] = max(best[i+1][j], best[i][j+1])
			if l := likeness(&recorded[i], &seen[j]); l > 0 {
				best[i][j] = max(best[i][j], l+best[i+1][j+1])
			}
		}
	}
	var pairs []pair
	for i, j := 0, 0; i < len(recorded) || j < len(seen); {
		like := 0
		if i < len(recorded) && j < len(seen) {
			like = likeness(&recorded[i], &seen[j])
		}
		switch {
		case like > 0 && best[i][j] == like+best[i+1][j+1]:
			pairs = append(pairs, pair{&recorded[i], &seen[j]})
			i, j = i+1, j+1
		case j == len(seen) || i < len(recorded) && best[i][j] == best[i+1][j]:
			pairs = append(pairs, pair{recorded: &recorded[i]})
			i++
		default:
			pairs = append(pairs, pair{seen: &seen[j]})
			j++
		}
	}
	return pairs
}

// The weights of likeness. All signs together weigh less than one more pair.
const (
	sameCall    = 16
	sameStep    = 8
	sameRequest = 4
	sameQuery   = 2
	sameStatus  = 1
)

// likeness is 0 for calls that ask for different things.
func likeness(a, b *call) int {
	if a.key != b.key {
		return 0
	}
	l := sameCall
	if a.step == b.step {
		l += sameStep
	}
	if a.sent == b.sent {
		l += sameRequest
	}
	if a.query == b.query {
		l += sameQuery
	}
	if a.Response.Status == b.Response.Status {
		l += sameStatus
	}
	return l
}
