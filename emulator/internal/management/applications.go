package management

import (
	"net/url"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxApplications = 5000
const secretLength = 64
const dayOfSeconds = 24 * 60 * 60

func (s *Server) applications() kind[*tenant.Application] {
	return kind[*tenant.Application]{
		operation: "application", path: "/applications", plural: "applications", id: "appID",
		roles: []string{applicationDeveloper}, most: maxApplications,
		in:     func(r *request) (tenant.Table[*tenant.Application], error) { return r.env.Applications, nil },
		list:   listApplications,
		fields: applicationFields,
		name:   func(a *tenant.Application) string { return a.Name },
		check:  checkApplication,
		make: func() *tenant.Application {
			return &tenant.Application{
				Meta: s.t.NewMeta(time.Time{}), Secret: s.t.NewSecret(secretLength),
				Grants: tenant.Table[*tenant.Grant]{}, Assignments: tenant.Table[*tenant.Assignment]{},
			}
		},
		fill:      fillApplication,
		deletable: notItself,
		show:      (*request).application,
	}
}

// applicationFields are the members of an OIDC application.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func applicationFields(map[string]any) []field {
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

func listApplications(r *request, applications tenant.Table[*tenant.Application]) (*wire.Answer, error) {
	var items []object
	for _, a := range applications.Sorted() {
		shown := r.application(a)
		r.decide.Listed(a, shown)
		items = append(items, shown)
	}
	return r.collection("applications", items), nil
}

func checkApplication(_ *request, f *faults, body map[string]any, _ *tenant.Application) {
	grants := textsAt(body, "grantTypes")
	if !slices.Contains(grants, "AUTHORIZATION_CODE") && !slices.Contains(grants, "IMPLICIT") {
		return
	}
	for _, name := range []string{"redirectUris", "responseTypes"} {
		if len(textsAt(body, name)) == 0 && noMalformed(body[name]) {
			f.add("REQUIRED_VALUE", name, "A required value is missing for these grant types.", nil)
		}
	}
}

// noMalformed says that a list is missing or empty, rather than no list at all.
func noMalformed(value any) bool {
	_, isList := value.([]any)
	return value == nil || isList
}

// fillApplication replaces all that a caller may set; what was left out falls
// back to PingOne's defaults.
func fillApplication(r *request, a *tenant.Application, body map[string]any) {
	a.Name, a.Description, a.Enabled = textAt(body, "name"), textAt(body, "description"), flagAt(body, "enabled")
	a.Type, a.Protocol = textAt(body, "type"), textAt(body, "protocol")
	a.GrantTypes, a.ResponseTypes = textsAt(body, "grantTypes"), textsAt(body, "responseTypes")
	a.RedirectURIs, a.PostLogoutRedirectURIs = textsAt(body, "redirectUris"), textsAt(body, "postLogoutRedirectUris")
	a.TokenEndpointAuthMethod = textAt(body, "tokenEndpointAuthMethod")
	a.PKCEEnforcement = textOr(body, "pkceEnforcement", "OPTIONAL")
	a.SupportUnsignedRequestObject = flagAt(body, "supportUnsignedRequestObject")
	a.RequireSignedRequestObject = flagAt(body, "requireSignedRequestObject")
	a.LoginPageURL, a.UpdatedAt = textAt(body, "loginPageUrl"), r.t.Now()
	a.Sent = rest(body, "name", "description", "enabled", "type", "protocol", "grantTypes", "responseTypes", "redirectUris",
		"postLogoutRedirectUris", "tokenEndpointAuthMethod", "pkceEnforcement", "supportUnsignedRequestObject",
		"requireSignedRequestObject", "loginPageUrl", "secret", "clientId", "clientSecret")
}

// findApplication is the application of the request's path.
func (r *request) findApplication() (*tenant.Application, error) {
	return lookUp(r.env.Applications, r.Path["appID"])
}

// notItself: the pages are silent about an application that deletes itself; it
// is refused here. Secret, grants and assignments go with an application.
func notItself(r *request, a *tenant.Application) error {
	if a.ID == r.caller.ClientID {
		return constraint("", "The application that asks cannot be deleted.", nil)
	}
	return nil
}

func (r *request) applicationHref(id string) string { return r.base() + "/applications/" + id }

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
	body.addList("responseTypes", a.ResponseTypes).addList("redirectUris", a.RedirectURIs).addList("postLogoutRedirectUris", a.PostLogoutRedirectURIs)
	body.addText("description", a.Description).addText("loginPageUrl", a.LoginPageURL)
	self := r.applicationHref(a.ID)
	return r.hal(self, body, links{
		"attributes": self + "/attributes", "secret": self + "/secret", "grants": self + "/grants",
		"signOnPolicyAssignments": self + "/signOnPolicyAssignments",
	})
}
