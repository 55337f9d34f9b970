package encode_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/plain"
	"pingone-conformance/suite/report/encode"
)

func unquoted(t *testing.T, inside encode.JSON) string {
	t.Helper()
	var text string
	require.NoError(t, json.Unmarshal([]byte(`"`+string(inside)+`"`), &text))
	return text
}

// Eight bytes are looked at together: each character is seen in each of their places.
func TestEveryCharacterInEveryPlaceIsShownAsPlainHasIt(t *testing.T) {
	for r := range rune(0x180) {
		texts := []string{string(r)}
		if r < 0x100 {
			texts = append(texts, string([]byte{byte(r)}))
		}
		for _, one := range texts {
			for before := range 9 {
				for _, after := range []int{0, 1, 7, 8} {
					text := strings.Repeat("a", before) + one + strings.Repeat("~", after)
					var line, whole encode.JSON
					require.Equal(t, plain.Line(text), unquoted(t, *line.Line(text)), "%q", text)
					require.Equal(t, plain.Whole(text), unquoted(t, *whole.Text(text)), "%q", text)
				}
			}
		}
	}
}

func TestATextIsShownWhole(t *testing.T) {
	for name, text := range map[string]string{
		"nothing": "", "lines": "a\r\nb\nc\rd\te", "order to a terminal": "\x1b[2J\u202e\u2028ä東\xff",
		"JSON": `{"a":"b\"","c":["\\"]}`, "long": strings.Repeat("x", 3*plain.MaxLine),
	} {
		t.Run(name, func(t *testing.T) {
			var j encode.JSON
			require.Equal(t, plain.Whole(text), unquoted(t, *j.Text(text)))
		})
	}
	var j encode.JSON
	require.Len(t, unquoted(t, *j.Line(strings.Repeat("x", 3*plain.MaxLine))), 3*plain.MaxLine, "a line is not cut")
}

func TestValuesAreJSON(t *testing.T) {
	var j encode.JSON
	j.Raw(`{"list":[`)
	for i := range 3 {
		j.Comma(i).Int(int64(i))
	}
	j.Raw(`],"float":`).Float(0.0000001).Raw(`,"is":`).Bool(true).Bytes([]byte(`}`))
	require.Equal(t, `{"list":[0,1,2],"float":0.0000001,"is":true}`, string(j))
}

func BenchmarkText(b *testing.B) {
	for name, text := range map[string]string{
		"body":   strings.Repeat(`{"id":"00000000-0000-4000-8000-000000000001"},`, 20),
		"header": "no-cache, no-store, max-age=0, must-revalidate",
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			out := make(encode.JSON, 0, 2*len(text))
			for b.Loop() {
				out = out[:0]
				out.Text(text)
			}
		})
	}
}
