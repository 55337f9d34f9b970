package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/joho/godotenv"
)

// FromEnvironment reads the configuration from the process environment and,
// for what that does not set, from a .env file. With dotenvPath "" the file is
// the first .env from the working directory upwards to the folder that holds
// go.mod, and there need be none; a path that is given must exist. The error
// is a Faults, but for a file that cannot be read.
func FromEnvironment(dotenvPath string) (Config, error) {
	return fromEnvironment(dotenvPath, func(given lookup) lookup { return given })
}

// Recording is FromEnvironment for a run that records: PINGONE_RECORD counts as true,
// and the emulator answers unless PINGONE_MODE says who does.
func Recording(dotenvPath string) (Config, error) {
	return fromEnvironment(dotenvPath, func(given lookup) lookup {
		return func(name string) (string, bool) {
			value, set := given(name)
			switch {
			case name == "PINGONE_RECORD":
				return "true", true
			case name == "PINGONE_MODE" && value == "":
				return Emulator, true
			}
			return value, set
		}
	})
}

// lookup works like os.LookupEnv.
type lookup func(name string) (value string, set bool)

func fromEnvironment(dotenvPath string, change func(lookup) lookup) (Config, error) {
	path, err := dotenvPath, error(nil)
	if path == "" {
		path, err = findDotenv()
	}
	if err != nil {
		return Config{}, err
	}
	file, faults, err := readDotenv(path)
	if err != nil {
		return Config{}, err
	}
	given := func(name string) (string, bool) {
		if value, set := os.LookupEnv(name); set {
			return value, true
		}
		value, set := file[name]
		return value, set
	}
	r := &reader{lookup: change(given), faults: faults}
	r.misspelt(ourNames(file))
	c := r.config()
	return c, r.faults.err()
}

// ourNames lists the names, in the process environment or the file, that look
// as if they were meant for this suite.
func ourNames(file map[string]string) []string {
	var names []string
	add := func(name string) {
		if strings.HasPrefix(strings.ToUpper(name), "PINGONE_") {
			names = append(names, name)
		}
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		add(name)
	}
	for name := range file {
		add(name)
	}
	return names
}

// findDotenv looks for .env upwards to the module's folder; outside a module
// it looks in the working directory only. It returns "" when there is none.
func findDotenv() (string, error) {
	start, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("the working directory is unknown: %w", err)
	}
	var found []string
	for dir := start; ; dir = filepath.Dir(dir) {
		if path := filepath.Join(dir, ".env"); isFile(path) {
			found = append(found, path)
		}
		inModule := isFile(filepath.Join(dir, "go.mod"))
		if !inModule && dir != filepath.Dir(dir) {
			continue
		}
		if len(found) > 0 && (inModule || filepath.Dir(found[0]) == start) {
			return found[0], nil
		}
		return "", nil
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// readDotenv reads a file of NAME=value lines; no path means no variables. What
// is malformed is a fault with its line's number, without the line, which may
// hold a secret.
func readDotenv(path string) (map[string]string, Faults, error) {
	if path == "" {
		return nil, nil, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("there is no file %s", path)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read: %w", filepath.Base(path), err)
	}
	values, err := parseDotenv(text)
	if err != nil {
		return nil, Faults{fmt.Sprintf("%s line %d: %s", filepath.Base(path), faultyLine(text), reason(err))}, nil
	}
	return values, nil, nil
}

var (
	nameRule = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	errName  = errors.New("not a name")
)

// parseDotenv is godotenv's reading, which takes any text before "=" for a
// name, with a check of the names.
func parseDotenv(text []byte) (map[string]string, error) {
	values, err := godotenv.UnmarshalBytes(text)
	if err != nil {
		return nil, err
	}
	for name := range values {
		if !nameRule.MatchString(name) {
			return nil, errName
		}
	}
	return values, nil
}

// faultyLine finds the line on which a malformed file goes wrong: the one after
// the longest beginning that can be read.
func faultyLine(text []byte) int {
	lines := bytes.SplitAfter(text, []byte("\n"))
	good, read := 0, 0
	for i, line := range lines {
		read += len(line)
		if _, err := parseDotenv(text[:read:read]); err == nil {
			good = i + 1
		}
	}
	return min(good+1, len(lines))
}

func reason(err error) string {
	if strings.Contains(err.Error(), "unterminated quoted value") {
		return "the value's quotation mark is never closed"
	}
	return "is not NAME=value"
}
