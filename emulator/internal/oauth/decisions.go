package oauth

import (
	"crypto/subtle"
	"errors"
	"time"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

// Decisions are what the authorization server decides, each by its name. Documented
// are those of PingOne.
type Decisions struct {
	// TakesForm says whether authorize takes a form as it takes a query: it does.
	TakesForm func() bool
	// Application is the one of a client id.
	Application func(env *tenant.Environment, id, redirectURI string) *tenant.Application
	// Registered says whether a redirect URI is one of the application's.
	Registered func(app *tenant.Application, uri string) bool
	// Trusts says whether a refusal may go to a redirect URI that is not known to be
	// good: it may not.
	Trusts func(uri string) bool
	// Assigned are the application's sign-on policies, the one to run first first.
	Assigned func(*tenant.Environment, *tenant.Application) []*tenant.SignOnPolicy
	// Grants are what the application was granted.
	Grants func(*tenant.Environment, *tenant.Application) []*tenant.Grant
	// Answers is the person for whom the session of one person answers when a hint
	// names another (nil: no hint): nobody.
	Answers func(u, hinted *tenant.User) *tenant.User
	// Returned is a parameter of the request, state or nonce, as it comes back.
	Returned func(name, value string) string
	// ShowsFlow says whether a response mode is answered with the flow.
	ShowsFlow func(responseMode string) bool

	// Hints says whether so many hints may be sent: one at the most.
	Hints func(sent int) bool
	// HintClaims are those of a login hint token whose signature holds.
	HintClaims func(verify func(token string) (Claims, error), token string) (Claims, error)
	// Signer is the application whose secret signs hints in the name of an issuer: the issuer, whoever the client is.
	Signer func(env *tenant.Environment, issuer, clientID string) *tenant.Application
	// Unsigned says whether an application's request objects need no signature, which they do not if it supports that, and
	// whether they are believed like signed ones: they are not.
	Unsigned func(*tenant.Application) (taken, believed bool)
	// ForbiddenHeaders are those that a token from a client may not have.
	ForbiddenHeaders func() []jose.HeaderKey
	// Verify returns the payload of a token that one of the secrets has signed.
	Verify func(token *jose.JSONWebSignature, secrets []string) ([]byte, error)
	// Vouches says whether an enabled application, by its id, may sign hints for
	// those who sign on to another one.
	Vouches func(issuer, clientID string) bool
	// Addressed says whether a hint's aud, a string or a list, names the issuer.
	Addressed func(c Claims, issuer string) bool
	// Alive says whether now lies between a hint's nbf and exp, as far as they are there.
	Alive func(c Claims, now time.Time) bool
	// Named is the person whom a hint names, by id or username.
	Named func(env *tenant.Environment, name string) *tenant.User

	// Deadline is when a flow ends that was begun and that somebody calls now.
	Deadline func(begun, now time.Time) time.Time
	// Forgotten is when a flow is forgotten that ends: then.
	Forgotten func(deadline time.Time) time.Time
	// Default is the action of a call whose media type names none: there is none.
	Default func(*flow.Flow) string
	// Finished says whether a flow that is resumed can go back to the application.
	Finished func(*flow.Flow) bool
	// ShowsPasscode: for test devices only, and only to a client that signed the wish
	// for it. Else whoever starts a flow could read it.
	ShowsPasscode func(d *tenant.Device, wished bool) bool
	// Address is the device's number and address as a flow shows them: masked.
	Address func(d *tenant.Device) (phone, email string)

	// Method says whether an application may authenticate by a method: strictly by
	// its tokenEndpointAuthMethod.
	Method func(app *tenant.Application, method string) bool
	// SecretMatches says whether the secret that was sent is the application's.
	SecretMatches func(sent, secret string) bool
	// UsesUp says whether an exchange uses the code up: it does.
	UsesUp func() bool
	// SameClient says whether a code that was issued to one application is good for
	// another: it is not.
	SameClient func(issuedTo, presentedBy string) bool
	// SameRedirect compares the redirect URI with the authorization request's. One
	// that had none is exchanged without one, or with any that the client has.
	SameRedirect func(app *tenant.Application, requested, sent string) bool
	// Proves says whether the exchange of a code brings the verifier that its
	// challenge was made from, and none where there was no challenge.
	Proves func(verifier, challenge, method string) bool

	// Home is the environment whose people a token is about that userinfo of an environment is asked with: that one, nil for
	// a token of another.
	Home func(t *tenant.Tenant, asked *tenant.Environment, issuedIn string) *tenant.Environment
	// Expired says whether an access token is too old.
	Expired func(expires, now time.Time) bool
	// AccessClaims and IDClaims are the claims that are signed, given those that follow
	// from the sign-on.
	AccessClaims, IDClaims func(Claims) Claims
	// SignID signs an ID token with the key that is published.
	SignID func(Claims) (string, error)
}

// Documented are the decisions as PingOne's pages have them.
func Documented() Decisions {
	same := func(c Claims) Claims { return c }
	return Decisions{
		TakesForm:   func() bool { return true },
		Application: func(env *tenant.Environment, id, _ string) *tenant.Application { return env.Applications[id] },
		Registered:  (*tenant.Application).Registered,
		Trusts:      func(string) bool { return false },
		Assigned:    (*tenant.Environment).AssignedPolicies,
		Grants:      func(_ *tenant.Environment, app *tenant.Application) []*tenant.Grant { return app.Grants.Sorted() },
		Answers:     answers,
		Returned:    func(_, value string) string { return value },
		ShowsFlow:   func(mode string) bool { return mode == modeFlow },

		Hints:      func(sent int) bool { return sent <= 1 },
		HintClaims: func(verify func(string) (Claims, error), token string) (Claims, error) { return verify(token) },
		Signer:     func(env *tenant.Environment, issuer, _ string) *tenant.Application { return env.Applications[issuer] },
		Unsigned: func(app *tenant.Application) (taken, believed bool) {
			return app.SupportUnsignedRequestObject && !app.RequireSignedRequestObject, false
		},
		ForbiddenHeaders: func() []jose.HeaderKey { return []jose.HeaderKey{"cty", "enc"} },
		Verify:           verify,
		Vouches:          func(string, string) bool { return true },
		Addressed:        Claims.addressed,
		Alive:            Claims.alive,
		Named:            person,

		Deadline:      func(_, now time.Time) time.Time { return now.Add(flow.Lifetime) },
		Forgotten:     func(deadline time.Time) time.Time { return deadline },
		Default:       func(*flow.Flow) string { return "" },
		Finished:      func(f *flow.Flow) bool { return f.Status == flow.Completed || f.Status == flow.Failed },
		ShowsPasscode: func(d *tenant.Device, wished bool) bool { return d != nil && d.TestMode && wished },
		Address:       maskedAddress,

		Method:        func(app *tenant.Application, method string) bool { return app.TokenEndpointAuthMethod == method },
		SecretMatches: func(sent, secret string) bool { return subtle.ConstantTimeCompare([]byte(sent), []byte(secret)) == 1 },
		UsesUp:        func() bool { return true },
		SameClient:    func(issuedTo, presentedBy string) bool { return issuedTo == presentedBy },
		SameRedirect:  sameRedirect,
		Proves:        proves,

		Home:         home,
		Expired:      func(expires, now time.Time) bool { return !now.Before(expires) },
		AccessClaims: same,
		IDClaims:     same,
		SignID:       func(c Claims) (string, error) { return signingKey().sign(c) },
	}
}

func home(_ *tenant.Tenant, asked *tenant.Environment, issuedIn string) *tenant.Environment {
	if asked.ID != issuedIn {
		return nil
	}
	return asked
}

func answers(u, hinted *tenant.User) *tenant.User {
	if hinted != nil && hinted != u {
		return nil
	}
	return u
}

func verify(token *jose.JSONWebSignature, secrets []string) ([]byte, error) {
	for _, secret := range secrets {
		if payload, err := token.Verify([]byte(secret)); err == nil {
			return payload, nil
		}
	}
	return nil, errors.New("the signature does not match")
}

func maskedAddress(d *tenant.Device) (phone, email string) {
	if d.Phone != "" {
		phone = tenant.MaskPhone(d.Phone)
	}
	if d.Email != "" {
		email = tenant.MaskEmail(d.Email)
	}
	return phone, email
}

func sameRedirect(app *tenant.Application, requested, sent string) bool {
	if requested == "" {
		return sent == "" || app.Registered(sent)
	}
	return sent == requested
}
