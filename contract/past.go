package contract

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// learnAnswer keeps the answer, so that a secret that is learned later can be looked for in it, and looks for the passcode
// that has just turned out to be the right one.
func (c *call) learnAnswer() {
	if c.op.name == "Check One-Time Passcode" && c.ex.Status < 300 {
		c.passcodeShown(text(c.sent, "otp"))
	}
	flow := c.flowID()
	if c.op.service == browser && flow == "" {
		flow = text(c.body, "id")
	}
	c.mem.past = append(c.mem.past, pastAnswer{call: c.ex.String(), path: c.ex.Request.URL.Path, answer: c.answer, header: c.ex.Header, flow: flow, test: c.mem.testDevices})
}

// shownBefore wants no earlier answer to hold a secret, but those of the address that hands it out.
func (c *call) shownBefore(value, what string) {
	if len(value) < shortest {
		return
	}
	for _, past := range c.mem.past {
		if past.path != c.ex.Request.URL.Path && (past.answer.holds(value) || headerWith(past.header, value) != "") {
			c.fail(ruleSecret, "/", "no answer with the "+what+" but this one", "an earlier one: "+past.call, pageConventions)
		}
	}
}

// passcodeShown wants no earlier answer of the flow to hold the passcode that has proven right, under any name: as a text,
// as a word of one, or as a number. A test device shows it where the pages say.
func (c *call) passcodeShown(code string) {
	if code == "" {
		return
	}
	for _, past := range c.mem.past {
		if past.flow == "" || past.flow != c.flowID() {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(past.header)) {
			if slices.ContainsFunc(past.header[name], func(line string) bool { return tells(line, code) }) {
				c.fail(ruleSecret, "header "+name, "a passcode in the message to the person, and in no answer", "it in an earlier one: "+past.call, pageMFAFlow)
			}
		}
		if past.answer == nil {
			continue
		}
		body, _ := past.answer.value() // what is no JSON has no members
		walk(body, nil, func(path []string, v any) {
			place := pointer(path...)
			if tells(v, code) && (!past.test || place != "/test/otp") {
				c.fail(ruleSecret, place, "a passcode in the message to the person, and in no answer", "it in an earlier one: "+past.call, pageMFAFlow)
			}
		})
	}
}

// tells reports whether a value is a code, or a text that has it as a word.
func tells(v any, code string) bool {
	switch v := v.(type) {
	case json.Number:
		return v.String() == code
	case string:
		for _, word := range strings.FieldsFunc(v, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			if word == code {
				return true
			}
		}
	}
	return false
}
