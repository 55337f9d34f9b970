package flow

import (
	"pingone-conformance/emulator/internal/tenant"
)

// beginLogin asks for username and password unless they were given already.
func (e *Engine) beginLogin(f *Flow) step {
	if e.WantsPassword(f) {
		return f.wait(PasswordRequired)
	}
	return stepDone
}

// checkPassword takes the person's credentials. Wrong ones, an unknown
// name and a name other than the flow's are one and the same 400: an answer
// must not tell who exists. Five failures lock the password.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-username-password.html
func (e *Engine) checkPassword(at Visit, f *Flow, input map[string]any) *Refusal {
	u, refusal := named(at, f, input)
	if refusal != nil {
		return refusal
	}
	password, refusal := text(input, "password")
	if refusal != nil {
		return refusal
	}
	if u == nil || f.UserID != "" && f.UserID != u.ID {
		return e.NobodyNamed()
	}
	check := e.tenant.CheckPassword(u, password)
	if refusal := refusedPassword(check); refusal != nil {
		if e.Ends(CheckPassword) {
			f.fail(&Failure{Code: "INVALID_CREDENTIALS", Message: refusal.Details[0].Message})
		}
		return refusal
	}
	if !u.Enabled {
		return unusable()
	}
	f.bind(u)
	if check.MustChange {
		f.wait(MustChangePassword)
		return nil
	}
	return e.passwordGiven(at, f, u)
}

// passwordGiven goes on after a right password, the old one or a new one: an account that
// is to be verified is verified first.
func (e *Engine) passwordGiven(at Visit, f *Flow, u *tenant.User) *Refusal {
	if !u.MustVerify() {
		return e.prove(at, f, Password)
	}
	if f.wait(VerificationCodeRequired); u.Verification.Code == "" {
		return e.sendVerificationCode(at, f)
	}
	return nil
}

// named is whom the credentials are for; without a username, that is whom the
// flow already is about. It is nil when nobody has that name.
func named(at Visit, f *Flow, input map[string]any) (*tenant.User, *Refusal) {
	if _, sent := input["username"]; !sent && f.UserID != "" {
		return at.Env.Users[f.UserID], nil
	}
	name, refusal := text(input, "username")
	if refusal != nil {
		return nil, refusal
	}
	return at.Env.UserByUsername(name), nil
}

func wrongCredentials() *Refusal {
	return invalid("INVALID_VALUE", "username", "Invalid username and/or password.")
}

func refusedPassword(check tenant.PasswordCheck) *Refusal {
	switch {
	case check.OK:
		return nil
	case check.Locked:
		return &Refusal{Invalid, []Detail{{
			Code: "PASSWORD_LOCKED_OUT", Target: "password", Message: "Too many unsuccessful sign-on attempts.",
			Inner: map[string]any{"secondsUntilUnlock": check.SecondsUntilUnlock},
		}}}
	case check.NoPassword:
		return invalid("NO_PASSWORD", "password", "The person has no password.")
	default:
		return wrongCredentials()
	}
}

// lookUpUser names the person of a flow whose policy asks for no password first.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (e *Engine) lookUpUser(at Visit, f *Flow, input map[string]any) *Refusal {
	name, refusal := text(input, "username")
	if refusal != nil {
		return refusal
	}
	u := at.Env.UserByUsername(name)
	if u == nil || !u.Enabled {
		return invalid("INVALID_VALUE", "username", "Invalid username.")
	}
	f.bind(u)
	e.run(at, f)
	return f.failed()
}
