package management

import (
	"fmt"
	"net/url"
	"slices"
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
	a.made("{env}/users", `{"username":"example\\carla","email":"carla@example.com"}`)
	for filter, want := range map[string]string{
		`username eq "example\\carla"`: `example\carla`,
		`username eq "\u0061nna"`:      "anna",
		`username eq "\"anna\""`:       "",
		`username eq ""`:               "",
		`name.given eq "<nil>"`:        "",
		`not (enabled eq true)`:        `ben "the" bear`,
		strings.Repeat("(", 20) + `username eq "anna"` + strings.Repeat(")", 20): "anna",
		strings.Repeat(`(username eq "anna") or `, 30) + `(username eq "x")`:     "anna",
		`username eq"anna"and(email sw "anna")`:                                  "anna",
		`username eq "ANNA"`:                                                     "anna",
		`username eq "nobody"`:                                                   "",
		`username eq "ben \"the\" bear"`:                                         `ben "the" bear`,
		`population.id eq "` + population + `"`:                                  "anna",
		`name.given eq "Anna"`:                                                   "anna",
		`not (username sw "ann")`:                                                `ben "the" bear,example\carla`,
		`username sw "ann" or email sw "ben"`:                                    `anna,ben "the" bear`,
		`username sw "ann" and email sw "ben"`:                                   "",
		`(username sw "ann" OR username sw "ben") and enabled eq true`:           "anna",
	} {
		names, _ := a.follow("{env}/users?filter=" + url.QueryEscape(filter))
		require.Equal(t, want, strings.Join(names, ","), filter)
	}
	found := a.get("{env}/populations?filter=" + url.QueryEscape(`name eq "Members"`))
	require.Equal(t, population, found.body.Get("_embedded.populations.0.id").String())
}

// What an index finds is what a look at everybody finds, page by page, and after people
// have moved, changed and gone.
func TestFiltersThatAnIndexAnswers(t *testing.T) {
	a := newAPI(t)
	members := a.made("{env}/populations", `{"name":"Members"}`).id()
	for i := range 12 {
		population := []string{members, a.env.DefaultPopulation().ID}[i%2]
		a.made("{env}/users", fmt.Sprintf(`{"username":"user%d","email":"mail%d@example.com","population":{"id":"%s"}}`, i, i%4, population))
	}
	ids := map[string]string{}
	for _, u := range a.env.Everybody() {
		ids[u.Username()] = u.ID
	}
	inMembers := `population.id eq "` + members + `"`
	check := func(filter, want string) {
		t.Helper()
		for _, direction := range []string{"", "&order=-createdAt"} {
			names, _ := a.follow("{env}/users?limit=2" + direction + "&filter=" + url.QueryEscape(filter))
			if direction != "" {
				slices.Reverse(names)
			}
			require.Equal(t, want, strings.Join(names, ","), filter)
			require.EqualValues(t, len(names), a.get("{env}/users?limit=1"+direction+"&filter="+url.QueryEscape(filter)).body.Get("count").Int())
		}
	}
	check(inMembers, "user0,user2,user4,user6,user8,user10")
	check(`email eq "MAIL1@example.com"`, "user1,user5,user9")
	check(inMembers+` and email eq "mail0@example.com"`, "user0,user4,user8")
	check(`email eq "mail0@example.com" and username eq "user4"`, "user4")
	check(inMembers+` and username sw "user1"`, "user10")
	check(`(`+inMembers+`) and not (email eq "mail0@example.com")`, "user2,user6,user10")
	check(`username eq "user3" or `+inMembers+` and email eq "mail2@example.com"`, "user2,user3,user6,user10")
	check(`population.id eq "none"`, "")

	require.Equal(t, 200, a.put("{env}/users/"+ids["user2"]+"/population", `{"id":"`+a.env.DefaultPopulation().ID+`"}`).status)
	require.Equal(t, 200, a.put("{env}/users/"+ids["user4"], `{"username":"user4","email":"new@example.com"}`).status)
	a.delete("{env}/users/" + ids["user0"])
	check(inMembers, "user4,user6,user8,user10")
	check(`email eq "mail0@example.com"`, "user8")
	check(`email eq "new@example.com"`, "user4")
	require.EqualValues(t, 4, a.get("{env}/populations/"+members).body.Get("userCount").Int())
}

// The limits are PingOne's, or others that were asked for.
func TestLimitsOfPeopleAndPolicies(t *testing.T) {
	a := newAPI(t, Options{MaxUsers: 2, MaxPolicies: 2})
	a.user("anna")
	a.user("ben")
	refused(t, a.post("{env}/users", `{"username":"carl","email":"carl@example.com"}`), 403, "ACCESS_FAILED", "users LICENSE_EXCEEDED")
	a.made("{env}/signOnPolicies", `{"name":"second"}`)
	refused(t, a.post("{env}/signOnPolicies", `{"name":"third"}`), 403, "ACCESS_FAILED", "signOnPolicies LICENSE_EXCEEDED")

	a = newAPI(t)
	for i := len(a.env.Policies); i < 100; i++ {
		a.made("{env}/signOnPolicies", fmt.Sprintf(`{"name":"policy%d"}`, i))
	}
	last := a.post("{env}/signOnPolicies", `{"name":"oneTooMany"}`)
	refused(t, last, 403, "ACCESS_FAILED", "signOnPolicies LICENSE_EXCEEDED")
	require.EqualValues(t, 100, last.body.Get("details.0.innerError.quotaLimit").Int())
}

func TestFiltersThatAreRefused(t *testing.T) {
	a := newAPI(t)
	for _, filter := range []string{
		`username`, `username eq`, `username like "a"`, `shoeSize eq "38"`, `username eq anna`, `username eq "anna" email`,
		`(username eq "anna"`, `username eq "anna" and`, `"`, strings.Repeat("(", 50) + `username eq "a"`,
		strings.Repeat("(", 21) + `username eq "anna"` + strings.Repeat(")", 21), `username eq (`, `username eq )`, `username eq null`, `username eq 5`, `username eq a"`,
		`username eq "anna`, `username eq "`, `username eq "a\q"`, `username eq "anna" or`, `not`,
	} {
		r := a.get("{env}/users?filter=" + url.QueryEscape(filter))
		refused(t, r, 400, "INVALID_DATA", "filter INVALID_FILTER")
		require.Contains(t, r.body.Get("details.0.innerError.supportedAttributes").Raw, "population.id")
	}
	refused(t, a.get("{env}/populations?filter="+url.QueryEscape(`userCount eq "0"`)), 400, "INVALID_DATA", "filter INVALID_FILTER")
}
