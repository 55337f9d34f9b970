// Package plain makes text from outside fit to be printed: what an answer, a header, a
// file's name or a variable says is text, and never steers the terminal, the page or the
// file that it ends up in. There is one such filter, and this is it.
//
// Nothing that knows what a text is about may enter.
package plain

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// MaxLine is how many characters of one line are shown.
	MaxLine = 2000
	// MaxLines is how many lines of one block are shown.
	MaxLines = 1000
)

// Line is a text on one line: whatever would end the line, move the cursor, turn the
// direction of writing, or cannot be seen, is shown as Go's escape for it, such as \n,
// \x1b or \u202e. A byte that is no UTF-8 is shown as \xff. Of a text longer than MaxLine
// characters the rest is counted instead.
func Line(text string) string { return cut(text, MaxLine) }

// Short is Line for a text that stands inside a sentence: of more than limit characters
// the rest is counted.
func Short(text string, limit int) string { return cut(text, limit) }

// Text is a text of several lines, each as Line makes it but for its tabs, which stay. Only
// \n ends a line.
func Text(text string) string {
	if isPlain(text) {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		cells := strings.Split(line, "\t")
		for j, cell := range cells {
			cells[j] = Line(cell)
		}
		lines[i] = strings.Join(cells, "\t")
	}
	return strings.Join(lines, "\n")
}

// Block is a text of several lines, as Text makes it, behind a bar on each line: whatever
// it says, none of its lines can be taken for one of the report around it. Of more than
// MaxLines lines the rest is counted.
func Block(text, indent string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if more := len(lines) - MaxLines; more > 0 {
		lines = append(lines[:MaxLines:MaxLines], fmt.Sprintf("… (%d lines more)", more))
	}
	var out strings.Builder
	for _, line := range lines {
		out.WriteString(strings.TrimRight(indent+"| "+Line(line), " ") + "\n")
	}
	return out.String()
}

// isPlain tells of a text of short lines in printable ASCII, which most are.
func isPlain(text string) bool {
	column := 0
	for _, c := range []byte(text) {
		switch column++; {
		case c == '\n':
			column = 0
		case c == '\t':
		case c < ' ' || c > '~' || column > MaxLine:
			return false
		}
	}
	return true
}

func cut(text string, limit int) string {
	var out strings.Builder
	shown := 0
	for i := 0; i < len(text); shown++ {
		r, size := utf8.DecodeRuneInString(text[i:])
		if shown == limit {
			fmt.Fprintf(&out, "… (%d bytes more)", len(text)-i)
			break
		}
		write(&out, r, text[i:i+size])
		i += size
	}
	return out.String()
}

// write adds one character, or the escape in its place.
func write(out *strings.Builder, r rune, raw string) {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		fmt.Fprintf(out, `\x%02x`, raw[0])
	case r == '\n':
		out.WriteString(`\n`)
	case r == '\r':
		out.WriteString(`\r`)
	case r == '\t':
		out.WriteString(`\t`)
	case unicode.IsPrint(r):
		out.WriteRune(r)
	case r < utf8.RuneSelf:
		fmt.Fprintf(out, `\x%02x`, r)
	case r <= 0xffff:
		fmt.Fprintf(out, `\u%04x`, r)
	default:
		fmt.Fprintf(out, `\U%08x`, r)
	}
}
