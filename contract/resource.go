package contract

import (
	"slices"
	"strings"
	"time"
)

// resource holds one resource, the answer itself or an item of a collection at where,
// against the address and against what is remembered of it.
func (c *call) resource(v any, where []string) {
	id := text(v, "id")
	path := c.ex.Request.URL.Path
	last := c.op.path[strings.LastIndex(c.op.path, "/")+1:]
	switch {
	case c.op.creates || c.op.items != "":
		path = strings.TrimSuffix(path, "/") + "/" + id
	case strings.HasPrefix(last, "{"):
		if want := c.ids[strings.Trim(last, "{}")]; id != "" && id != want {
			c.fail(ruleID, pointer(join(where, "id")...), want, show(nil, id), pageConventions)
		}
	}
	c.links(v, where, path)
	c.parents(v, where)
	c.times(v, where)
	c.remembered(v, where, path)
}

// links wants self to lead to this resource and every relation the documents name to lead where its
// name says, on this host. The vendor adds links without notice: where an unknown one leads is its affair.
func (c *call) links(v any, where []string, path string) {
	all, _ := member(v, "_links").(map[string]any)
	origin := c.origin()
	for rel, link := range all {
		href, isText := member(link, "href").(string)
		if !isText {
			continue
		}
		if !c.knownRelation(v, rel, path) {
			c.factOf("Any resource", "/_links", "the links of the documents; more may be added", "an unknown link, "+rel, pageCompatibility)
			continue
		}
		rule, want := ruleLink, ""
		address, here := strings.CutPrefix(href, origin+"/")
		target, _, _ := strings.Cut("/"+address, "?")
		switch {
		case !here:
			want = "an address at " + origin
		case rel == "self" && strings.TrimSuffix(target, "/") != strings.TrimSuffix(path, "/"):
			want = origin + path
		case rel != "self" && !strings.HasSuffix(target, c.expectedPath(v, rel, path)):
			want = "an address that ends in " + c.expectedPath(v, rel, path)
		default:
			continue
		}
		if rel == "self" {
			rule = ruleSelf
		}
		c.fail(rule, pointer(join(where, "_links", rel, "href")...), want, show(nil, href), pageConventions)
	}
}

// children are links to what lies below a resource, with the last part of their address.
var children = map[string]string{
	"secret": "/secret", "grants": "/grants", "attributes": "/attributes", "actions": "/actions", "devices": "/devices",
	"scopes": "/scopes", "signOnPolicyAssignments": "/signOnPolicyAssignments",
	"password": "/password", "password.set": "/password", "password.check": "/password", "password.reset": "/password", "password.recover": "/password",
	"device.activate": "", "device.unlock": "", "device.block": "", "device.unblock": "",
}

// relations are names of links that the documents use, besides children.
var relations = []string{
	"self", "next", "prev", "environment", "organization", "license", "population", "application", "resource", "signOnPolicy", "user", "passwordPolicy",
	"roleAssignments", "linkedAccounts", "memberOfGroups", "account.sendVerificationCode", "populations", "users", "applications", "resources", "signOnPolicies",
	"passwordPolicies", "keys", "schemas", "templates", "gateways", "capabilities", "billOfMaterials",
}

// knownRelation tells whether the documents say what a link of this name leads to.
func (c *call) knownRelation(v any, rel, self string) bool {
	_, child := children[rel]
	return slices.Contains(relations, rel) || child && c.expectedPath(v, rel, self) != ""
}

// expectedPath is how a link's address must end, "" when nothing is known. A to-one
// relation stands twice: as a link and as an id.
func (c *call) expectedPath(v any, rel, self string) string {
	if rel == "environment" && c.environment() != "" {
		return "/environments/" + c.environment()
	}
	if id := text(v, rel, "id"); id != "" {
		return "/" + id
	}
	if strings.HasSuffix(self, "/secret") && rel == "application" {
		return strings.TrimSuffix(self, "/secret")
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
	for _, name := range []string{"environment", "application", "user", "signOnPolicy", "resource"} {
		got, want := text(v, name, "id"), c.ids[name]
		if name == "environment" {
			want = c.environment()
		}
		if want != "" && got != "" && got != want {
			c.fail(ruleParent, pointer(join(where, name, "id")...), want, show(nil, got), pageConventions)
		}
	}
	if c.op.path == env && text(v, "id") != c.environment() {
		c.fail(ruleID, "/id", c.environment(), show(nil, text(v, "id")), pageEnvironment)
	}
}

// times wants updatedAt not before createdAt.
func (c *call) times(v any, where []string) {
	created, okCreated := moment(member(v, "createdAt"))
	updated, okUpdated := moment(member(v, "updatedAt"))
	if okCreated && okUpdated && updated.Before(created) {
		c.fail(ruleTimes, pointer(join(where, "updatedAt")...), "not before createdAt, "+text(v, "createdAt"), text(v, "updatedAt"), pageConventions)
	}
}

func moment(v any) (time.Time, bool) {
	s, _ := v.(string)
	t, err := time.Parse(time.RFC3339Nano, s)
	return t, err == nil
}

// remembered compares a resource with what earlier answers and requests said of it.
func (c *call) remembered(v any, where []string, path string) {
	before, known := c.mem.resources[path]
	if !known {
		return
	}
	if id := text(v, "id"); before.id != "" && id != before.id {
		c.fail(ruleKept, pointer(join(where, "id")...), before.id, show(nil, member(v, "id")), pageConventions)
	}
	if created := text(v, "createdAt"); before.created != "" && created != "" && created != before.created {
		c.fail(ruleKept, pointer(join(where, "createdAt")...), before.created, show(nil, created), pageConventions)
	}
	if updated, ok := moment(member(v, "updatedAt")); ok && updated.Before(before.updated) {
		c.note(ruleTimes, pointer(join(where, "updatedAt")...), "not before what an earlier answer had", "an earlier state", pageRetry)
	}
	c.compareKept(before, v, where)
}

// compareKept wants what was sent once, and what stays until it is set, still to be there. The
// answer to an update is held against its own request instead.
func (c *call) compareKept(before *resource, v any, where []string) {
	kept, steady := before.sent, before.steady
	switch updates := c.op.echoed && where == nil; {
	case updates && !c.op.merges:
		return
	case updates:
		kept = merged(kept, c.sent)
		for name := range asObject(c.sent) {
			steady = without(steady, name)
		}
	}
	c.compare(kept, v, where, nil, ruleKept)
	c.compare(steady, v, where, nil, ruleKept)
}
