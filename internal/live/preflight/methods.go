package preflight

import (
	"context"
	"fmt"
	"net/http"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

// methods looks which methods are on in the policy that counts where a sign-on
// policy's action names none: the default device authentication policy. A new
// environment has e-mail on and the others off.
//
// developer.pingidentity.com/pingone-api/mfa/device-authentication-policy.html
func (l *look) methods(ctx context.Context) error {
	const what = "default MFA policy"
	if l.policies.Status != http.StatusOK {
		return nil // the roles' look has said so
	}
	policy, err := l.defaultPolicy(ctx)
	if err != nil {
		return err
	}
	if !policy.Exists() {
		l.find(false, what, "could not look: no MFA policy is marked as the default one", "make one the default in the environment's MFA policies")
		return nil
	}
	// With authenticators, nothing is sent; without them, they do not matter.
	sent := !l.needs.TOTP
	for _, one := range []struct {
		member, what   string
		needed, report bool
	}{
		{"email", "e-mail is off", l.needs.Email, sent},
		{"sms", "text messages are off", l.needs.SMS, sent},
		{"totp", "authenticator applications are off", l.needs.TOTP, l.needs.TOTP},
	} {
		if one.report && !policy.Get(one.member+".enabled").Bool() {
			l.find(one.needed, what, one.what, fmt.Sprintf("switch the method on in the MFA policy %q%s", policy.Get("name").String(), unlessNeeded(one.needed)))
		}
	}
	return nil
}

func unlessNeeded(needed bool) string {
	if needed {
		return ", or leave out the scenarios that need it"
	}
	return " before running scenarios that need it; the selected ones do not"
}

// defaultPolicy is the policy with default true, on whichever page it stands.
func (l *look) defaultPolicy(ctx context.Context) (gjson.Result, error) {
	var pages client.Pages
	for page := l.policies; ; {
		for _, policy := range page.Get("_embedded.deviceAuthenticationPolicies").Array() {
			if policy.Get("default").Bool() {
				return policy, nil
			}
		}
		if more, err := pages.Lead(page); err != nil {
			return gjson.Result{}, fmt.Errorf("the list of MFA policies: %w", err)
		} else if !more {
			return gjson.Result{}, nil
		}
		next, err := l.client.NextPage(ctx, page)
		if err != nil || next.Status != http.StatusOK {
			return gjson.Result{}, err
		}
		page = next
	}
}
