package mutants

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract"
)

// became is a verdict on a change of one member of a user's answer.
func became(outcome Outcome, where string, kind Kind, standing contract.Standing) Verdict {
	return Verdict{Outcome: outcome, Mutant: Mutant{
		Change: Change{Where: where, Kind: kind}, Operation: "Read User", Status: 200, Standing: standing,
	}}
}

func TestTheRatioCountsWhatContradictsTheDocuments(t *testing.T) {
	tally := sum([]Verdict{
		became(ByCheck, "/id", Dropped, contract.Promised),
		became(ByReplay, "/id", Changed, contract.Promised),
		became(Survived, "/username", Changed, contract.Promised),
		became(ByCheck, "/title", Retyped, contract.Named),
		became(Survived, "/title", Dropped, contract.Named),
		became(Survived, "/novel", Retyped, ""),
	}, nil)
	require.Equal(t, Count{All: 4, ByCheck: 2, ByReplay: 1}, tally.Documented)
	require.InDelta(t, 0.75, tally.Ratio(), 1e-9)
	require.InDelta(t, 0.5, tally.ByChecks(), 1e-9)
	require.Equal(t, Count{All: 3, ByCheck: 1, ByReplay: 1}, tally.Members, "a member is as good as its worst mutant")
	require.Equal(t, 3, tally.Total.Survived())
	require.Equal(t, &Count{All: 1}, countBy(tally.Verdicts, func(v Verdict) string { return standingWord(v.Mutant) })[silent])
}

func TestWhatTheDocumentsAllowIsCountedApart(t *testing.T) {
	accepted, err := ParseAccepted("allowed promised | * | * | /message | changed | free text\npromised | * | * | /code | swapped | open")
	require.NoError(t, err)
	tally := sum([]Verdict{
		became(ByCheck, "/id", Dropped, contract.Promised),
		became(Survived, "/message", Changed, contract.Promised),
		became(ByReplay, "/message", Changed, contract.Promised),
		became(ByCheck, "/message", Dropped, contract.Promised),
		became(Survived, "/code", Swapped, contract.Promised),
	}, accepted)
	require.Equal(t, Count{All: 3, ByCheck: 2}, tally.Documented, "killed or not, what is allowed leaves the ratio; what is only accepted stays in it")
	require.Equal(t, Count{All: 2, ByReplay: 1}, tally.Allowed)
	require.Equal(t, []Group{{"free text", 2}}, tally.Permitted)
	require.Equal(t, Count{All: 3, ByCheck: 2}, tally.Members)
	require.Empty(t, tally.Survivors)
	var out strings.Builder
	require.NoError(t, tally.Print(&out))
	require.Contains(t, out.String(), "apart: 2 mutants of promised places, 1 of them killed, contradict nothing")
}

func TestWhatMakesARunFail(t *testing.T) {
	killed := became(ByCheck, "/id", Dropped, contract.Promised)
	survivor := became(Survived, "/title", Dropped, contract.Named)
	for _, c := range []struct {
		about    string
		verdicts []Verdict
		accepted string
		want     []string
	}{
		{"all is killed", []Verdict{killed}, "", nil},
		{"a survivor is accepted", []Verdict{killed, survivor}, "named | * | * | /title | dropped | optional", nil},
		{"a survivor is not accepted", []Verdict{killed, survivor}, "", []string{"1 classes of survivors"}},
		{"an acceptance is stale", []Verdict{killed}, "* | Read User | 200 | /title | * | why", []string{"line 1 accepts no survivor any more: remove it (Read User 200 /title)"}},
		{
			"the second line never counts", []Verdict{killed, survivor},
			"* | * | * | * | * | first\nnamed | * | * | /title | * | second", []string{"line 2 accepts no survivor"},
		},
		{
			"too little is held", []Verdict{killed, became(Survived, "/name", Changed, contract.Promised)},
			"promised | * | * | /name | changed | free text", []string{"50.0 % of what the documents speak of is held, less than 97 %"},
		},
		{"nothing is documented", []Verdict{survivor}, "* | * | * | * | * | all", []string{"0.0 %"}},
	} {
		t.Run(c.about, func(t *testing.T) {
			accepted, err := ParseAccepted(c.accepted)
			require.NoError(t, err)
			faults := sum(c.verdicts, accepted).Faults()
			require.Len(t, faults, len(c.want), faults)
			for i, want := range c.want {
				require.Contains(t, faults[i], want)
			}
		})
	}
}

