package jsontext_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/jsontext"
)

// FuzzText holds each answer about a text against that of encoding/json.
func FuzzText(f *testing.F) {
	for _, text := range []string{
		"", " ", "{}", "[]", "null", "true", "fals", "0", "-0", "01", "-", "1.", "1.5", ".5", "1e5", "1E+05", "1e", "+1", `""`, `"`, `"\"`, `"\\"`, `"\u00e9"`, `"\ud83d\ude00"`,
		`"\ud800"`, `"\ude00\ud83d"`, `"\ud800x"`, `"\u12"`, `"\x"`, "\"\t\"", "\"\xff\"", "\"\u2028\"", "\"\x7f\"", "\"\x00\"", `{"a":1,"a":2}`, `{"a":}`, `{"a"}`, `{a:1}`, `{"a":1,}`, `[1,]`, `[,]`, `[1 2]`,
		"{} {}", "{}x", "\ufeff{}", "\v{}", " \r\n\t{ \"a\" : [ 1 , \"b c\" , { } , null , false ] } \n", `{"a\u0062":"\n\/\b\f"}`, `{"":""}`, `12345678901234567890.123`, `1e400`, `Infinity`, `NaN`, `nul`, `tru`, `[[[[]]]]`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		valid := json.Valid(text) && jsontext.Excess(text) == nil
		if jsontext.Valid(text) != valid {
			t.Fatalf("%.200q", text)
		}
		compact, ok := jsontext.Compact(text)
		require.Equal(t, valid, ok)
		var want bytes.Buffer
		if json.Compact(&want, text) == nil {
			require.Equal(t, want.String(), string(compact))
		}
		if value, ok := jsontext.Decode(text); ok {
			decoder := json.NewDecoder(bytes.NewReader(text))
			decoder.UseNumber()
			var decoded any
			require.NoError(t, decoder.Decode(&decoded))
			require.Equal(t, decoded, value)
			require.True(t, valid)
		}
	})
}

func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// A text has fifty levels and half a million values at the most, and the largest answer there can be takes no stack. What stands
// in a string is neither.
func TestExcessiveTexts(t *testing.T) {
	for text, valid := range map[string]bool{
		"[0" + strings.Repeat(",0", 499_999) + "]": true, "[0" + strings.Repeat(",0", 500_000) + "]": false, `["` + strings.Repeat(",", 1_000_000) + `"]`: true,
		nested(50): true, nested(51): false, nested(5 << 20): false, "[" + strings.Repeat("[],", 200) + "0]": true,
		`["` + strings.Repeat(`\"[{`, 0) + strings.Repeat(`[{\"`, 200) + `"]`: true, strings.Repeat(`{"":`, 51) + "0" + strings.Repeat("}", 51): false,
	} {
		require.Equal(t, valid, jsontext.Valid(text), "%.40s", text)
	}
}
