package mutants

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/contract"
)

func TestAcceptedSurvivorsAreReadLineByLine(t *testing.T) {
	accepted, err := ParseAccepted("# about\n \n\t# indented\nnamed | Create * | 4xx | /details/*/target | dropped, changed | free (I)\n* | Read User | 200 | * | * | because\n")
	require.NoError(t, err)
	require.Equal(t, []Acceptance{
		{Line: 4, Standing: "named", Operation: "Create *", Status: "4xx", Place: "/details/*/target", Kinds: []Kind{Dropped, Changed}, Reason: "free (I)"},
		{Line: 5, Standing: "*", Operation: "Read User", Status: "200", Place: "*", Reason: "because"},
	}, accepted)
}

func TestEveryFaultyLineIsNamed(t *testing.T) {
	for text, want := range map[string]string{
		"a | b | c":                                    "3 columns instead of 6",
		"some | * | * | * | * | why":                   `"some" is no standing`,
		"named | [ | * | * | * | why":                  `"[" is no pattern`,
		"named | * | 99 | * | * | why":                 `"99" is no status`,
		"named | * | 1xx | * | * | why":                `"1xx" is no status`,
		"named | * | * | * | * |":                      "the place or the reason is empty",
		"named | * | * | | * | why":                    "the place or the reason is empty",
		"named | | * | * | * | why":                    `"" is no pattern`,
		"named | * | 6xx | * | * | why":                `"6xx" is no status`,
		"named | * | 4yy | * | * | why":                `"4yy" is no status`,
		"named | * | 40xx | * | * | why":               `"40xx" is no status`,
		"named | * | 600 | * | * | why":                `"600" is no status`,
		"named | * | 2xx | * | * | why":                "",
		"named | * | 5xx | * | * | why":                "",
		"named | * | 599 | * | * | why":                "",
		"named | * | * | * | broken | why":             `"broken" is no kind of change`,
		"allowed promised | * | * | /x | * | why":      "what is allowed is named",
		"allowed promised | * | * | * | changed | why": "what is allowed is named",
		"allowed silent | * | * | /x | changed | why":  "what is allowed is named",
		"named | * | * | * | dropped | why":            "",
	} {
		_, err := ParseAccepted("\n" + text)
		if want == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, "line 2: "+want)
	}
	_, err := ParseAccepted("x\nnamed | * | * | * | * | fine\ny")
	require.ErrorContains(t, err, "line 1:")
	require.ErrorContains(t, err, "line 3:")
}

func TestALineAcceptsWhatItNamesAndNothingElse(t *testing.T) {
	survivor := Mutant{
		Change:    Change{Where: "/details/0/innerError/quota", Kind: Dropped},
		Operation: "Create Sign-On Policy", Status: 400, Standing: contract.Named,
	}
	for _, c := range []struct {
		line string
		want bool
	}{
		{"* | * | * | * | * | all", true},
		{"named | Create * | 4xx | /details/*/innerError/** | dropped | all", true},
		{"named | Create Sign-On Policy | 400 | /details/0/innerError/quota | dropped | all", true},
		{"* | * | * | /** | * | all", true},
		{"promised | * | * | * | * | all", false},
		{"silent | * | * | * | * | all", false},
		{"* | Create User | * | * | * | all", false},
		{"* | * | 401 | * | * | all", false},
		{"* | * | 5xx | * | * | all", false},
		{"* | * | * | /details/*/target | * | all", false},
		{"* | * | * | /details/* | * | all", false},
		{"* | * | * | /details/*/innerError/*/more | * | all", false},
		{"* | * | * | /details/*/innerError/quota/** | * | all", false},
		{"* | * | * | * | changed, retyped | all", false},
	} {
		accepted, err := ParseAccepted(c.line)
		require.NoError(t, err)
		require.Equal(t, c.want, accepted[0].Accepts(survivor), c.line)
	}
	survivor.Standing = ""
	accepted, err := ParseAccepted("silent | * | * | * | * | all")
	require.NoError(t, err)
	require.True(t, accepted[0].Accepts(survivor))
}

func TestTheListOfAcceptedSurvivorsCanBeRead(t *testing.T) {
	text, err := os.ReadFile("accepted.txt")
	require.NoError(t, err)
	accepted, err := ParseAccepted(string(text))
	require.NoError(t, err)
	require.NotEmpty(t, accepted)
	for _, a := range accepted {
		if a.Standing == "promised" {
			require.NotEqual(t, "*", a.Place, "line %d: what is promised is accepted by name only", a.Line)
			require.NotEmpty(t, a.Kinds, "line %d: what is promised is accepted by kind of change only", a.Line)
		}
	}
}
