package replay

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// version is that of the format; a reader refuses any other.
const version = 1

// The keys of the header, in the order in which they are written.
const (
	keyFormat   = "format"
	keyFrom     = "recorded-from"
	keyRecorded = "recorded"
	keySeed     = "seed"
	keyPasscode = "passcodes" // may be missing
	keySecret   = "secret"    // followed by the kind
	keyClock    = "clock"     // followed by the exchange that came next
)

// formatHeader writes the header: who answered, when it began, the seed, the
// stand-ins of the scenario's own secrets in order, and the readings of its
// clock before each exchange in milliseconds after the beginning.
func (r *Recording) formatHeader(out *strings.Builder) {
	line := func(key, value string) { fmt.Fprintf(out, "%s: %s\n", key, value) }
	line(keyFormat, strconv.Itoa(version))
	line(keyFrom, r.RecordedFrom)
	line(keyRecorded, r.Begin.Format(timeLayout))
	line(keySeed, strconv.FormatUint(r.Seed, 10))
	if r.Passcodes != "" {
		line(keyPasscode, r.Passcodes)
	}
	for _, secret := range r.secrets {
		line(keySecret+" "+secret.kind, secret.standIn)
	}
	for n := 1; n <= len(r.exchanges)+1; n++ {
		var readings []string
		for _, reading := range r.clock[n] {
			readings = append(readings, strconv.FormatInt(reading.Milliseconds(), 10))
		}
		if readings != nil {
			line(fmt.Sprintf("%s %02d", keyClock, n), strings.Join(readings, " "))
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
		if first != keySecret && seen[key] {
			return fmt.Errorf("%d: the header has %q twice", number+1, key)
		}
		seen[key] = true
		if err := r.headerLine(first, rest, value); err != nil {
			return fmt.Errorf("%d: %w", number+1, err)
		}
	}
	for _, key := range []string{keyFormat, keyFrom, keyRecorded, keySeed} {
		if !seen[key] {
			return fmt.Errorf("1: the header has no %q", key)
		}
	}
	return nil
}

func (r *Recording) headerLine(key, rest, value string) error {
	switch {
	case key == keyClock:
		return r.clockLine(rest, value)
	case key == keySecret && rest != "":
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
	case keyFormat:
		if value != strconv.Itoa(version) {
			return fmt.Errorf("format %q is not known, only %d: record the fixture again", value, version)
		}
	case keyFrom:
		r.RecordedFrom = value
	case keyRecorded:
		if r.Begin, err = time.Parse(timeLayout, value); err != nil {
			return fmt.Errorf("%s is a time such as %s, not %q", key, Epoch, value)
		}
	case keySeed:
		if r.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			return fmt.Errorf("the seed is a whole number, not %q", value)
		}
	case keyPasscode:
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
