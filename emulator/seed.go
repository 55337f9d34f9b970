package emulator

import (
	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/tenant"
)

// seed makes the environment to work in and another one beside it.
func seed(t *tenant.Tenant, methods []string) Credentials {
	t.Lock()
	defer t.Unlock()
	here := addEnvironment(t, "Emulated Sandbox", methods)
	there := addEnvironment(t, "Emulated Sandbox of Others", methods)
	mine, theirs := addWorker(t, here), addWorker(t, there)
	return Credentials{
		EnvironmentID: here.ID, ClientID: mine.ID, ClientSecret: mine.Secret,
		OtherEnvironmentID: there.ID, OtherClientID: theirs.ID, OtherClientSecret: theirs.Secret,
	}
}

func addEnvironment(t *tenant.Tenant, name string, methods []string) *tenant.Environment {
	return t.AddEnvironment(tenant.EnvironmentSpec{
		Name: name, Description: "Made by the emulator of pingone-conformance", Type: "SANDBOX", Region: "NA",
		Products: []string{"PING_ONE_BASE", "PING_ONE_MFA"}, Methods: methods,
	})
}

func addWorker(t *tenant.Tenant, e *tenant.Environment) *tenant.Application {
	worker := &tenant.Application{
		Meta: t.NewMeta(t.Now()), Name: "Worker", Description: "Made by the emulator of pingone-conformance",
		Enabled: true, Type: "WORKER", Protocol: "OPENID_CONNECT", GrantTypes: []string{"CLIENT_CREDENTIALS"},
		TokenEndpointAuthMethod: "CLIENT_SECRET_BASIC", PKCEEnforcement: "OPTIONAL", Secret: t.NewSecret(64),
		Grants: map[string]*tenant.Grant{}, Assignments: map[string]*tenant.Assignment{},
	}
	e.Applications.Add(worker)
	management.AssignRoles(t, e, worker, e.ID, management.AllRoles()...)
	return worker
}
