package steps

import (
	"fmt"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"

	"pingone-conformance/suite"
)

// World is what the sentences of one scenario share: people, applications and policies,
// what was tried, and what was listed.
type World struct {
	*suite.Scenario
	authenticated bool // the administrator has a token
	apps          map[string]*Application
	newestApp     *Application // created last
	people        map[string]*Person
	populations   map[string]string // label → id
	policies      map[string]*policy
	policy        *policy                      // created last
	resources     map[string]gjson.Result      // resource name → its entry in the list
	scopes        map[string]map[string]string // resource name → scope name → id

	attempts map[kind]*attempt
	tries    int
	lists    map[string]*list // collection → its newest list
	creation *client.Exchange // the newest thing that was created to be tried on
	readBack *client.Exchange // the same, as it was read again
	stock    *stock           // what was there before the newest creation was tried
	listed   *list            // the list that was read for it
	starter  *Person          // who sent the newest authorization request
	actor    *Person          // to whom the newest flow answer went
	asked    *Application     // for whom UserInfo was asked last
	lookedAt *record          // what the administrator has read last
}

// All registers every sentence of this project.
func All(r *suite.Registry) { Register(r) }

// Register registers every sentence of this project and returns the World that they
// share, for sentences of others about the same people and applications.
func Register(r *suite.Registry) *World {
	w := &World{
		Scenario: r.Scenario(),
		apps:     map[string]*Application{}, people: map[string]*Person{}, populations: map[string]string{},
		policies: map[string]*policy{}, resources: map[string]gjson.Result{}, scopes: map[string]map[string]string{},
		attempts: map[kind]*attempt{}, lists: map[string]*list{},
	}
	r.Resolve(w.Person)
	r.Resolve(w.Application)
	for _, topic := range []func(*suite.Registry, *World){
		setups, circumstances, administration, resources, data, kept, lists, policies, people, devices,
		signOn, passwords, profile, passcodes, hints, sessions, codes, tokens, idTokens,
	} {
		topic(r, w)
	}
	return w
}

// Application returns the application that a sentence names, or says which sentence is missing.
func (w *World) Application(label string) (*Application, error) {
	if a := w.apps[label]; a != nil && a.created != nil {
		return a, nil
	}
	return nil, fmt.Errorf("%q has not been created: an earlier sentence has to create the application", label)
}

// Person returns the person whom a sentence names, or says which sentence is missing.
func (w *World) Person(name string) (*Person, error) {
	if p := w.people[name]; p != nil && p.created != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%s has not been created: an earlier sentence has to register %[1]s", name)
}

func (w *World) currentPolicy() (*policy, error) {
	if w.policy == nil {
		return nil, fmt.Errorf("no sign-on policy has been created: an earlier sentence has to create one")
	}
	return w.policy, nil
}

// inOrder runs one after the other up to the first error.
func inOrder(deeds ...func() error) error {
	for _, deed := range deeds {
		if err := deed(); err != nil {
			return err
		}
	}
	return nil
}

// seen is for a check that an earlier sentence makes in passing: only whether it holds counts.
func seen(_ suite.Evidence, err error) error { return err }
