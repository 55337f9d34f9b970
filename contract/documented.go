package contract

import (
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pingone-conformance/client"
)

// Standing says how the documents speak of one place of an answer. The zero value
// means that they do not.
type Standing string

const (
	// Promised places have to be there: a documented schema requires them in this very answer, or they repeat what was sent.
	Promised Standing = "promised"
	// Named places are described; an answer may do without them.
	Named Standing = "named"
)

// Documents is what the documents say about one answer.
type Documents struct {
	// Operation is the call in PingOne's terms, such as "Create Application".
	Operation string
	// Places are JSON pointers into the answer, "status", and headers as "header Location".
	Places map[string]Standing
}

// Documents tells which places of an answer the documents speak of, as far as the documented
// schemas do; inferred ones do not count. It takes the exchange into memory as Check does, so a
// scenario's exchanges go through it in their order.
func (c *Checker) Documents(ex *client.Exchange) Documents {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := c.check(ex)
	d := Documents{Operation: call.name(), Places: map[string]Standing{}}
	for _, held := range call.held {
		c.schemas.standings([]*jsonschema.Schema{held.shape.documented}, held.value, held.where, d.Places)
	}
	if call.op != nil {
		call.promiseEcho(d.Places)
		call.promiseHead(d.Places)
	}
	return d
}

// holding is one use of a schema: on which value, and where in the answer it stands.
type holding struct {
	shape *shape
	value any
	where []string
}

// standings notes every place below v that one of the schemas names.
func (l *library) standings(schemas []*jsonschema.Schema, v any, path []string, places map[string]Standing) {
	var apply []*jsonschema.Schema
	for _, s := range schemas {
		apply = applicable(apply, s, v, 0)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			if below, standing := spokenOf(apply, name); standing != "" {
				here := join(path, name)
				raise(places, pointer(here...), standing)
				l.standings(below, inner, here, places)
			}
		}
	case []any:
		var items []*jsonschema.Schema
		for _, s := range apply {
			if s.Items2020 != nil {
				items = append(items, s.Items2020)
			}
		}
		for i, inner := range v {
			here := join(path, strconv.Itoa(i))
			if places[pointer(path...)] != "" {
				raise(places, pointer(here...), Named) // a list may be promised, what is in it differs
			}
			l.standings(items, inner, here, places)
		}
	}
}

// applicable appends s and every schema that it applies to v, conditions decided.
func applicable(all []*jsonschema.Schema, s *jsonschema.Schema, v any, depth int) []*jsonschema.Schema {
	if s == nil || depth > deepest {
		return all
	}
	all = append(all, s)
	all = applicable(all, s.Ref, v, depth+1)
	for _, same := range s.AllOf {
		all = applicable(all, same, v, depth+1)
	}
	for _, one := range slices.Concat(s.AnyOf, s.OneOf) {
		if one.Validate(v) == nil {
			all = applicable(all, one, v, depth+1)
		}
	}
	if s.If != nil {
		branch := s.Else
		if s.If.Validate(v) == nil {
			branch = s.Then
		}
		all = applicable(all, branch, v, depth+1)
	}
	return all
}

// spokenOf tells how the schemas of an object speak of a member, and what they say below it.
func spokenOf(schemas []*jsonschema.Schema, name string) (below []*jsonschema.Schema, standing Standing) {
	for _, s := range schemas {
		if p, has := s.Properties[name]; has {
			below = append(below, p)
			if standing == "" {
				standing = Named
			}
		} else if extra, ok := s.AdditionalProperties.(*jsonschema.Schema); ok {
			below = append(below, extra)
		}
		if slices.Contains(s.Required, name) {
			standing = Promised
		}
	}
	return below, standing
}

func raise(places map[string]Standing, place string, standing Standing) {
	if standing != "" && places[place] != Promised {
		places[place] = standing
	}
}

// promiseEcho raises what was sent and documented: an answer to a create or update repeats it.
func (c *call) promiseEcho(places map[string]Standing) {
	if !c.op.echoed || c.ex.Status >= 300 {
		return
	}
	for name, value := range asObject(c.sent) {
		if slices.Contains(silent[c.op.schema()], name) || lookup(c.body, []string{name}) == nil {
			continue
		}
		raise(places, pointer(name), Promised)
		walk(value, []string{name}, func(path []string, _ any) {
			for i := range path {
				if place := pointer(path[:i+1]...); places[place] != "" {
					places[place] = Promised
				}
			}
		})
	}
}

func asObject(v any) map[string]any {
	object, _ := v.(map[string]any)
	return object
}

// promiseHead notes what is documented of the answer's head. How authorize and resume
// refuse is not.
func (c *call) promiseHead(places map[string]Standing) {
	if c.op.service == browser && c.ex.Status >= 400 {
		return
	}
	places["status"] = Promised
	if len(c.ex.Body) > 0 {
		places["header Content-Type"] = Promised
	}
	if c.ex.Status >= 300 && c.ex.Status < 400 {
		places[locationHeader] = Promised
	}
	if strings.HasPrefix(strings.Join(c.ex.Header.Values("Set-Cookie"), ""), "ST=") {
		places["header Set-Cookie"] = Promised
	}
}
