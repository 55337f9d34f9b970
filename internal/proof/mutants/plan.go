package mutants

import (
	"io/fs"
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/replay"
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
func (m Mutant) Member() string { return general(m.Where) }

func general(where string) string {
	tokens := strings.Split(where, "/")
	for i, token := range tokens {
		if isIndex(token) {
			tokens[i] = "*"
		}
	}
	return strings.Join(tokens, "/")
}

// recorded is a scenario together with its recording and what the documents say of each answer.
type recorded struct {
	Scenario
	recording *replay.Recording
	documents []contract.Documents
}

// Plan lists the mutants: those of every answer of the journeys, and of the other
// scenarios' answers those that no answer before had, counted by operation, status,
// member and kind.
func Plan(features fs.FS, dir string) ([]Mutant, error) {
	scenarios, err := Scenarios(features)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(scenarios, func(a, b Scenario) int { return rank(a) - rank(b) })
	words := Vocabulary{}
	var all []recorded
	for _, s := range scenarios {
		recording, err := replay.Load(s.Recording(dir))
		if err != nil {
			return nil, err
		}
		r := recorded{Scenario: s, recording: recording, documents: documents(recording)}
		for i := range recording.Len() {
			words.Learn(recording.Exchange(i).Response)
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
	for i := range recording.Len() {
		e := recording.Exchange(i)
		all = append(all, checker.Documents(&client.Exchange{
			Operation: "A call the contract does not list",
			Request:   client.Request{Method: e.Request.Method, URL: e.Request.URL, Header: e.Request.Header, Body: e.Request.Body},
			Status:    e.Response.Status, Header: e.Response.Header, Body: e.Response.Body,
		}))
	}
	return all
}

// mutants lists a recording's mutants and notes their classes in seen.
func (r recorded) mutants(words Vocabulary, seen map[string]bool) []Mutant {
	var found []Mutant
	for i := range r.recording.Len() {
		response := r.recording.Exchange(i).Response
		for _, change := range Changes(response, words) {
			m := Mutant{
				Change: change, Scenario: r.Scenario, Recording: r.recording, Exchange: i,
				Operation: r.documents[i].Operation, Status: response.Status,
				Standing: r.documents[i].Places[documentedPlace(change.Where)],
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

// documentedPlace is the place that the contract knows: a parameter of a Location is the Location's.
func documentedPlace(where string) string {
	if strings.HasPrefix(where, placeLocation) {
		return placeLocation
	}
	return where
}
