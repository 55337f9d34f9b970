package contract

import (
	"slices"
	"strconv"

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
	_, call := c.check(ex)
	d := Documents{Operation: call.name(), Places: map[string]Standing{}}
	for _, held := range call.held {
		c.schemas.standings([]*jsonschema.Schema{held.shape.documented}, held.value, held.where, d.Places)
	}
	if call.op == nil {
		return d
	}
	if call.op.echoed && ex.Status < 300 {
		call.promiseEcho(d.Places)
	}
	call.promiseHead(d.Places)
	return d
}

// holding is one use of a schema: on which value, and where in the answer it stands.
type holding struct {
	shape *shape
	value any
	where []string
}

// standings notes every place of v that one of the schemas names.
func (l *library) standings(schemas []*jsonschema.Schema, v any, path []string, places map[string]Standing) {
	var apply []*jsonschema.Schema
	for _, s := range schemas {
		apply = applicable(apply, s, v, 0)
	}
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			below, standing := member2(apply, name)
			if standing == "" {
				continue
			}
			here := join(path, name)
			raise(places, pointer(here...), standing)
			l.standings(below, inner, here, places)
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
			raise(places, pointer(here...), places[pointer(path...)])
			l.standings(items, inner, here, places)
		}
	}
}
