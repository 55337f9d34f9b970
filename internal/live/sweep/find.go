package sweep

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/live/preflight"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/plain"
)

// Kinds of things, in the order in which they are deleted: who refers to another
// goes before it. Assignments and grants go with their application, actions with
// their policy, devices with their user.
//
// developer.pingidentity.com/pingone-api/platform
const (
	User         = "user"
	Application  = "application"
	SignOnPolicy = "sign-on policy"
	MFAPolicy    = "MFA policy"
	Population   = "population"
)

// Leftover is one thing whose name says that a run has made it.
type Leftover struct {
	Kind, Name, ID string
	// Age is how long ago it was made, or 0 when neither the thing nor its name
	// tells.
	Age time.Duration
	// Keep says why it is not deleted; "" means that it is.
	Keep string
}

// Refusal says that the environment must not be swept.
type Refusal struct{ Findings []preflight.Finding }

// Error names what was found first.
func (r *Refusal) Error() string {
	for _, f := range r.Findings {
		if f.Fatal {
			return fmt.Sprintf("this environment is not swept: %s: %s", f.What, f.Missing)
		}
	}
	return "this environment is not swept"
}

// Options say what counts as left over.
type Options struct {
	// OlderThan is the least age of what is deleted, by PingOne's clock, which counts whole
	// seconds; 0 means whatever its age.
	OlderThan time.Duration
	// EvenRunning allows an age below LongestRun: then the things of a run that still goes
	// on may be among what is found.
	EvenRunning bool
}

// LongestRun is how long a run of this configuration may take, with the clean-up of its
// last scenario.
func LongestRun(cfg config.Config) time.Duration {
	limit := cfg.Limits.Run
	if limit <= 0 {
		limit = config.RunLimit
	}
	return limit + config.CleanUpLimit
}

// ErrMayBeRunning says that the age which was asked for may be that of a run's things.
var ErrMayBeRunning = errors.New("a run that still goes on may have made things of that age")

// MaxSkew is by how much this machine's clock may differ from PingOne's: names hold the
// time at which their run began, by the clock of the machine that it ran on.
const MaxSkew = time.Minute

// Find lists the leftovers of the configured target environment in the order in
// which they can be deleted, those to keep among them. It gives c the worker's
// token. An environment that preflight.Guard stops at is a *Refusal; what Guard
// warns of is returned beside the list. Ages are counted by the Date of PingOne's answers;
// a clock here that is off by more than MaxSkew is an error.
func Find(ctx context.Context, c *client.Client, cfg config.Config, o Options) ([]Leftover, []preflight.Finding, error) {
	if longest := LongestRun(cfg); o.OlderThan < longest && !o.EvenRunning {
		return nil, nil, fmt.Errorf("%w: %s is less than the %s that a run may take", ErrMayBeRunning, o.OlderThan, longest)
	}
	notes, err := preflight.Guard(ctx, c, cfg)
	if err != nil {
		return nil, nil, err
	}
	if preflight.Stops(notes) {
		return nil, nil, &Refusal{Findings: notes}
	}
	f := &finder{client: c, config: cfg, options: o}
	found, err := f.all(ctx)
	if err != nil {
		return nil, notes, fmt.Errorf("look for leftovers: %w", err)
	}
	return found, notes, nil
}

type finder struct {
	client  *client.Client
	config  config.Config
	options Options
	now     time.Time // of the newest answer, by PingOne's clock
}

// all lists every kind.
func (f *finder) all(ctx context.Context) ([]Leftover, error) {
	env := f.config.TargetEnvironmentID
	populations, err := f.things(ctx, Population, func() (*client.Exchange, error) { return f.client.ListPopulations(ctx, env, nil) })
	if err != nil {
		return nil, err
	}
	var found []Leftover
	for i := range populations {
		users, stay, err := f.users(ctx, populations[i].ID)
		if err != nil {
			return nil, err
		}
		found = append(found, users...)
		if stay > 0 && populations[i].Keep == "" {
			populations[i].Keep = fmt.Sprintf("kept: %d of its users stay", stay)
		}
	}
	for _, list := range []struct {
		kind  string
		first func() (*client.Exchange, error)
	}{
		{Application, func() (*client.Exchange, error) { return f.client.ListApplications(ctx, env, nil) }},
		{SignOnPolicy, func() (*client.Exchange, error) { return f.client.ListSignOnPolicies(ctx, env, nil) }},
		{MFAPolicy, func() (*client.Exchange, error) { return f.client.ReadDeviceAuthenticationPolicies(ctx, env) }},
	} {
		things, err := f.things(ctx, list.kind, list.first)
		if err != nil {
			return nil, err
		}
		found = append(found, things...)
	}
	return append(found, populations...), nil
}

