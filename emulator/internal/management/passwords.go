package management

import (
	"net/http"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// passwordRoutes share one path: the media type says what is done. There is no
// plain JSON form, so application/json is 415.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-passwords/update-password-set.html
func (s *Server) passwordRoutes() []route {
	roles := []string{identityDataAdmin}
	const path = "/users/{userID}/password"
	routes := []route{
		{operation: "user.password.read", method: http.MethodGet, path: path, roles: roles, self: "p1:read:userPassword", handle: onUser(readPassword)},
		{operation: "user.password.reset", method: http.MethodPut, path: path, media: mediaVendor + "password.reset+json", roles: roles, self: "p1:reset:userPassword", handle: onUser(resetPassword)},
		{operation: "user.password.check", method: http.MethodPost, path: path, media: mediaVendor + "password.check+json", roles: roles, self: "p1:validate:userPassword", handle: onUser(tryPassword)},
		{operation: "user.password.recover", method: http.MethodPost, path: path, media: mediaVendor + "password.recover+json", roles: roles, self: "p1:reset:userPassword", handle: onUser(recoverPassword)},
		{operation: "user.password.sendRecoveryCode", method: http.MethodPost, path: path, media: mediaVendor + "password.sendRecoveryCode+json", roles: roles, self: "p1:reset:userPassword", handle: onUser(sendRecoveryCode)},
		{operation: "user.password.sendRecoveryCode.bare", method: http.MethodPost, path: path, media: mediaVendor + "password.sendRecoveryCode", roles: roles, self: "p1:reset:userPassword", handle: onUser(sendRecoveryCode)},
	}
	operation := "user.password.set"
	for _, media := range s.decide.PasswordMedia() {
		routes = append(routes, route{operation: operation, method: http.MethodPut, path: path, media: media, roles: roles, handle: onUser(putPassword)})
		operation += ".again"
	}
	return routes
}

func readPassword(r *request, u *tenant.User) (*wire.Answer, error) { return ok(r.password(u)), nil }

// putPassword sets a password on someone's behalf.
func putPassword(r *request, u *tenant.User) (*wire.Answer, error) {
	body, f, err := r.body(text("value").must(), flag("forceChange"), flag("bypassPolicy"))
	if err != nil {
		return nil, err
	}
	value := textAt(body, "value")
	if !flagAt(body, "bypassPolicy") {
		r.checkPassword(f, u, "value", value)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	r.setPassword(u, value, flagAt(body, "forceChange"))
	return ok(r.password(u)), nil
}

// resetPassword is what a person does who knows the current password.
func resetPassword(r *request, u *tenant.User) (*wire.Answer, error) {
	body, f, err := r.body(text("currentPassword").must(), text("newPassword").must())
	if err != nil {
		return nil, err
	}
	r.checkPassword(f, u, "newPassword", textAt(body, "newPassword"))
	if err := f.problem(); err != nil {
		return nil, err
	}
	if err := r.provePassword(u, "currentPassword", textAt(body, "currentPassword")); err != nil {
		return nil, err
	}
	r.setPassword(u, textAt(body, "newPassword"), false)
	return ok(r.password(u)), nil
}

// tryPassword says whether a password is the person's, and counts failures.
func tryPassword(r *request, u *tenant.User) (*wire.Answer, error) {
	body, err := r.good(text("password").must())
	if err != nil {
		return nil, err
	}
	if err := r.provePassword(u, "password", textAt(body, "password")); err != nil {
		return nil, err
	}
	return ok(r.password(u)), nil
}

// sendRecoveryCode sends a code with which a person whose password can be used sets
// another.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-passwords/password-resend-recovery-code.html
func sendRecoveryCode(r *request, u *tenant.User) (*wire.Answer, error) {
	switch status := u.PasswordStatus(r.t.Now()); {
	case !u.Enabled:
		return nil, wire.RequestFailed(wire.Detail{Code: "ACCOUNT_NOT_USABLE", Message: "The user is disabled."})
	case status == "NO_PASSWORD" || status == "PASSWORD_LOCKED_OUT":
		return nil, wire.RequestFailed(wire.Detail{Code: status, Message: "The password of the user cannot be recovered."})
	}
	r.t.SendRecoveryCode(r.env, u, "")
	return ok(r.password(u)), nil
}

// recoverPassword takes the code with a new password, and unlocks it.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-passwords/password-recover.html
func recoverPassword(r *request, u *tenant.User) (*wire.Answer, error) {
	body, f, err := r.body(text("recoveryCode").must(), text("newPassword").must())
	if err != nil {
		return nil, err
	}
	r.checkPassword(f, u, "newPassword", textAt(body, "newPassword"))
	if err := f.problem(); err != nil {
		return nil, err
	}
	if !r.t.RecoveryCodeMatches(u, textAt(body, "recoveryCode")) {
		code := "INVALID_VALUE"
		if u.PasswordStatus(r.t.Now()) == "PASSWORD_LOCKED_OUT" {
			code = "PASSWORD_LOCKED_OUT"
		}
		return nil, wire.InvalidData(wire.Detail{Code: code, Target: "recoveryCode", Message: "The recovery code is not right."})
	}
	u.Recovery = tenant.MailedCode{}
	r.setPassword(u, textAt(body, "newPassword"), false)
	return ok(r.password(u)), nil
}

func (r *request) provePassword(u *tenant.User, target, clear string) error {
	check := r.t.CheckPassword(u, clear)
	switch {
	case check.OK:
		return nil
	case check.Locked:
		return wire.InvalidData(wire.Detail{
			Code: "PASSWORD_LOCKED_OUT", Target: target, Message: "Too many wrong passwords.",
			InnerError: map[string]any{"secondsUntilUnlock": check.SecondsUntilUnlock},
		})
	case check.NoPassword:
		return wire.InvalidData(wire.Detail{Code: "NO_PASSWORD", Target: target, Message: "The user has no password."})
	default:
		return wire.InvalidData(wire.Detail{
			Code: "INVALID_VALUE", Target: target, Message: "The password is not the user's.",
			InnerError: map[string]any{"failuresRemaining": check.FailuresRemaining},
		})
	}
}

// checkPassword holds a new password against the password policy. A pre-encoded
// one cannot be, and only has to be in an encoding that is understood.
func (r *request) checkPassword(f *faults, u *tenant.User, target, value string) {
	switch {
	case value == "":
		// Already reported.
	case tenant.Encoded(value):
		if !r.t.SetEncodedPassword(&tenant.User{}, value, false) {
			f.add("INVALID_VALUE", target, "The encoding of the password is not supported.", nil)
		}
	default:
		if broken := r.t.PasswordFaults(u, value); len(broken) > 0 {
			f.add("INVALID_VALUE", target, "The password does not satisfy the password policy.", map[string]any{"unsatisfiedRequirements": broken})
		}
	}
}

func (r *request) setPassword(u *tenant.User, value string, force bool) {
	if !tenant.Encoded(value) || !r.t.SetEncodedPassword(u, value, force) {
		r.t.SetPassword(u, value, force)
	}
	u.UpdatedAt = r.t.Now()
}

func (r *request) password(u *tenant.User) object {
	body := object{"user": ref(u.ID), "passwordPolicy": ref(r.env.PasswordPolicyID), "status": u.PasswordStatus(r.t.Now())}
	if !u.Password.ChangedAt.IsZero() {
		body["lastChangedAt"] = timestamp(u.Password.ChangedAt)
	}
	self := r.userHref(u) + "/password"
	return r.hal(self, body, links{
		"user": r.userHref(u), "passwordPolicy": r.base() + "/passwordPolicies/" + r.env.PasswordPolicyID,
		"password.check": self, "password.reset": self, "password.set": self, "password.recover": self,
	})
}
