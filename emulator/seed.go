package emulator

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/seed"
	"pingone-conformance/emulator/internal/tenant"
)

// fixed is where the ids and secrets of a fixed start come from.
func fixed() *rand.ChaCha8 {
	return rand.NewChaCha8([32]byte([]byte("pingone-conformance, same ids on")))
}

// fill puts into an empty tenant what it begins with. The caller has its lock, or
// nobody else knows the tenant yet.
func fill(t *tenant.Tenant, o Options) (err error) {
	if !o.Fixed {
		return begin(t, o)
	}
	t.Drawing(fixed(), func() { err = begin(t, o) })
	return err
}

func begin(t *tenant.Tenant, o Options) error {
	if o.Seed != nil {
		document, err := seed.Parse(cmp.Or(o.SeedFile, "seed"), o.Seed, o.SeedVariables)
		if err != nil {
			return err
		}
		if err := document.Apply(t, seed.Options{Methods: o.DefaultMethods, MaxUsers: o.MaxUsers, MaxPolicies: o.MaxPolicies}); err != nil {
			return err
		}
	}
	if len(t.Environments()) == 0 {
		addEnvironment(t, "Emulated Sandbox", o.DefaultMethods)
		addEnvironment(t, "Emulated Sandbox of Others", o.DefaultMethods)
	}
	for i, environment := range t.Environments() {
		if worker(environment) == nil && (i == 0 || o.Seed == nil) {
			addWorker(t, environment)
		}
	}
	return nil
}

// credentials are those of the first environment that has a worker application, and
// of the next.
func credentials(t *tenant.Tenant) Credentials {
	var c Credentials
	for _, environment := range t.Environments() {
		w := worker(environment)
		switch {
		case w == nil:
		case c.ClientID == "":
			c.EnvironmentID, c.ClientID, c.ClientSecret = environment.ID, w.ID, w.Secret
		case c.OtherClientID == "":
			c.OtherEnvironmentID, c.OtherClientID, c.OtherClientSecret = environment.ID, w.ID, w.Secret
		}
	}
	return c
}

// worker is the first worker application of an environment that may do something.
func worker(e *tenant.Environment) *tenant.Application {
	for _, a := range e.Applications.Sorted() {
		if a.Type == "WORKER" && len(a.Roles) > 0 {
			return a
		}
	}
	return nil
}

func addEnvironment(t *tenant.Tenant, name string, methods []string) {
	t.AddEnvironment(tenant.EnvironmentSpec{
		Name: name, Description: "Made by the emulator of pingone-conformance", Type: "SANDBOX", Region: "NA",
		Products: []string{"PING_ONE_BASE", "PING_ONE_MFA"}, Methods: methods,
	})
}

func addWorker(t *tenant.Tenant, e *tenant.Environment) {
	worker := &tenant.Application{
		Meta: t.NewMeta(t.Now()), Name: "Worker", Description: "Made by the emulator of pingone-conformance",
		Enabled: true, Type: "WORKER", Protocol: "OPENID_CONNECT", GrantTypes: []string{"CLIENT_CREDENTIALS"},
		TokenEndpointAuthMethod: "CLIENT_SECRET_BASIC", PKCEEnforcement: "OPTIONAL", Secret: t.NewSecret(64),
		Grants: map[string]*tenant.Grant{}, Assignments: map[string]*tenant.Assignment{},
	}
	e.Applications.Add(worker)
	management.AssignRoles(t, e, worker, e.ID, management.AllRoles()...)
}

// seedPath lies outside PingOne's path space.
const seedPath = "/emulator/seed"

// SeedSchema is the JSON Schema of a seed.
func SeedSchema() []byte { return seed.Schema() }

// CheckSeed says what is wrong with a seed: file, line and member of each fault.
func CheckSeed(file string, text []byte) error {
	return fill(tenant.New(tenant.Options{}), Options{Seed: text, SeedFile: file, DefaultMethods: defaultMethods()})
}

// ExportSeed writes all that the emulator holds as a seed, as YAML: applied, it makes the
// same again. Sessions, flows and passcodes under way are no part of it.
func (s *Server) ExportSeed() ([]byte, error) {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	text, err := seed.Export(s.tenant)
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return text, nil
}

// seedPage answers GET with what there is, as YAML, or as JSON to who asks for that.
func (s *Server) seedPage(w http.ResponseWriter, r *http.Request) {
	text, err := s.ExportSeed()
	kind := "application/yaml"
	if err == nil && strings.Contains(r.Header.Get("Accept"), "json") {
		kind = "application/json"
		text, err = seed.JSON(text)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write(text) // a reader that hung up has nobody to tell
}
