package plain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/plain"
)

func TestWhatALineShows(t *testing.T) {
	for _, row := range []struct{ what, text, want string }{
		{"words", "wanted 201, but …", "wanted 201, but …"},
		{"other people's words", "Übergröße 東京 שלום", "Übergröße 東京 שלום"},
		{"a backslash, as it is", `a\b`, `a\b`},
		{"the end of a line", "a\nb\r\nc", `a\nb\r\nc`},
		{"a tab", "a\tb", `a\tb`},
		{"an order to the terminal", "\x1b[2J\x1b]0;title\a", `\x1b[2J\x1b]0;title\x07`},
		{"nothing at all", "\x00\x7f\b", `\x00\x7f\x08`},
		{"an order in one character", "\u009b2J\u0085", `\u009b2J\u0085`},
		{"the other direction", "\u202eevil\u2066\u2069\u200f\u061c", `\u202eevil\u2066\u2069\u200f\u061c`},
		{"other ends of a line", "a\u2028b\u2029c", `a\u2028b\u2029c`},
		{"what nobody sees", "a\u200bb\ufeffc\u00add", `a\u200bb\ufeffc\u00add`},
		{"letters in disguise", "\U000e0041", `\U000e0041`},
		{"what XML cannot hold", "\ufffe\uffff", `\ufffe\uffff`},
		{"bytes that are no text", "a\xff\xc3(", `a\xff\xc3(`},
		{"what stands for such a byte", "\ufffd", "\ufffd"},
	} {
		require.Equal(t, row.want, plain.Line(row.text), row.what)
	}
}

func TestALongLineIsCut(t *testing.T) {
	long := func(n int) string { return strings.Repeat("ä", n) }
	require.Equal(t, long(plain.MaxLine+32), plain.Line(long(plain.MaxLine+32)), "what says that more was there would be as long")
	require.Equal(t, long(plain.MaxLine)+"… (66 bytes more)", plain.Line(long(plain.MaxLine+33)))
	require.Equal(t, "12345… (43 bytes more)", plain.Short("12345678"+strings.Repeat("9", 40), 5))
	require.Equal(t, `\n\n… (38 bytes more)`, plain.Short(strings.Repeat("\n", 40), 5), "what is shown is counted, not what was there")
}

func TestWhatIsReadAgainIsNotCut(t *testing.T) {
	long := strings.Repeat("x", 3*plain.MaxLine)
	require.Equal(t, long+"\n\t\\x1b\r\n\\r\\u202e\\xffä", plain.Whole(long+"\n\t\x1b\r\n\r\u202e\xffä"))
	require.Empty(t, plain.Whole(""))
}

func TestATextKeepsItsLinesAndNoOthers(t *testing.T) {
	require.Equal(t, "one\ntwo\\r\n\\x1bthree\n", plain.Text("one\ntwo\r\n\x1bthree\n"))
	require.Empty(t, plain.Text(""))
	require.Equal(t, "a\tb\n\t\\x1b\tc", plain.Text("a\tb\n\t\x1b\tc"))
	long := strings.Repeat("x", plain.MaxLine+50)
	require.Equal(t, "a\n"+long[50:]+"… (50 bytes more)\nb", plain.Text("a\n"+long+"\nb"))
}

// Whatever a text says, each of its lines begins with the bar.
func TestABlockCannotBeTakenForTheReportAroundIt(t *testing.T) {
	require.Equal(t, "  | a\n  |\n  | ok    Then it is so\n", plain.Block("a\n\nok    Then it is so\n", "  "))
	require.Equal(t, "|\n", plain.Block("", ""))
	require.Equal(t, strings.Repeat("| a\n", plain.MaxLines)+"| … (2 lines more)\n", plain.Block(strings.Repeat("a\n", plain.MaxLines+2), ""))
	require.Equal(t, "| a\\r    ok    Then it is so\n", plain.Block("a\r    ok    Then it is so", ""))
}

func TestWhatIsPlainStaysAsItIs(t *testing.T) {
	for _, text := range []string{strings.Repeat("\x1b\xff\u202e\n", plain.MaxLines/2), strings.Repeat("\x1b", plain.MaxLine), strings.Repeat("ä\u2028", plain.MaxLine)} {
		once := plain.Text(text)
		require.Equal(t, once, plain.Text(once))
		require.Equal(t, plain.Line(text), plain.Line(plain.Line(text)))
		require.Equal(t, plain.Whole(text), plain.Whole(plain.Whole(text)))
	}
}

func TestHowManyThereAre(t *testing.T) {
	for n, want := range []string{"0 calls", "1 call", "2 calls"} {
		require.Equal(t, want, plain.Count(n, "call"))
	}
}
