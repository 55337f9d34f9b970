package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// lists is lists of the management API: their pages, filters, and what is in them.
func lists(r *suite.Registry, w *World) {
	r.When(`^Priya lists the applications of the environment$`, w.listsApplications)
	r.Then(`^the application is listed once$`, w.applicationIsListedOnce)
	r.When(`^Priya looks for the user ([A-Z][a-z]+) by (?:his|her|their) username$`, w.looksForUser)
	r.Then(`^([A-Z][a-z]+) is found and nobody else$`, w.isFoundAlone)
	r.When(`^Priya lists the people of the population two at a time$`, w.listsPeopleInPages)
	r.Then(`^no page holds more than two of them$`, w.noPageIsTooLong)
	r.Then(`^([A-Z][a-z]+), ([A-Z][a-z]+) and ([A-Z][a-z]+) are each listed once$`, w.areListedOnce)
}

// pageSize is how many people a page may hold.
const pageSize = 2

// list is a list that was read, page by page.
type list struct {
	collection string
	pages      []*client.Exchange
	limit      int // the page size that was asked for, 0 for none
	doing      string
	first      func() (*client.Exchange, error) // reads its first page
}

// items are the entries of all pages.
func (l *list) items() []gjson.Result {
	var all []gjson.Result
	for _, page := range l.pages {
		all = append(all, page.Get("_embedded."+l.collection).Array()...)
	}
	return all
}

// evidence is that every page was read.
func (l *list) evidence(of ...suite.Subject) suite.Evidence {
	var all suite.Evidence
	for _, page := range l.pages {
		all = all.And(suite.Read(page, of...))
	}
	return all
}

// once wants exactly one entry with the id, and none of the same name, "" for any, beside it.
func (l *list) once(what, id, name string) error {
	found := 0
	for _, item := range l.items() {
		if item.Get("id").String() == id || name != "" && item.Get("name").String() == name {
			found++
		}
	}
	return suite.Expect(l.pages[len(l.pages)-1], "how often "+what+" is listed", "1", fmt.Sprint(found))
}

// listOf returns the newest list of a collection, or says that one is missing.
func (w *World) listOf(collection string) (*list, error) {
	if l := w.lists[collection]; l != nil {
		return l, nil
	}
	return nil, fmt.Errorf("the %s have not been listed: an earlier sentence has to list them", collection)
}

