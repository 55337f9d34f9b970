package management

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

const maxApplications = 5000
const secretLength = 64

func (s *Server) applications() kind[*tenant.Application] {
	return kind[*tenant.Application]{
		operation: "application", path: "/applications", plural: "applications", id: "appID",
		roles: []string{applicationDeveloper}, most: maxApplications,
		in:      func(r *request) (tenant.Table[*tenant.Application], error) { return r.env.Applications, nil },
		missing: noApplication,
		list:    s.listApplications,
		fields: func(body map[string]any) []field {
			return applicationFields(textAt(body, "protocol"), textAt(body, "type"))
		},
		name:  func(a *tenant.Application) string { return a.Name },
		check: checkApplication, allowed: wildcardsAllowed,
		make: func() *tenant.Application {
			return &tenant.Application{
				Meta: s.t.NewMeta(time.Time{}), Secret: s.t.NewSecret(secretLength),
				Grants: tenant.Table[*tenant.Grant]{}, Assignments: tenant.Table[*tenant.Assignment]{},
			}
		},
		fill:      fillApplication,
		deletable: notItself,
		defaults:  applicationDefaults,
		hidden:    []string{"secret", "clientId", "clientSecret"},
		added: func(r *request, a *tenant.Application) {
			if a.Protocol == protocolOIDC {
				r.t.AddCoreAttribute(r.env, "/applications/"+a.ID+"/attributes", "sub", "${user.id}", "mappingType")
			}
		},
		show: (*request).application,
	}
}

const protocolOIDC = "OPENID_CONNECT"

// applicationFields depend on the application's protocol. Those of SAML, WS-Fed and
// external links are kept, and nobody can sign on to them here.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
func applicationFields(protocol, kind string) []field {
	kinds := []string{"WEB_APP", "NATIVE_APP", "SINGLE_PAGE_APP", "WORKER", "SERVICE", "CUSTOM_APP", "TEMPLATE_APP", "PORTAL_LINK_APP"}
	if tenant.SystemType(kind) {
		kinds = append(kinds, kind)
	}
	fields := []field{
		text("name").must().within(1, 256),
		text("description").within(0, 1024),
		flag("enabled"),
		text("type").must().oneOf(kinds...),
		text("protocol").must().oneOf(protocolOIDC, "SAML", "WS_FED", "EXTERNAL_LINK"),
		group("accessControl", group("role", text("type").oneOf("ADMIN_USERS_ONLY")), group("group", list("groups", group("", text("id").must())))),
		flag("hiddenFromAppPortal"),
		text("loginPageUrl").satisfying(absoluteURI),
	}
	switch {
	case tenant.SystemType(kind):
		return fields
	case protocol == "SAML":
		return append(fields, list("acsUrls", text("").satisfying(absoluteURI)).must().notEmpty(), text("spEntityId").must().within(1, 1024), whole("assertionDuration").must())
	case protocol == "WS_FED":
		return append(fields, text("domainName").must(), text("replyUrl").must())
	case protocol == "EXTERNAL_LINK":
		return append(fields, text("homePageUrl").must().satisfying(absoluteURI))
	}
	return append(fields, oidcFields()...)
}

// oidcFields are the members of an OIDC application.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func oidcFields() []field {
	const longest = 2147483647 // seconds
	return []field{
		text("tokenEndpointAuthMethod").must().oneOf("NONE", "CLIENT_SECRET_BASIC", "CLIENT_SECRET_POST", "CLIENT_SECRET_JWT", "PRIVATE_KEY_JWT"),
		list("grantTypes", text("").oneOf("AUTHORIZATION_CODE", "IMPLICIT", "REFRESH_TOKEN", "CLIENT_CREDENTIALS", "DEVICE_CODE", "TOKEN_EXCHANGE", "CIBA")).must().notEmpty(),
		list("responseTypes", text("").oneOf("TOKEN", "ID_TOKEN", "CODE")),
		list("redirectUris", text("").satisfying(absoluteURI)),
		list("postLogoutRedirectUris", text("").satisfying(absoluteURI)),
		text("pkceEnforcement").oneOf("OPTIONAL", "REQUIRED", "S256_REQUIRED"),
		text("parRequirement").oneOf("OPTIONAL", "REQUIRED"),
		whole("parTimeout").within(1, 600),
		whole("deviceTimeout").within(1, 3600),
		whole("devicePollingInterval").within(1, 60),
		whole("refreshTokenDuration").within(60, longest),
		whole("refreshTokenRollingDuration").within(60, longest),
		whole("refreshTokenRollingGracePeriodDuration").within(0, 24*60*60),
		group("corsSettings", text("behavior").must().oneOf("ALLOW_NO_ORIGINS", "ALLOW_SPECIFIC_ORIGINS"), list("origins", text(""))),
		flag("supportUnsignedRequestObject"),
		flag("requireSignedRequestObject"),
		flag("allowWildcardInRedirectUris"),
		flag("assignActorRoles"),
		flag("idpSignoff"),
		flag("additionalRefreshTokenReplayProtectionEnabled"),
		flag("requestScopesForMultipleResourcesEnabled"),
		text("jwks"), text("jwksUrl").satisfying(absoluteURI),
	}
}

func absoluteURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && u.Fragment == ""
}

func (s *Server) listApplications(r *request, applications tenant.Table[*tenant.Application]) (*wire.Answer, error) {
	k := s.applications()
	var items []object
	for _, a := range applications.Sorted() {
		shown := k.shown(r, a)
		r.decide.Listed(a, shown)
		items = append(items, shown)
	}
	// A recorded list has size and no count.
	body := collectionBody(r.self(nil), "applications", items, len(items), links{"environment": r.base()})
	delete(body, "count")
	return ok(body), nil
}

// checkApplication holds what fields alone cannot say.
func checkApplication(_ *request, f *faults, body map[string]any, old *tenant.Application) {
	checkKind(f, body, old)
	if flagAt(body, "supportUnsignedRequestObject") && flagAt(body, "requireSignedRequestObject") {
		f.add("CONSTRAINT_VIOLATION", "requireSignedRequestObject", "Not together with supportUnsignedRequestObject.", nil)
	}
	for i, uri := range textsAt(body, "redirectUris") {
		if fault := tenant.RedirectFault(uri, true); fault != "" && absoluteURI(uri) {
			f.add("INVALID_VALUE", "redirectUris["+strconv.Itoa(i)+"]", fault, nil)
		}
	}
	checkGrants(f, body)
}

// checkKind: an application keeps its protocol, and those of the system their type.
func checkKind(f *faults, body map[string]any, old *tenant.Application) {
	if old != nil && at(body, "protocol") != nil && textAt(body, "protocol") != old.Protocol {
		f.add("INVALID_VALUE", "protocol", "The protocol cannot change.", map[string]any{"allowedValues": []string{old.Protocol}})
	}
	kind := textAt(body, "type")
	becomesSystem := tenant.SystemType(kind) && (old == nil || old.Type != kind)
	if becomesSystem || old != nil && old.System() && kind != old.Type {
		f.add("INVALID_VALUE", "type", "Applications of the system come with the environment, and stay what they are.", nil)
	}
}

// checkGrants: the grant types that need a browser need somewhere to send it.
func checkGrants(f *faults, body map[string]any) {
	grants := textsAt(body, "grantTypes")
	if i := slices.Index(grants, "DEVICE_CODE"); i >= 0 {
		f.add("INVALID_VALUE", "grantTypes["+strconv.Itoa(i)+"]", tenant.NoDeviceGrant+".", nil)
	}
	if !slices.Contains(grants, "AUTHORIZATION_CODE") && !slices.Contains(grants, "IMPLICIT") {
		return
	}
	for _, name := range []string{"redirectUris", "responseTypes"} {
		if len(textsAt(body, name)) == 0 && noMalformed(body[name]) {
			f.add("REQUIRED_VALUE", name, "A required value is missing for these grant types.", nil)
		}
	}
}

// wildcardsAllowed refuses wildcards to an application that has not asked for them,
// with the message by which the vendor's Terraform provider knows it.
func wildcardsAllowed(_ *request, body map[string]any) error {
	for i, uri := range textsAt(body, "redirectUris") {
		if tenant.RedirectFault(uri, flagAt(body, "allowWildcardInRedirectUris")) == tenant.NoWildcards {
			p := wire.InvalidData(wire.Detail{Code: "INVALID_VALUE", Target: "redirectUris[" + strconv.Itoa(i) + "]", Message: tenant.NoWildcards})
			p.Message = tenant.NoWildcards
			return p
		}
	}
	return nil
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
	a.TokenEndpointAuthMethod = textOr(body, "tokenEndpointAuthMethod", "NONE")
	a.PKCEEnforcement = textOr(body, "pkceEnforcement", "OPTIONAL")
	a.SupportUnsignedRequestObject = flagAt(body, "supportUnsignedRequestObject")
	a.RequireSignedRequestObject = flagAt(body, "requireSignedRequestObject")
	a.LoginPageURL, a.UpdatedAt = textAt(body, "loginPageUrl"), r.t.Now()
	// Null is as good as false here, other than leaving it out.
	const protection = "additionalRefreshTokenReplayProtectionEnabled"
	if value, sent := body[protection]; sent && value == nil {
		a.Sent[protection] = false
	}
}