// things lists what has a name of ours among one kind.
func (f *finder) things(ctx context.Context, kind string, first func() (*client.Exchange, error)) ([]Leftover, error) {
	var found []Leftover
	named := names.OfThing
	if kind == SignOnPolicy {
		named = names.OfPolicy
	}
	err := f.each(ctx, kind, first, func(item gjson.Result) {
		name := item.Get("name").String()
		if run, ours := named(name); ours {
			found = append(found, f.leftover(kind, name, run, item))
		}
	})
	return found, err
}

// users lists the users of a population that have a name of ours, and counts all
// users of it that are not to be deleted.
func (f *finder) users(ctx context.Context, populationID string) (found []Leftover, stay int, err error) {
	query := url.Values{"filter": {fmt.Sprintf("population.id eq %q", populationID)}}
	list := func() (*client.Exchange, error) { return f.client.ListUsers(ctx, f.config.TargetEnvironmentID, query) }
	err = f.each(ctx, User, list, func(item gjson.Result) {
		name := item.Get("username").String()
		run, ours := names.OfUsername(name)
		// Should the filter be overlooked, the users of others are not ours either.
		if !ours || item.Get("population.id").String() != populationID {
			stay++
			return
		}
		user := f.leftover(User, name, run, item)
		if user.Keep != "" {
			stay++
		}
		found = append(found, user)
	})
	return found, stay, err
}

// leftover judges one thing by its age.
func (f *finder) leftover(kind, name, run string, item gjson.Result) Leftover {
	l := Leftover{Kind: kind, Name: name, ID: item.Get("id").String()}
	made, err := time.Parse(time.RFC3339, item.Get("createdAt").String())
	known := err == nil
	if !known {
		made, known = names.Began(run, f.now)
	}
	if known {
		l.Age = f.now.Sub(made)
	}
	switch {
	case !names.IsID(l.ID):
		l.Keep = "kept: it has no id to go by"
	case item.Get("default").Bool():
		l.Keep = "kept: it is the environment's default"
	case l.ID == f.config.ClientID:
		l.Keep = "kept: it is the worker application"
	case !known:
		l.Keep = "age unknown, kept"
	case f.options.OlderThan > 0 && l.Age <= f.options.OlderThan:
		l.Keep = fmt.Sprintf("kept: not older than %s", f.options.OlderThan)
	}
	return l
}

// tellTime takes PingOne's time from an answer.
func (f *finder) tellTime(page *client.Exchange) error {
	theirs, err := http.ParseTime(page.Header.Get("Date"))
	if err != nil {
		return fmt.Errorf("%s without a Date, by which ages are counted", page)
	}
	f.now = theirs
	ahead := page.At.Add(page.Elapsed / 2).Sub(theirs).Round(time.Second)
	if ahead.Abs() <= MaxSkew {
		return nil
	}
	way := "ahead of"
	if ahead < 0 {
		way = "behind"
	}
	return fmt.Errorf("this machine's clock is %s %s PingOne's: set it first, since the names of things tell when their run began by this machine's clock", ahead.Abs(), way)
}

// each follows a list's pages and hands out its items.
func (f *finder) each(ctx context.Context, kind string, first func() (*client.Exchange, error), take func(gjson.Result)) error {
	var pages client.Pages
	page, err := first()
	for ; err == nil; page, err = f.client.NextPage(ctx, page) {
		if page.Status != http.StatusOK {
			return fmt.Errorf("the list of %s cannot be read: %s%s", plural(kind), page, vendorCode(page))
		}
		if err := f.tellTime(page); err != nil {
			return err
		}
		page.Get("_embedded").ForEach(func(_, items gjson.Result) bool {
			for _, item := range items.Array() {
				take(item)
			}
			return true
		})
		if more, err := pages.Lead(page); err != nil {
			return fmt.Errorf("the list of %s: %w", plural(kind), err)
		} else if !more {
			return nil
		}
	}
	return err
}

func plural(kind string) string {
	if base, ends := kind[:len(kind)-1], kind[len(kind)-1] == 'y'; ends {
		return base + "ies"
	}
	return kind + "s"
}

// vendorCode quotes the codes of PingOne's refusal, for an error text.
func vendorCode(ex *client.Exchange) string {
	words := ex.Get("code").String()
	if detail := ex.Get("details.0.code").String(); detail != "" {
		words += " " + detail
	}
	if words == "" {
		return ""
	}
	return " " + plain.Short(words, 120)
}
