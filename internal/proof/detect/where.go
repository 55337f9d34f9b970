package detect

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"strings"
)

// lineIndex is the text of every feature file, by name, line by line.
type lineIndex map[string][]string

func readLines(features fs.FS) (lineIndex, error) {
	files, err := fs.Glob(features, "*.feature")
	if err != nil {
		return nil, fmt.Errorf("list the feature files: %w", err)
	}
	index := lineIndex{}
	for _, file := range files {
		text, err := fs.ReadFile(features, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		index[file] = strings.Split(string(text), "\n")
	}
	return index, nil
}

// linesPerFile keeps the order of the files ahead of that of the lines.
const linesPerFile = 1_000_000

// find says where a step of a scenario stands, and a number that sorts as the
// files and lines do. Without a step, or when the file does not say, it is the
// scenario's own line.
func (x lineIndex) find(file, scenario, step string) (at string, order int) {
	name := path.Base(file)
	for other := range x {
		if other < name {
			order += linesPerFile
		}
	}
	lines, line := x[name], 0
	for i, text := range lines {
		text = strings.TrimSpace(text)
		switch title, isScenario := titleOf(text); {
		case isScenario && line > 0:
			return fmt.Sprintf("%s:%d", name, line), order + line
		case isScenario && fits(title, scenario):
			line = i + 1
		case line > 0 && step != "" && isStep(text, step):
			return fmt.Sprintf("%s:%d", name, i+1), order + i + 1
		}
	}
	return fmt.Sprintf("%s:%d", name, line), order + line
}

func titleOf(text string) (string, bool) {
	for _, keyword := range []string{"Scenario:", "Scenario Outline:"} {
		if title, found := strings.CutPrefix(text, keyword); found {
			return strings.TrimSpace(title), true
		}
	}
	return "", false
}

func isStep(text, step string) bool {
	_, sentence, found := strings.Cut(text, " ")
	return found && fits(sentence, step)
}

var placeholder = regexp.MustCompile(`<[^<>]+>`)

// fits says whether a text is an outline's, with its <words> filled in.
func fits(outline, text string) bool {
	if outline == text {
		return true
	}
	fixed := placeholder.Split(outline, -1)
	if len(fixed) == 1 {
		return false
	}
	for i, part := range fixed {
		fixed[i] = regexp.QuoteMeta(part)
	}
	filled, err := regexp.MatchString("^"+strings.Join(fixed, ".*")+"$", text)
	return err == nil && filled
}
