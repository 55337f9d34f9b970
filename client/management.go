package client

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// create, read and replace send JSON, or nothing, to an address.
func (c *Client) create(ctx context.Context, operation, href string, body any) (*Exchange, error) {
	return c.to(ctx, creating(operation, body), href, nil)
}

func (c *Client) read(ctx context.Context, operation, href string) (*Exchange, error) {
	return c.to(ctx, reading(operation), href, nil)
}

func (c *Client) replace(ctx context.Context, operation, href string, body any) (*Exchange, error) {
	return c.to(ctx, replacing(operation, body), href, nil)
}

// list gets a collection; query holds limit, filter and the like, or is nil.
func (c *Client) list(ctx context.Context, operation, href string, query url.Values) (*Exchange, error) {
	target, err := withQuery(href, query)
	return c.to(ctx, reading(operation), target, err)
}

// withQuery adds parameters to an address that may have some already.
func withQuery(href string, query url.Values) (string, error) {
	if len(query) == 0 {
		return href, nil
	}
	target, err := url.Parse(href)
	if err != nil {
		return "", fmt.Errorf("the address %s is not a URL", withoutQuery(href))
	}
	all := target.Query()
	for name, values := range query {
		all[name] = values
	}
	target.RawQuery = all.Encode()
	return target.String(), nil
}

// at sends a call to the address that an earlier answer points to by rel, or to
// the documented one: collection, the answer's id and more.
func (c *Client) at(ctx context.Context, one call, from *Exchange, rel, collection string, more ...string) (*Exchange, error) {
	href, err := c.follow(from, rel, collection, more...)
	return c.to(ctx, one, href, err)
}

// to sends a call to an address, unless finding the address has failed.
func (c *Client) to(ctx context.Context, one call, href string, err error) (*Exchange, error) {
	if err != nil {
		return nil, fmt.Errorf("%s: %w", one.operation, err)
	}
	one.href = href
	return c.do(ctx, one)
}

// reading, creating, replacing and deleting are calls that still want an address.
func reading(operation string) call { return call{operation: operation, method: http.MethodGet} }

func creating(operation string, body any) call {
	return call{operation: operation, method: http.MethodPost, mediaType: JSON, body: body, creates: true}
}

func replacing(operation string, body any) call {
	return call{operation: operation, method: http.MethodPut, mediaType: JSON, body: body}
}

func deleting(kind string) call {
	return call{operation: OpDelete + " " + kind, method: http.MethodDelete}
}

// ReadEnvironment reads the environment: its name, type, region and links.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// GET /v1/environments/{envID}
func (c *Client) ReadEnvironment(ctx context.Context, envID string) (*Exchange, error) {
	return c.read(ctx, OpReadEnvironment, c.APIURL("environments", envID))
}

// ReadBillOfMaterials reads which PingOne products the environment has.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// GET /v1/environments/{envID}/billOfMaterials
func (c *Client) ReadBillOfMaterials(ctx context.Context, envID string) (*Exchange, error) {
	return c.read(ctx, OpReadBillOfMaterials, c.APIURL("environments", envID, "billOfMaterials"))
}
