package contract

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract/internal/shape"
)

// An error tells the first fault in full and where the others are, each place once.
func TestHowMuchAnErrorTells(t *testing.T) {
	at := func(places ...string) Report {
		r := Report{Call: "GET /x answered 200"}
		for _, place := range places {
			r.Violations = append(r.Violations, Finding{Rule: "user#/type", Where: place, Want: "a text", Got: "7", Source: "https://a.example.com"})
		}
		return r
	}
	const first = "GET /x answered 200: /a is not what the contract says (want a text, got 7) [documented: https://a.example.com]"
	require.NoError(t, at().Err())
	require.EqualError(t, at("/a").Err(), first)
	require.EqualError(t, at("/a", "/a").Err(), first)
	require.EqualError(t, at("/a", "/b", "/b").Err(), first+"; also /b")
	require.EqualError(t, at("/a", "/b", "/c", "/a", "/d", "/e").Err(), first+"; also /b, /c, /d, /e")
	require.EqualError(t, at("/a", "/b", "/c", "/d", "/e", "/f").Err(), first+"; and 5 more places: /b, /c, /d, /e, …")
	require.NoError(t, Report{Observations: at("/a").Violations}.Err(), "what is only observed is no error")
	missing := Finding{Rule: "user#/required", Where: "/a", Want: present, Got: nothing, Source: "https://a.example.com"}
	require.Equal(t, "/a is missing [documented: https://a.example.com]", missing.String())
	require.Equal(t, "/a goes backwards (want x, got y) [documented: ]", Finding{Rule: ruleTimes, Where: "/a", Want: "x", Got: "y"}.String())
}

// What happened at all comes before what is wrong in it, and that in the order of its places.
func TestWhatMattersMostComesFirst(t *testing.T) {
	unsorted := func() []Finding {
		return []Finding{{Rule: ruleKept, Where: "/b"}, {Rule: ruleMediaType, Where: "/c"}, {Rule: ruleAccepted, Where: "/d"}, {Rule: ruleEcho, Where: "/a"}, {Rule: ruleStatus, Where: "/b"}, {Rule: ruleSecret, Where: "/c"}}
	}
	sorted := []Finding{{Rule: ruleSecret, Where: "/c"}, {Rule: ruleAccepted, Where: "/d"}, {Rule: ruleStatus, Where: "/b"}, {Rule: ruleMediaType, Where: "/c"}, {Rule: ruleEcho, Where: "/a"}, {Rule: ruleKept, Where: "/b"}}
	r := Report{Violations: unsorted(), Observations: unsorted()}
	r.sort()
	require.Equal(t, sorted, r.Violations)
	require.Equal(t, sorted, r.Observations)
}

func TestASchemaIsNamedOnceForEachGrade(t *testing.T) {
	one, other := &shape.Shape{Name: "one", Page: "https://1.example.com"}, &shape.Shape{Name: "other", Page: "https://2.example.com"}
	r := Report{op: &operation{name: "Read It", source: "https://a.example.com"}, shapes: []*shape.Shape{one, other, one, other}}
	require.Equal(t, []Applied{
		{"Read It", Documented, "https://a.example.com"}, {"schema one", Documented, "https://1.example.com"}, {"schema other", Documented, "https://2.example.com"},
	}, r.Rules())
}
