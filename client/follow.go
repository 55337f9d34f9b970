package client

import (
	"fmt"

	"github.com/tidwall/gjson"
)

// follow returns the address that an answer gives under a link, and where the
// answer has no such link the documented one: the resource's own address with
// more segments behind it.
func (c *Client) follow(from *Exchange, rel, collection string, more ...string) (string, error) {
	if from == nil {
		return "", errNothing
	}
	if href := from.Link(rel); href != "" {
		return href, nil
	}
	segments, ok := ownPath(from, collection)
	if !ok {
		return "", fmt.Errorf("the answer of %q (%d) %w", from.Operation, from.Status, ErrNoLink)
	}
	return c.APIURL(append(segments, more...)...), nil
}

// ownPath rebuilds the path of a resource from the ids in its answer. What
// belongs to something else names its owner, as an action its policy.
func ownPath(from *Exchange, collection string) ([]string, bool) {
	segments := []string{"environments", from.Get("environment.id").String()}
	switch collection {
	case "actions":
		segments = append(segments, "signOnPolicies", from.Get("signOnPolicy.id").String())
	case "devices":
		segments = append(segments, "users", from.Get("user.id").String())
	}
	segments = append(segments, collection, from.Get("id").String())
	for _, segment := range segments {
		if segment == "" {
			return nil, false
		}
	}
	return segments, true
}

// linkOf reads a link of one element of a list.
func linkOf(item gjson.Result, rel string) string {
	var href string
	item.Get("_links").ForEach(func(name, link gjson.Result) bool {
		if name.String() == rel {
			href = link.Get("href").String()
		}
		return href == ""
	})
	return href
}
