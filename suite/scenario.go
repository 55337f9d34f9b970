package suite

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"pingone-conformance/client"
	"pingone-conformance/contract"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/retry"
	"pingone-conformance/suite/report"
)

// Scenario is one scenario while it runs: its calls, the contract they are held
// against, the evidence of its Thens, and what has to be deleted afterwards. It is made
// before the first step and dropped after the clean-up.
type Scenario struct {
	report.ID
	place   *Place
	admin   *client.Client
	checker *contract.Checker
	seen    *contract.Observations

	list        *UseCase // the published list of its numbered lines, nil without numbers
	calls       []*client.Exchange
	trace       []Traced
	proof       proof
	things      []*thing // what was created, in order
	leftovers   *Leftovers
	retry       retry.Options
	lenient     bool   // a broken contract fails nothing
	transcripts string // the folder for them, or ""
	recordings  string // the folder of the recordings, as an error names it, or ""
	rerun       string // the command that runs it again, up to its name
	lag         lag    // how long a change may take to be seen

	mu      sync.Mutex // for the clean-up, which asks for several things at a time
	renewal sync.Mutex // of token

	step     int    // published number of the running step, 0 when it has none
	line     string // its text
	breaches []breach
	token    string // the worker application's own, "" before it has one
	skipped  bool   // a sentence has asked the runner to skip the rest
	record   *record
}

// breach is what the contract objected to in an answer.
type breach struct {
	text string
	of   *client.Exchange
}

// textOf is all that the contract objected to, in the order of the answers.
func textOf(breaches []breach) string {
	texts := make([]string, len(breaches))
	for i, b := range breaches {
		texts[i] = b.text
	}
	return "the answer breaks its contract: " + strings.Join(texts, "\n")
}

// enter opens the scenario in its place, before the first step.
func (s *Scenario) enter(place *Place, o Options) error {
	place.Passcodes = announce(place.Passcodes, o.Progress)
	s.place, s.checker, s.seen = place, o.Contract.NewChecker(), o.Observations
	s.recordings = cmp.Or(o.RecordingsIn, o.RecordTo)
	s.transcripts, s.leftovers, s.lenient, s.lag, s.retry = o.Transcripts, o.Leftovers, o.Lenient, lagOf(o), o.Retry
	var err error
	s.admin, err = client.New(client.Options{
		APIURL: place.APIURL, AuthURL: place.AuthURL, AppsURL: place.AppsURL, Transport: noting{place.Session.RoundTripper(), s}, Observe: s.observe,
		Timeout: place.CallLimit,
	})
	if err != nil {
		return fmt.Errorf("prepare the client: %w", err)
	}
	return nil
}

// observe sees every exchange of the scenario, whichever step or hook asked for it.
func (s *Scenario) observe(ex *client.Exchange) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.proof.note(ex)
	s.calls = append(s.calls, ex)
	if s.step > 0 {
		s.trace = append(s.trace, Traced{Step: s.step, Line: s.line, Exchange: ex})
	}
	found := s.checker.Check(ex)
	if s.seen != nil {
		s.seen.Add(found)
	}
	s.record.call(ex, found)
	if err := found.Err(); err != nil && !s.lenient {
		s.breaches = append(s.breaches, breach{err.Error(), ex})
	}
}

// takeBreaches returns what the contract objected to since it was last asked.
func (s *Scenario) takeBreaches() error {
	if len(s.breaches) == 0 {
		return nil
	}
	found := s.breaches
	s.breaches = nil
	return s.explain(errors.New(textOf(found)))
}

func (s *Scenario) has(ex *client.Exchange) bool { return slices.Contains(s.calls, ex) }

// Admin is the administrator's client: it carries the token that Authenticate has got.
func (s *Scenario) Admin() *client.Client { return s.admin }

// NewBrowser is a person's browser of their own, with an empty cookie jar.
func (s *Scenario) NewBrowser() *client.Client { return s.admin.WithFreshJar() }

// Place is where the scenario happens.
func (s *Scenario) Place() *Place { return s.place }

