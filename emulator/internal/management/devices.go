package management

import (
	"net/http"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxPaired = 5    // active devices of a person, the vendor's default
const maxUnpaired = 50 // devices of a person that wait for activation

// unpairedLife is how long a device waits for its activation.
const unpairedLife = 24 * time.Hour

const statusActive = "ACTIVE"
const statusInactive = "ACTIVATION_REQUIRED"
const productMFA = "PING_ONE_MFA"

func (s *Server) deviceRoutes() []route {
	roles := []string{identityDataAdmin}
	const all, one = "/users/{userID}/devices", "/users/{userID}/devices/{deviceID}"
	write := func(operation, media string, handle handler) route {
		return route{operation: operation, method: http.MethodPost, path: one, media: mediaVendor + media, roles: roles, handle: handle}
	}
	activate := write("device.activate", "device.activate+json", onDevice(activateDevice))
	activate.self = "p1:update:device"
	return []route{
		{operation: "device.list", method: http.MethodGet, path: all, roles: roles, self: "p1:read:device", handle: onUser(listDevices)},
		{operation: "device.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, self: "p1:create:device", handle: onUser(createDevice)},
		{operation: "device.read", method: http.MethodGet, path: one, roles: roles, self: "p1:read:device", handle: onDevice(readDevice)},
		{operation: "device.update", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, self: "p1:update:device", handle: onDevice(updateDevice)},
		{operation: "device.delete", method: http.MethodDelete, path: one, roles: roles, self: "p1:delete:device", handle: onDevice(deleteDevice)},
		activate,
		write("device.unlock", "device.unlock+json", changeDevice((*tenant.Device).Unlock)),
		write("device.block", "device.block+json", changeDevice(func(d *tenant.Device) { d.Blocked = true })),
		write("device.unblock", "device.unblock+json", changeDevice(func(d *tenant.Device) { d.Blocked = false })),
	}
}

// deviceFields are those of the types that the emulator can play; mobile
// devices, security keys and tokens cannot be made here.
//
// https://developer.pingidentity.com/pingone-api/mfa/users/mfa-devices.html
func deviceFields(kind string) []field {
	fields := []field{
		text("type").must().oneOf("SMS", "EMAIL", "VOICE", "TOTP"),
		text("nickname").within(1, 100),
		text("status").oneOf(statusActive, statusInactive),
		flag("testMode"),
		group("policy", text("id").must()),
	}
	switch kind {
	case "SMS", "VOICE":
		return append(fields, text("phone").must().satisfying(tenant.ValidDevicePhone))
	case "EMAIL":
		return append(fields, text("email").must().satisfying(tenant.ValidEmail))
	}
	return fields
}

func listDevices(r *request, u *tenant.User) (*wire.Answer, error) {
	matches, err := parseFilter(r.query().Get("filter"), filterable{"status": {"eq"}, "type": {"eq"}, "id": {"eq"}})
	if err != nil {
		return nil, err
	}
	var items []object
	for _, d := range u.Devices.Sorted() {
		if !r.stale(d) && matches.passes(func(name string) any { return map[string]any{"status": d.Status, "type": d.Type, "id": d.ID}[name] }) {
			items = append(items, r.device(u, d))
		}
	}
	body := collectionBody(r.self(nil), "devices", items, len(items), links{"environment": r.base(), "user": r.userHref(u)})
	return ok(body), nil
}

// stale says that a device was never activated, and is not there any more.
func (r *request) stale(d *tenant.Device) bool {
	return d.Status == statusInactive && !d.CreatedAt.Add(unpairedLife).After(r.t.Now())
}

// dropStale forgets devices that were never activated.
func (r *request) dropStale(u *tenant.User) {
	for id, d := range u.Devices {
		if r.stale(d) {
			delete(u.Devices, id)
		}
	}
}

func createDevice(r *request, u *tenant.User) (*wire.Answer, error) {
	if err := r.licensedFor("devices"); err != nil {
		return nil, err
	}
	r.dropStale(u)
	body, policy, err := r.deviceBody(u)
	if err != nil {
		return nil, err
	}
	if err := oneMoreDevice(u, r.firstStatus(body)); err != nil {
		return nil, err
	}
	d := &tenant.Device{
		Meta: r.t.NewMeta(r.t.Now()), Type: textAt(body, "type"), Status: r.firstStatus(body),
		Phone: textAt(body, "phone"), Email: textAt(body, "email"), Nickname: textAt(body, "nickname"),
		TestMode: flagAt(body, "testMode"), PolicyID: policy.ID,
	}
	d.UpdatedAt = r.t.Now()
	u.Devices.Add(d)
	if err := r.startPairing(u, d, policy); err != nil {
		return nil, err
	}
	shown := r.device(u, d)
	if d.Type == "TOTP" {
		shown["secret"], shown["keyUri"] = d.Secret, d.KeyURI
	}
	if d.TestMode && d.Status == statusInactive {
		shown["test"] = object{"otp": d.OTP.Code}
	}
	return created(shown), nil
}

// firstStatus: TOTP always has to be activated, and so does what people add for
// themselves; what an administrator adds is active unless asked otherwise.
func (r *request) firstStatus(body map[string]any) string {
	if textAt(body, "type") == "TOTP" || r.caller.UserID != "" {
		return statusInactive
	}
	return textOr(body, "status", statusActive)
}

func (r *request) deviceBody(u *tenant.User) (map[string]any, *tenant.DevicePolicy, error) {
	body, err := r.object()
	if err != nil {
		return nil, nil, err
	}
	kind := textAt(body, "type")
	f := r.check(body, deviceFields(kind))
	policy := r.env.DefaultDevicePolicy()
	if id := textAt(body, "policy.id"); id != "" {
		policy = r.env.DevicePolicies[id]
	}
	switch {
	case policy == nil:
		f.add("INVALID_VALUE", "policy.id", "There is no such device authentication policy.", nil)
	case kind != "" && !policy.Method(kind).Enabled && f.problem() == nil:
		f.add("INVALID_VALUE", "type", "Pairing device type "+kind+" is not allowed.", nil)
	}
	if kind == "TOTP" && flagAt(body, "testMode") {
		f.add("INVALID_VALUE", "testMode", "Test devices are of type EMAIL, SMS or VOICE.", map[string]any{"allowedValues": []string{"EMAIL", "SMS", "VOICE"}})
	}
	f.sameDevice(u, kind, body)
	return body, policy, f.problem()
}

// sameDevice reports a number or address that a device of the type already has.
func (f *faults) sameDevice(u *tenant.User, kind string, body map[string]any) {
	for _, d := range u.Devices.Sorted() {
		switch {
		case d.Type != kind:
		case d.Phone != "" && tenant.SamePhone(d.Phone, textAt(body, "phone")):
			f.taken("phone", d.ID)
		case d.Email != "" && d.Email == textAt(body, "email"):
			f.taken("email", d.ID)
		}
	}
}

// oneMoreDevice bounds a person's devices, paired and waiting ones apart.
func oneMoreDevice(u *tenant.User, status string) error {
	count := 0
	for _, d := range u.Devices {
		if d.Status == status {
			count++
		}
	}
	switch {
	case status == statusActive && count >= maxPaired:
		return wire.LimitExceeded("devices", maxPaired)
	case status == statusInactive && count >= maxUnpaired:
		return wire.LimitExceeded("devices", maxUnpaired)
	}
	return nil
}

func (r *request) findDevice() (*tenant.User, *tenant.Device, error) {
	u, err := r.findUser()
	if err != nil {
		return nil, nil, err
	}
	d, err := lookUp(u.Devices, r.Path["deviceID"])
	if err == nil && r.stale(d) {
		return u, nil, wire.NotFound()
	}
	return u, d, err
}

// onDevice gives a handler the device that the path names, and whose it is.
func onDevice(handle func(*request, *tenant.User, *tenant.Device) (*wire.Answer, error)) handler {
	return func(r *request) (*wire.Answer, error) {
		u, d, err := r.findDevice()
		if err != nil {
			return nil, err
		}
		return handle(r, u, d)
	}
}

func readDevice(r *request, u *tenant.User, d *tenant.Device) (*wire.Answer, error) {
	return ok(r.device(u, d)), nil
}

// updateDevice changes the nickname; nothing else of a device can change.
func updateDevice(r *request, u *tenant.User, d *tenant.Device) (*wire.Answer, error) {
	body, f, err := r.body(text("nickname").within(1, 100))
	if err != nil {
		return nil, err
	}
	for name, kept := range map[string]string{"type": d.Type, "phone": d.Phone, "email": d.Email} {
		if sent := textAt(body, name); sent != "" && sent != kept {
			f.add("INVALID_VALUE", name, "The value cannot change.", nil)
		}
	}
	if err := f.problem(); err != nil {
		return nil, err
	}
	d.Nickname, d.UpdatedAt = textAt(body, "nickname"), r.t.Now()
	return ok(r.device(u, d)), nil
}

func deleteDevice(r *request, u *tenant.User, d *tenant.Device) (*wire.Answer, error) {
	delete(u.Devices, d.ID)
	return gone(), nil
}

// changeDevice is an action on a device that takes no arguments.
func changeDevice(change func(*tenant.Device)) handler {
	return onDevice(func(r *request, u *tenant.User, d *tenant.Device) (*wire.Answer, error) {
		change(d)
		d.UpdatedAt = r.t.Now()
		return ok(r.device(u, d)), nil
	})
}

func (r *request) device(u *tenant.User, d *tenant.Device) object {
	lock := object{"status": "UNLOCKED"}
	if d.LockUntil.After(r.t.Now()) {
		lock = object{"status": "LOCKED", "reason": "OTP", "expiresAt": timestamp(d.LockUntil)}
	}
	block := object{"status": "UNBLOCKED"}
	if d.Blocked {
		block = object{"status": "BLOCKED"}
	}
	body := object{
		"id": d.ID, "type": d.Type, "status": d.Status, "user": ref(u.ID), "block": block, "lock": lock,
		"createdAt": timestamp(d.CreatedAt), "updatedAt": timestamp(d.UpdatedAt),
	}
	body.addText("phone", d.Phone).addText("email", d.Email).addText("nickname", d.Nickname)
	if d.TestMode {
		body["testMode"] = true
	}
	self := r.userHref(u) + "/devices/" + d.ID
	more := links{"user": r.userHref(u)}
	if d.Status == statusInactive {
		more["device.activate"] = self
	} else {
		more["device.unlock"] = self
	}
	return r.hal(self, body, more)
}
