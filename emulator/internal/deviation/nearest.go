package deviation

import "slices"

// suggestions is how many names an error offers.
const suggestions = 3

// nearest are the names of the deviations that take the fewest edits to get to.
func nearest(name string, known []Deviation) []string {
	sorted := slices.Clone(known)
	slices.SortStableFunc(sorted, func(a, b Deviation) int { return distance(name, a.Name) - distance(name, b.Name) })
	var names []string
	for _, d := range sorted[:min(suggestions, len(sorted))] {
		names = append(names, d.Name)
	}
	return names
}

// distance is Levenshtein's: how many letters have to be put in, taken out or
// replaced to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
