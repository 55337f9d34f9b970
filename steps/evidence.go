package steps

import (
	"errors"
	"fmt"

	"pingone-conformance/client"
)

// evidence keeps a scenario honest: a Then must have looked at something, and a
// refusal must have been spoken about.
type evidence struct {
	thens int
	// refusal is an answer of 400 or above that no Then has mentioned yet.
	refusal *client.Exchange
}

func (e *evidence) note(ex *client.Exchange) {
	if ex.Status >= 400 {
		e.refusal = ex
	}
}

// spoken says that a sentence has dealt with the newest refusal.
func (e *evidence) spoken() { e.refusal = nil }

// err is what is wrong with a scenario whose steps all passed.
func (e *evidence) err() error {
	if e.thens == 0 {
		return errors.New("no Then was run: the scenario proves nothing")
	}
	if e.refusal != nil {
		return fmt.Errorf("the scenario ends without a word about a refusal: %s%s", e.refusal, vendorWords(e.refusal))
	}
	return nil
}
