package sweep

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/cenkalti/backoff/v5"

	"pingone-conformance/client"
	"pingone-conformance/config"
	"pingone-conformance/internal/retry"
)

// Stuck is a leftover that could not be deleted, and why.
type Stuck struct {
	Leftover
	Err error
}

// errStopped is why what comes after a Ctrl-C is still there.
var errStopped = errors.New("not tried: the sweep was stopped")

// Delete deletes what Find has found and not kept, in its order, and tells done of
// each. What is gone already counts as deleted. When ctx ends, the deletion that
// runs is finished and no other begun. Each is read back after its deletion, as long as
// PingOne may take to show it. It returns what is still there.
//
// developer.pingidentity.com/pingone-api/foundations/conventions
// DELETE /v1/environments/{envID}/…
func Delete(ctx context.Context, c *client.Client, cfg config.Config, found []Leftover, done func(Leftover)) []Stuck {
	var stuck []Stuck
	for _, one := range found {
		if one.Keep != "" {
			continue
		}
		err := errStopped
		if ctx.Err() == nil {
			err = remove(ctx, c, cfg, one)
		}
		if err != nil {
			stuck = append(stuck, Stuck{Leftover: one, Err: err})
			continue
		}
		done(one)
	}
	return stuck
}

// collections are the paths of the kinds.
func collection(kind string) string {
	return map[string]string{
		User: "users", Application: "applications", SignOnPolicy: "signOnPolicies",
		MFAPolicy: "deviceAuthenticationPolicies", Population: "populations",
	}[kind]
}

// remove deletes one thing. The address is built from the id that stood beside the
// name, not taken from a link.
func remove(ctx context.Context, c *client.Client, cfg config.Config, one Leftover) error {
	href := c.APIURL("environments", cfg.TargetEnvironmentID, collection(one.Kind), one.ID)
	// A Ctrl-C ends the sweep between two deletions, not within one.
	whole := context.WithoutCancel(ctx)
	limit := cfg.Limits.Lag
	if limit <= 0 {
		limit = config.LagLimit
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		ex, err := c.Delete(whole, href)
		switch {
		case err != nil:
			return struct{}{}, backoff.Permanent(err)
		case ex.Status == http.StatusNoContent || ex.NotFound():
			return struct{}{}, nil
		}
		err = fmt.Errorf("%s%s", ex, vendorCode(ex))
		if one.Kind == Population && ex.Status == http.StatusBadRequest {
			return struct{}{}, err // the last of its users may still be counted
		}
		return struct{}{}, backoff.Permanent(err)
	},
		backoff.WithBackOff(backoff.NewConstantBackOff(config.LagInterval)),
		backoff.WithMaxElapsedTime(max(limit, time.Millisecond)),
	)
	if err != nil {
		return err
	}
	return gone(whole, c, href)
}

// gone looks whether a deletion was one.
func gone(ctx context.Context, c *client.Client, href string) error {
	ex, err := c.Get(retry.Vanishing(ctx), href)
	switch {
	case err != nil:
		return fmt.Errorf("its deletion was answered, but whether it is gone could not be seen: %w", err)
	case ex.NotFound():
		return nil
	case ex.Status == http.StatusOK:
		return fmt.Errorf("its deletion was answered, but it is still there: %s", ex)
	}
	return fmt.Errorf("its deletion was answered, but whether it is gone could not be seen: %s%s", ex, vendorCode(ex))
}
