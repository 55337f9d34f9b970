package oauth

import (
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// The response modes, and the redirect URI that some clients send where nothing
// is redirected.
const modeQuery = "query"
const modeFragment = "fragment"
const modeFormPost = "form_post"
const modeFlow = "pi.flow"

const redirectless = "urn:pingidentity:redirectless"

// maxForm bounds an authorization request that comes as a form, since its flow
// remembers it; in a URL the limit for headers does. It is ours.
const maxForm = 16 << 10

const formType = "application/x-www-form-urlencoded"

// parameters is one authorization request, the claims of its request object included.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
type parameters struct {
	values url.Values
	app    *tenant.Application

	responseMode string
	responses    []string // of response_type: code, token, id_token
	redirectURI  string
	state, nonce string
	prompt       string
	maxAge       int // seconds, -1 when not sent
	policies     []*tenant.SignOnPolicy
	scopes       []string

	challenge, challengeMethod string

	// hinted is whom a hint names; signedHint says that it was a token that
	// proves who says so.
	hinted     *tenant.User
	signedHint bool
	// requestSigned says that the claims of a request object were signed.
	requestSigned bool
	// testDevices is the claim pi.testDevice=allow of a signed request object.
	testDevices bool
}

func (p *parameters) get(name string) string { return p.values.Get(name) }

// readParameters reads an authorization request, pushed or not. Parameters come with it
// even when it is at fault, so that the refusal goes where the request wants it.
func (s *Server) readParameters(v *visit) (*parameters, *fault) {
	values := v.URL.Query()
	if len(v.Body) > maxForm {
		return &parameters{values: values}, invalid("body", "The form is too large.").distrust()
	}
	if v.Method == "POST" {
		form, err := url.ParseQuery(string(v.Body))
		if err != nil {
			return &parameters{values: values}, invalid("body", "The form cannot be read.").distrust()
		}
		for name, sent := range form {
			values[name] = append(values[name], sent...)
		}
	}
	pulled, f := s.pulled(v, values)
	if f != nil {
		return &parameters{values: values, responseMode: values.Get("response_mode")}, f
	}
	p, f := s.takeApart(v, pulled)
	if f == nil && values.Get("request_uri") == "" && p.app.Words("parRequirement") == "REQUIRED" {
		f = required("request_uri")
	}
	return p, f
}

// takeApart holds the parameters of an authorization request against the rules.
func (s *Server) takeApart(v *visit, values url.Values) (*parameters, *fault) {
	p := &parameters{values: values, maxAge: -1}
	p.responseMode = p.get("response_mode")
	if f := s.readClient(v, p); f != nil {
		return p, f
	}
	if f := s.readRequestObject(v, p); f != nil {
		if !p.app.Registered(p.get("redirect_uri")) {
			f.untrusted = true
		}
		p.redirectURI, p.state = p.get("redirect_uri"), p.get("state")
		return p, f
	}
	p.responseMode, p.state, p.nonce = p.get("response_mode"), p.get("state"), p.get("nonce")
	if f := s.readRedirectURI(p); f != nil {
		return p, f
	}
	for _, read := range []func(*visit, *parameters) *fault{
		onceEach, readResponseType, readPrompt, readPKCE, s.readPolicies, s.readScope, readIDToken, s.readHints,
	} {
		if f := read(v, p); f != nil {
			return p, f
		}
	}
	return p, nil
}

func (s *Server) readClient(v *visit, p *parameters) *fault {
	id := p.get("client_id")
	if id == "" {
		return required("client_id").distrust()
	}
	p.app = s.decide.Application(v.Env, id, p.get("redirect_uri"))
	if len(p.values["client_id"]) > 1 || p.app == nil || !p.app.Enabled || p.app.Protocol != "OPENID_CONNECT" {
		return invalid("client_id", "The client is not known, or not enabled.").distrust()
	}
	return nil
}

// readRedirectURI compares byte by byte, as OAuth wants. Only pi.flow, which
// redirects nobody, goes without one.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/browserless-authentication-flow-options.html
func (s *Server) readRedirectURI(p *parameters) *fault {
	sent := p.values["redirect_uri"]
	switch {
	case len(sent) == 0 && p.responseMode == modeFlow:
		return nil
	case len(sent) == 0:
		return required("redirect_uri").distrust()
	case len(sent) == 1 && sent[0] == redirectless && p.responseMode == modeFlow:
	case len(sent) > 1 || !s.decide.Registered(p.app, sent[0]):
		return invalid("redirect_uri", "The redirect URI is not one of the client's.").distrust()
	}
	p.redirectURI = sent[0]
	return nil
}

// onceEach holds RFC 6749 section 3.1: no parameter more than once.
func onceEach(_ *visit, p *parameters) *fault {
	for _, name := range slices.Sorted(maps.Keys(p.values)) {
		if len(p.values[name]) > 1 {
			return invalid(name, "The parameter was sent more than once.")
		}
	}
	return nil
}

func readPrompt(_ *visit, p *parameters) *fault {
	p.prompt = p.get("prompt")
	if p.prompt != "" && p.prompt != "login" && p.prompt != "none" {
		return invalid("prompt", "The prompt is neither login nor none.")
	}
	if age := p.get("max_age"); age != "" {
		seconds, err := strconv.Atoi(age)
		if err != nil || seconds < 0 {
			return invalid("max_age", "The maximum age is not a number of seconds.")
		}
		p.maxAge = seconds
	}
	return nil
}

// readPolicies chooses the sign-on policies: those named by acr_values, in that
// order; else all that are assigned, by priority; else the environment's default.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/application-sign-on-policy-assignments.html
func (s *Server) readPolicies(v *visit, p *parameters) *fault {
	assigned := s.decide.Assigned(v.Env, p.app)
	named := strings.Fields(p.get("acr_values"))
	for _, name := range named {
		i := slices.IndexFunc(assigned, func(policy *tenant.SignOnPolicy) bool { return policy.Name == name })
		if i < 0 {
			return invalid("acr_values", "A sign-on policy is not assigned to the client.")
		}
		p.policies = append(p.policies, assigned[i])
	}
	if len(named) == 0 {
		p.policies = assigned
	}
	if len(p.policies) == 0 {
		if policy := v.Env.DefaultPolicy(); policy != nil {
			p.policies = []*tenant.SignOnPolicy{policy}
		}
	}
	return nil
}

func (s *Server) readScope(v *visit, p *parameters) *fault {
	var f *fault
	p.scopes, f = s.grantedScopes(v.Env, p.app, strings.Fields(p.get("scope")))
	return f
}

// isForm says whether the call's body is a form.
func isForm(c *wire.Call) bool { return c.MediaType() == formType }
