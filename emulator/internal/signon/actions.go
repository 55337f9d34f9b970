package signon

import (
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// act is one flow action. It changes the flow and returns nil, or returns why it
// did not.
type act func(v *visit, f *flow, body object) *wire.Problem

const (
	relLogin          = "usernamePassword.check"
	relLookup         = "user.lookup"
	relForgot         = "password.forgot"
	relRecover        = "password.recover"
	relResetPassword  = "password.reset"
	relUpdateUser     = "user.update"
	relSelectDevice   = "device.select"
	relCheckOTP       = "otp.check"
	relResetSession   = "session.reset"
	mediaTypeOfFlows  = "application/vnd.pingidentity."
	mediaTypeOfBodies = "+json"
)

func mediaTypeOf(rel string) string { return mediaTypeOfFlows + rel + mediaTypeOfBodies }

// actions are the flow actions by the name that their link and their media type share.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (s *Server) actions() map[string]act {
	return map[string]act{
		relLogin:         s.checkUsernamePassword,
		relLookup:        s.lookUpUser,
		relForgot:        s.forgotPassword,
		relRecover:       s.recoverPassword,
		relResetPassword: s.resetPassword,
		relUpdateUser:    s.updateUser,
		relSelectDevice:  s.selectDevice,
		relCheckOTP:      s.checkOTP,
		relResetSession:  s.resetSession,
	}
}

// allowed are the actions that the flow takes where it stands.
func (f *flow) allowed() []string {
	var rels []string
	switch f.status {
	case statusUsernamePassword:
		rels = []string{relLogin}
		if f.action().RecoveryEnabled {
			rels = append(rels, relForgot)
		}
	case statusRecoveryCode:
		rels = []string{relRecover, relForgot}
	case statusSignOn:
		rels = []string{relLookup}
	case statusMustChange:
		rels = []string{relResetPassword}
	case statusDeviceSelection:
		rels = []string{relSelectDevice}
	case statusOTP:
		rels = []string{relCheckOTP, relSelectDevice}
	case statusProfile:
		rels = []string{relUpdateUser}
	}
	// A person who gave a name may take it back; a hint was somebody else's word.
	if len(rels) > 0 && (f.named == namedByPerson || f.named == namedByNobody && f.userID != "") {
		rels = append(rels, relResetSession)
	}
	return rels
}

// acting answers a flow action: 404 and 401 as findFlow has it, 400
// INVALID_REQUEST for an action that the flow does not take where it stands, and
// otherwise the flow as it stands after it.
func (s *Server) acting(rel string, do act) func(*visit) *wire.Answer {
	return func(v *visit) *wire.Answer {
		f, refusal := s.findFlow(v, v.Path["flowID"])
		if refusal != nil {
			return refusal
		}
		if !slices.Contains(f.allowed(), rel) {
			return wire.InvalidRequest(wire.Detail{
				Code: "INVALID_VALUE", Target: "Content-Type", Message: "The flow does not take " + rel + " in the state " + f.status + ".",
			}).Answer(v.ID)
		}
		body := object{}
		if rel != relResetSession {
			var problem *wire.Problem
			if body, problem = v.Object(); problem != nil {
				return problem.Answer(v.ID)
			}
		}
		token := f.browser.token
		problem := do(v, f, body)
		var answer *wire.Answer
		if problem != nil {
			answer = problem.Answer(v.ID)
		} else {
			answer = wire.JSON(200, s.showAfterAction(v, f))
		}
		// A call may be refused after a factor was proven, as for want of a device.
		if f.browser.token != token {
			setCookies(v, f.browser, answer)
		}
		return answer
	}
}

// unknownAction refuses a flow call whose media type names no action.
func (s *Server) unknownAction(v *visit) *wire.Answer {
	f, refusal := s.findFlow(v, v.Path["flowID"])
	if refusal != nil {
		return refusal
	}
	if s.tenant.Deviates("plain-json-taken") && f.status == statusOTP {
		return s.acting(relCheckOTP, s.checkOTP)(v)
	}
	return wire.UnsupportedMediaType().Answer(v.ID)
}

// resetSession signs the browser off and begins the flow anew.
func (s *Server) resetSession(v *visit, f *flow, _ object) *wire.Problem {
	b := f.browser
	s.sessions.drop(b.token)
	*b = session{id: s.tenant.NewID(), token: s.tenant.NewID(), envID: b.envID}
	s.sessions.put(b.token, b, v.now, v.now.Add(sessionLifetime))
	fresh := s.newFlow(v, f.params, b)
	fresh.id, fresh.createdAt = f.id, f.createdAt
	*f = *fresh
	s.start(v, f)
	return nil
}

// text reads a member that has to be a string with something in it.
func text(body object, name string) (string, *wire.Problem) {
	value, there := body[name]
	if !there || value == nil {
		return "", badData("REQUIRED_VALUE", name, "A required value is missing.")
	}
	word, ok := value.(string)
	if !ok {
		p := wire.InvalidRequest(wire.Detail{Code: "INVALID_VALUE", Target: name, Message: "The value is not a string."})
		return "", &p
	}
	if word == "" {
		return "", badData("EMPTY_VALUE", name, "The value is empty.")
	}
	return word, nil
}

func badData(code, target, message string) *wire.Problem {
	p := wire.InvalidData(wire.Detail{Code: code, Target: target, Message: message})
	return &p
}

func cannot(code, message string, inner map[string]any) *wire.Problem {
	p := wire.RequestFailed(wire.Detail{Code: code, Message: message, InnerError: inner})
	return &p
}

// failed is the problem of the call in which the flow failed, nil when it did not.
func (f *flow) failed() *wire.Problem {
	if f.status != statusFailed {
		return nil
	}
	return cannot(f.failure.Code, f.failure.Message, f.failure.inner)
}

// someone is the person of the flow as long as their account can be used: it may
// have been switched off, or locked by wrong passwords, meanwhile.
func (f *flow) someone(v *visit) *tenant.User {
	if u := v.env.Users[f.userID]; u != nil && u.Enabled && !u.Locked(v.now) {
		return u
	}
	return nil
}
