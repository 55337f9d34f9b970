package contract

import (
	"net/url"
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
			c.fail(ruleID, pointer(keep(where, "id")...), want, show(nil, id), pageConventions)
		}
	}
	c.links(v, where, path)
	c.parents(v, where)
	c.times(v, where)
	c.remembered(v, where, path)
}

// links wants self to lead to this resource and every other link to lead into this environment of this host.
func (c *call) links(v any, where []string, path string) {
	all, _ := member(v, "_links").(map[string]any)
	for rel, link := range all {
		href, isText := member(link, "href").(string)
		if !isText {
			continue
		}
		place := pointer(append(where[:len(where):len(where)], "_links", rel, "href")...)
		target, err := url.Parse(href)
		if err != nil {
			continue
		}
		switch {
		case target.Scheme+"://"+target.Host != c.origin():
			c.fail(linkRule(rel), place, "an address at "+c.origin(), show(nil, href), pageConventions)
		case rel == "self":
			if strings.TrimSuffix(target.Path, "/") != strings.TrimSuffix(path, "/") {
				c.fail(ruleSelf, place, c.origin()+path, show(nil, href), pageConventions)
			}
		default:
			if want := c.expectedPath(v, rel, path); want != "" && !strings.HasSuffix(target.Path, want) {
				c.fail(ruleLink, place, "an address that ends in "+want, show(nil, href), pageConventions)
			}
		}
	}
}

func linkRule(rel string) string {
	if rel == "self" {
		return ruleSelf
	}
	return ruleLink
}

// children are links to what lies below a resource, with the last part of their address.
var children = map[string]string{
	"secret": "/secret", "grants": "/grants", "attributes": "/attributes", "actions": "/actions", "devices": "/devices",
	"password": "/password", "password.set": "/password", "password.check": "/password", "password.reset": "/password", "password.recover": "/password",
	"device.activate": "",
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
	if child, known := children[rel]; known {
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
	for name, want := range map[string]string{
		"environment": c.environment(), "application": c.ids["application"], "user": c.ids["user"],
		"signOnPolicy": c.ids["signOnPolicy"], "resource": c.ids["resource"],
	} {
		got := text(v, name, "id")
		if want != "" && got != "" && got != want {
			c.fail(ruleParent, pointer(append(where[:len(where):len(where)], name, "id")...), want, show(nil, got), pageConventions)
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
		c.fail(ruleTimes, pointer(keep(where, "updatedAt")...), "not before createdAt, "+text(v, "createdAt"), text(v, "updatedAt"), pageConventions)
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
		c.fail(ruleKept, pointer(keep(where, "id")...), before.id, show(nil, member(v, "id")), pageConventions)
	}
	if created := text(v, "createdAt"); before.created != "" && created != "" && created != before.created {
		c.fail(ruleKept, pointer(keep(where, "createdAt")...), before.created, show(nil, created), pageConventions)
	}
	if c.op.echoed && where == nil {
		return
	}
	c.compare(before.sent, v, where, nil, ruleKept)
}
