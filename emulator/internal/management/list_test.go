package management

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// follow reads a list page by page along _links.next and returns the user names.
func (a *api) follow(path string) (names []string, pages int) {
	a.t.Helper()
	for path != "" {
		r := a.get(path)
		require.Equal(a.t, 200, r.status, "%s", r)
		pages++
		for _, u := range r.body.Get("_embedded.users").Array() {
			names = append(names, u.Get("username").String())
		}
		require.Equal(a.t, len(r.body.Get("_embedded.users").Array()), int(r.body.Get("size").Int()))
		path = strings.TrimPrefix(r.body.Get("_links.next.href").String(), "http://example.com")
	}
	return names, pages
}

func TestPaging(t *testing.T) {
	a := newAPI(t)
	for i := range 7 {
		a.user(fmt.Sprintf("user%d", i))
	}
	names, pages := a.follow("{env}/users?limit=3")
	require.Equal(t, []string{"user0", "user1", "user2", "user3", "user4", "user5", "user6"}, names)
	require.Equal(t, 3, pages)
	names, _ = a.follow("{env}/users?limit=2&order=-createdAt")
	require.Equal(t, []string{"user6", "user5", "user4", "user3", "user2", "user1", "user0"}, names)
	_, pages = a.follow("{env}/users")
	require.Equal(t, 1, pages)
	r := a.get("{env}/users?limit=3")
	require.Equal(t, int64(7), r.body.Get("count").Int())
	require.Equal(t, int64(3), r.body.Get("size").Int())

	a.delete("{env}/users/" + r.body.Get("_embedded.users.2.id").String())
	next := a.get(strings.TrimPrefix(r.body.Get("_links.next.href").String(), "http://example.com"))
	require.Equal(t, "user3", next.body.Get("_embedded.users.0.username").String(), "a deletion shifts no page")
}

func TestPagingKeepsTheFilter(t *testing.T) {
	a := newAPI(t)
	for _, name := range []string{"anna", "ben", "annabel", "annika"} {
		a.user(name)
	}
	names, pages := a.follow("{env}/users?limit=1&filter=" + url.QueryEscape(`username sw "ann"`))
	require.Equal(t, []string{"anna", "annabel", "annika"}, names)
	require.Equal(t, 3, pages)
}

func TestListParametersThatAreRefused(t *testing.T) {
	a := newAPI(t)
	for _, query := range []string{"limit=0", "limit=-1", "limit=many", "limit=1001", "cursor=guess", "cursor=YWZ0ZXI6LTE", "order=shoeSize"} {
		name, _, _ := strings.Cut(query, "=")
		refused(t, a.get("{env}/users?"+query), 400, "INVALID_DATA", name+" INVALID_PARAMETER")
	}
}

func TestFilters(t *testing.T) {
	a := newAPI(t)
	population := a.made("{env}/populations", `{"name":"Members"}`).id()
	a.made("{env}/users", `{"username":"anna","email":"anna@example.com","name":{"given":"Anna"},"population":{"id":"`+population+`"}}`)
	a.made("{env}/users", `{"username":"ben \"the\" bear","email":"ben@example.com"}`)
	ben := a.env.UserByUsername(`ben "the" bear`)
	require.Equal(t, 200, a.put("{env}/users/"+ben.ID+"/enabled", `{"enabled":false}`).status)
	for filter, want := range map[string]string{
		`username eq "ANNA"`:                                           "anna",
		`username eq "nobody"`:                                         "",
		`username eq "ben \"the\" bear"`:                               `ben "the" bear`,
		`population.id eq "` + population + `"`:                        "anna",
		`name.given eq "Anna"`:                                         "anna",
		`not (username sw "ann")`:                                      `ben "the" bear`,
		`username sw "ann" or email sw "ben"`:                          `anna,ben "the" bear`,
		`username sw "ann" and email sw "ben"`:                         "",
		`(username sw "ann" OR username sw "ben") and enabled eq true`: "anna",
	} {
		names, _ := a.follow("{env}/users?filter=" + url.QueryEscape(filter))
		require.Equal(t, want, strings.Join(names, ","), filter)
	}
	found := a.get("{env}/populations?filter=" + url.QueryEscape(`name eq "Members"`))
	require.Equal(t, population, found.body.Get("_embedded.populations.0.id").String())
}

func TestFiltersThatAreRefused(t *testing.T) {
	a := newAPI(t)
	for _, filter := range []string{
		`username`, `username eq`, `username like "a"`, `shoeSize eq "38"`, `username eq anna`, `username eq "anna" email`,
		`(username eq "anna"`, `username eq "anna" and`, `"`, strings.Repeat("(", 50) + `username eq "a"`,
	} {
		r := a.get("{env}/users?filter=" + url.QueryEscape(filter))
		refused(t, r, 400, "INVALID_DATA", "filter INVALID_FILTER")
		require.Contains(t, r.body.Get("details.0.innerError.supportedAttributes").Raw, "population.id")
	}
	refused(t, a.get("{env}/populations?filter="+url.QueryEscape(`userCount eq "0"`)), 400, "INVALID_DATA", "filter INVALID_FILTER")
}
