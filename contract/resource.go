package contract

import (
	"maps"
	"slices"
	"strings"

	"pingone-conformance/client"
)

// resource holds one resource, the answer itself or an item of a collection at where,
// against the address and against what is remembered of it.
func (c *call) resource(v any, where []string) {
	path := c.ex.Request.URL.Path
	last := c.op.last()
	switch {
	case c.op.creates || c.op.items != "":
		path = strings.TrimSuffix(path, "/") + "/" + text(v, "id")
	case strings.HasPrefix(last, "{"):
		c.same(ruleID, c.ids[strings.Trim(last, "{}")], text(v, "id"), pageConventions, where, "id")
	}
	c.links(v, where, path)
	c.parents(v, where)
	c.times(v, where)
	c.remembered(v, where, path)
}

// links wants self to lead to this resource and every relation the documents name to lead where its
// name says, on this host. The vendor adds links without notice: where an unknown one leads is not held.
func (c *call) links(v any, where []string, path string) {
	origin, path := client.Normal(c.origin()), bare(path)
	for rel, link := range object(v, "_links") {
		href, isText := at(link, "href").(string)
		if !isText {
			continue
		}
		if !c.knownRelation(v, rel, path) {
			c.noteOf("Any resource", ruleFact, "/_links", "the links of the documents; more may be added", "an unknown link, "+rel, pageCompatibility)
			continue
		}
		rule, want := ruleLink, ""
		below, here := strings.CutPrefix(client.Normal(href), origin)
		target, _, _ := strings.Cut(below, "?")
		if rel == "self" {
			rule = ruleSelf
		}
		switch {
		case !here || !strings.HasPrefix(target, "/"):
			want = "an address at " + origin
		case rel == "self" && bare(target) != path:
			want = origin + path
		case rel != "self" && !strings.HasSuffix(bare(target), c.expectedPath(v, rel, path)):
			want = "an address that ends in " + c.expectedPath(v, rel, path)
		case !c.inEnvironment(target):
			want = "an address below /environments/" + c.environment()
		case strings.Contains(rel, ".") && !strings.HasPrefix(bare(target)+"/", path+"/"):
			// No page says where an action that is named noun.verb is asked for.
			c.fact(pointer(join(where, "_links", rel, "href")...), "an address of the resource itself, as in the examples", "an address of another one", pageConventions)
			continue
		default:
			continue
		}
		c.fail(rule, pointer(join(where, "_links", rel, "href")...), want, address(href, c.origin()), pageConventions)
	}
}

// inEnvironment reports whether an address names no other environment than the call's own.
func (c *call) inEnvironment(target string) bool {
	_, below, names := strings.Cut(target, "/environments/")
	id, _, _ := strings.Cut(below, "/")
	return !names || c.environment() == "" || id == c.environment()
}

// children are links to what lies below a resource, with the last part of their address.
var children = map[string]string{
	"secret": "/secret", "grants": "/grants", "attributes": "/attributes", "actions": "/actions", "devices": "/devices",
	"scopes": "/scopes", "signOnPolicyAssignments": "/signOnPolicyAssignments",
	"roleAssignments": "/roleAssignments", "linkedAccounts": "/linkedAccounts", "memberOfGroups": "/memberOfGroups",
	"password": "/password", "password.set": "/password", "password.check": "/password", "password.reset": "/password", "password.recover": "/password",
	"device.activate": "", "device.unlock": "", "device.block": "", "device.unblock": "",
}

// relations are names of links that the documents use, besides children.
var relations = []string{
	"self", "next", "prev", "environment", "organization", "license", "population", "application", "resource", "signOnPolicy", "user", "passwordPolicy",
	"account.sendVerificationCode", "populations", "users", "applications", "resources", "signOnPolicies",
	"passwordPolicies", "keys", "schemas", "templates", "gateways", "capabilities", "billOfMaterials",
}

// knownRelation reports whether the documents say what a link of this name leads to.
func (c *call) knownRelation(v any, rel, self string) bool {
	_, child := children[rel]
	return slices.Contains(relations, rel) || child && c.expectedPath(v, rel, self) != ""
}

// owners are what an address may name besides the thing itself, each a link of its name as well.
var owners = []string{"application", "user", "signOnPolicy", "resource"}

