package steps

import (
	"bytes"
	"fmt"
	"io/fs"
	"strings"

	gherkin "github.com/cucumber/gherkin/go/v42"
	messages "github.com/cucumber/messages/go/v34"
)

// Listed is one scenario of the feature files, found without running it.
type Listed struct {
	File string
	Line int64
	Name string
	Tags []string
	Rows int // of an outline's examples, 0 for a plain scenario
}

// Catalogue lists the scenarios of every feature file at the root of features.
func Catalogue(features fs.FS) ([]Listed, error) { return catalogue(features, "") }

// catalogue is Catalogue of the files that have the text, in any case, somewhere in them.
func catalogue(features fs.FS, text string) ([]Listed, error) {
	files, err := fs.Glob(features, "*.feature")
	if err != nil {
		return nil, fmt.Errorf("list the feature files: %w", err)
	}
	var all []Listed
	for _, file := range files {
		content, err := fs.ReadFile(features, file)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		if !strings.Contains(strings.ToLower(string(content)), strings.ToLower(text)) {
			continue
		}
		doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(content), (&messages.Incrementing{}).NewId)
		if err != nil {
			return nil, fmt.Errorf("%s is no feature: %w", file, err)
		}
		all = append(all, listed(file, doc)...)
	}
	return all, nil
}

func listed(file string, doc *messages.GherkinDocument) []Listed {
	if doc.Feature == nil {
		return nil
	}
	var found []Listed
	for _, child := range doc.Feature.Children {
		s := child.Scenario
		if s == nil {
			continue
		}
		l := Listed{File: file, Line: s.Location.Line, Name: s.Name}
		for _, tag := range append(append([]*messages.Tag{}, doc.Feature.Tags...), s.Tags...) {
			l.Tags = append(l.Tags, tag.Name)
		}
		for _, examples := range s.Examples {
			l.Rows += len(examples.TableBody)
		}
		found = append(found, l)
	}
	return found
}

// Select finds the scenarios whose name contains text, in the form that
// Options.Paths takes. With "" it returns nil, which selects everything; when
// nothing matches, the error lists all names.
func Select(features fs.FS, text string) ([]string, error) {
	if text == "" {
		return nil, nil
	}
	some, err := catalogue(features, text)
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, l := range some {
		if strings.Contains(strings.ToLower(l.Name), strings.ToLower(text)) {
			paths = append(paths, fmt.Sprintf("%s:%d", l.File, l.Line))
		}
	}
	if len(paths) > 0 {
		return paths, nil
	}
	all, err := Catalogue(features)
	if err != nil {
		return nil, err
	}
	var names strings.Builder
	for _, l := range all {
		names.WriteString("\n  " + l.Name)
	}
	return nil, fmt.Errorf("no scenario's name contains %q; there are:%s", text, names.String())
}
