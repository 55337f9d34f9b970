package management

import (
	"cmp"
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// usernamePattern is the vendor's, from the SDK's description of a user.
var usernamePattern = lazy.Regexp(`^[\p{L}\p{M}\p{Zs}\p{S}\p{N}\p{P}]*$`)

func (s *Server) userRoutes() []route {
	roles := []string{identityDataAdmin}
	const one = "/users/{userID}"
	return []route{
		{operation: "user.list", method: http.MethodGet, path: "/users", roles: roles, handle: listUsers},
		{operation: "user.create", method: http.MethodPost, path: "/users", media: mediaJSON, roles: roles, handle: createUser},
		{operation: "user.import", method: http.MethodPost, path: "/users", media: mediaVendor + "user.import+json", roles: roles, handle: importUser},
		{operation: "user.read", method: http.MethodGet, path: one, roles: roles, self: "p1:read:user", handle: onUser(readUser)},
		{operation: "user.replace", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, self: "p1:update:user", handle: onUser(replaceUser)},
		{operation: "user.update", method: http.MethodPatch, path: one, media: mediaJSON, roles: roles, self: "p1:update:user", handle: onUser(patchUser)},
		{operation: "user.delete", method: http.MethodDelete, path: one, roles: roles, handle: onUser(s.deleteUser)},
		{operation: "user.enabled.read", method: http.MethodGet, path: one + "/enabled", roles: roles, self: "p1:read:user", handle: onUser(readEnabled)},
		{operation: "user.enabled.update", method: http.MethodPut, path: one + "/enabled", media: mediaJSON, roles: roles, handle: onUser(updateEnabled)},
		{operation: "user.population.read", method: http.MethodGet, path: one + "/population", roles: roles, handle: onUser(readUserPopulation)},
		{operation: "user.population.update", method: http.MethodPut, path: one + "/population", media: mediaJSON, roles: roles, handle: onUser(updateUserPopulation)},
		{operation: "user.lock", method: http.MethodPost, path: one, media: mediaVendor + "account.lock+json", roles: roles, handle: onUser(lockUser)},
		{operation: "user.unlock", method: http.MethodPost, path: one, media: mediaVendor + "account.unlock+json", roles: roles, handle: onUser(unlockUser)},
		{operation: "user.verify", method: http.MethodPost, path: one, media: mediaVendor + "user.verify+json", roles: roles, self: "p1:verify:user", handle: onUser(verifyUser)},
		{operation: "user.sendVerificationCode", method: http.MethodPost, path: one, media: mediaVendor + "user.sendVerificationCode+json", roles: roles, self: "p1:verify:user", handle: onUser(sendVerificationCode)},
		{operation: "user.mfaEnabled.read", method: http.MethodGet, path: one + "/mfaEnabled", roles: roles, self: "p1:read:user", handle: onUser(readMFAEnabled)},
		{operation: "user.mfaEnabled.update", method: http.MethodPut, path: one + "/mfaEnabled", media: mediaJSON, roles: roles, self: "p1:update:userMfaEnabled", handle: onUser(updateMFAEnabled)},
	}
}

func userFields() []field {
	nameParts := []field{}
	for _, part := range []string{"given", "family", "middle", "formatted", "honorificPrefix", "honorificSuffix"} {
		nameParts = append(nameParts, text(part).within(1, 256))
	}
	return []field{
		text("username").must().within(1, 128).matching(usernamePattern),
		text("email").must().satisfying(tenant.ValidEmail),
		group("name", nameParts...),
		text("mobilePhone").satisfying(tenant.ValidPhone),
		text("primaryPhone").satisfying(tenant.ValidPhone),
		group("address"),
		group("population", text("id").must()),
		flag("mfaEnabled"),
		group("lifecycle", text("status").oneOf("ACCOUNT_OK", "VERIFICATION_REQUIRED"), flag("suppressVerificationCode")),
		group("identityProvider", text("id"), text("type")),
		text("verifyStatus").within(1, 64),
	}
}

// userMembers are the members of a user that are no attribute of the person.
func userMembers() []string {
	return []string{"account", "enabled", "emailVerified", "identityProvider", "lastSignOn", "lifecycle", "mfaEnabled", "password", "population", "verifyStatus"}
}

func listUsers(r *request) (*wire.Answer, error) {
	people := listing[*tenant.User]{
		things: r.env.Everybody(),
		seq:    func(u *tenant.User) int { return u.Seq },
		attribute: func(u *tenant.User, name string) any {
			switch name {
			case "id":
				return u.ID
			case "population.id":
				return u.PopulationID
			case "enabled":
				return u.Enabled
			default:
				return at(u.Profile, name)
			}
		},
		show:  r.user,
		found: r.env.Found,
		exact: func(attribute string) bool { return attribute == "population.id" },
	}
	eq := []string{"eq", "sw"}
	filters := filterable{
		"id": {"eq"}, "population.id": {"eq"}, "enabled": {"eq"},
		"username": eq, "email": eq, "name.given": eq, "name.family": eq, "mobilePhone": eq,
	}
	return page(r.Call, r.query(), "users", people, paging{usual: 100, most: 1000}, filters, links{"environment": r.base()})
}

// checkUser holds a user's members against the rules; self is the user it is about.
func (r *request) checkUser(f *faults, body map[string]any, self string) {
	name := textAt(body, "username")
	if other := r.env.UserByUsername(name); name != "" && other != nil && other.ID != self {
		f.taken("username", other.ID)
	}
	if id := textAt(body, "population.id"); id != "" && r.env.Populations[id] == nil {
		f.add("INVALID_VALUE", "population.id", "There is no such population.", nil)
	}
}

func createUser(r *request) (*wire.Answer, error) {
	body, f, err := r.body(userFields()...)
	if err != nil {
		return nil, err
	}
	u, err := r.addUser(body, f)
	if err != nil {
		return nil, err
	}
	return created(r.user(u)), nil
}

// importUser creates a user together with a password.
func importUser(r *request) (*wire.Answer, error) {
	password := group("password", text("value"), flag("forceChange"), group("external"))
	body, f, err := r.body(append(userFields(), password, flag("emailVerified"))...)
	if err != nil {
		return nil, err
	}
	value := textAt(body, "password.value")
	if value == "" && at(body, "password") != nil && at(body, "password.external") == nil {
		f.add("REQUIRED_VALUE", "password.value", "A required value is missing.", nil)
	}
	r.checkPassword(f, &tenant.User{}, "password.value", value)
	u, err := r.addUser(body, f)
	if err != nil {
		return nil, err
	}
	u.EmailVerified = flagAt(body, "emailVerified")
	answer := created(r.user(u))
	if value != "" {
		r.setPassword(u, value, flagAt(body, "password.forceChange"))
	}
	return answer, nil
}

func (r *request) addUser(body map[string]any, f *faults) (*tenant.User, error) {
	r.checkUser(f, body, "")
	if err := f.problem(); err != nil {
		return nil, err
	}
	if len(r.env.Users) >= r.o.MaxUsers {
		return nil, wire.LicenseExceeded("users", r.o.MaxUsers)
	}
	u := &tenant.User{
		Meta: r.t.NewMeta(r.t.Now()), Enabled: true, MFAEnabled: flagAt(body, "mfaEnabled"), PopulationID: r.env.DefaultPopulation().ID,
		Devices: tenant.Table[*tenant.Device]{}, Prompted: map[string]time.Time{},
	}
	fillUser(u, body)
	lifecycle, _ := at(body, "lifecycle").(map[string]any)
	u.Lifecycle, u.VerifyStatus = kept(lifecycle), textAt(body, "verifyStatus")
	r.env.PutUser(u)
	if u.MustVerify() && !flagAt(body, "lifecycle.suppressVerificationCode") {
		r.t.SendVerificationCode(r.env, u, "")
	}
	return u, nil
}

// fillUser replaces the person's attributes. mfaEnabled and enabled are left alone:
// they have addresses of their own.
func fillUser(u *tenant.User, body map[string]any) {
	u.Profile = kept(body, userMembers()...)
	if id := textAt(body, "population.id"); id != "" {
		u.PopulationID = id
	}
	u.IdentityProviderID = textAt(body, "identityProvider.id")
}

// onUser gives a handler the person whom the path names.
func onUser(handle func(*request, *tenant.User) (*wire.Answer, error)) handler {
	return on((*request).findUser, handle)
}

func (r *request) findUser() (*tenant.User, error) { return lookUp(r.env.Users, r.Path["userID"]) }

func readUser(r *request, u *tenant.User) (*wire.Answer, error) { return ok(r.user(u)), nil }

func replaceUser(r *request, u *tenant.User) (*wire.Answer, error) {
	body, f, err := r.body(userFields()...)
	if err != nil {
		return nil, err
	}
	return r.changeUser(u, body, f)
}

// patchUser merges the body into the person: what is null is cleared, what is
// left out stays.
//
// https://developer.pingidentity.com/pingone-api/platform/users/users-1/update-user-patch.html
func patchUser(r *request, u *tenant.User) (*wire.Answer, error) {
	sent, err := r.object()
	if err != nil {
		return nil, err
	}
	stored := object{"identityProvider": map[string]any{"id": u.IdentityProviderID}}.overlay(u.Profile)
	merged := r.decide.Merge(stored, sent)
	return r.changeUser(u, merged, r.check(merged, userFields()))
}

func (r *request) changeUser(u *tenant.User, body map[string]any, f *faults) (*wire.Answer, error) {
	r.checkUser(f, body, u.ID)
	if err := f.problem(); err != nil {
		return nil, err
	}
	if body["email"] != u.Profile["email"] {
		u.EmailVerified = false
	}
	fillUser(u, body)
	r.env.PutUser(u)
	u.UpdatedAt = r.t.Now()
	return ok(r.user(u)), nil
}

// merge is RFC 7386: members of change replace those of old, null removes,
// objects are merged in turn. Neither argument is changed.
func merge(old, change map[string]any) map[string]any {
	merged := map[string]any{}
	for name, value := range old {
		merged[name] = value
	}
	for name, value := range change {
		inner, isObject := value.(map[string]any)
		switch {
		case value == nil:
			delete(merged, name)
		case isObject:
			before, _ := merged[name].(map[string]any)
			merged[name] = merge(before, inner)
		default:
			merged[name] = value
		}
	}
	return merged
}

func (s *Server) deleteUser(r *request, u *tenant.User) (*wire.Answer, error) {
	r.env.RemoveUser(u)
	s.o.UserDeleted(r.env.ID, u.ID)
	return gone(), nil
}

func readMFAEnabled(r *request, u *tenant.User) (*wire.Answer, error) {
	return ok(r.mfaEnabled(u, u.MFAEnabled)), nil
}

// updateMFAEnabled switches multi-factor authentication on or off for a person.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/enable-users-mfa/update-user-mfa-enabled.html
func updateMFAEnabled(r *request, u *tenant.User) (*wire.Answer, error) {
	body, err := r.good(flag("mfaEnabled").must())
	if err != nil {
		return nil, err
	}
	enabled := flagAt(body, "mfaEnabled")
	r.decide.SetMFA(u, enabled)
	u.UpdatedAt = r.t.Now()
	return ok(r.mfaEnabled(u, enabled)), nil
}

func (r *request) mfaEnabled(u *tenant.User, enabled bool) object {
	return r.hal(r.userHref(u)+"/mfaEnabled", object{"mfaEnabled": enabled}, links{"user": r.userHref(u)})
}

func (r *request) userHref(u *tenant.User) string { return r.base() + "/users/" + u.ID }

func (r *request) user(u *tenant.User) object {
	own := object{
		"id": u.ID, "enabled": u.Enabled, "mfaEnabled": u.MFAEnabled, "emailVerified": u.EmailVerified,
		"account": r.account(u), "identityProvider": r.identityProviderOf(u),
		"lifecycle":  layered(object{"status": "ACCOUNT_OK"}, u.Lifecycle),
		"population": ref(u.PopulationID), "verifyStatus": cmp.Or(u.VerifyStatus, "NOT_INITIATED"),
		"createdAt": timestamp(u.CreatedAt), "updatedAt": timestamp(u.UpdatedAt),
	}
	body := make(object, len(u.Profile)+len(own)+3).overlay(u.Profile).overlay(own)
	r.decide.Shown(u, body)
	if !u.LastSignOnAt.IsZero() {
		body["lastSignOn"] = object{"at": timestamp(u.LastSignOnAt), "remoteIp": u.LastSignOnIP}
	}
	self := r.userHref(u)
	password := self + "/password"
	return r.hal(self, body, links{
		"population": r.base() + "/populations/" + u.PopulationID,
		"devices":    self + "/devices", "roleAssignments": self + "/roleAssignments", "linkedAccounts": self + "/linkedAccounts",
		"memberOfGroups": self + "/memberOfGroups", "account.sendVerificationCode": self,
		"password": password, "password.reset": password, "password.set": password, "password.check": password, "password.recover": password,
	})
}

// identityProviderOf is where a person comes from: PingOne itself, unless a
// provider was named.
func (r *request) identityProviderOf(u *tenant.User) object {
	if u.IdentityProviderID == "" {
		return object{"type": "PING_ONE"}
	}
	return object{"id": u.IdentityProviderID, "type": r.identityProviderType(u.IdentityProviderID)}
}

func (r *request) account(u *tenant.User) object {
	now := r.t.Now()
	switch {
	case !u.LockedAt.IsZero():
		return object{"canAuthenticate": false, "status": "LOCKED", "lockedAt": timestamp(u.LockedAt)}
	case !u.Locked(now):
		return object{"canAuthenticate": u.Enabled, "status": "OK"}
	}
	return object{
		"canAuthenticate": false, "status": "LOCKED",
		"secondsUntilUnlock": u.SecondsUntilUnlock(now), "unlockAt": timestamp(u.Password.LockedUntil),
	}
}
