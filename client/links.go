package client

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/tidwall/gjson"
)

// Link returns the href of the answer's HAL link rel, or "" when there is none.
func (e *Exchange) Link(rel string) string { return e.Get(linkPath(rel)).String() }

// linkPath is the gjson path of a HAL link's href.
func linkPath(rel string) string { return "_links." + gjson.Escape(rel) + ".href" }

// at sends a call to where an earlier answer points by rel and, where it has no
// such link, to the documented address: collection, the answer's id and more.
func (c *Client) at(ctx context.Context, one call, from *Exchange, rel, collection string, more ...string) (*Exchange, error) {
	if one.href = from.Link(rel); one.href != "" {
		return c.do(ctx, one)
	}
	segments := []string{"environments", from.Get("environment.id").String()}
	if collection == "devices" {
		segments = append(segments, "users", from.Get("user.id").String())
	}
	segments = append(segments, collection, from.Get("id").String())
	if slices.Contains(segments, "") {
		return c.to(ctx, one, cannotFollow(from))
	}
	one.href = c.APIURL(append(segments, more...)...)
	return c.do(ctx, one)
}

// to sends a call unless finding its address has failed.
func (c *Client) to(ctx context.Context, one call, err error) (*Exchange, error) {
	if err != nil {
		return nil, fmt.Errorf("%s: %w", one.operation, err)
	}
	return c.do(ctx, one)
}

// cannotFollow says why an answer leads nowhere.
func cannotFollow(from *Exchange) error {
	if from == nil {
		return errors.New("there is no earlier answer to follow")
	}
	return fmt.Errorf("the answer of %q (%d) holds neither the link nor the ids to build it from", from.Operation, from.Status)
}
