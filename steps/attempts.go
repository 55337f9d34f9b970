package steps

import (
	"fmt"
	"net/http"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// kind is what somebody may try and may be refused; in words, for an error's text.
type kind string

const (
	credentials    kind = "a username and password"
	aPasscode      kind = "a passcode"
	profileData    kind = "profile data"
	otherAction    kind = "another action of a flow"
	flowReading    kind = "to get a flow"
	authorization  kind = "to sign on to an application"
	tokenRequest   kind = "to get a token"
	claimsRequest  kind = "to ask who a token is about"
	administrating kind = "a call of the administrator's"
)

// flowActions are the kinds that change a flow.
var flowActions = []kind{credentials, aPasscode, profileData, otherAction}

// attempt is something that was tried, and what came of it.
type attempt struct {
	by     suite.Subject // who tried it, or for whom
	answer *client.Exchange
	flow   *Person // whose flow it was about; nil for none
	before string  // the flow's state before
	turn   int     // the how manieth of all
	// because are the codes with which the action of a flow may be refused, for who or what is at fault.
	because []string
	// earlier is the attempt of the same kind before.
	earlier *attempt
	// unbound: the flow had set no cookie before, so that nothing tied it to a browser.
	unbound bool
	// elsewhere: it was sent by another browser than the one that the flow is bound to.
	elsewhere bool
}

// evidence is that the attempt's answer was read.
func (a *attempt) evidence() suite.Evidence { return suite.Read(a.answer, a.by) }

// ofAnyBrowser tells of an action that a flow took before it had set a cookie: whether it may is not documented, so it is put on record.
func (w *World) ofAnyBrowser(a *attempt) bool {
	taken := a.unbound && a.answer.Status == http.StatusOK
	if taken {
		w.Outcome("an action of a flow that has set no cookie yet", "taken from any browser")
	}
	return taken
}

// try keeps an attempt as the newest of its kind.
func (w *World) try(k kind, a *attempt) {
	w.tries++
	a.turn, a.earlier = w.tries, w.attempts[k]
	w.attempts[k] = a
}

// newestOf is the newest action of a person's flow, nil when there was none.
func (w *World) newestOf(p *Person) *attempt {
	a, err := w.tried(flowActions...)
	if err != nil || a.flow != p {
		return nil
	}
	return a
}

// tried returns the newest attempt of these kinds, or says that one is missing.
func (w *World) tried(kinds ...kind) (*attempt, error) {
	var newest *attempt
	for _, k := range kinds {
		if a := w.attempts[k]; a != nil && (newest == nil || a.turn > newest.turn) {
			newest = a
		}
	}
	if newest == nil {
		return nil, fmt.Errorf("nobody has tried %s: an earlier sentence has to", kinds[0])
	}
	return newest, nil
}

// judge holds the newest attempt of these kinds against a check.
func (w *World) judge(check func(*client.Exchange) error, kinds ...kind) (suite.Evidence, error) {
	a, err := w.tried(kinds...)
	if err != nil {
		return nil, err
	}
	return a.evidence(), check(a.answer)
}

// someone is a subject without anything else to know of.
type someone string

// Label is the name in the features.
func (s someone) Label() string { return string(s) }

// priya is the administrator.
const priya = someone("Priya")