// wholeList keeps a list as the newest of its collection: its first page and all that
// follow. Further pages are no calls of the published lists.
func (w *World) wholeList(ctx context.Context, collection string, first *client.Exchange) (*list, error) {
	l := &list{collection: collection, pages: []*client.Exchange{first}}
	var pages client.Pages
	for page := first; ; {
		more, err := pages.Lead(page)
		if err != nil {
			return nil, fmt.Errorf("the list of %s: %w; page %d, %s", collection, err, len(l.pages), page)
		}
		if !more {
			break
		}
		err = w.Aside(func() error {
			next, err := w.Admin().NextPage(ctx, page)
			if err := suite.Must("read the next page of "+collection, next, err, http.StatusOK); err != nil {
				return err
			}
			page = next
			l.pages = append(l.pages, next)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	w.lists[collection] = l
	return l, nil
}

// read reads a whole list from its beginning, by the call that gives its first page.
func (w *World) read(ctx context.Context, doing, collection string, first func() (*client.Exchange, error)) (*list, error) {
	ex, err := first()
	if err := suite.Must(doing, ex, err, http.StatusOK); err != nil {
		return nil, err
	}
	l, err := w.wholeList(ctx, collection, ex)
	if err != nil {
		return nil, err
	}
	l.doing, l.first = doing, first
	return l, nil
}

// settled makes a check of a list, which may show a moment late what was just created.
func (w *World) settled(ctx context.Context, l *list, check func() error) error {
	return w.Settle(ctx, "something new in the list of "+l.collection, l.pages[0].Request.URL, func() error {
		newer, err := w.read(ctx, l.doing, l.collection, l.first)
		if err == nil {
			l.pages, w.lists[l.collection] = newer.pages, l
		}
		return err
	}, check)
}

func (w *World) listsApplications(ctx context.Context) error {
	l, err := w.read(ctx, "list the applications", "applications", func() (*client.Exchange, error) {
		return w.Admin().ListApplications(ctx, w.Env(), nil)
	})
	if err != nil {
		return err
	}
	w.lookedAt = &record{of: someone("the applications"), answers: l.pages, secrets: w.clientSecrets()}
	return nil
}

// clientSecrets are the secrets of applications that have been read.
func (w *World) clientSecrets() []string {
	var all []string
	for _, a := range w.apps {
		if a.secret != "" {
			all = append(all, a.secret)
		}
	}
	return all
}

func (w *World) applicationIsListedOnce(ctx context.Context) (suite.Evidence, error) {
	if w.newestApp == nil {
		return nil, errors.New("no application has been created: an earlier sentence has to create one")
	}
	l, err := w.listOf("applications")
	if err != nil {
		return nil, err
	}
	err = w.settled(ctx, l, func() error {
		return l.once("the application", w.newestApp.ID(), w.newestApp.created.Get("name").String())
	})
	w.lookedAt = &record{of: someone("the applications"), answers: l.pages, secrets: w.clientSecrets()}
	return l.evidence(w.newestApp), err
}

func (w *World) looksForUser(ctx context.Context, p *Person) error {
	var err error
	p.found, err = w.read(ctx, "look for "+p.label+" by username", "users", func() (*client.Exchange, error) {
		return w.Admin().ListUsers(ctx, w.Env(), url.Values{"filter": {fmt.Sprintf("username eq %q", p.username)}})
	})
	return err
}

func (w *World) isFoundAlone(ctx context.Context, p *Person) (suite.Evidence, error) {
	if p.found == nil {
		return nil, fmt.Errorf("nobody has looked for %s: an earlier sentence has to", p.label)
	}
	err := w.settled(ctx, p.found, func() error {
		found := p.found.items()
		if err := p.found.selected("username", p.username, "the filter by username"); err != nil {
			return err
		}
		if len(found) != 1 {
			return suite.Unlike(p.found.pages[0], "the people found by the username of "+p.label, "one", fmt.Sprint(len(found)))
		}
		return suite.Expect(p.found.pages[0], "the id of the user found", p.ID(), found[0].Get("id").String())
	})
	return p.found.evidence(p), err
}

// listsPeopleInPages follows the links next from page to page.
func (w *World) listsPeopleInPages(ctx context.Context) error {
	population := w.populations[everybody]
	if population == "" {
		return errors.New("nobody has been registered: an earlier sentence has to register people")
	}
	l, err := w.read(ctx, "list the people of the population", "users", func() (*client.Exchange, error) {
		return w.Admin().ListUsers(ctx, w.Env(), url.Values{
			"filter": {fmt.Sprintf("population.id eq %q", population)}, "limit": {fmt.Sprint(pageSize)},
		})
	})
	if err != nil {
		return err
	}
	l.limit = pageSize
	return nil
}

func (w *World) noPageIsTooLong() (suite.Evidence, error) {
	l, err := w.listOf("users")
	if err != nil {
		return nil, err
	}
	if registered := w.registeredIn(w.populations[everybody]); registered <= l.limit {
		return nil, fmt.Errorf("%d people fill no more than one page: an earlier sentence has to register more than %d", registered, l.limit)
	}
	for i, page := range l.pages {
		if n := len(page.Get("_embedded.users").Array()); n > l.limit {
			return nil, fmt.Errorf("page %d: wanted at most %d people, as limit says, got %d; %s", i+1, l.limit, n, page)
		}
	}
	return l.evidence(), nil
}

// registeredIn counts the people of a population.
func (w *World) registeredIn(population string) int {
	n := 0
	for _, p := range w.people {
		if p.created != nil && p.created.Get("population.id").String() == population {
			n++
		}
	}
	return n
}

func (w *World) areListedOnce(ctx context.Context, one, two, three *Person) (suite.Evidence, error) {
	l, err := w.listOf("users")
	if err != nil {
		return nil, err
	}
	everyone := []*Person{one, two, three}
	err = w.settled(ctx, l, func() error {
		for _, p := range everyone {
			if err := l.once(p.label, p.ID(), ""); err != nil {
				return err
			}
		}
		return inOrder(
			func() error { return l.selected("population.id", w.populations[everybody], "the filter by population") },
			func() error {
				return suite.Expect(l.pages[0], "how many people are listed", fmt.Sprint(len(everyone)), fmt.Sprint(len(l.items())))
			},
			func() error { return l.counted(len(everyone)) },
		)
	})
	return l.evidence(one, two, three), err
}

// selected wants every item to be one that a filter selects.
func (l *list) selected(member, want, filter string) error {
	for _, page := range l.pages {
		for _, item := range page.Get("_embedded." + l.collection).Array() {
			if got := item.Get(member); given(got) && got.String() != want {
				return suite.Unlike(page, filter, member+" "+want+" only", "the "+l.collection+" of "+got.String()+" as well: it was not followed")
			}
		}
	}
	return nil
}

// counted wants each page that counts the whole list to count the same.
func (l *list) counted(want int) error {
	for i, page := range l.pages {
		if count := page.Get("count"); given(count) && count.Int() != int64(want) {
			return suite.Unlike(page, fmt.Sprintf("count on page %d of the list", i+1), fmt.Sprint(want), count.Raw)
		}
	}
	return nil
}
