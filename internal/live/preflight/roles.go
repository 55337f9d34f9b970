package preflight

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"pingone-conformance/client"
)

// probe is a harmless reading that a role is needed for.
type probe struct {
	what, role string
	collection string // of the environment
	read       func(ctx context.Context) (*client.Exchange, error)
	needed     bool
}

// probes are in the order of the findings, those of one role together.
//
// developer.pingidentity.com/pingone-api/foundations/pingone-roles-scopes-and-permissions
func (l *look) probes() []probe {
	c, env := l.client, l.config.TargetEnvironmentID
	one := url.Values{"limit": {"1"}}
	nobody := url.Values{"limit": {"1"}, "filter": {`username eq "pingone-conformance"`}} // no person is read: the environment may be one with real people
	return []probe{
		{"applications", "Client Application Developer", "applications",
			func(ctx context.Context) (*client.Exchange, error) { return c.ListApplications(ctx, env, nil) }, true},
		{"resources", "Client Application Developer", "resources",
			func(ctx context.Context) (*client.Exchange, error) { return c.ListResources(ctx, env, nil) }, true},
		{"sign-on policies", "Environment Admin", "signOnPolicies",
			func(ctx context.Context) (*client.Exchange, error) { return c.ListSignOnPolicies(ctx, env, nil) }, true},
		{"MFA policies", "Environment Admin", collectionOfPolicies,
			func(ctx context.Context) (*client.Exchange, error) {
				return c.ReadDeviceAuthenticationPolicies(ctx, env)
			}, l.needs.MFA},
		{"populations", "Identity Data Admin", "populations",
			func(ctx context.Context) (*client.Exchange, error) { return c.ListPopulations(ctx, env, one) }, true},
		{"users", "Identity Data Admin", "users",
			func(ctx context.Context) (*client.Exchange, error) { return c.ListUsers(ctx, env, nobody) }, true},
	}
}

const collectionOfPolicies = "deviceAuthenticationPolicies"

// roles looks what the worker application may read, by the answers to the probes, and names each
// role that it seems to lack once.
func (l *look) roles(probes []probe, answers []asked) error {
	for i := 0; i < len(probes); {
		role, fatal := probes[i].role, false
		var refused, collections []string
		for ; i < len(probes) && probes[i].role == role; i++ {
			ex, err := answers[i]()
			if probes[i].collection == collectionOfPolicies {
				l.policies = ex
			}
			switch {
			case err != nil:
				return err
			case ex.Status == http.StatusForbidden && !ex.IsPage():
				refused, collections = append(refused, probes[i].what), append(collections, probes[i].collection)
				fatal = fatal || probes[i].needed
			case ex.Status != http.StatusOK:
				l.couldNotLook(probes[i].what, ex, "run again; if it stays so, PingOne's status page may know")
			}
		}
		if len(refused) > 0 {
			l.find(fatal, "role "+role, fmt.Sprintf("the worker application may not read the environment's %s", strings.Join(refused, " and ")),
				fmt.Sprintf("give the worker application the role %s for environment %s", role, l.config.TargetEnvironmentID))
			found := &l.findings[len(l.findings)-1]
			found.Role, found.Collections = role, collections
		}
	}
	return nil
}