// findApplication is the application of the request's path.
func (r *request) findApplication() (*tenant.Application, error) {
	a, err := lookUp(r.env.Applications, r.Path["appID"])
	if err != nil {
		return nil, noApplication(r)
	}
	return a, nil
}

// notItself: the pages are silent about an application that deletes itself; it
// is refused here. Secret, grants and assignments go with an application.
func notItself(r *request, a *tenant.Application) error {
	if a.System() {
		return constraint("", "A system application cannot be deleted.", nil)
	}
	if a.ID == r.caller.ClientID {
		return constraint("", "The application that asks cannot be deleted.", nil)
	}
	return nil
}

func (r *request) applicationHref(id string) string { return r.base() + "/applications/" + id }

// noApplication is 404 in the words that the vendor's Terraform provider reads.
func noApplication(r *request) error {
	p := wire.NotFound()
	p.Message = "Unable to find Application with ID: '" + r.Path["appID"] + "' in Environment: '" + r.env.ID + "'"
	return p
}

// applicationDefaults are the vendor's.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func applicationDefaults(a *tenant.Application) object {
	body := object{"hiddenFromAppPortal": false}
	if a.Protocol != protocolOIDC || a.System() {
		return body
	}
	body.overlay(object{
		"assignActorRoles": false, "idpSignoff": false, "requestScopesForMultipleResourcesEnabled": false,
		"additionalRefreshTokenReplayProtectionEnabled": true,
		"parRequirement": "OPTIONAL", "parTimeout": 60, "deviceTimeout": 600, "devicePollingInterval": 5,
	})
	switch a.Type {
	case "NATIVE_APP":
		body["mobile"] = object{
			"integrityDetection":      object{"mode": "DISABLED"},
			"passcodeRefreshDuration": object{"duration": 30, "timeUnit": "SECONDS"}, "passcodeGracePeriod": 5,
		}
	case "WORKER":
		body["accessControl"] = object{"role": object{"type": "ADMIN_USERS_ONLY"}}
	}
	return body
}

// application shows an application; its secret has an address of its own.
func (r *request) application(a *tenant.Application) object {
	body := object{
		"id": a.ID, "name": a.Name, "enabled": a.Enabled, "type": a.Type, "protocol": a.Protocol,
		"createdAt": timestamp(a.CreatedAt), "updatedAt": timestamp(a.UpdatedAt),
	}
	self := r.applicationHref(a.ID)
	more := links{"attributes": self + "/attributes", "signOnPolicyAssignments": self + "/signOnPolicyAssignments"}
	if a.Protocol == protocolOIDC {
		body.overlay(object{"clientId": a.ID, "tokenEndpointAuthMethod": a.TokenEndpointAuthMethod, "pkceEnforcement": a.PKCEEnforcement})
	}
	if a.Protocol == protocolOIDC && grantable(a) {
		more["grants"] = self + "/grants"
	}
	if a.Protocol == protocolOIDC && !a.System() {
		more["secret"] = self + "/secret"
		body.overlay(object{
			"supportUnsignedRequestObject": a.SupportUnsignedRequestObject, "requireSignedRequestObject": a.RequireSignedRequestObject,
		})
	}
	if a.Type == "WORKER" {
		more["roleAssignments"] = self + "/roleAssignments"
	}
	body.addList("grantTypes", a.GrantTypes).addList("responseTypes", a.ResponseTypes)
	body.addList("redirectUris", a.RedirectURIs).addList("postLogoutRedirectUris", a.PostLogoutRedirectURIs)
	body.addText("description", a.Description).addText("loginPageUrl", a.LoginPageURL)
	return r.hal(self, body, more)
}

// grantable: the grants of the console and of self-service are not to be seen.
func grantable(a *tenant.Application) bool { return !a.System() || a.Type == tenant.ApplicationPortal }

// patchRoute is a PATCH of an application as the gateway before the API answers it.
func patchRoute() route {
	const words = "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64)."
	return route{
		operation: "application.patch", method: http.MethodPatch, path: "/applications/{appID}", roles: []string{applicationDeveloper},
		handle: func(*request) (*wire.Answer, error) {
			return wire.JSON(http.StatusForbidden, object{"message": words}), nil
		},
	}
}
