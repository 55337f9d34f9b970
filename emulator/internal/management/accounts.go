package management

import (
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// What of a person has an address or a media type of its own: whether they are
// enabled, the population that they belong to, the lock on their account and its
// verification.

// updateEnabled lets a person sign on, or stops them.
//
// https://developer.pingidentity.com/pingone-api/platform/users/enable-users/update-user-enabled.html
func updateEnabled(r *request, u *tenant.User) (*wire.Answer, error) {
	body, err := r.good(flag("enabled").must())
	if err != nil {
		return nil, err
	}
	u.Enabled, u.UpdatedAt = flagAt(body, "enabled"), r.t.Now()
	return readEnabled(r, u)
}

func readEnabled(r *request, u *tenant.User) (*wire.Answer, error) {
	return ok(r.hal(r.userHref(u)+"/enabled", object{"enabled": u.Enabled}, links{"user": r.userHref(u)})), nil
}

// updateUserPopulation moves a person to another population.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-populations/update-user-population.html
func updateUserPopulation(r *request, u *tenant.User) (*wire.Answer, error) {
	body, f, err := r.body(text("id").must())
	if err != nil {
		return nil, err
	}
	id := textAt(body, "id")
	if id != "" && r.env.Populations[id] == nil {
		f.add("INVALID_VALUE", "id", "There is no such population.", nil)
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	u.PopulationID, u.UpdatedAt = id, r.t.Now()
	r.env.PutUser(u)
	return readUserPopulation(r, u)
}

func readUserPopulation(r *request, u *tenant.User) (*wire.Answer, error) {
	more := links{"user": r.userHref(u), "population": r.base() + "/populations/" + u.PopulationID}
	return ok(r.hal(r.userHref(u)+"/population", ref(u.PopulationID), more)), nil
}

// lockUser locks an account until somebody unlocks it.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-accounts/user-account-lock.html
func lockUser(r *request, u *tenant.User) (*wire.Answer, error) {
	u.LockedAt, u.UpdatedAt = r.t.Now(), r.t.Now()
	return readUser(r, u)
}

// unlockUser undoes any lock, also the one after too many wrong passwords.
//
// https://developer.pingidentity.com/pingone-api/platform/users/user-accounts/user-account-unlock.html
func unlockUser(r *request, u *tenant.User) (*wire.Answer, error) {
	u.LockedAt, u.UpdatedAt = time.Time{}, r.t.Now()
	u.Password.Failures, u.Password.LockedUntil = 0, time.Time{}
	return readUser(r, u)
}

// sendVerificationCode sends a code that verifies the account, which is required from
// then on.
//
// https://developer.pingidentity.com/pingone-api/platform/users/users-1/send-resend-user-verification-code.html
func sendVerificationCode(r *request, u *tenant.User) (*wire.Answer, error) {
	r.t.SendVerificationCode(r.env, u, "")
	u.UpdatedAt = r.t.Now()
	return readUser(r, u)
}

// verifyUser takes that code.
//
// https://developer.pingidentity.com/pingone-api/platform/users/users-1/verify-user-1.html
func verifyUser(r *request, u *tenant.User) (*wire.Answer, error) {
	body, err := r.good(text("verificationCode").must())
	if err != nil {
		return nil, err
	}
	if !u.Verify(textAt(body, "verificationCode")) {
		return nil, wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Target: "verificationCode", Message: "The verification code is not right."})
	}
	u.UpdatedAt = r.t.Now()
	return readUser(r, u)
}
