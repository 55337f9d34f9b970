package signon

import (
	"net/url"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

// grantedCode is what an authorization code stands for.
type grantedCode struct {
	envID, appID, userID       string
	sid, acr, nonce            string
	redirectURI                string // "" when the request had none
	challenge, challengeMethod string
	scopes, methods            []string
	authTime                   time.Time
}

// issueCode makes the flow's authorization code, once: a second resume shows the
// same one, which is used up or not like any other.
func (s *Server) issueCode(v *visit, f *flow) string {
	if f.code == "" {
		f.code = s.tenant.NewID()
		s.codes.put(f.code, &grantedCode{
			envID: f.envID, appID: f.params.app.ID, userID: f.userID,
			sid: f.sid, acr: f.policies[0].Name, nonce: s.returned("nonce", f.params.nonce), redirectURI: f.params.redirectURI,
			challenge: f.params.challenge, challengeMethod: f.params.challengeMethod,
			scopes: f.params.scopes, methods: f.methods, authTime: f.authTime,
		}, v.now, v.now.Add(codeLifetime))
	}
	return f.code
}

// authorizeResponse is what pi.flow has in place of a redirect.
func (s *Server) authorizeResponse(v *visit, f *flow) object {
	response := object{"code": s.issueCode(v, f)}
	if state := s.returned("state", f.params.state); state != "" {
		response["state"] = state
	}
	return response
}

// resume ends a sign-on: the code goes to the application, or the error that the
// flow failed with. A flow that still waits for the person gives no code; its
// browser goes back to the sign-on page, a pi.flow client sees the flow.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/resume.html, GET /as/resume
func (s *Server) resume(v *visit) *wire.Answer {
	id := v.URL.Query().Get("flowId")
	if id == "" {
		return badData("REQUIRED_VALUE", "flowId", "A required parameter is missing.").Answer(v.ID)
	}
	f, refusal := s.findFlow(v, id)
	switch {
	case refusal != nil:
		return refusal
	case s.tenant.Deviates("unfinished-flow-gives-code") && f.status != statusCompleted:
		return s.respond(f.params, url.Values{"code": {s.issueCode(v, f)}})
	case f.params.responseMode == modeFlow && f.status == statusFailed:
		return wire.OAuthError(400, "access_denied", f.failure.Message)
	case f.params.responseMode == modeFlow:
		return s.begun(v, f)
	case f.status == statusCompleted, f.status == statusFailed:
		return s.outcome(v, f)
	default:
		return wire.Redirect(s.signOnURL(v, f))
	}
}
