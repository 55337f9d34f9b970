package steps

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/suite"
)

// How many failures the vendor's examples of policies allow, and how many are tried at most.
const (
	usualPasswords = 5
	usualPasscodes = 3
	mostTries      = 10
)

// wrongPasswordsAllowed is how many wrong passwords lock the account of somebody: what the policy says that the password is
// held against, else the default one.
//
// https://developer.pingidentity.com/pingone-api/platform/password-policies.html
func (w *World) wrongPasswordsAllowed(ctx context.Context, p *Person) (int, error) {
	if err := p.inFlow(); err != nil {
		return 0, err
	}
	held, err := w.looks(ctx, "the password policy of somebody", func(ctx context.Context) (*client.Exchange, error) {
		return w.Admin().Get(ctx, w.passwordHref(p))
	})
	if err != nil {
		return 0, err
	}
	var id string
	if held != nil {
		id = held.Get("passwordPolicy.id").String()
	}
	policy, err := w.policyOf(ctx, "passwordPolicies", id, func(ctx context.Context) (*client.Exchange, error) {
		return w.Admin().ListPasswordPolicies(ctx, w.Env())
	})
	return w.triesOf("the password policy", policy.Get("lockout.failureCount"), usualPasswords), err
}

// wrongPasscodesAllowed is how many wrong passcodes the person's kind of device may get: what the policy says that the MFA
// action names, else the default one.
//
// https://developer.pingidentity.com/pingone-api/mfa/device-authentication-policy
func (w *World) wrongPasscodesAllowed(ctx context.Context, p *Person) (int, error) {
	if err := p.inFlow(); err != nil {
		return 0, err
	}
	if p.device == nil {
		return 0, fmt.Errorf("%s has no device whose passcodes could be wrong: an earlier sentence has to register one", p.label)
	}
	var id string
	if p.app.policy != nil {
		id = p.app.policy.devices
	}
	policy, err := w.policyOf(ctx, "deviceAuthenticationPolicies", id, func(ctx context.Context) (*client.Exchange, error) {
		return w.Admin().ReadDeviceAuthenticationPolicies(ctx, w.Env())
	})
	method := strings.ToLower(p.reachedBy().Get("type").String())
	return w.triesOf("the device policy", policy.Get(method+".otp.failure.count"), usualPasscodes), err
}

// triesOf is the number that a policy tells, or the usual one where it tells none that anybody would try.
func (w *World) triesOf(policy string, told gjson.Result, usual int) int {
	if n := told.Num; n >= 1 && n <= mostTries && n == float64(int(n)) {
		return int(n)
	}
	got := "it does not say: "
	if told.Exists() {
		got = fmt.Sprintf("it says %s: ", told.Raw)
	}
	w.Outcome("how many failures "+policy+" allows", got+fmt.Sprint(usual)+" are tried")
	return usual
}

// policyOf is the policy of this id, else the default one of the collection, and nothing where the list may not be read.
func (w *World) policyOf(ctx context.Context, collection, id string, list func(context.Context) (*client.Exchange, error)) (gjson.Result, error) {
	var found gjson.Result
	first, err := w.looks(ctx, "the list of "+collection, list)
	if err != nil || first == nil {
		return found, err
	}
	l, err := w.wholeList(suite.Patiently(ctx), collection, first)
	if err != nil {
		return found, err
	}
	for _, one := range l.items() {
		if one.Get("id").String() == id || one.Get("default").Bool() && !found.Exists() {
			found = one
		}
	}
	return found, nil
}

// looks reads what no published list has; a refusal is put on record and gives nothing, as a worker application may lack the
// role.
func (w *World) looks(ctx context.Context, what string, read func(context.Context) (*client.Exchange, error)) (*client.Exchange, error) {
	var ex *client.Exchange
	err := w.Aside(func() (err error) {
		ex, err = read(suite.Patiently(ctx))
		return err
	})
	if err != nil || ex.Status == http.StatusOK {
		return ex, err
	}
	w.Overcome(ex, "reading "+what, "refused: "+summary(ex))
	return nil, nil
}
