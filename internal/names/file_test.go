package names_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/names"
)

func TestFilesAreNamedAfterScenarios(t *testing.T) {
	for text, want := range map[string]string{
		"Ben signs on with his password and a passcode": "ben-signs-on-with-his-password-and-a-passcode",
		"A <thing> costs 5 €: really?":                  "a-thing-costs-5-really",
		"../../etc/passwd":                              "etc-passwd",
		`C:\Windows\system32`:                           "c-windows-system32",
		"a|b*c?d\"e<f>g":                                "a-b-c-d-e-f-g",
		"trailing dots...":                              "trailing-dots",
		"line\nbreak\x00and\x1b[2J":                     "line-break-and-2j",
		"CON":                                           "con-",
		"nul.txt":                                       "nul-txt",
		"Com1":                                          "com1-",
		"LPT9":                                          "lpt9-",
		"con artists":                                   "con-artists",
		"":                                              "unnamed",
		"…":                                             "unnamed",
		"Größe":                                         "größe",
		"٣ wishes":                                      "wishes",
	} {
		require.Equal(t, want, names.File(text), text)
	}
}

func TestEveryFileNameCanExistEverywhere(t *testing.T) {
	long := strings.Repeat("a very long name ", 50)
	for _, text := range []string{
		"CON", "prn", "Aux", "NUL", "com0", "LPT1", "", ".", "..", "~", "a/b", `a\b`, "a:b", "a.", "a ", long, long + "x", strings.Repeat("ß", 400), strings.Repeat("x-", 400),
	} {
		name := names.File(text)
		require.True(t, utf8.ValidString(name), text)
		require.LessOrEqual(t, len(name), 120, text)
		require.NotEmpty(t, name)
		require.NotRegexp(t, `[<>:"/\\|?*~.\s\x00-\x1f\x7f]`, name, text)
		require.NotRegexp(t, `^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`, name, text)
	}
	require.NotEqual(t, names.File(long), names.File(long+"x"), "names that begin alike")
}
