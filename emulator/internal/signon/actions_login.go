package signon

import (
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// beginLogin asks for username and password unless they were given already.
func (s *Server) beginLogin(f *flow) step {
	if slices.Contains(f.methods, methodPassword) || f.params.signedHint && s.tenant.Deviates("hint-replaces-password") {
		return stepDone
	}
	return f.wait(statusUsernamePassword)
}

// checkUsernamePassword takes the person's credentials. Wrong ones, an unknown
// name and a name other than the flow's are one and the same 400: an answer
// must not tell who exists. Five failures lock the password.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-username-password.html
func (s *Server) checkUsernamePassword(v *visit, f *flow, body object) *wire.Problem {
	u, problem := named(v, f, body)
	if problem != nil {
		return problem
	}
	password, problem := text(body, "password")
	if problem != nil {
		return problem
	}
	if u == nil || f.userID != "" && f.userID != u.ID {
		return s.refuseNobody()
	}
	check := s.tenant.CheckPassword(u, password)
	if problem := refusedPassword(check); problem != nil {
		if s.tenant.Deviates("wrong-password-ends-flow") {
			f.fail(&failure{Code: "INVALID_CREDENTIALS", Message: problem.Message})
		}
		return problem
	}
	if !u.Enabled {
		return cannot("ACCOUNT_NOT_USABLE", "The account cannot be used.", nil)
	}
	f.bind(u)
	if check.MustChange {
		f.wait(statusMustChange)
		return nil
	}
	return s.passwordProven(v, f)
}

// named is whom the credentials are for; without a username, that is whom the
// flow already is about. It is nil when nobody has that name.
func named(v *visit, f *flow, body object) (*tenant.User, *wire.Problem) {
	if _, sent := body["username"]; !sent && f.userID != "" {
		return v.env.Users[f.userID], nil
	}
	name, problem := text(body, "username")
	if problem != nil {
		return nil, problem
	}
	return v.env.UserByUsername(name), nil
}

func (s *Server) passwordProven(v *visit, f *flow) *wire.Problem {
	s.prove(v, f, methodPassword)
	s.done(v, f)
	return f.failed()
}

func wrongCredentials() *wire.Problem {
	return badData("INVALID_VALUE", "username", "Invalid username and/or password.")
}

func refusedPassword(check tenant.PasswordCheck) *wire.Problem {
	switch {
	case check.OK:
		return nil
	case check.Locked:
		p := wire.InvalidData(wire.Detail{
			Code: "PASSWORD_LOCKED_OUT", Target: "password", Message: "Too many unsuccessful sign-on attempts.",
			InnerError: map[string]any{"secondsUntilUnlock": check.SecondsUntilUnlock},
		})
		return &p
	case check.NoPassword:
		return badData("NO_PASSWORD", "password", "The person has no password.")
	default:
		return wrongCredentials()
	}
}

// lookUpUser names the person of a flow whose policy asks for no password first.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (s *Server) lookUpUser(v *visit, f *flow, body object) *wire.Problem {
	name, problem := text(body, "username")
	if problem != nil {
		return problem
	}
	u := v.env.UserByUsername(name)
	if u == nil || !u.Enabled || !f.bind(u) {
		return badData("INVALID_VALUE", "username", "Invalid username.")
	}
	s.run(v, f)
	return f.failed()
}
