package contract

import (
	"fmt"
	"strings"
)

const pageScopes = docs + "foundations/pingone-roles-scopes-and-permissions"

// builtIn wants in a whole list what every environment has: one resource of its own for OpenID
// Connect and one for PingOne's API, each with its scopes.
func (c *call) builtIn(items []any) {
	if at(c.body, "_links", "next") != nil || c.ex.Request.URL.RawQuery != "" || c.mem.further[c.ex.Request.URL.String()] {
		return
	}
	times, names := map[string]int{}, map[string]bool{}
	for _, item := range items {
		// Prose has another spelling for PingOne's own.
		kind := strings.Replace(text(item, "type"), "PING_ONE_API", "PINGONE_API", 1)
		times[kind]++
		names[text(item, "name")] = true
		if c.op.items == "resource" {
			c.mem.resourceTypes[text(item, "id")] = kind
		}
	}
	for kind, scopes := range map[string][]string{"OPENID_CONNECT": {"openid", "profile"}, "PINGONE_API": {"p1:read:user"}} {
		if c.op.items == "resource" && times[kind] != 1 {
			c.fail(ruleCount, "/_embedded/resources", "one resource of type "+kind, fmt.Sprint(times[kind]), pageScopes)
		}
		if c.op.items != "scope" || c.mem.resourceTypes[c.ids["resource"]] != kind {
			continue
		}
		for _, scope := range scopes {
			if !names[scope] {
				c.fail(ruleCount, "/_embedded/scopes", "the scope "+scope, fmt.Sprintf("%d others", len(names)), pageScopes)
			}
		}
	}
}
