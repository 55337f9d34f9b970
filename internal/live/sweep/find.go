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
	// OlderThan is the least age of what is deleted.
	OlderThan time.Duration
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// Find lists the leftovers of the configured target environment in the order in
// which they can be deleted, those to keep among them. It gives c the worker's
// token. An environment that preflight.Guard stops at is a *Refusal; what Guard
// warns of is returned beside the list.
func Find(ctx context.Context, c *client.Client, cfg config.Config, o Options) ([]Leftover, []preflight.Finding, error) {
	notes, err := preflight.Guard(ctx, c, cfg)
	if err != nil {
		return nil, nil, err
	}
	if preflight.Stops(notes) {
		return nil, nil, &Refusal{Findings: notes}
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	f := &finder{client: c, config: cfg, options: o, now: o.Now()}
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
	now     time.Time
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
	case item.Get("default").Bool():
		l.Keep = "kept: it is the environment's default"
	case l.ID == f.config.ClientID:
		l.Keep = "kept: it is the worker application"
	case !known:
		l.Keep = "age unknown, kept"
	case l.Age <= f.options.OlderThan:
		l.Keep = fmt.Sprintf("kept: not older than %s", f.options.OlderThan)
	}
	return l
}

var errCircle = errors.New("the list's pages lead in a circle")

// each follows a list's pages and hands out its items.
func (f *finder) each(ctx context.Context, kind string, first func() (*client.Exchange, error), take func(gjson.Result)) error {
	seen := map[string]bool{}
	page, err := first()
	for ; err == nil; page, err = f.client.NextPage(ctx, page) {
		if page.Status != http.StatusOK {
			return fmt.Errorf("the list of %s cannot be read: %s%s", plural(kind), page, vendorCode(page))
		}
		page.Get("_embedded").ForEach(func(_, items gjson.Result) bool {
			for _, item := range items.Array() {
				take(item)
			}
			return true
		})
		next := page.Link("next")
		if next == "" {
			return nil
		}
		if seen[next] {
			return errCircle
		}
		seen[next] = true
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
	return " " + words
}
