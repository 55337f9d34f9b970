package client

import "context"

// ReadEnvironment reads the environment: its name, type, region and links.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// GET /v1/environments/{envID}
func (c *Client) ReadEnvironment(ctx context.Context, envID string) (*Exchange, error) {
	return c.do(ctx, reading("Read Environment", c.APIURL("environments", envID), nil))
}

// ReadBillOfMaterials reads which PingOne products the environment has.
//
// developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment
// GET /v1/environments/{envID}/billOfMaterials
func (c *Client) ReadBillOfMaterials(ctx context.Context, envID string) (*Exchange, error) {
	return c.do(ctx, reading("Read Bill of Materials", c.APIURL("environments", envID, "billOfMaterials"), nil))
}