func TestTheReportNamesSurvivorsAndReasons(t *testing.T) {
	accepted, err := ParseAccepted("named | * | * | /title | dropped | an optional member (S)\n* | * | * | /gone | * | stale")
	require.NoError(t, err)
	first, second := became(Survived, "/list/0/name", Changed, contract.Promised), became(Survived, "/list/1/name", Changed, contract.Promised)
	first.Scenario.Feature, first.Scenario.Name = "administration", "The first of two"
	tally := sum([]Verdict{first, second, became(Survived, "/title", Dropped, contract.Named), became(ByCheck, "/id", Dropped, contract.Promised)}, accepted)
	var out strings.Builder
	require.NoError(t, tally.Print(&out))
	for _, want := range []string{
		"survivors that are not accepted: 1 classes\n  Read User 200  /list/*/name  changed  (promised) ×2\n",
		"such as exchange 1 of administration/the-first-of-two: /list/0/name\n",
		"accepted survivors: 1 mutants\n      1  an optional member (S)\n",
		"stale  line 2: * | * | * | /gone",
		"held: 33.33 % of the 3 mutants",
		"members: 1 of the 2 documented members (operation, status and place) let no such mutant survive: 50.00 %\n",
		"kind of change                            mutants  killed  by a check  by replay alone  survived\n" +
			"  changed                                       2       0           0                0         2\n" +
			"  dropped                                       2       1           1                0         1\n\n",
		"  Read User                                     4       1           1                0         3\n\n",
		"  ids                                           1       1           1                0         0\n" +
			"  other members                                 3       0           0                0         3\n\n",
		"  named                                         1       0           0                0         1\n",
	} {
		require.Contains(t, out.String(), want)
	}
	out.Reset()
	tally.Verdicts[3].Err = errors.New("step 4: no id\nand more")
	require.NoError(t, tally.PrintVerdicts(&out))
	require.Contains(t, out.String(), "Read User 200  /list/*/name  changed  (promised): survived\n    exchange 1 of administration/the-first-of-two: /list/0/name\n")
	require.True(t, strings.HasSuffix(out.String(), "Read User 200  /id  dropped  (promised): killed by a check\n    exchange 1 of /unnamed: /id\n    step 4: no id\n"), out.String())
}

func TestReasonsAreListedMostFirst(t *testing.T) {
	require.Equal(t, []Group{{"c", 3}, {"a", 2}, {"b", 2}, {"d", 1}}, grouped(map[string]int{"a": 2, "b": 2, "c": 3, "d": 1}))
}

func TestEveryPlaceIsOfOneSort(t *testing.T) {
	for where, want := range map[string]string{
		"status": "status", "header Location": "headers", "/_links/self/href": "links", "/_embedded/users/0/_links/self": "links",
		"/id": "ids", "/user/id": "ids", "/userid": "other members", "/createdAt": "times", "/lifecycle/at": "times",
		"/format": "other members", "/_embedded/users/0": "list items", "/name": "other members", "": "other members",
	} {
		m := Mutant{Change: Change{Where: where}, Status: 200}
		require.Equal(t, want, memberClass(m), where)
		m.Status = 399
		require.Equal(t, want, memberClass(m), where)
		if m.Status = 400; want != "status" && want != "headers" && want != "links" {
			require.Equal(t, "error members", memberClass(m), where)
		}
	}
}
