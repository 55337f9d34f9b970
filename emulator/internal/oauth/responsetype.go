package oauth

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The parts of a response_type.
const responseCode = "code"
const responseToken = "token"
const responseID = "id_token"

// readResponseType reads what the response is to have in it, and how it is handed
// over. Each part has to be one of the application's response types, and a grant
// type of its own.
//
// https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/authorization-flow-by-grant-type/hybrid-grant-type.html
func readResponseType(_ *visit, p *parameters) *fault {
	if f := readResponseMode(p); f != nil {
		return f
	}
	p.responses = strings.Fields(p.get("response_type"))
	if len(p.responses) == 0 {
		return required("response_type")
	}
	names := map[string]string{responseCode: "CODE", responseToken: "TOKEN", responseID: "ID_TOKEN"}
	for i, part := range p.responses {
		if names[part] == "" || !slices.Contains(p.app.ResponseTypes, names[part]) || slices.Contains(p.responses[:i], part) {
			return refused("unsupported_response_type", "The response type is not supported for this client.")
		}
	}
	switch {
	case p.responds(responseCode) && !slices.Contains(p.app.GrantTypes, "AUTHORIZATION_CODE"):
		return refused("unauthorized_client", "The client may not use the authorization code grant.")
	case p.inFront() && !slices.Contains(p.app.GrantTypes, "IMPLICIT"):
		return refused("unauthorized_client", "The client may not use the implicit grant.")
	}
	return nil
}

// readResponseMode: tokens never stand in a query.
func readResponseMode(p *parameters) *fault {
	front := len(strings.Fields(p.get("response_type"))) > 0 && p.get("response_type") != responseCode
	switch p.responseMode {
	case "":
		p.responseMode = modeQuery
		if front {
			p.responseMode = modeFragment
		}
	case modeQuery:
		if front {
			p.responseMode = modeFragment
			return invalid("response_mode", "Tokens are not answered in a query.")
		}
	case modeFragment, modeFormPost, modeFlow:
	default:
		p.responseMode = ""
		_ = readResponseMode(p)
		return invalid("response_mode", "The response mode is not known.")
	}
	return nil
}

func (p *parameters) responds(part string) bool { return slices.Contains(p.responses, part) }

// inFront says whether tokens are answered by authorize itself.
func (p *parameters) inFront() bool { return p.responds(responseToken) || p.responds(responseID) }

// readIDToken: an ID token that authorize answers needs openid and a nonce (OpenID
// Connect Core section 3.2.2.1).
func readIDToken(_ *visit, p *parameters) *fault {
	switch {
	case !p.responds(responseID):
		return nil
	case !slices.Contains(p.scopes, scopeOpenID):
		return refused("invalid_scope", "An ID token needs the scope openid.")
	case p.nonce == "":
		return required("nonce")
	}
	return nil
}

// response is what a completed flow answers, by the names that OAuth has for it. A
// second resume shows the same.
func (s *Server) response(v *visit, f *signOn) (url.Values, error) {
	p := f.params
	answer := url.Values{}
	if p.responds(responseCode) {
		answer.Set("code", s.issueCode(v, f))
	}
	if !p.inFront() {
		return answer, nil
	}
	if f.front == nil {
		front, err := s.frontTokens(v, f, answer.Get("code"))
		if err != nil {
			return nil, err
		}
		if f.front == nil { // another call may have been as quick
			f.front = front
		}
	}
	for name, values := range f.front {
		answer[name] = values
	}
	return answer, nil
}

// frontTokens are the tokens that authorize itself answers.
func (s *Server) frontTokens(v *visit, f *signOn, code string) (url.Values, error) {
	p := f.params
	spec := tokenSpec{
		user: v.Env.Users[f.UserID], scopes: p.scopes, sid: f.SessionID, acr: f.Policies[0].Name,
		nonce: s.decide.Returned("nonce", p.nonce), methods: f.Methods, authTime: f.AuthTime, family: f.family(),
	}
	lifetime := s.accessLifetime(v.Env, p.app, spec)
	var claims claimed
	if p.responds(responseToken) {
		claims.access = s.accessClaims(v, p.app, spec, lifetime)
	}
	if p.responds(responseID) {
		if claims.id = idClaims(v, p.app, spec); code != "" {
			claims.id["c_hash"] = halfHash(code)
		}
	}
	tokens, err := s.sign(claims)
	if err != nil {
		return nil, err
	}
	front := url.Values{}
	if tokens.access != "" {
		s.noteSigned(v, spec, tokens, lifetime, nil)
		front.Set("access_token", tokens.access)
		front.Set("token_type", "Bearer")
		front.Set("expires_in", strconv.Itoa(int(lifetime/time.Second)))
		front.Set("scope", strings.Join(p.scopes, " "))
	}
	if tokens.id != "" {
		front.Set("id_token", tokens.id)
	}
	return front, nil
}

// family is that of all tokens of the flow.
func (f *signOn) family() *family {
	if f.kin == nil {
		f.kin = &family{}
	}
	return f.kin
}
