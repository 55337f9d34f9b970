package runner

import (
	"bytes"
	"io"
	"strings"
)

// coloured colours the words for states at the beginning of lines; the words stay, so that
// colour is never alone.
type coloured struct {
	out  io.Writer
	rest []byte // of a line that has no end yet
}

const (
	green  = "\x1b[32m"
	red    = "\x1b[31;1m"
	grey   = "\x1b[2m"
	normal = "\x1b[0m"
)

// states are the beginnings of lines of the story and of the epilogue.
var states = []struct{ prefix, word, colour string }{
	{"    ok   ", "ok", green},
	{"    FAIL ", "FAIL", red},
	{"    -    ", "-", grey},
	{"FAIL ", "FAIL", red},
	{"No: ", "No", red},
	{"Not known: ", "Not known", red},
	{"Yes: ", "Yes", green},
	{"As recorded: ", "As recorded", green},
	{"The emulator does: ", "The emulator does", green},
}

// Write writes whole lines, and keeps what comes after the last of them.
func (c *coloured) Write(p []byte) (int, error) {
	c.rest = append(c.rest, p...)
	end := bytes.LastIndexByte(c.rest, '\n') + 1
	if end == 0 {
		return len(p), nil
	}
	var out strings.Builder
	for line := range strings.Lines(string(c.rest[:end])) {
		out.WriteString(colourOf(line))
	}
	c.rest = append(c.rest[:0], c.rest[end:]...)
	_, err := io.WriteString(c.out, out.String())
	return len(p), err
}

func colourOf(line string) string {
	for _, s := range states {
		if strings.HasPrefix(line, s.prefix) {
			return strings.Replace(line, s.word, s.colour+s.word+normal, 1)
		}
	}
	return line
}
