package management

import (
	"math"
	"net/http"
	"regexp"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// maxActions is how many actions a sign-on policy may have.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies.html
const maxActions = 20

const (
	actionLogin       = "LOGIN"
	actionMFA         = "MULTI_FACTOR_AUTHENTICATION"
	actionProgressive = "PROGRESSIVE_PROFILING"
)

// attributePath is a path in the user schema, such as address.postalCode.
var attributePath = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*$`)

func (s *Server) actionRoutes() []route {
	roles := []string{EnvironmentAdmin}
	const all, one = "/signOnPolicies/{policyID}/actions", "/signOnPolicies/{policyID}/actions/{actionID}"
	return []route{
		{operation: "action.list", method: http.MethodGet, path: all, roles: roles, handle: s.listActions},
		{operation: "action.create", method: http.MethodPost, path: all, media: mediaJSON, roles: roles, handle: s.createAction},
		{operation: "action.read", method: http.MethodGet, path: one, roles: roles, handle: s.readAction},
		{operation: "action.update", method: http.MethodPut, path: one, media: mediaJSON, roles: roles, handle: s.updateAction},
		{operation: "action.delete", method: http.MethodDelete, path: one, roles: roles, handle: s.deleteAction},
	}
}

// actionFields depend on the action's type. PingOne knows more types than the
// three whose sign-on the emulator can play; the others are refused, so that no
// policy promises what then does not happen.
func actionFields(kind string) []field {
	fields := []field{priority(), text("type").must().oneOf(actionLogin, actionMFA, actionProgressive)}
	switch kind {
	case actionLogin:
		return append(fields,
			group("recovery", flag("enabled").must()),
			group("registration", flag("enabled").must(), group("population", text("id").must()), flag("confirmIdentityProviderAttributes")),
			flag("enforceLockoutForIdentityProviders"))
	case actionProgressive:
		// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions/create-sign-on-policy-action-progressive_profiling.html
		attribute := group("", text("name").must().matching(attributePath), flag("required").must())
		return append(fields,
			list("attributes", attribute).must().notEmpty(),
			text("promptText").must().within(1, 1024),
			whole("promptIntervalSeconds").must().within(1, math.MaxInt32),
			flag("preventMultiplePromptsPerFlow").must())
	case actionMFA:
		for _, method := range mfaMethods() {
			fields = append(fields, group(method, flag("enabled")))
		}
		return append(fields, group("deviceAuthenticationPolicy", text("id").must()), text("noDevicesMode").oneOf("BLOCK", "BYPASS"))
	}
	return fields
}

// mfaMethods are the methods that an MFA action can switch on one by one, the
// older form of naming a device authentication policy.
func mfaMethods() []string {
	return []string{"sms", "email", "voice", "authenticator", "boundBiometrics", "securityKey"}
}

func (s *Server) listActions(r *request) (*wire.Answer, error) {
	p, err := r.findPolicy()
	if err != nil {
		return nil, err
	}
	var items []object
	for _, a := range p.ByPriority() {
		items = append(items, r.action(p, a))
	}
	return r.collection("actions", items), nil
}

func (s *Server) createAction(r *request) (*wire.Answer, error) {
	p, err := r.findPolicy()
	if err != nil {
		return nil, err
	}
	body, err := r.actionBody("")
	if err != nil {
		return nil, err
	}
	if len(p.Actions) >= maxActions {
		return nil, wire.InvalidData(wire.Detail{
			Code: "CONSTRAINT_VIOLATION", Message: "The policy has as many actions as it may.", InnerError: map[string]any{"maximumValue": maxActions},
		})
	}
	a := &tenant.Action{ID: s.t.NewID(), Seq: s.t.Next()}
	fillAction(a, body)
	p.Actions[a.ID] = a
	p.UpdatedAt = s.t.Now()
	return created(r.action(p, a)), nil
}

// actionBody reads an action; a kind that is not "" is the one it has to keep.
func (r *request) actionBody(kind string) (map[string]any, error) {
	object, problem := r.Object()
	if problem != nil {
		return nil, *problem
	}
	body, f, err := r.body(actionFields(textAt(object, "type")))
	if err != nil {
		return nil, err
	}
	if sent := textAt(body, "type"); kind != "" && sent != "" && sent != kind {
		f.add("INVALID_VALUE", "type", "The type of an action cannot change.", map[string]any{"allowedValues": []string{kind}})
	}
	if id := textAt(body, "deviceAuthenticationPolicy.id"); id != "" && r.env.DevicePolicies[id] == nil {
		f.add("INVALID_VALUE", "deviceAuthenticationPolicy.id", "There is no such device authentication policy.", nil)
	}
	if id := textAt(body, "registration.population.id"); id != "" && r.env.Populations[id] == nil {
		f.add("INVALID_VALUE", "registration.population.id", "There is no such population.", nil)
	}
	if methods := sentMethods(body); textAt(body, "type") == actionMFA && methods != nil && !anyOf(methods) && at(body, "deviceAuthenticationPolicy") == nil {
		f.add("INVALID_VALUE", "type", "At least one kind of device has to be enabled.", nil)
	}
	return body, f.problem()
}

// sentMethods are the methods whose flag was sent, nil when none was.
func sentMethods(body map[string]any) map[string]bool {
	var methods map[string]bool
	for _, method := range mfaMethods() {
		if _, sent := body[method].(map[string]any); sent {
			if methods == nil {
				methods = map[string]bool{}
			}
			methods[method] = flagAt(body, method+".enabled")
		}
	}
	return methods
}

func anyOf(methods map[string]bool) bool {
	for _, enabled := range methods {
		if enabled {
			return true
		}
	}
	return false
}

func fillAction(a *tenant.Action, body map[string]any) {
	a.Type, a.Priority, a.Sent = textAt(body, "type"), wholeAt(body, "priority", 1), rest(body, "priority", "type", "signOnPolicy")
	a.RecoveryEnabled, a.RegistrationEnabled = flagAt(body, "recovery.enabled"), flagAt(body, "registration.enabled")
	a.Attributes = nil
	for _, attribute := range objectsAt(body, "attributes") {
		a.Attributes = append(a.Attributes, tenant.ProfileAttribute{Name: textAt(attribute, "name"), Required: flagAt(attribute, "required")})
	}
	a.PromptText, a.PromptIntervalSeconds = textAt(body, "promptText"), wholeAt(body, "promptIntervalSeconds", 0)
	a.PreventMultiplePromptsPerFlow = flagAt(body, "preventMultiplePromptsPerFlow")
	a.Methods, a.DevicePolicyID, a.NoDevicesMode = nil, "", ""
	if a.Type == actionMFA {
		a.Methods = sentMethods(body)
		a.DevicePolicyID, a.NoDevicesMode = textAt(body, "deviceAuthenticationPolicy.id"), textAt(body, "noDevicesMode")
	}
}

func (r *request) findAction() (*tenant.SignOnPolicy, *tenant.Action, error) {
	p, err := r.findPolicy()
	if err != nil {
		return nil, nil, err
	}
	if a := p.Actions[r.Path["actionID"]]; a != nil {
		return p, a, nil
	}
	return nil, nil, wire.NotFound()
}

func (s *Server) readAction(r *request) (*wire.Answer, error) {
	p, a, err := r.findAction()
	if err != nil {
		return nil, err
	}
	return ok(r.action(p, a)), nil
}

func (s *Server) updateAction(r *request) (*wire.Answer, error) {
	p, a, err := r.findAction()
	if err != nil {
		return nil, err
	}
	body, err := r.actionBody(a.Type)
	if err != nil {
		return nil, err
	}
	fillAction(a, body)
	p.UpdatedAt = s.t.Now()
	return ok(r.action(p, a)), nil
}

func (s *Server) deleteAction(r *request) (*wire.Answer, error) {
	p, a, err := r.findAction()
	if err != nil {
		return nil, err
	}
	if len(p.Actions) == 1 && !s.t.Deviates("last-action-deletable") {
		return nil, constraint("", "Cannot delete last action from the policy.", nil)
	}
	delete(p.Actions, a.ID)
	p.UpdatedAt = s.t.Now()
	return gone(), nil
}

func (r *request) action(p *tenant.SignOnPolicy, a *tenant.Action) object {
	body := object{}
	if a.Type == actionLogin {
		body["recovery"] = object{"enabled": false}
		body["registration"] = object{"enabled": false}
	}
	body.overlay(a.Sent).overlay(object{"id": a.ID, "type": a.Type, "priority": a.Priority, "signOnPolicy": ref(p.ID)})
	return r.hal(r.policyHref(p)+"/actions/"+a.ID, body, links{"signOnPolicy": r.policyHref(p)})
}
