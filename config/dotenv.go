package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/joho/godotenv"

	"pingone-conformance/internal/lazy"
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
	r.unknown(ourNames(file))
	c := r.config()
	return c, r.faults.err()
}

// GodogTags is the tag expression in GODOG_TAGS, which other suites made with godog
// take, or "".
func GodogTags() string { return os.Getenv("GODOG_TAGS") }

// ourNames lists the names, in the process environment or the file, that look
// as if they were meant for this suite.
func ourNames(file map[string]string) []string {
	var names []string
	add := func(name string) {
		if upper := strings.ToUpper(name); strings.HasPrefix(upper, "PINGONE_") || strings.HasPrefix(upper, "PING_ONE_") {
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
		// Whatever has that name counts, so that a broken one is reported.
		path := filepath.Join(dir, ".env")
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
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

// dotenvLimit is how many bytes a .env file may have.
const dotenvLimit = 4 << 20

// readDotenv reads a file of NAME=value lines; no path means no variables. What
// is malformed is a fault with its line's number, without the line, which may
// hold a secret.
func readDotenv(path string) (map[string]string, Faults, error) {
	if path == "" {
		return nil, nil, nil
	}
	if err := readable(path); err != nil {
		return nil, nil, err
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, fmt.Errorf("%s cannot be read: %w", filepath.Base(path), err)
	}
	for _, mark := range []string{"\xff\xfe", "\xfe\xff"} {
		if bytes.HasPrefix(text, []byte(mark)) {
			return nil, nil, fmt.Errorf("%s is written in UTF-16: save it as UTF-8", filepath.Base(path))
		}
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	values, err := parseDotenv(text)
	if err != nil {
		line, why := faultyLine(text)
		return nil, Faults{fmt.Sprintf("%s line %d: %s", filepath.Base(path), line, why)}, nil
	}
	return values, nil, nil
}

// readable refuses what cannot be a file of variables, before it is opened: a
// pipe would be waited for, and a link to nothing must not count as no file.
func readable(path string) error {
	name := filepath.Base(path)
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no file %s", path)
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s cannot be read: it is a link to a file that does not exist", name)
	case err != nil:
		return fmt.Errorf("%s cannot be read: %w", name, err)
	case info.IsDir():
		return fmt.Errorf("%s cannot be read: it is a folder, and a file of NAME=value lines is expected; rename the folder", name)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s cannot be read: it is no regular file", name)
	case info.Size() > dotenvLimit:
		return fmt.Errorf("%s cannot be read: it is larger than %d MiB", name, dotenvLimit>>20)
	}
	return nil
}

var (
	nameRule = lazy.Regexp(`^[A-Za-z_][A-Za-z0-9_]*$`)
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
		if !nameRule.Get().MatchString(name) {
			return nil, errName
		}
	}
	return values, nil
}

// faultyLine finds the line on which a malformed file goes wrong. It reads line by
// line, and together the lines over which a quoted value goes.
func faultyLine(text []byte) (line int, why string) {
	lines := bytes.SplitAfter(text, []byte("\n"))
	for line = 0; line < len(lines); {
		size, err := statement(lines[line:])
		switch {
		case err == nil:
			line += size
		case neverClosed(err):
			return line + 1, "the value's quotation mark is never closed"
		default:
			return line + 1, "is not NAME=value"
		}
	}
	return len(lines), "is not NAME=value"
}

// attempts bounds how often the lines of one quoted value are tried together.
const attempts = 100

// statement tells how many of the lines belong together, or why they cannot be read.
func statement(lines [][]byte) (size int, err error) {
	tried := 0
	for size = range lines {
		// Only a quotation mark can end what the lines before have left open.
		if size > 0 && !bytes.ContainsAny(lines[size], `"'`) {
			continue
		}
		_, err = parseDotenv(bytes.Join(lines[:size+1], nil))
		if tried++; err == nil || !neverClosed(err) || tried == attempts {
			break
		}
	}
	return size + 1, err
}

func neverClosed(err error) bool { return strings.Contains(err.Error(), "unterminated quoted value") }
