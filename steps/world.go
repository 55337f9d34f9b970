package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/names"
)

// World is the state of one scenario, built fresh before it and dropped after it.
type World struct {
	place    *Place
	scenario Scenario
	admin    *client.Client
	checker  *contract.Checker
	seen     *contract.Observations

	apps        map[string]*application
	people      map[string]*person
	populations map[string]string // name in the feature → id
	policy      *policy
	policies    map[string]*policy
	resources   map[string]gjson.Result      // resource name → its entry in the list
	scopes      map[string]map[string]string // resource name → scope name → id

	listed      []gjson.Result // the items of the newest list, all pages
	last        *client.Exchange
	attempt     *client.Exchange   // newest attempt to create something that may be refused
	pages       []*client.Exchange // of the newest list that came in pages
	leftovers   *Leftovers
	lenient     bool // a broken contract fails nothing
	undo        undoStack
	trace       []Traced
	proof       evidence
	calls       []*client.Exchange // for the transcript; empty in replay
	transcripts string             // the folder for it, or ""

	step     int // published number of the running step, 0 when it has none
	line     string
	breaches []string
}

// Traced is one call that was sent while a numbered step ran.
type Traced struct {
	Step     int
	Line     string // the sentence
	Exchange *client.Exchange
}

// enter puts an empty World into its place, before the scenario's first step.
func (w *World) enter(place *Place, scenario Scenario, o Options) error {
	*w = World{
		place: place, scenario: scenario, checker: contract.NewChecker(), seen: o.Observations, transcripts: o.Transcripts, leftovers: o.Leftovers, lenient: o.Lenient,
		apps: map[string]*application{}, people: map[string]*person{}, populations: map[string]string{},
		policies: map[string]*policy{}, resources: map[string]gjson.Result{}, scopes: map[string]map[string]string{},
	}
	var err error
	w.admin, err = client.New(client.Options{
		APIURL: place.APIURL, AuthURL: place.AuthURL, Transport: place.Session.RoundTripper(), Observe: w.observe,
		Timeout: place.CallLimit,
	})
	if err != nil {
		return fmt.Errorf("prepare the client: %w", err)
	}
	return nil
}

// observe sees every exchange of the scenario, whichever step or hook asked for it.
func (w *World) observe(ex *client.Exchange) {
	w.last = ex
	w.proof.note(ex)
	if !w.place.Session.Replaying() {
		w.calls = append(w.calls, ex)
	}
	if w.step > 0 {
		w.trace = append(w.trace, Traced{Step: w.step, Line: w.line, Exchange: ex})
	}
	report := w.checker.Check(ex)
	if w.seen != nil {
		w.seen.Add(report)
	}
	if err := report.Err(); err != nil && !w.lenient {
		w.breaches = append(w.breaches, err.Error())
	}
}

// aside runs calls that the published list does not have, so that they are not
// taken for the step in which they happen.
func (w *World) aside(calls func() error) error {
	step := w.step
	w.step = 0
	defer func() { w.step = step }()
	return calls()
}

// takeBreaches returns what the contract objected to since it was last asked.
func (w *World) takeBreaches() error {
	if len(w.breaches) == 0 {
		return nil
	}
	found := w.breaches
	w.breaches = nil
	return w.told(errors.New("the answer breaks its contract: " + strings.Join(found, "\n")))
}

// env is the environment in which the scenario creates its things.
func (w *World) env() string { return w.place.EnvironmentID }

// run identifies this run of this scenario in the names of what it creates. Its
// first eight digits are the start time in hexadecimal seconds when the run is live.
func (w *World) run() string {
	if w.place.Run != "" {
		return w.place.Run
	}
	return names.Run(w.place.Session.Seed())
}

// named makes a name unique: "Example Shop" becomes "pingone-conformance <run> Example Shop".
func (w *World) named(name string) string {
	return names.Thing(w.run(), name)
}

// newBrowser gives a person a browser of their own, with an empty cookie jar.
func (w *World) newBrowser() *client.Client { return w.admin.WithFreshJar() }

// close ends the scenario: everything that was created is deleted, then the
// fixture is settled. The scenario's own error is not repeated.
func (w *World) close(ctx context.Context, passed bool) error {
	var faults []error
	if passed || !w.place.Session.Replaying() {
		faults = append(faults, w.cleanUp(ctx))
	}
	if err := w.takeBreaches(); err != nil {
		faults = append(faults, err)
	}
	settled := passed && errors.Join(faults...) == nil
	fault := w.place.Session.Finish(settled)
	said := errors.Join(faults...)
	switch {
	case fault == nil, !passed && w.place.Session.Replaying(): // a replay that failed has said so where it did
	case said != nil && strings.Contains(said.Error(), fault.Error()):
	default:
		faults = append(faults, fault)
	}
	if w.place.Close != nil {
		faults = append(faults, w.place.Close())
	}
	return errors.Join(faults...)
}
