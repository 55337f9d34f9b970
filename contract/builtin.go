package contract

import (
	"fmt"
	"slices"
	"strings"
)

const pageScopes = docs + "foundations/pingone-roles-scopes-and-permissions"

// scopesOf are scopes that a built-in resource has in every environment, by the resource's type.
var scopesOf = map[string][]string{
	"OPENID_CONNECT": {"openid", "profile"},
	"PINGONE_API":    {"p1:read:user"},
}

// builtIn wants in a list what every environment has: one resource of its own for OpenID
// Connect and one for PingOne's API, each with its scopes.
func (c *call) builtIn(items []any) {
	if at(c.body, "_links", "next") != nil || c.ex.Request.URL.RawQuery != "" {
		return
	}
	switch c.op.items {
	case "resource":
		c.builtInResources(items)
	case "scope":
		c.builtInScopes(items)
	}
}

func (c *call) builtInResources(items []any) {
	times := map[string]int{}
	for _, item := range items {
		kind := resourceType(item)
		times[kind]++
		c.mem.resourceTypes[text(item, "id")] = kind
	}
	for _, kind := range []string{"OPENID_CONNECT", "PINGONE_API"} {
		if times[kind] != 1 {
			c.fail(ruleCount, "/_embedded/resources", "one resource of type "+kind, fmt.Sprint(times[kind]), pageScopes)
		}
	}
}

// resourceType is a resource's type in the spelling of the API; prose has another for PingOne's own.
func resourceType(v any) string {
	return strings.Replace(text(v, "type"), "PING_ONE_API", "PINGONE_API", 1)
}

func (c *call) builtInScopes(items []any) {
	var names []string
	for _, item := range items {
		names = append(names, text(item, "name"))
	}
	for _, want := range scopesOf[c.mem.resourceTypes[c.ids["resource"]]] {
		if !slices.Contains(names, want) {
			c.fail(ruleCount, "/_embedded/scopes", "the scope "+want, fmt.Sprintf("%d others", len(names)), pageScopes)
		}
	}
}
