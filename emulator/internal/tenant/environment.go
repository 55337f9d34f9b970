package tenant

import (
	"sort"
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
		ID: t.NewID(), Seq: t.Next(), Status: "ACTIVE",
		OrganizationID: spec.OrganizationID, LicenseID: spec.LicenseID,
		Name: spec.Name, Description: spec.Description, Type: spec.Type, Region: spec.Region, Products: spec.Products,
		CreatedAt: now, UpdatedAt: now,
		Applications: map[string]*Application{}, Resources: map[string]*Resource{}, Policies: map[string]*SignOnPolicy{},
		Populations: map[string]*Population{}, Users: map[string]*User{}, DevicePolicies: map[string]*DevicePolicy{},
		PasswordPolicyID: t.NewID(),
	}
	if e.OrganizationID == "" {
		e.OrganizationID = t.NewID()
	}
	if e.LicenseID == "" {
		e.LicenseID = t.NewID()
	}
	t.addBuiltInResources(e)
	population := &Population{ID: t.NewID(), Seq: t.Next(), Name: "Default", Description: "Automatically created population", Default: true, CreatedAt: now, UpdatedAt: now}
	e.Populations[population.ID] = population
	policy := &SignOnPolicy{ID: t.NewID(), Seq: t.Next(), Name: "Single_Factor", Description: "A sign-on policy that requires username and password", Default: true, CreatedAt: now, UpdatedAt: now, Actions: map[string]*Action{}}
	login := &Action{ID: t.NewID(), Seq: t.Next(), Type: "LOGIN", Priority: 1}
	policy.Actions[login.ID] = login
	e.Policies[policy.ID] = policy
	devices := t.NewDevicePolicy("Default MFA Policy", spec.Methods)
	devices.Default = true
	e.DevicePolicies[devices.ID] = devices
	t.environments[e.ID] = e
	return e
}

// NewDevicePolicy makes a device policy with the named methods switched on and
// the documented defaults everywhere else. It belongs to no environment yet.
func (t *Tenant) NewDevicePolicy(name string, enabled []string) *DevicePolicy {
	p := &DevicePolicy{ID: t.NewID(), Seq: t.Next(), Name: name, DeviceSelection: "DEFAULT_TO_FIRST", Methods: map[string]DeviceMethod{}, UpdatedAt: t.Now()}
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
	for _, p := range e.DevicePolicies {
		if p.Default {
			return p
		}
	}
	return nil
}

// DefaultPolicy is the environment's default sign-on policy.
func (e *Environment) DefaultPolicy() *SignOnPolicy {
	for _, p := range e.Policies {
		if p.Default {
			return p
		}
	}
	return nil
}

// DefaultPopulation is where people without a population go.
func (e *Environment) DefaultPopulation() *Population {
	for _, p := range e.Populations {
		if p.Default {
			return p
		}
	}
	return nil
}

// HasProduct says whether the bill of materials lists the product.
func (e *Environment) HasProduct(product string) bool {
	for _, p := range e.Products {
		if p == product {
			return true
		}
	}
	return false
}

// UserByUsername finds a person by name, upper and lower case being the same;
// nil when there is none.
func (e *Environment) UserByUsername(name string) *User {
	for _, u := range e.Users {
		if strings.EqualFold(u.Username(), name) {
			return u
		}
	}
	return nil
}

// UserCount is how many people belong to a population.
func (e *Environment) UserCount(populationID string) int {
	count := 0
	for _, u := range e.Users {
		if u.PopulationID == populationID {
			count++
		}
	}
	return count
}

// Username is the person's sign-on name.
func (u *User) Username() string {
	name, _ := u.Profile["username"].(string)
	return name
}

// ByPriority returns a policy's actions, the one to run first first; actions of
// one priority keep the order of their creation.
func (p *SignOnPolicy) ByPriority() []*Action {
	actions := Sorted(p.Actions)
	sort.SliceStable(actions, func(i, j int) bool { return actions[i].Priority < actions[j].Priority })
	return actions
}

// AssignedPolicies returns the sign-on policies that are assigned to an
// application, the one to run first first.
func (e *Environment) AssignedPolicies(a *Application) []*SignOnPolicy {
	assignments := Sorted(a.Assignments)
	sort.SliceStable(assignments, func(i, j int) bool { return assignments[i].Priority < assignments[j].Priority })
	var policies []*SignOnPolicy
	for _, assignment := range assignments {
		if p := e.Policies[assignment.PolicyID]; p != nil {
			policies = append(policies, p)
		}
	}
	return policies
}
