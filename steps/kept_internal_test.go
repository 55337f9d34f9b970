package steps

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// Two values are one however they are spelled, and never because a float has no room for what tells them apart.
func TestWhatIsTheSameValue(t *testing.T) {
	for _, row := range []struct {
		one, other string
		same       bool
	}{
		{`"a/b & é"`, `"\u0061\/b \u0026 \u00e9"`, true},
		{`{"a":1,"b":[1,2]}`, `{ "b" : [2,1.0], "\u0061" : 1e0 }`, true},
		{`3600`, `3.6e3`, true},
		{`0.5`, `5e-1`, true},
		{`9007199254740993`, `9007199254740992`, false},
		{`1`, `"1"`, false},
		{`true`, `"true"`, false},
		{`null`, `""`, false},
		{`{"a":"b"}`, `{"b":"a"}`, false},
	} {
		require.Equal(t, row.same, unordered(gjson.Parse(row.one)) == unordered(gjson.Parse(row.other)), "%s and %s", row.one, row.other)
	}
}

func TestAValueIsShownWithoutNeedlessEscapes(t *testing.T) {
	for raw, want := range map[string]string{
		`"\u0061\/b <\u0026>"`: `"a/b <&>"`, `{"\u0062": 9007199254740993, "a":[1.50]}`: `{"a":[1.50],"b":9007199254740993}`, `null`: `null`,
	} {
		require.Equal(t, want, shown(gjson.Parse(raw)))
	}
}
