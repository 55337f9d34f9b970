package management

import (
	"net/http"
	"net/url"
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const (
	maxApplications = 5000
	secretLength    = 64
	dayOfSeconds    = 24 * 60 * 60
)

func (s *Server) applicationRoutes() []route {
	roles := []string{ApplicationDev}
	return []route{
		{operation: "application.list", method: http.MethodGet, path: "/applications", roles: roles, handle: s.listApplications},
		{operation: "application.create", method: http.MethodPost, path: "/applications", media: mediaJSON, roles: roles, handle: s.createApplication},
		{operation: "application.read", method: http.MethodGet, path: "/applications/{appID}", roles: roles, handle: s.readApplication},
		{operation: "application.update", method: http.MethodPut, path: "/applications/{appID}", media: mediaJSON, roles: roles, handle: s.updateApplication},
		{operation: "application.delete", method: http.MethodDelete, path: "/applications/{appID}", roles: roles, handle: s.deleteApplication},
	}
}

// applicationFields are the members of an OIDC application.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func applicationFields() []field {
	uri := text("").satisfying(absoluteURI)
	return []field{
		text("name").must().within(1, 256),
		text("description").within(0, 1024),
		flag("enabled"),
		text("type").must().oneOf("WEB_APP", "NATIVE_APP", "SINGLE_PAGE_APP", "WORKER", "SERVICE", "CUSTOM_APP"),
		text("protocol").must().oneOf("OPENID_CONNECT"),
		text("tokenEndpointAuthMethod").must().oneOf("NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST", "CLIENT_SECRET_JWT", "PRIVATE_KEY_JWT"),
		list("grantTypes", text("").oneOf("AUTHORIZATION_CODE", "IMPLICIT", "REFRESH_TOKEN", "CLIENT_CREDENTIALS", "DEVICE_CODE", "TOKEN_EXCHANGE", "CIBA")).must().notEmpty(),
		list("responseTypes", text("").oneOf("TOKEN", "ID_TOKEN", "CODE")),
		list("redirectUris", uri),
		list("postLogoutRedirectUris", uri),
		text("pkceEnforcement").oneOf("OPTIONAL", "REQUIRED", "S256_REQUIRED"),
		text("parRequirement").oneOf("OPTIONAL", "REQUIRED"),
		whole("parTimeout").within(1, 600),
		whole("deviceTimeout").within(1, 3600),
		whole("devicePollingInterval").within(1, 60),
		whole("refreshTokenDuration").within(60, 180*dayOfSeconds),
		text("loginPageUrl").satisfying(absoluteURI),
		flag("supportUnsignedRequestObject"),
		flag("requireSignedRequestObject"),
		flag("hiddenFromAppPortal"),
		flag("assignActorRoles"),
		flag("idpSignoff"),
		flag("additionalRefreshTokenReplayProtectionEnabled"),
	}
}

func absoluteURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && u.Fragment == ""
}

func (s *Server) listApplications(r *request) (*wire.Answer, error) {
	var items []object
	for _, a := range tenant.Sorted(r.env.Applications) {
		shown := r.application(a)
		if s.t.Deviates("secret-in-list") {
			shown["secret"] = a.Secret
		}
		items = append(items, shown)
	}
	return r.collection("applications", items), nil
}

func (s *Server) createApplication(r *request) (*wire.Answer, error) {
	body, err := r.applicationBody("")
	if err != nil {
		return nil, err
	}
	if len(r.env.Applications) >= maxApplications {
		return nil, wire.LicenseExceeded("applications", maxApplications)
	}
	now := s.t.Now()
	a := &tenant.Application{
		ID: s.t.NewID(), Seq: s.t.Next(), Secret: s.t.NewSecret(secretLength), CreatedAt: now, UpdatedAt: now,
		Grants: map[string]*tenant.Grant{}, Assignments: map[string]*tenant.Assignment{},
	}
	fillApplication(a, body)
	r.env.Applications[a.ID] = a
	return created(r.application(a)), nil
}

func (r *request) applicationBody(self string) (map[string]any, error) {
	body, f, err := r.body(applicationFields())
	if err != nil {
		return nil, err
	}
	for _, other := range tenant.Sorted(r.env.Applications) {
		if other.ID != self && other.Name == textAt(body, "name") {
			f.taken("name", other.ID)
		}
	}
	grants := textsAt(body, "grantTypes")
	if code := slices.Contains(grants, "AUTHORIZATION_CODE"); code || slices.Contains(grants, "IMPLICIT") {
		for _, name := range []string{"redirectUris", "responseTypes"} {
			if len(textsAt(body, name)) == 0 && noMalformed(body[name]) {
				f.add("REQUIRED_VALUE", name, "A required value is missing for these grant types.", nil)
			}
		}
	}
	return body, f.problem()
}

