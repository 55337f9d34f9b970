package preflight

import (
	"context"
	"fmt"
	"net/http"

	"pingone-conformance/client"
)

const productMFA = "PING_ONE_MFA"

func (l *look) readEnvironment(ctx context.Context) (*client.Exchange, error) {
	return l.client.ReadEnvironment(ctx, l.config.TargetEnvironmentID)
}

// environment looks whether the environment may be used. PRODUCTION, and a type
// that cannot be seen, are refused unless that very environment is named.
//
// developer.pingidentity.com/pingone-api/platform/environments
func (l *look) environment(answer asked) error {
	id := l.config.TargetEnvironmentID
	ex, err := answer()
	if err != nil {
		return err
	}
	allowed := l.config.AllowProduction != "" && l.config.AllowProduction == id
	kind := ex.Get("type").String()
	switch {
	case ex.Status != http.StatusOK || ex.Get("id").String() != id || kind == "":
		l.unseen(ex, allowed)
		return nil
	case kind == "SANDBOX":
	case allowed:
		l.find(false, "environment type", fmt.Sprintf("IT IS %s, AND PINGONE_ALLOW_PRODUCTION NAMES IT", kind),
			"things are created and deleted beside real people now; stop with Ctrl-C if that is not meant")
	default:
		l.blind = true
		l.find(true, "environment type", fmt.Sprintf("it is %s, which may hold real people", kind),
			"use an environment of type SANDBOX; to go on all the same, set PINGONE_ALLOW_PRODUCTION="+id)
	}
	if status := ex.Get("status"); status.Exists() && status.String() != "ACTIVE" {
		l.find(true, "environment status", "it is "+status.String(), "use an environment that is ACTIVE")
	}
	l.capabilities(ex)
	return nil
}

// unseen is for an environment that cannot be read. PingOne answers 403 for one
// that does not exist, too.
func (l *look) unseen(ex *client.Exchange, allowed bool) {
	do := "check PINGONE_TARGET_ENVIRONMENT_ID (or PINGONE_ENVIRONMENT_ID), and give the worker application the role Environment Admin there"
	if allowed {
		l.couldNotLook("environment type", ex, do+"; going on, since PINGONE_ALLOW_PRODUCTION names it")
		return
	}
	l.blind = true
	l.find(true, "environment type", "could not look: "+refusal(ex)+"; it might be PRODUCTION", advice(ex, do))
}

// capabilities are what the licence allows; an environment need not tell.
func (l *look) capabilities(environment *client.Exchange) {
	for _, one := range []struct {
		member, what string
		needed       bool
	}{
		{"canUseMfa", "MFA", l.needs.MFA},
		{"canUseEmailOtp", "passcodes by e-mail", l.needs.Email},
		{"canUseSmsOtp", "passcodes by text message", l.needs.SMS},
		{"canUseTotp", "authenticator applications", l.needs.TOTP},
	} {
		if one.needed && environment.Get("environmentCapabilities."+one.member).Raw == "false" {
			l.find(true, "licence", "does not allow "+one.what, "use an environment whose licence does, or leave out the scenarios that need it")
		}
	}
}

func (l *look) readServices(ctx context.Context) (*client.Exchange, error) {
	return l.client.ReadBillOfMaterials(ctx, l.config.TargetEnvironmentID)
}

// billOfMaterials looks for the MFA service.
//
// developer.pingidentity.com/pingone-api/platform/environments (bill of materials)
func (l *look) billOfMaterials(answer asked) error {
	const what = "bill of materials"
	ex, err := answer()
	if err != nil {
		return err
	}
	products := ex.Get("products")
	if ex.Status != http.StatusOK || !products.IsArray() {
		l.couldNotLook(what, ex, "give the worker application the role Environment Admin to have it looked at; scenarios with a passcode need "+productMFA+" in it")
		return nil
	}
	for _, product := range products.Array() {
		if product.Get("type").String() == productMFA {
			return nil
		}
	}
	l.find(l.needs.MFA, what, productMFA+" is not in it",
		"add PingOne MFA to the environment's services; without it only the scenarios without a passcode can run")
	return nil
}
