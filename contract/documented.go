package contract

import (
	"slices"
	"strings"

	"pingone-conformance/client"
	"pingone-conformance/contract/internal/schema"
	"pingone-conformance/contract/internal/shape"
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
	// Places are JSON pointers into the answer, "status" and its first digit as "status class", and headers
	// as "header Location".
	Places map[string]Standing
}

// Documents lists which places of an answer the documents speak of, as far as the documented
// schemas do; inferred ones do not count. It takes the exchange into memory as Check does, so a
// scenario's exchanges go through it in their order.
func (c *Checker) Documents(ex *client.Exchange) Documents {
	c.mu.Lock()
	defer c.mu.Unlock()
	call := c.check(ex)
	d := Documents{Operation: call.name(), Places: map[string]Standing{}}
	for _, held := range call.held {
		d.holding(held)
		if call.isItem(held.where) {
			d.lowerLinks(held)
		}
	}
	if call.op != nil {
		call.promiseEcho(d)
		call.promiseHead(d)
	}
	return d
}

// holding is one use of a schema: on which value, and where in the answer it stands.
type holding struct {
	shape *shape.Shape
	value any
	where []string
}

// holding notes every place that the documented schema names.
func (d Documents) holding(h holding) {
	descend([]*schema.Schema{h.shape.Documented}, h.value, slices.Clip(h.where), true, func(path []string, said said) bool {
		switch {
		case said.required:
			d.raise(Promised, path...)
		case said.named:
			d.raise(Named, path...)
		case said.item && d.Places[pointer(path[:len(path)-1]...)] != "":
			d.raise(Named, path...) // a list may be promised, what is in it differs
		}
		return said.required || said.named || said.item
	})
}

// lowerLinks takes back that the links of a list's item are promised, but for self.
func (d Documents) lowerLinks(h holding) {
	for rel := range object(h.value, "_links") {
		if place := pointer(join(h.where, "_links", rel)...); rel != "self" && d.Places[place] == Promised {
			d.Places[place] = Named
		}
	}
}

func (d Documents) raise(standing Standing, path ...string) {
	if place := pointer(path...); d.Places[place] != Promised {
		d.Places[place] = standing
	}
}

// promiseEcho raises what was sent and documented: an answer to a create or update repeats it.
func (c *call) promiseEcho(d Documents) {
	if !c.op.echoed || c.ex.Status >= 300 {
		return
	}
	for name, value := range object(c.sent) {
		if slices.Contains(silent[c.op.schema()], name) || at(c.body, name) == nil {
			continue
		}
		d.raise(Promised, name)
		walk(value, []string{name}, func(path []string, _ any) {
			if d.Places[pointer(path...)] != "" {
				d.raise(Promised, path...)
			}
		})
	}
}

// promiseHead notes what is documented of the answer's head. How authorize and resume
// refuse is not.
func (c *call) promiseHead(d Documents) {
	if c.op.service == browser && c.ex.Status >= 400 {
		return
	}
	promise := func(place string, is bool) {
		if is {
			d.Places[place] = Promised
		}
	}
	promise("status", true)
	promise("status class", true)
	if c.op.service != oauth && c.ex.Status >= 400 && len(statusesOf[text(c.body, "code")]) > 0 {
		d.Places["status"] = Named // the code tells refusals apart: see statusOfCode
	}
	promise("header Content-Type", len(c.ex.Body) > 0)
	promise(locationHeader, c.ex.Status >= 300 && c.ex.Status < 400)
	promise("header Set-Cookie", strings.HasPrefix(strings.Join(c.ex.Header.Values("Set-Cookie"), ""), "ST="))
}
