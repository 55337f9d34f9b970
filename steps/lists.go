package steps

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

var (
	listsApplications = sentence(`Priya lists the applications of the environment`)
	applicationOnce   = sentence(`the application is listed once`)
	looksForUser      = sentence(`Priya looks for the user {name} by {his} username`)
	foundAlone        = sentence(`{name} is found and nobody else`)
	listsTwoAtATime   = sentence(`Priya lists the people of the population two at a time`)
	noLongPage        = sentence(`no page holds more than two of them`)
	eachOnce          = sentence(`{name}, {name} and {name} are each listed once`)
)

// pageSize is how many people a page may hold, mostPages how many pages are followed.
const (
	pageSize  = 2
	mostPages = 10
)

func listSentences(sc book, w *World) {
	sc.When(listsApplications, w.listsApplications)
	sc.Then(applicationOnce, w.applicationIsListedOnce)
	sc.When(looksForUser, w.looksForUser)
	sc.Then(foundAlone, w.isFoundAlone)
	sc.When(listsTwoAtATime, w.listsPeopleInPages)
	sc.Then(noLongPage, w.noPageIsTooLong)
	sc.Then(eachOnce, func(one, two, three string) error { return w.areListedOnce(one, two, three) })
}

func (w *World) listsApplications(ctx context.Context) error {
	ex, err := w.admin.ListApplications(ctx, w.env(), nil)
	return w.must("list the applications", ex, err, http.StatusOK)
}

func (w *World) applicationIsListedOnce() error {
	if w.attempt == nil {
		return errors.New("no application has been created: an earlier sentence has to create one")
	}
	return w.listedOnce("the application", w.attempt.Get("id").String(), w.last.Get("_embedded.applications").Array())
}

func (w *World) listedOnce(what, id string, items []gjson.Result) error {
	found := 0
	for _, item := range items {
		if item.Get("id").String() == id {
			found++
		}
	}
	return w.expect("how often "+what+" is listed", "1", fmt.Sprint(found))
}

func (w *World) looksForUser(ctx context.Context, name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	ex, err := w.admin.ListUsers(ctx, w.env(), url.Values{"filter": {fmt.Sprintf("username eq %q", p.username)}})
	return w.must("look for "+name+" by username", ex, err, http.StatusOK)
}

func (w *World) isFoundAlone(name string) error {
	p, err := w.person(name)
	if err != nil {
		return err
	}
	found := w.last.Get("_embedded.users").Array()
	if len(found) != 1 {
		return w.unlike("the people found by the username of "+name, "one", fmt.Sprint(len(found)))
	}
	return w.expect("the id of the user found", p.id(), found[0].Get("id").String())
}

// listsPeopleInPages follows the links next from page to page.
func (w *World) listsPeopleInPages(ctx context.Context) error {
	query := url.Values{
		"filter": {fmt.Sprintf("population.id eq %q", w.populations[people])}, "limit": {fmt.Sprint(pageSize)},
	}
	ex, err := w.admin.ListUsers(ctx, w.env(), query)
	for w.pages = nil; ; ex, err = w.admin.Get(ctx, ex.Link("next")) {
		if err := w.must("list the people of the population", ex, err, http.StatusOK); err != nil {
			return err
		}
		w.pages = append(w.pages, ex)
		switch {
		case ex.Link("next") == "":
			return nil
		case len(w.pages) == mostPages:
			return fmt.Errorf("page %d of three people still leads to a next one; %s", mostPages, ex)
		}
	}
}

func (w *World) noPageIsTooLong() error {
	for i, page := range w.pages {
		if n := len(page.Get("_embedded.users").Array()); n > pageSize {
			return fmt.Errorf("page %d: wanted at most %d people, as limit says, got %d; %s", i+1, pageSize, n, page)
		}
	}
	return nil
}

func (w *World) areListedOnce(names ...string) error {
	var listed []gjson.Result
	for _, page := range w.pages {
		listed = append(listed, page.Get("_embedded.users").Array()...)
	}
	for _, name := range names {
		p, err := w.person(name)
		if err != nil {
			return err
		}
		if err := w.listedOnce(name, p.id(), listed); err != nil {
			return err
		}
	}
	return w.expect("how many people are listed", fmt.Sprint(len(names)), fmt.Sprint(len(listed)))
}

// allPages returns the items of a list, following its pages. Further pages are no
// calls of the published lists.
func (w *World) allPages(ctx context.Context, page *client.Exchange, collection string) ([]gjson.Result, error) {
	items := page.Get("_embedded." + collection).Array()
	for n := 1; page.Link("next") != ""; n++ {
		if n == mostPages {
			return nil, fmt.Errorf("the list of %s does not end after %d pages", collection, mostPages)
		}
		err := w.aside(func() error {
			next, err := w.admin.NextPage(ctx, page)
			if err := w.must("read the next page of "+collection, next, err, http.StatusOK); err != nil {
				return err
			}
			page = next
			return nil
		})
		if err != nil {
			return nil, err
		}
		items = append(items, page.Get("_embedded."+collection).Array()...)
	}
	return items, nil
}
