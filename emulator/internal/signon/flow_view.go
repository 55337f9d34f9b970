package signon

import (
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

type object = map[string]any

const timeLayout = "2006-01-02T15:04:05.000Z"

func stamp(at time.Time) string { return at.UTC().Format(timeLayout) }

// show is the flow as authorize, resume and a read answer it; the sign-on page is
// linked there and not in the answers to actions.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (s *Server) show(v *visit, f *flow) object {
	shown := s.showAfterAction(v, f)
	shown["_links"].(object)["signOnPage"] = link(v.base() + "/signon/?flowId=" + f.id)
	return shown
}

// showAfterAction is the flow as an action answers it.
func (s *Server) showAfterAction(v *visit, f *flow) object {
	self := link(v.base() + "/flows/" + f.id)
	links := object{"self": self}
	for _, rel := range f.allowed() {
		links[rel] = self
	}
	embedded := object{"application": object{"name": f.params.app.Name}}
	shown := object{
		"_links": links, "_embedded": embedded,
		"id":          f.id,
		"environment": object{"id": v.env.ID},
		"resumeUrl":   v.base() + "/as/resume?flowId=" + f.id,
		"status":      f.status,
		"createdAt":   stamp(f.createdAt),
		"expiresAt":   stamp(f.expiresAt),
	}
	u := v.env.Users[f.userID]
	// Who a hint names is not shown to a browser that has proven nothing yet.
	if u != nil && (f.authenticated() || f.status == statusMustChange) {
		s.recognise(f)
		shown["session"] = object{"id": f.sid}
		embedded["user"] = showUser(u)
	}
	switch f.status {
	case statusOTP, statusDeviceSelection:
		s.showDevices(v, f, u, shown, embedded)
	case statusProfile:
		embedded["promptText"] = f.action().PromptText
		embedded["attributes"] = showAttributes(f.asked)
	case statusMustChange, statusRecoveryCode:
		embedded["passwordPolicy"] = object{"id": v.env.PasswordPolicyID}
	case statusCompleted:
		shown["authenticationMethods"] = amr(f.methods)
	case statusFailed:
		shown["error"] = f.failure
	}
	return shown
}

func link(href string) object { return object{"href": href} }

func showUser(u *tenant.User) object {
	shown := object{"id": u.ID, "username": u.Username()}
	if name, ok := u.Profile["name"].(map[string]any); ok {
		shown["name"] = name
	}
	return shown
}

// showDevices adds what the two MFA states show. bypassAllowed is always false,
// as in the vendor's example: a bypass by noDevicesMode asks nobody.
func (s *Server) showDevices(v *visit, f *flow, u *tenant.User, shown, embedded object) {
	shown["bypassAllowed"] = false
	if u == nil {
		return
	}
	devices := []object{}
	for _, d := range s.usableDevices(v.env, u, f.action()) {
		devices = append(devices, s.showDevice(d, v.now))
	}
	embedded["devices"] = devices
	if f.status != statusOTP {
		return
	}
	shown["selectedDevice"] = object{"id": f.passcode.deviceID}
	// A passcode is shown for test devices only, and only to a client that signed
	// the wish for it: else whoever starts a flow could read it.
	d := u.Devices[f.passcode.deviceID]
	wished := d != nil && d.TestMode && f.params.testDevices || s.tenant.Deviates("passcode-shown")
	if wished && f.passcode.sent.Code != "" {
		shown["test"] = object{"otp": f.passcode.sent.Code}
	}
}

func (s *Server) showDevice(d *tenant.Device, now time.Time) object {
	shown := object{"id": d.ID, "type": d.Type, "status": d.Status, "userRetries": d.Failures}
	if d.Phone != "" {
		shown["phone"] = maskPhone(d.Phone)
	}
	if d.Email != "" {
		shown["email"] = maskEmail(d.Email)
	}
	if s.tenant.Deviates("device-address-unmasked") {
		shown["phone"], shown["email"] = d.Phone, d.Email
	}
	if d.LockUntil.After(now) {
		shown["coolDownExpiresAt"] = d.LockUntil.UnixMilli()
	}
	return shown
}
