package deviation

import (
	"net/url"
	"regexp"
	"strings"
)

// filters answer another question than the one that was asked of a list.
func filters() []Deviation {
	const rule = "a filter selects what it says and nothing else"
	population := regexp.MustCompile(`population\.id eq "[^"]*"`)
	semantic := func(name, breaks string) Deviation {
		return Deviation{Name: name, Group: Semantics, Breaks: breaks, Rule: rule, Page: pageRequests}
	}
	query := func(change func(url.Values)) func(*Decisions) {
		return func(d *Decisions) {
			documented := d.Management.Query
			d.Management.Query = func(sent url.Values) url.Values {
				change(sent)
				return documented(sent)
			}
		}
	}
	return []Deviation{
		semantic("population-filter-ignored", "a filter by population lists people of all populations").by(query(func(q url.Values) {
			if population.MatchString(q.Get("filter")) {
				q.Del("filter")
			}
		})),
		semantic("username-filter-by-prefix", "a filter by username finds whoever's begins with its first four letters").by(query(func(q url.Values) {
			if before, value, found := strings.Cut(q.Get("filter"), `username eq "`); found && len(value) > 4 {
				q.Set("filter", before+`username sw "`+value[:4]+`"`)
			}
		})),
		semantic("filter-finds-nobody", "a filter finds nobody").by(query(func(q url.Values) {
			if q.Has("filter") {
				q.Set("filter", `username eq "nobody at all"`)
			}
		})),
	}
}
