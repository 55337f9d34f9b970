// Package console is the page that a developer keeps open, and what it shows of an
// emulator in words.
package console

import (
	_ "embed"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// Page is the page. It is whole: nothing of it is fetched from elsewhere.
//
//go:embed page.html
var Page string

// Policy lets the page run its own script, ask this emulator, and nothing else.
const Policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"

// shownPeople is how many people the page lists.
const shownPeople = 200

// Environment is one environment as the page shows it.
type Environment struct {
	ID           string        `json:"id"`
	Name         string        `json:"name"`
	Applications []Application `json:"applications"`
	Policies     []Policies    `json:"policies"`
	People       []Person      `json:"people"`
}

// Application is one application with what is copied from the page.
type Application struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	Type     string   `json:"type"`
	Secret   string   `json:"secret"`
	Policies []string `json:"policies"`
}

// Policies is one sign-on policy in words, action by action.
type Policies struct {
	Name    string   `json:"name"`
	Default bool     `json:"default"`
	Words   []string `json:"words"`
}

// Person is one person.
type Person struct {
	ID       string   `json:"id"`
	Username string   `json:"username"`
	Enabled  bool     `json:"enabled"`
	Password string   `json:"password"`
	Devices  []string `json:"devices"`
}

// Environments are those of a tenant, whose lock the caller has; people is how many
// there are in all.
func Environments(t *tenant.Tenant) (all []Environment, people int) {
	left := shownPeople
	for _, e := range t.Environments() {
		shown := Environment{ID: e.ID, Name: e.Name, Applications: []Application{}, Policies: []Policies{}, People: []Person{}}
		for _, a := range e.Applications.Sorted() {
			shown.Applications = append(shown.Applications, application(e, a))
		}
		for _, p := range e.Policies.Sorted() {
			words := []string{}
			for _, action := range p.ByPriority() {
				words = append(words, Words(e, action))
			}
			shown.Policies = append(shown.Policies, Policies{p.Name, p.Default, words})
		}
		people += len(e.Users)
		users := e.Users.Sorted()
		for _, u := range users[max(0, len(users)-left):] {
			shown.People = append(shown.People, person(u, t.Now()))
			left--
		}
		all = append(all, shown)
	}
	return all, people
}

func application(e *tenant.Environment, a *tenant.Application) Application {
	shown := Application{ID: a.ID, Name: a.Name, Type: a.Type, Policies: []string{}}
	if a.TokenEndpointAuthMethod != "NONE" {
		shown.Secret = a.Secret
	}
	for _, p := range e.AssignedPolicies(a) {
		shown.Policies = append(shown.Policies, p.Name)
	}
	return shown
}

func person(u *tenant.User, now time.Time) Person {
	shown := Person{ID: u.ID, Username: u.Username(), Enabled: u.Enabled, Devices: []string{}}
	shown.Password = map[string]string{
		"OK": "set", "NO_PASSWORD": "none", "MUST_CHANGE_PASSWORD": "to be changed", "PASSWORD_LOCKED_OUT": "locked",
	}[u.PasswordStatus(now)]
	for _, d := range u.Devices.Sorted() {
		text := strings.TrimSpace(d.Type + " " + d.Phone + d.Email)
		if d.Status != "ACTIVE" {
			text += " (not activated)"
		}
		shown.Devices = append(shown.Devices, text)
	}
	return shown
}

// Words says what an action of a sign-on policy does.
func Words(e *tenant.Environment, a *tenant.Action) string {
	switch a.Type {
	case tenant.ActionLogin:
		words := "asks for username and password"
		if a.RecoveryEnabled {
			words += ", and lets people recover a forgotten one"
		}
		return words
	case tenant.ActionMFA:
		return mfaWords(e, a)
	case tenant.ActionProfiling:
		var names []string
		for _, attribute := range a.Attributes {
			name := attribute.DisplayName()
			if attribute.Required {
				name += " (required)"
			}
			names = append(names, name)
		}
		return fmt.Sprintf("asks for %s if it is missing, at most every %s: “%s”", strings.Join(names, ", "), time.Duration(a.PromptIntervalSeconds)*time.Second, a.PromptText)
	}
	return a.Type
}

func mfaWords(e *tenant.Environment, a *tenant.Action) string {
	policy := e.DefaultDevicePolicy()
	if named := e.DevicePolicies[a.DevicePolicyID]; named != nil {
		policy = named
	}
	var methods []string
	for _, name := range slices.Sorted(maps.Keys(a.Methods)) {
		if a.Methods[name] {
			methods = append(methods, name)
		}
	}
	if methods == nil && policy != nil {
		for _, name := range slices.Sorted(maps.Keys(policy.Methods)) {
			if policy.Methods[name].Enabled {
				methods = append(methods, name)
			}
		}
	}
	words := "asks for a passcode (" + strings.Join(methods, ", ") + ")"
	if a.NoDevicesMode == "BYPASS" {
		words += ", and lets pass who has no device"
	}
	return words
}