// Env is the id of the environment in which the scenario creates its things.
func (s *Scenario) Env() string { return s.place.EnvironmentID }

// Issuer is the authorization server's issuer identifier for the environment.
func (s *Scenario) Issuer() string { return s.admin.AuthURL(s.Env(), "as") }

// Now is the scenario's time; in replay it is what it was in the recording.
func (s *Scenario) Now() time.Time { return s.place.Session.Now() }

// NewID makes up a UUID that nothing in the environment has.
func (s *Scenario) NewID() string { return s.place.Session.NewID() }

// Secret returns a secret that the scenario itself brings, such as a password. kind
// names it in words with hyphens; in replay make is not called and the recording's
// stand-in is returned.
func (s *Scenario) Secret(kind string, make func() string) string {
	return s.place.Session.Secret(kind, make)
}

// Word makes a random word of n hexadecimal digits from the scenario's seed, for
// state, nonce and JWT ids. It is no secret.
func (s *Scenario) Word(n int) string {
	const digits = "0123456789abcdef"
	b := make([]byte, n)
	for i := range b {
		b[i] = digits[s.place.Session.Rand().IntN(len(digits))]
	}
	return string(b)
}

// Run identifies this run of this scenario in the names of what it creates. Its
// first eight digits are the start time in hexadecimal seconds when the run is live.
func (s *Scenario) Run() string {
	if s.place.Run != "" {
		return s.place.Run
	}
	return names.Run(s.place.Session.Seed())
}

// Named makes a name unique: "Example Shop" becomes "pingone-conformance <run> Example Shop".
func (s *Scenario) Named(name string) string { return names.Thing(s.Run(), name) }

// NamedPolicy makes the name of a sign-on policy unique. acr_values, in which it may stand, is split at spaces, so it has
// none: "Password and passcode" becomes "pingone-conformance-<run>-Password-and-passcode".
func (s *Scenario) NamedPolicy(name string) string { return names.Policy(s.Run(), name) }

// Aside runs calls that the published list does not have, so that they are not
// taken for the step in which they happen.
func (s *Scenario) Aside(calls func() error) error {
	step := s.step
	s.step = 0
	defer func() { s.step = step }()
	return calls()
}

// Outcome puts on record what an environment did where the vendor's pages are silent
// or disagree: what was done, in words, and how it ended. It fails nothing.
func (s *Scenario) Outcome(what, got string) {
	if s.seen != nil {
		s.seen.Outcome(what, got)
	}
}

// Authenticate gets the worker application's access token, with which the
// administrator's calls are made from now on.
func (s *Scenario) Authenticate(ctx context.Context) error {
	ex, err := s.admin.WorkerToken(ctx, s.place.WorkerEnvironmentID, s.place.ClientID, s.place.ClientSecret, client.ClientSecretBasic)
	if err := Must("get the worker application's access token", ex, err, http.StatusOK); err != nil {
		return err
	}
	token := ex.Get("access_token").String()
	if token == "" {
		return Unlike(ex, "access_token", "a token", "none")
	}
	s.token = token
	s.admin.SetToken(token)
	return nil
}

// close ends the scenario: everything that was created is deleted, then the
// recording is settled. The scenario's own error is not repeated.
func (s *Scenario) close(ctx context.Context, passed bool) error {
	var faults []error
	if passed || !s.place.Session.Replaying() {
		faults = append(faults, s.cleanUp(ctx))
	}
	if err := s.takeBreaches(); err != nil {
		faults = append(faults, err)
	}
	settled := passed && errors.Join(faults...) == nil
	fault := s.place.Session.Finish(settled)
	text := errors.Join(faults...)
	switch {
	case fault == nil, !passed && s.place.Session.Replaying(): // a replay that failed has said so where it did
	case text != nil && strings.Contains(text.Error(), fault.Error()):
	default:
		faults = append(faults, fault)
	}
	if s.place.Close != nil {
		faults = append(faults, s.place.Close())
	}
	return errors.Join(faults...)
}
