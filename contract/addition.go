package contract

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"pingone-conformance/client"
)

// Addition is what somebody else's use case adds to the contract: calls that it does not
// know, the shapes of their answers, and rules of its own about any call.
type Addition struct {
	// Schemas holds JSON Schemas (2020-12) as NAME.json at its root, written as those of
	// this package are; "$ref": "common.json#/$defs/links" reaches ours. Nil is none.
	Schemas fs.FS
	// Operations are calls of the management API.
	Operations []Operation
	// Rules are checked after the built-in ones.
	Rules []Rule
}

// Operation is one call of an Addition.
type Operation struct {
	// Name is the call in PingOne's terms, such as "Create Gateway".
	Name string
	// Method and Path are what is sent, the path from /v1 on, with a word in braces for
	// each id: "/v1/environments/{env}/gateways".
	Method, Path string
	// Media is the media type of the request that selects the operation, "" for any.
	Media string
	// Success is the documented status.
	Success int
	// Answer and Request name schemas, Items that of a collection's items; "" is none.
	Answer, Items, Request string
	// Source is the page that documents the call.
	Source string
}

// Rule is one check of an Addition.
type Rule struct {
	// Name says in words that follow the place what it means to break the rule, such as
	// "does not live for an hour".
	Name string
	// Operation is the call that it looks at, such as "Get Token"; "" is every call.
	Operation string
	// Observed is for what no document promises: what the rule objects to is reported, and
	// fails nothing.
	Observed bool
	// Source is the page that states the rule.
	Source string
	// Check returns what is wrong with an exchange, whatever its status; nothing when the rule holds.
	Check func(ex *client.Exchange) []Problem
}

// Problem is one place of an answer that a Rule objects to. It must hold no secret.
type Problem struct {
	// Where is a JSON pointer into the answer, "status", or "header Location".
	Where string
	// Want and Got say what the rule asks for and what was seen.
	Want, Got string
}

// Contract is the built-in contract with what was added to it. A nil Contract is the
// built-in one.
type Contract struct {
	schemas *library
	calls   []operation
	rules   []Rule
}

// With returns the built-in contract with additions. Its error names everything that is
// wrong with them.
func With(additions ...Addition) (*Contract, error) {
	c := &Contract{schemas: newLibrary()}
	all, faults := operations(), []error{}
	for _, a := range additions {
		faults = append(faults, c.addSchemas(a.Schemas))
		for _, o := range a.Operations {
			faults = append(faults, o.check(all))
			all = append(all, o.row())
		}
		for _, r := range a.Rules {
			faults = append(faults, r.check())
		}
		c.rules = append(c.rules, a.Rules...)
	}
	for _, a := range additions {
		for _, o := range a.Operations {
			faults = append(faults, c.shapesOf(o))
		}
	}
	c.calls = ready(all)
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("what was added to the contract: %w", err)
	}
	return c, nil
}

// NewChecker returns a Checker with an empty memory, for one scenario.
func (c *Contract) NewChecker() *Checker {
	if c == nil {
		return NewChecker()
	}
	return &Checker{memory: newMemory(), schemas: c.schemas, calls: c.calls, rules: c.rules}
}

// addSchemas takes in the schemas of an addition and compiles each.
func (c *Contract) addSchemas(files fs.FS) error {
	if files == nil {
		return nil
	}
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return fmt.Errorf("list the schemas: %w", err)
	}
	var faults []error
	for _, file := range names {
		faults = append(faults, c.schemas.add(files, file))
	}
	for _, file := range names {
		if _, err := c.schemas.shape(strings.TrimSuffix(file, ".json")); err != nil {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// shapesOf finds the schemas that an operation names.
func (c *Contract) shapesOf(o Operation) error {
	for _, name := range []string{o.Answer, o.Items, o.Request} {
		if name == "" {
			continue
		}
		if _, err := c.schemas.shape(name); err != nil {
			return fmt.Errorf("the operation %q: %w", o.Name, err)
		}
	}
	return nil
}

func (o Operation) row() operation {
	return operation{
		name: o.Name, method: o.Method, path: o.Path, media: o.Media, success: o.Success,
		answer: o.Answer, items: o.Items, request: o.Request, source: o.Source,
		creates: o.Method == "POST" && o.Success == 201 && o.Answer != "",
	}
}

// check says what is wrong with an operation beside all that are there.
func (o Operation) check(all []operation) error {
	switch {
	case o.Name == "" || o.Method == "" || o.Source == "":
		return fmt.Errorf("the operation %q needs a name, a method and the page that documents it", o.Name)
	case !strings.HasPrefix(o.Path, "/v1/"):
		return fmt.Errorf("the operation %q: its path %q does not begin with /v1/", o.Name, o.Path)
	case o.Success < 200 || o.Success > 299:
		return fmt.Errorf("the operation %q: %d is no status of success", o.Name, o.Success)
	}
	for _, known := range all {
		if known.method == o.Method && known.media == o.Media && shapeOf(known.path) == shapeOf(o.Path) {
			return fmt.Errorf("the operation %q: %s %s is there already, as %q", o.Name, o.Method, o.Path, known.name)
		}
	}
	return nil
}

// shapeOf is a path whose ids have no names.
func shapeOf(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if strings.HasPrefix(segment, "{") {
			segments[i] = "{}"
		}
	}
	return strings.Join(segments, "/")
}

func (r Rule) check() error {
	if r.Name == "" || r.Source == "" || r.Check == nil {
		return fmt.Errorf("the rule %q needs a name, the page that states it, and a check", r.Name)
	}
	return nil
}

// added holds the exchange against the rules of the additions.
func (c *call) added(rules []Rule) {
	for _, r := range rules {
		if r.Operation != "" && r.Operation != c.name() {
			continue
		}
		report := c.fail
		if r.Observed {
			report = c.note
		}
		for _, p := range r.Check(c.ex) {
			report(r.Name, p.Where, p.Want, p.Got, r.Source)
		}
	}
}
