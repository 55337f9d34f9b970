package har

import (
	"slices"
	"strings"
	"unicode/utf8"

	"pingone-conformance/internal/plain"
)

// quote appends the inside of a JSON string to out: the text as package plain shows it
// whole, in one pass over it.
func quote(out []byte, text string) []byte { return escape(out, text, false) }

// line is quote for a text that has to stay on its line.
func line(out []byte, text string) []byte { return escape(out, text, true) }

func escape(out []byte, text string, oneLine bool) []byte {
	for i := 0; i < len(text); {
		out = slices.Grow(out, 2*(len(text)-i)) // enough while each byte becomes two at most
		i, out = easy(out, text, i)
		if i == len(text) {
			break
		}
		if c := text[i]; c == '\n' && !oneLine {
			out = append(out, `\n`...)
			i++
			continue
		}
		var shown strings.Builder
		size := 0
		if oneLine {
			_, size = utf8.DecodeRuneInString(text[i:])
			shown.WriteString(plain.Line(text[i : i+size]))
		} else {
			size = plain.Escape(&shown, text[i:])
		}
		out = append(out, inJSON.Replace(shown.String())...)
		i += size
	}
	return out
}

// easy appends text from i on to out, which has room for it, up to the first byte that is no
// printable ASCII, and returns where that is.
func easy(out []byte, text string, i int) (int, []byte) {
	n := len(out)
	room := out[:cap(out)]
	for ; i < len(text); i++ {
		c := text[i]
		if c < ' ' || c > '~' {
			break
		}
		if c == '"' || c == '\\' {
			room[n] = '\\'
			n++
		}
		room[n] = c
		n++
	}
	return i, room[:n]
}

var inJSON = strings.NewReplacer(`\`, `\\`, "\r", `\r`, "\n", `\n`, "\t", `\t`)
