package replay

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/internal/replay/internal/scrub"
)

// version is that of the format; a reader refuses any other.
const version = 1

// formatHeader writes the header: who answered, when it began, the seed, the
// stand-ins of the scenario's own secrets in order, and the readings of its
// clock before each exchange in milliseconds after the beginning.
func (r *Recording) formatHeader(out *strings.Builder) {
	line := func(key, value string) { fmt.Fprintf(out, "%s: %s\n", key, value) }
	line("format", strconv.Itoa(version))
	line("recorded-from", r.RecordedFrom)
	line("recorded", r.Begin.Format(timeLayout))
	line("seed", strconv.FormatUint(r.Seed, 10))
	if r.Passcodes != "" {
		line("passcodes", r.Passcodes)
	}
	for _, secret := range r.secrets {
		line("secret "+secret.kind, secret.standIn)
	}
	for n := 1; n <= len(r.exchanges)+1; n++ {
		var readings []string
		for _, reading := range r.clock[n] {
			readings = append(readings, strconv.FormatInt(reading.Milliseconds(), 10))
		}
		if readings != nil {
			line(fmt.Sprintf("clock %02d", n), strings.Join(readings, " "))
		}
	}
	out.WriteString("\n")
}

const timeLayout = "2006-01-02T15:04:05.000Z07:00"

// parseHeader reads what formatHeader wrote. The error begins with the line.
func (r *Recording) parseHeader(text string) error {
	r.clock = map[int][]time.Duration{}
	seen := map[string]bool{}
	for number, line := range strings.Split(text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		key, value, cut := strings.Cut(line, ": ")
		if !cut {
			return fmt.Errorf("%d: the header has the form \"key: value\", not %q", number+1, line)
		}
		first, rest, _ := strings.Cut(key, " ")
		if first != "secret" && seen[key] {
			return fmt.Errorf("%d: the header has %q twice", number+1, key)
		}
		seen[key] = true
		if err := r.headerLine(first, rest, value); err != nil {
			return fmt.Errorf("%d: %w", number+1, err)
		}
	}
	for _, key := range []string{"format", "recorded-from", "recorded", "seed"} {
		if !seen[key] {
			return fmt.Errorf("1: the header has no %q", key)
		}
	}
	return nil
}

func (r *Recording) headerLine(key, rest, value string) error {
	switch {
	case key == "clock":
		return r.clockLine(rest, value)
	case key == "secret" && rest != "":
		r.secrets = append(r.secrets, secretLine{kind: rest, standIn: value})
		return nil
	case rest != "":
		return fmt.Errorf("the header knows no %q", key+" "+rest)
	}
	return r.plainLine(key, value)
}

// plainLine reads a line whose key is one word.
func (r *Recording) plainLine(key, value string) error {
	var err error
	switch key {
	case "format":
		if value != strconv.Itoa(version) {
			return fmt.Errorf("format %q is not known, only %d: record the fixture again", value, version)
		}
	case "recorded-from":
		r.RecordedFrom = value
	case "recorded":
		if r.Begin, err = time.Parse(timeLayout, value); err != nil {
			return fmt.Errorf("%s is a time such as %s, not %q", key, scrub.Epoch, value)
		}
	case "seed":
		if r.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			return fmt.Errorf("the seed is a whole number, not %q", value)
		}
	case "passcodes":
		r.Passcodes = value
	default:
		return fmt.Errorf("the header knows no %q", key)
	}
	return nil
}

func (r *Recording) clockLine(exchange, value string) error {
	n, err := strconv.Atoi(exchange)
	if err != nil || n < 1 || fmt.Sprintf("%02d", n) != exchange {
		return fmt.Errorf("the clock is read before an exchange such as 01, not %q", exchange)
	}
	for _, text := range strings.Fields(value) {
		ms, err := strconv.ParseInt(text, 10, 64)
		if err != nil || ms > maxReading || ms < -maxReading {
			return fmt.Errorf("a reading of the clock is in milliseconds after the beginning, not %q", text)
		}
		r.clock[n] = append(r.clock[n], time.Duration(ms)*time.Millisecond)
	}
	return nil
}

// maxReading is a hundred years, far below where a duration overflows.
const maxReading = 100 * 365 * 24 * 3600 * 1000
