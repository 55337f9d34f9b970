package deviation

import (
	"net/url"
	"strings"
)

// linkShapes break the links that programs follow.
func linkShapes() []Deviation {
	const self = "_links.self leads to the resource itself"
	return []Deviation{
		shape("self-link-missing", "resources have no self link", self, pageConventions,
			dropLink("self", "application.", "user.create")),
		shape("self-link-of-another", "the self link of a population leads to another one", self, pageConventions,
			bendLink("self", func(href string) string { return href[:strings.LastIndex(href, "/")+1] + elsewhere }, "population.create")),
		shape("self-link-to-collection", "the self link of a policy leads to the list", self, pageConventions,
			bendLink("self", func(href string) string { return href[:strings.LastIndex(href, "/")] }, "signOnPolicy.create")),
		shape("links-relative", "links have no host", "links are absolute", pageConventions,
			bendLink("self", pathOf, "population.create")),
		shape("links-to-another-host", "links lead to another host", "links lead to the API", pageConventions,
			bendLink("environment", func(href string) string { return "https://api.example.com" + pathOf(href) }, "population.create")),
		shape("environment-link-missing", "resources have no link to their environment", "every resource links its environment", pageConventions,
			dropLink("environment", "user.create")),
		shape("secret-link-missing", "an application has no link to its secret", "a web application links its secret", pageApplication,
			dropLink("secret", "application.create")),
		shape("grants-link-elsewhere", "the link grants of an application leads to its attributes", "a link leads where its name says", pageApplication,
			bendLink("grants", func(href string) string { return strings.TrimSuffix(href, "grants") + "attributes" }, "application.create")),
		shape("actions-link-missing", "a sign-on policy has no link to its actions", "a sign-on policy links its actions", pagePolicy,
			dropLink("actions", "signOnPolicy.create")),
		shape("password-link-missing", "a user has no link password.set", "a user links the setting of the password", pageUser,
			dropLink("password.set", "user.create")),
		shape("population-link-of-another", "the link population of a user leads to another population", "a relation's link and id agree", pageConventions,
			bendLink("population", func(href string) string { return href[:strings.LastIndex(href, "/")+1] + elsewhere }, "user.create")),
	}
}

func pathOf(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	return u.Path
}
