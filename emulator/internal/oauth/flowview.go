package oauth

import (
	"time"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
)

type object = map[string]any

const timeLayout = "2006-01-02T15:04:05.000Z"

func stamp(at time.Time) string { return at.UTC().Format(timeLayout) }

// show is the flow as authorize, resume and a read answer it; the sign-on page is
// linked there and not in the answers to actions.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html
func (s *Server) show(v *visit, f *signOn) object {
	shown := s.showAfterAction(v, f)
	shown["_links"].(object)["signOnPage"] = link(v.base() + "/signon/?flowId=" + f.ID)
	return shown
}

// showAfterAction is the flow as an action answers it.
func (s *Server) showAfterAction(v *visit, f *signOn) object {
	self := link(v.base() + "/flows/" + f.ID)
	links := object{"self": self}
	for _, rel := range f.Allowed() {
		links[rel] = self
	}
	embedded := object{"application": object{"name": f.params.app.Name}}
	shown := object{
		"_links": links, "_embedded": embedded,
		"id":          f.ID,
		"environment": object{"id": v.Env.ID},
		"resumeUrl":   v.base() + "/as/resume?flowId=" + f.ID,
		"status":      f.Status,
		"createdAt":   stamp(f.createdAt),
		"expiresAt":   stamp(f.expiresAt),
	}
	u := v.Env.Users[f.UserID]
	// Who a hint names is not shown to a browser that has proven nothing yet.
	if u != nil && (f.Authenticated() || f.Status == flow.MustChangePassword || f.Status == flow.VerificationCodeRequired) {
		s.engine.Recognise(f.Flow)
		shown["session"] = object{"id": f.SessionID}
		embedded["user"] = showUser(u)
	}
	switch f.Status {
	case flow.PasscodeRequired, flow.DeviceSelectionRequired:
		s.showDevices(v, f, u, shown, embedded)
	case flow.ProfileRequired:
		embedded["promptText"] = f.Action().PromptText
		embedded["attributes"] = showAttributes(f.Asked)
	case flow.MustChangePassword, flow.RecoveryCodeRequired:
		embedded["passwordPolicy"] = object{"id": v.Env.PasswordPolicyID}
	case flow.Completed:
		shown["authenticationMethods"] = flow.AMR(f.Methods)
	case flow.Failed:
		shown["error"] = f.Failure
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
func (s *Server) showDevices(v *visit, f *signOn, u *tenant.User, shown, embedded object) {
	shown["bypassAllowed"] = false
	if u == nil {
		return
	}
	devices := []object{}
	for _, d := range s.engine.UsableDevices(v.Visit, f.Flow) {
		devices = append(devices, s.showDevice(d, v.Now))
	}
	embedded["devices"] = devices
	if f.Status != flow.PasscodeRequired {
		return
	}
	shown["selectedDevice"] = object{"id": f.Challenge.DeviceID}
	if f.Challenge.Sent.Code != "" && s.decide.ShowsPasscode(u.Devices[f.Challenge.DeviceID], f.params.testDevices) {
		shown["test"] = object{"otp": f.Challenge.Sent.Code}
	}
}

func (s *Server) showDevice(d *tenant.Device, now time.Time) object {
	shown := object{"id": d.ID, "type": d.Type, "status": d.Status, "userRetries": d.Failures}
	phone, email := s.decide.Address(d)
	if phone != "" {
		shown["phone"] = phone
	}
	if email != "" {
		shown["email"] = email
	}
	if d.LockUntil.After(now) {
		shown["coolDownExpiresAt"] = d.LockUntil.UnixMilli()
	}
	return shown
}

// showAttributes lists what is asked for. The vendor's table calls the path
// schemaPropertyName, the vendor's sample client reads name: both are sent.
func showAttributes(asked []tenant.ProfileAttribute) []object {
	shown := []object{}
	for _, attribute := range asked {
		shown = append(shown, object{
			"name": attribute.Name, "schemaPropertyName": attribute.Name,
			"displayName": attribute.DisplayName(), "required": attribute.Required,
		})
	}
	return shown
}
