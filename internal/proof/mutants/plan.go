package mutants

import (
	"slices"
	"strings"

	"pingone-conformance/contract"
	"pingone-conformance/internal/replay"
	"pingone-conformance/internal/replay/jsontree"
	"pingone-conformance/suite"
)

// Mutant is one change of one answer of one scenario's recording.
type Mutant struct {
	Change
	Scenario  Scenario
	Recording *replay.Recording
	// Exchange is the index of the answer in the recording, from 0.
	Exchange int
	// Operation and Status tell what was answered.
	Operation string
	Status    int
	// Standing is how the documents speak of the place.
	Standing contract.Standing
}

// Member is the class of a mutant's place: its pointer with * for every index.
func (m Mutant) Member() string { return jsontree.General(m.Where) }

// recorded is a scenario together with its recording and what the documents say of each answer.
type recorded struct {
	Scenario
	recording *replay.Recording
	documents []contract.Documents
}

// plan lists the mutants: those of every answer of the journeys, and of the other
// scenarios' answers those that no answer before had, counted by operation, status,
// member and kind.
func plan(o suite.Options) ([]Mutant, error) {
	scenarios, err := scenariosOf(o)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(scenarios, func(a, b Scenario) int { return rank(a) - rank(b) })
	words := vocabulary{}
	var all []recorded
	for _, s := range scenarios {
		recording, err := replay.Load(o.Fixtures, s.Recording())
		if err != nil {
			return nil, err
		}
		r := recorded{Scenario: s, recording: recording, documents: documents(recording)}
		for _, e := range recording.Exchanges() {
			words.learn(e.Response)
		}
		all = append(all, r)
	}
	seen := map[string]bool{}
	var mutants []Mutant
	for _, r := range all {
		mutants = append(mutants, r.mutants(words, seen)...)
	}
	return mutants, nil
}

// rank puts the journeys first.
func rank(s Scenario) int {
	if s.isJourney() {
		return 0
	}
	return 1
}

func (s Scenario) isJourney() bool { return slices.Contains(s.Tags, "@journey") }

// documents asks the contract about every answer of a recording, in order.
func documents(recording *replay.Recording) []contract.Documents {
	checker := contract.NewChecker()
	var all []contract.Documents
	for _, e := range recording.Exchanges() {
		all = append(all, checker.Documents(e.Client()))
	}
	return all
}

// mutants lists a recording's mutants and notes their classes in seen.
func (r recorded) mutants(words vocabulary, seen map[string]bool) []Mutant {
	var found []Mutant
	for i, e := range r.recording.Exchanges() {
		for _, change := range changesOf(e.Response, words) {
			m := Mutant{
				Change: change, Scenario: r.Scenario, Recording: r.recording, Exchange: i,
				Operation: r.documents[i].Operation, Status: e.Response.Status,
				Standing: r.documents[i].Places[documentedPlace(change)],
			}
			class := m.line()
			if seen[class] && !r.isJourney() {
				continue
			}
			seen[class] = true
			found = append(found, m)
		}
	}
	return found
}

// documentedPlace is the place that the contract knows: a parameter of a Location is the Location's, and a status of
// another class contradicts what is said of the class.
func documentedPlace(change Change) string {
	switch {
	case strings.HasPrefix(change.Where, placeLocation):
		return placeLocation
	case change.Where == placeStatus && change.Kind == Across:
		return "status class"
	}
	return change.Where
}
