package management

import (
	"errors"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/condition"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// maxActions is how many actions a sign-on policy may have.
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies.html
const maxActions = 20

// attributePath is a path in the user schema, such as address.postalCode.
var attributePath = lazy.Regexp(`^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*$`)

func (s *Server) actions() kind[*tenant.Action] {
	return kind[*tenant.Action]{
		operation: "action", path: "/signOnPolicies/{policyID}/actions", plural: "actions", id: "actionID",
		roles: []string{environmentAdmin},
		in: func(r *request) (tenant.Table[*tenant.Action], error) {
			policy, err := lookUp(r.env.Policies, r.Path["policyID"])
			if err != nil {
				return nil, err
			}
			return policy.Actions, nil
		},
		list:   s.listActions,
		fields: func(body map[string]any) []field { return actionFields(textAt(body, "type")) },
		check:  checkAction, allowed: oneMoreAction,
		make: func() *tenant.Action { return &tenant.Action{Meta: s.t.NewMeta(time.Time{})} },
		fill: fillAction,
		deletable: func(r *request, _ *tenant.Action) error {
			if !r.decide.Dispensable(r.actionsPolicy()) {
				return constraint("", "Cannot delete last action from the policy.", nil)
			}
			r.actionsPolicy().UpdatedAt = r.t.Now()
			return nil
		},
		defaults: actionDefaults,
		show:     (*request).action,
	}
}

// actionsPolicy is the policy of the actions that the call is about.
func (r *request) actionsPolicy() *tenant.SignOnPolicy { return r.env.Policies[r.Path["policyID"]] }

// actionTypes are all that there are. The emulator plays the sign-on of three; one
// that reaches another ends there, and says so.
func actionTypes() []string {
	return []string{
		tenant.ActionLogin, tenant.ActionMFA, tenant.ActionProfiling, "IDENTIFIER_FIRST", "IDENTITY_PROVIDER", "AGREEMENT",
		"PINGID_AUTHENTICATION", "PINGID_WINLOGIN_PASSWORDLESS_AUTHENTICATION",
	}
}

// actionFields depend on the action's type.
func actionFields(kind string) []field {
	fields := []field{priority(), group("condition"), text("type").must().oneOf(actionTypes()...)}
	switch kind {
	case tenant.ActionLogin:
		return append(fields,
			group("recovery", flag("enabled").must()),
			group("registration", flag("enabled").must(), group("population", text("id").must()), flag("confirmIdentityProviderAttributes")),
			flag("enforceLockoutForIdentityProviders"))
	case "AGREEMENT":
		return append(fields, group("agreement", text("id").must()).must())
	case "IDENTITY_PROVIDER":
		return append(fields, group("identityProvider", text("id").must()).must())
	case tenant.ActionProfiling:
		// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions/create-sign-on-policy-action-progressive_profiling.html
		attribute := group("", text("name").must().matching(attributePath), flag("required").must())
		return append(fields,
			list("attributes", attribute).must().notEmpty(),
			text("promptText").must().within(1, 1024),
			whole("promptIntervalSeconds").must().within(1, math.MaxInt32),
			flag("preventMultiplePromptsPerFlow").must())
	case tenant.ActionMFA:
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

func (s *Server) listActions(r *request, _ tenant.Table[*tenant.Action]) (*wire.Answer, error) {
	var items []object
	for _, a := range r.actionsPolicy().ByPriority() {
		items = append(items, s.actions().shown(r, a))
	}
	return r.collection("actions", items), nil
}

func checkAction(r *request, f *faults, body map[string]any, old *tenant.Action) {
	if sent := textAt(body, "type"); old != nil && sent != "" && sent != old.Type {
		f.add("INVALID_VALUE", "type", "The type of an action cannot change.", map[string]any{"allowedValues": []string{old.Type}})
	}
	if id := textAt(body, "deviceAuthenticationPolicy.id"); id != "" && r.env.DevicePolicies[id] == nil {
		f.add("INVALID_VALUE", "deviceAuthenticationPolicy.id", "There is no such device authentication policy.", nil)
	}
	checkCondition(r, f, body)
	checkAttributes(r, f, body)
	refersTo("agreement.id", "/agreements")(r, f, body)
	refersTo("identityProvider.id", "/identityProviders")(r, f, body)
	if id := textAt(body, "registration.population.id"); id != "" && r.env.Populations[id] == nil {
		f.add("INVALID_VALUE", "registration.population.id", "There is no such population.", nil)
	}
	if methods := sentMethods(body); textAt(body, "type") == tenant.ActionMFA && methods != nil && !anyOf(methods) && at(body, "deviceAuthenticationPolicy") == nil {
		f.add("INVALID_VALUE", "type", "At least one kind of device has to be enabled.", nil)
	}
}

// checkCondition refuses a condition that is none, by the member that is wrong.
func checkCondition(r *request, f *faults, body map[string]any) {
	raw, sent := at(body, "condition").(map[string]any)
	if !sent {
		return
	}
	_, err := condition.Parse(raw, r.env.HasAttribute)
	var fault condition.Fault
	if errors.As(err, &fault) {
		f.add("INVALID_VALUE", strings.TrimSuffix("condition."+fault.Target, "."), fault.Message, nil)
	}
}

// checkAttributes: profiling asks for attributes of the user schema, each once, and
// for none of PingOne's own and none that is JSON.
//
// https://docs.pingidentity.com/pingone/authentication/p1_add_progressive_profiling.html
func checkAttributes(r *request, f *faults, body map[string]any) {
	if textAt(body, "type") != tenant.ActionProfiling {
		return
	}
	seen := map[string]bool{}
	for i, item := range objectsAt(body, "attributes") {
		name, target := textAt(item, "name"), "attributes["+strconv.Itoa(i)+"].name"
		head, _, _ := strings.Cut(name, ".")
		attribute := r.env.SchemaAttribute(head)
		switch {
		case !attributePath.Get().MatchString(name):
			// Already reported.
		case seen[name]:
			f.add("UNIQUENESS_VIOLATION", target, "The attribute stands there twice.", nil)
		case !r.env.HasAttribute(name):
			f.add("INVALID_VALUE", target, "The user schema has no such attribute.", nil)
		case attribute.Fixed["schemaType"] == "CORE" || attribute.Sent["type"] == "JSON":
			f.add("INVALID_VALUE", target, "The attribute is a core or a JSON one.", nil)
		}
		seen[name] = true
	}
}

// oneMoreAction refuses more actions than a policy may have.
func oneMoreAction(r *request, _ map[string]any) error {
	if r.Method == http.MethodPost && len(r.actionsPolicy().Actions) >= maxActions {
		return wire.InvalidData(wire.Detail{
			Code: "CONSTRAINT_VIOLATION", Message: "The policy has as many actions as it may.", InnerError: map[string]any{"maximumValue": maxActions},
		})
	}
	return nil
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
	return slices.Contains(slices.Collect(maps.Values(methods)), true)
}

func fillAction(r *request, a *tenant.Action, body map[string]any) {
	a.Type, a.Priority = textAt(body, "type"), wholeAt(body, "priority", 1)
	a.RecoveryEnabled, a.RegistrationEnabled = flagAt(body, "recovery.enabled"), flagAt(body, "registration.enabled")
	a.Attributes = nil
	for _, attribute := range objectsAt(body, "attributes") {
		a.Attributes = append(a.Attributes, tenant.ProfileAttribute{Name: textAt(attribute, "name"), Required: flagAt(attribute, "required")})
	}
	a.PromptText, a.PromptIntervalSeconds = textAt(body, "promptText"), wholeAt(body, "promptIntervalSeconds", 0)
	a.PreventMultiplePromptsPerFlow = flagAt(body, "preventMultiplePromptsPerFlow")
	if a.Type == tenant.ActionMFA {
		a.Methods = sentMethods(body)
		a.DevicePolicyID, a.NoDevicesMode = textAt(body, "deviceAuthenticationPolicy.id"), textAt(body, "noDevicesMode")
	}
	r.actionsPolicy().UpdatedAt = r.t.Now()
}

func actionDefaults(a *tenant.Action) object {
	if a.Type != tenant.ActionLogin {
		return object{}
	}
	return object{"recovery": object{"enabled": a.RecoveryEnabled}, "registration": object{"enabled": a.RegistrationEnabled}}
}

func (r *request) action(a *tenant.Action) object {
	policy := r.Path["policyID"]
	body := object{"id": a.ID, "type": a.Type, "priority": a.Priority, "signOnPolicy": ref(policy)}
	return r.hal(r.policyHref(policy)+"/actions/"+a.ID, body, links{"signOnPolicy": r.policyHref(policy)})
}
