package suite

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pingone-conformance/client"
)

// Subject is whom or what a sentence may name: a person, an application, a policy.
// Two subjects with the same label are the same one.
type Subject interface {
	// Label is the subject's name in the features, such as "Ben" or "Example Bank".
	Label() string
}

// Reading is one answer that a Then has looked at, and of whom or what it speaks.
type Reading struct {
	Answer *client.Exchange
	Of     []Subject
}

// Evidence is what a Then has looked at. A Then without evidence proves nothing, and the
// engine lets none pass: at least one answer of this scenario must have been read, and
// something must have been read of everyone whom the sentence names.
type Evidence []Reading

// Read is the evidence of one answer that speaks of these subjects.
func Read(answer *client.Exchange, of ...Subject) Evidence {
	return Evidence{{Answer: answer, Of: of}}
}

// And adds more evidence.
func (e Evidence) And(more Evidence) Evidence { return append(slices.Clip(e), more...) }

// of tells whether something was read of the subject.
func (e Evidence) of(s Subject) bool {
	return slices.ContainsFunc(e, func(r Reading) bool {
		return r.Answer != nil && slices.ContainsFunc(r.Of, func(o Subject) bool { return o.Label() == s.Label() })
	})
}

// subjects says of whom something was read, for an error's text.
func (e Evidence) subjects() string {
	var labels []string
	for _, r := range e {
		for _, s := range r.Of {
			if !slices.Contains(labels, s.Label()) {
				labels = append(labels, s.Label())
			}
		}
	}
	if len(labels) == 0 {
		return ""
	}
	return ", only of " + strings.Join(labels, " and ")
}

// proof keeps a scenario honest: each Then must have evidence, there must be one, and a
// refusal must have been looked at by one.
type proof struct {
	thens int
	// about are the labels of those whom the running sentence names.
	about []string
	// refusals are the answers of 400 or above that no Then has looked at yet, the newest of
	// each operation and of those whom it is about: who tries a thing again and again is judged
	// by the last time, but not for anybody else.
	refusals []refusal
}

// refusal is an answer of 400 or above, and who is named by the sentence that has met it.
type refusal struct {
	answer *client.Exchange
	about  []string
}

// begin takes down whom the sentence names that is about to run.
func (p *proof) begin(named []Subject) {
	p.about = nil
	for _, s := range named {
		p.about = append(p.about, s.Label())
	}
	slices.Sort(p.about)
}

func (p *proof) note(ex *client.Exchange) {
	if ex.Status < 400 {
		return
	}
	p.refusals = slices.DeleteFunc(p.refusals, func(r refusal) bool {
		return r.answer.Operation == ex.Operation && slices.Equal(r.about, p.about)
	})
	p.refusals = append(p.refusals, refusal{ex, p.about})
}

// forget takes a refusal as looked at.
func (p *proof) forget(ex *client.Exchange) {
	p.refusals = slices.DeleteFunc(p.refusals, func(r refusal) bool { return r.answer == ex })
}

// take accepts the evidence of a Then that names these subjects, or says what is missing.
func (p *proof) take(e Evidence, named []Subject, known func(*client.Exchange) bool) error {
	p.thens++
	read := 0
	for _, r := range e {
		switch {
		case r.Answer == nil:
			continue
		case !known(r.Answer):
			return errors.New("what this sentence looked at is no answer of this scenario")
		}
		p.forget(r.Answer)
		read++
	}
	if read == 0 {
		return errors.New("nothing was seen that could show this: an earlier sentence has to bring it about")
	}
	for _, s := range named {
		if !e.of(s) {
			return fmt.Errorf("the sentence speaks of %s, but nothing of %[1]s was looked at%s: an earlier sentence has to bring about something of %[1]s",
				s.Label(), e.subjects())
		}
	}
	return nil
}

// err is what is wrong with a scenario whose steps all passed.
func (p *proof) err() error {
	if p.thens == 0 {
		return errors.New("no Then was run: the scenario proves nothing")
	}
	if len(p.refusals) > 0 {
		r := p.refusals[0]
		of := ""
		if len(r.about) > 0 {
			of = " of " + strings.Join(r.about, " and ")
		}
		return fmt.Errorf("the scenario ends without a word about a refusal%s: %s%s", of, r.answer, VendorWords(r.answer))
	}
	return nil
}