// expectedPath is how a link's address must end, "" when nothing is known. A to-one
// relation stands twice: as a link and as an id.
func (c *call) expectedPath(v any, rel, self string) string {
	if rel == "environment" && c.environment() != "" {
		return "/environments/" + c.environment()
	}
	if id := text(v, rel, "id"); id != "" {
		return "/" + id
	}
	if id := c.ids[rel]; id != "" && slices.Contains(owners, rel) {
		return "/" + id
	}
	if child, known := children[rel]; known && (rel != "scopes" || c.op.schema() == "resource") {
		if strings.HasSuffix(self, "/password") {
			return self
		}
		return self + child
	}
	if rel == "next" || rel == "prev" {
		return self
	}
	return ""
}

// parents wants the ids of what the resource belongs to, as the address names them.
func (c *call) parents(v any, where []string) {
	for _, name := range append([]string{"environment"}, owners...) {
		want := c.ids[name]
		if name == "environment" {
			want = c.environment()
		}
		c.same(ruleParent, want, text(v, name, "id"), pageConventions, where, name, "id")
	}
}

// times wants updatedAt not before createdAt, and no time in the future: each tells of something that was done, and that
// of a creation or of a password that is set was done just now.
func (c *call) times(v any, where []string) {
	for _, path := range [][]string{{"createdAt"}, {"updatedAt"}, {"lastChangedAt"}, {"lastSignOn", "at"}} {
		moment, tells := momentAt(v, path...)
		switch {
		case !tells:
		case where == nil && (c.op.creates && path[0] == "createdAt" || c.op.name == "Set Password" && path[0] == "lastChangedAt"):
			c.justNow(moment, text(v, path...), pageConventions, path...)
		default:
			c.notAhead(moment, text(v, path...), pageConventions, join(where, path...)...)
		}
	}
	if age, ok := elapsed(at(v, "createdAt"), at(v, "lastSignOn", "at")); ok && age < -clocksDiffer {
		c.fail(ruleTimes, pointer(join(where, "lastSignOn", "at")...), "not before createdAt, "+text(v, "createdAt"), text(v, "lastSignOn", "at"), pageUser)
	}
	if age, ok := elapsed(at(v, "createdAt"), at(v, "updatedAt")); ok && age < 0 {
		c.fail(ruleTimes, pointer(join(where, "updatedAt")...), "not before createdAt, "+text(v, "createdAt"), text(v, "updatedAt"), pageConventions)
	}
}

// remembered compares a resource with what earlier answers and requests said of it.
func (c *call) remembered(v any, where []string, path string) {
	before, known := c.mem.resources[path]
	if !known {
		return
	}
	c.same(ruleKept, before.id, text(v, "id"), pageConventions, where, "id")
	c.sameTime(before.created, text(v, "createdAt"), pageConventions, where, "createdAt")
	if age, ok := elapsed(before.updated, at(v, "updatedAt")); ok && age < 0 {
		c.note(ruleTimes, pointer(join(where, "updatedAt")...), "not before what an earlier answer had", "an earlier state", pageRetry)
	}
	c.compareKept(before, v, where)
}

// compareKept wants what was sent once, and what stays until it is set, still to be there. The
// answer to an update is held against its own request instead.
func (c *call) compareKept(before *resource, v any, where []string) {
	kept, steady := before.sent, before.steady
	if c.op.echoed && where == nil {
		if !c.op.merges {
			return
		}
		kept, steady = merged(kept, c.sent), without(steady, slices.Collect(maps.Keys(object(c.sent)))...)
	}
	c.compare(kept, v, where, nil, ruleKept)
	c.compare(steady, v, where, nil, ruleKept)
	c.compareStates(before.states, v, where)
}

// compareStates wants states to be what they were, unless this call was made to change them.
func (c *call) compareStates(states map[string]any, v any, where []string) {
	if c.ex.Request.Method != "GET" {
		return
	}
	for name, state := range states {
		for inner, value := range object(state) {
			if got := at(v, name, inner); got != nil && object(value) == nil && list(value) == nil {
				c.compare(value, got, where, []string{name, inner}, ruleKept)
			}
		}
		if got := at(v, name); got != nil && object(state) == nil {
			c.compare(state, got, where, []string{name}, ruleKept)
		}
	}
}
