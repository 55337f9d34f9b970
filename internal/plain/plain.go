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
	// slack is how much longer a line may be before it is cut: longer than what says that it
	// was, so that a text that was cut is not cut again.
	slack = 32
)

// Line is a text on one line: whatever would end the line, move the cursor, turn the
// direction of writing, or cannot be seen, is shown as Go's escape for it, such as \n,
// \x1b or \u202e. A byte that is no UTF-8 is shown as \xff. Of a text that is longer than
// MaxLine characters by more than a few, the rest is counted instead.
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

// Whole is a text that a program reads again, such as a body of JSON: as Text makes it, but
// nothing is cut, and \r\n ends a line too.
func Whole(text string) string {
	if _, is := printable(text); is {
		return text
	}
	var out strings.Builder
	for len(text) > 0 {
		n, _ := printable(text)
		out.WriteString(text[:n])
		if text = text[n:]; text != "" {
			n = Escape(&out, text)
			text = text[n:]
		}
	}
	return out.String()
}

// Escape adds the first character of a text to out, as Whole shows it, and returns how
// many bytes it has.
func Escape(out *strings.Builder, text string) int {
	if strings.HasPrefix(text, "\r\n") {
		out.WriteString("\r\n")
		return 2
	}
	if text[0] == '\n' || text[0] == '\t' {
		out.WriteByte(text[0])
		return 1
	}
	r, size := utf8.DecodeRuneInString(text)
	write(out, r, text[:size])
	return size
}

// printable is how many bytes at the beginning of a text are printable ASCII or end a line,
// and whether all are.
func printable(text string) (n int, all bool) {
	for i := range len(text) {
		if c := text[i]; (c < ' ' || c > '~') && c != '\n' && c != '\t' {
			return i, false
		}
	}
	return len(text), true
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
	if _, is := printable(text); !is {
		return false
	}
	for len(text) > MaxLine {
		end := strings.IndexByte(text, '\n')
		if end < 0 || end > MaxLine {
			return false
		}
		text = text[end+1:]
	}
	return true
}

// isLine tells of a text of nothing but printable ASCII.
func isLine(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// cut shows at most limit characters, and a few more where that ends the text.
func cut(text string, limit int) string {
	if len(text) <= limit && isLine(text) {
		return text
	}
	var out strings.Builder
	shown, end, rest := 0, 0, 0 // end is where out would be cut, and rest what of text would be left out
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		before := out.Len()
		write(&out, r, text[i:i+size])
		width := 1
		if written := out.Len() - before; written != size || r == utf8.RuneError {
			width = written
		}
		if shown += width; shown > limit && rest == 0 {
			end, rest = before, len(text)-i
		}
		if shown > limit+slack {
			return fmt.Sprintf("%s… (%d bytes more)", out.String()[:end], rest)
		}
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

// Count is a number of things in words: "1 call", "2 calls".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