// noMalformed says that a list is missing or empty, rather than no list at all.
func noMalformed(value any) bool {
	_, isList := value.([]any)
	return value == nil || isList
}

// fillApplication replaces all that a caller may set; what was left out falls
// back to PingOne's defaults.
func fillApplication(a *tenant.Application, body map[string]any) {
	a.Name, a.Description, a.Enabled = textAt(body, "name"), textAt(body, "description"), flagAt(body, "enabled")
	a.Type, a.Protocol = textAt(body, "type"), textAt(body, "protocol")
	a.GrantTypes, a.ResponseTypes = textsAt(body, "grantTypes"), textsAt(body, "responseTypes")
	a.RedirectURIs, a.PostLogoutRedirectURIs = textsAt(body, "redirectUris"), textsAt(body, "postLogoutRedirectUris")
	a.TokenEndpointAuthMethod = textAt(body, "tokenEndpointAuthMethod")
	a.PKCEEnforcement = textOr(body, "pkceEnforcement", "OPTIONAL")
	a.SupportUnsignedRequestObject = flagAt(body, "supportUnsignedRequestObject")
	a.RequireSignedRequestObject = flagAt(body, "requireSignedRequestObject")
	a.LoginPageURL = textAt(body, "loginPageUrl")
	a.Sent = rest(body, "name", "description", "enabled", "type", "protocol", "grantTypes", "responseTypes", "redirectUris",
		"postLogoutRedirectUris", "tokenEndpointAuthMethod", "pkceEnforcement", "supportUnsignedRequestObject",
		"requireSignedRequestObject", "loginPageUrl", "secret", "clientId", "clientSecret")
}

// findApplication is the application of the request's path.
func (r *request) findApplication() (*tenant.Application, error) {
	if a := r.env.Applications[r.Path["appID"]]; a != nil {
		return a, nil
	}
	return nil, wire.NotFound()
}

func (s *Server) readApplication(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	return ok(r.application(a)), nil
}

func (s *Server) updateApplication(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	body, err := r.applicationBody(a.ID)
	if err != nil {
		return nil, err
	}
	fillApplication(a, body)
	a.UpdatedAt = s.t.Now()
	return ok(r.application(a)), nil
}

// deleteApplication takes secret, grants and assignments with it. The pages are
// silent about an application that deletes itself; it is refused here.
func (s *Server) deleteApplication(r *request) (*wire.Answer, error) {
	a, err := r.findApplication()
	if err != nil {
		return nil, err
	}
	if a.ID == r.caller.ClientID {
		return nil, constraint("", "The application that asks cannot be deleted.", nil)
	}
	delete(r.env.Applications, a.ID)
	return gone(), nil
}

func (r *request) applicationHref(a *tenant.Application) string {
	return r.base() + "/applications/" + a.ID
}

// application shows an application; its secret has an address of its own.
func (r *request) application(a *tenant.Application) object {
	body := object{
		"hiddenFromAppPortal": false, "assignActorRoles": false, "idpSignoff": false,
		"additionalRefreshTokenReplayProtectionEnabled": true,
		"parRequirement": "OPTIONAL", "parTimeout": 60, "deviceTimeout": 600, "devicePollingInterval": 5,
	}
	body.overlay(a.Sent).overlay(object{
		"id": a.ID, "name": a.Name, "enabled": a.Enabled, "type": a.Type, "protocol": a.Protocol,
		"grantTypes": a.GrantTypes, "tokenEndpointAuthMethod": a.TokenEndpointAuthMethod, "pkceEnforcement": a.PKCEEnforcement,
		"createdAt": timestamp(a.CreatedAt), "updatedAt": timestamp(a.UpdatedAt),
		"supportUnsignedRequestObject": a.SupportUnsignedRequestObject, "requireSignedRequestObject": a.RequireSignedRequestObject,
	})
	for name, values := range map[string][]string{"responseTypes": a.ResponseTypes, "redirectUris": a.RedirectURIs, "postLogoutRedirectUris": a.PostLogoutRedirectURIs} {
		if len(values) > 0 {
			body[name] = values
		}
	}
	for name, value := range map[string]string{"description": a.Description, "loginPageUrl": a.LoginPageURL} {
		if value != "" {
			body[name] = value
		}
	}
	self := r.applicationHref(a)
	return r.hal(self, body, links{
		"attributes": self + "/attributes", "secret": self + "/secret", "grants": self + "/grants",
		"signOnPolicyAssignments": self + "/signOnPolicyAssignments",
	})
}
