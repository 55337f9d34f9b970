package tenant

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// EnvironmentSpec is what a new environment is made from.
type EnvironmentSpec struct {
	Name           string
	Description    string
	Type           string // SANDBOX or PRODUCTION
	Region         string // NA EU AP CA AU SG
	OrganizationID string // "": a new one
	LicenseID      string // "": a new one
	Products       []string
	// Methods are the methods that the default device policy has switched on:
	// sms, email, voice, totp.
	Methods []string
}

// AddEnvironment makes an environment with what PingOne puts into a new one: the
// two built-in resources, a default population, a default sign-on policy with a
// LOGIN action, a default password policy and a default device policy.
//
// https://developer.pingidentity.com/pingone-api/getting-started/create-a-test-environment/
func (t *Tenant) AddEnvironment(spec EnvironmentSpec) *Environment {
	now := t.Now()
	e := &Environment{
		Meta: t.NewMeta(now), Status: "ACTIVE",
		OrganizationID: cmp.Or(spec.OrganizationID, t.NewID()), LicenseID: cmp.Or(spec.LicenseID, t.NewID()),
		Name: spec.Name, Description: spec.Description, Type: spec.Type, Region: spec.Region, Products: spec.Products,
		Applications: Table[*Application]{}, Resources: Table[*Resource]{}, Policies: Table[*SignOnPolicy]{},
		Populations: Table[*Population]{}, Users: Table[*User]{}, DevicePolicies: Table[*DevicePolicy]{},
	}
	t.addBuiltInResources(e)
	t.addSystemApplications(e)
	t.addBuiltInRecords(e)
	e.Populations.Add(&Population{Meta: t.NewMeta(now), Name: "Default", Description: "Automatically created population", Default: true})
	policy := &SignOnPolicy{
		Meta: t.NewMeta(now), Name: "Single_Factor", Description: "A sign-on policy that requires username and password", Default: true,
		Actions: Table[*Action]{},
	}
	policy.Actions.Add(&Action{Meta: t.NewMeta(now), Type: "LOGIN", Priority: 1, RecoveryEnabled: true})
	e.Policies.Add(policy)
	devices := t.NewDevicePolicy("Default MFA Policy", spec.Methods)
	devices.Default = true
	e.DevicePolicies.Add(devices)
	t.data.Environments.Add(e)
	return e
}

// NewDevicePolicy makes a device policy with the named methods switched on and
// the documented defaults everywhere else. It belongs to no environment yet.
func (t *Tenant) NewDevicePolicy(name string, enabled []string) *DevicePolicy {
	p := &DevicePolicy{Meta: t.NewMeta(t.Now()), Name: name, DeviceSelection: "DEFAULT_TO_FIRST", Methods: map[string]DeviceMethod{}}
	for _, method := range []string{"sms", "email", "voice", "totp", "mobile"} {
		p.Methods[method] = DefaultDeviceMethod(method)
	}
	for _, method := range enabled {
		m := p.Methods[method]
		m.Enabled = true
		p.Methods[method] = m
	}
	return p
}

// DefaultDeviceMethod is a method, switched off, with the documented limits:
// six digits, three failures, thirty minutes, and a cool-down of two minutes
// for TOTP and mobile, of none for the rest.
func DefaultDeviceMethod(method string) DeviceMethod {
	m := DeviceMethod{OTPLength: 6, LifeTime: 30 * time.Minute, FailureCount: 3}
	if method == "totp" || method == "mobile" {
		m.CoolDown = 2 * time.Minute
	}
	return m
}

// Method is what the policy says about a type of device (SMS, EMAIL, VOICE,
// TOTP, MOBILE); a type the policy does not know is switched off.
func (p *DevicePolicy) Method(deviceType string) DeviceMethod {
	return p.Methods[strings.ToLower(deviceType)]
}

// DefaultDevicePolicy is the environment's default device policy.
func (e *Environment) DefaultDevicePolicy() *DevicePolicy {
	return e.DevicePolicies.First(func(p *DevicePolicy) bool { return p.Default })
}

// DefaultPolicy is the environment's default sign-on policy.
func (e *Environment) DefaultPolicy() *SignOnPolicy {
	return e.Policies.First(func(p *SignOnPolicy) bool { return p.Default })
}

// DefaultPopulation is where people without a population go.
func (e *Environment) DefaultPopulation() *Population {
	return e.Populations.First(func(p *Population) bool { return p.Default })
}

// HasProduct says whether the bill of materials lists the product.
func (e *Environment) HasProduct(product string) bool { return slices.Contains(e.Products, product) }

// Username is the person's sign-on name.
func (u *User) Username() string {
	name, _ := u.Profile["username"].(string)
	return name
}

// Member says whether the person was made a member of a group.
func (u *User) Member(groupID string) bool { return slices.Contains(u.Groups, groupID) }

// ByPriority returns a policy's actions, the one to run first first; actions of
// one priority keep the order of their creation.
func (p *SignOnPolicy) ByPriority() []*Action {
	actions := p.Actions.Sorted()
	slices.SortStableFunc(actions, func(a, b *Action) int { return cmp.Compare(a.Priority, b.Priority) })
	return actions
}

// AssignedPolicies returns the sign-on policies that are assigned to an
// application, the one to run first first.
func (e *Environment) AssignedPolicies(a *Application) []*SignOnPolicy {
	assignments := a.Assignments.Sorted()
	slices.SortStableFunc(assignments, func(a, b *Assignment) int { return cmp.Compare(a.Priority, b.Priority) })
	var policies []*SignOnPolicy
	for _, assignment := range assignments {
		if p := e.Policies[assignment.PolicyID]; p != nil {
			policies = append(policies, p)
		}
	}
	return policies
}

// RenameEnvironment gives an environment another id.
func (t *Tenant) RenameEnvironment(e *Environment, id string) {
	delete(t.data.Environments, e.ID)
	e.ID = id
	t.data.Environments.Add(e)
}
