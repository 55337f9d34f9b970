package oauth

import (
	"time"

	"pingone-conformance/emulator/internal/flow"
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
	family                     *family
}

// issueCode makes the flow's authorization code, once: a second resume shows the
// same one, which is used up or not like any other.
func (s *Server) issueCode(v *visit, f *signOn) string {
	if f.code == "" {
		f.code = s.tenant.NewID()
		s.codes.Put(f.code, &grantedCode{
			envID: f.envID, appID: f.params.app.ID, userID: f.UserID,
			sid: f.SessionID, acr: f.Policies[0].Name, nonce: s.decide.Returned("nonce", f.params.nonce), redirectURI: f.params.redirectURI,
			challenge: f.params.challenge, challengeMethod: f.params.challengeMethod,
			scopes: f.params.scopes, methods: f.Methods, authTime: f.AuthTime, family: f.family(),
		}, v.Now, v.Now.Add(codeLifetime))
	}
	return f.code
}

// authorizeResponse is what pi.flow has in place of a redirect.
func (s *Server) authorizeResponse(v *visit, f *signOn) (object, error) {
	values, err := s.response(v, f)
	if err != nil {
		return nil, err
	}
	response := object{}
	for name := range values {
		response[name] = values.Get(name)
	}
	if state := s.decide.Returned("state", f.params.state); state != "" {
		response["state"] = state
	}
	return response, nil
}

// resume ends a sign-on: the code goes to the application, or the error that the
// flow failed with. A flow that still waits for the person gives no code; its
// browser goes back to the sign-on page, a pi.flow client sees the flow.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/resume.html, GET /as/resume
func (s *Server) resume(v *visit) *wire.Answer {
	id := v.URL.Query().Get("flowId")
	if id == "" {
		return wire.InvalidData(required("flowId").detail).Answer(v.ID)
	}
	f, refusal := s.find(v, id)
	switch {
	case refusal != nil:
		return refusal
	case f.params.responseMode == modeFlow && f.Status == flow.Failed:
		return wire.OAuthError(400, "access_denied", f.Failure.Message)
	case f.params.responseMode != modeFlow && s.decide.Finished(f.Flow):
		return s.outcome(v, f)
	default:
		return s.begun(v, f)
	}
}
