package tenant

import "slices"

// The applications that stand in every environment's list.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1.html
const (
	ApplicationConsole = "PING_ONE_ADMIN_CONSOLE"

	ApplicationPortal = "PING_ONE_PORTAL"

	ApplicationSelfService = "PING_ONE_SELF_SERVICE"
)

func (t *Tenant) addSystemApplications(e *Environment) {
	for _, one := range []struct{ kind, name string }{
		{ApplicationConsole, "PingOne Admin Console"},
		{ApplicationPortal, "PingOne Application Portal"},
		{ApplicationSelfService, "PingOne Self-Service - MyAccount"},
	} {
		e.Applications.Add(&Application{
			Meta: t.NewMeta(t.Now()), Name: one.name, Type: one.kind, Protocol: "OPENID_CONNECT", Enabled: true,
			TokenEndpointAuthMethod: "NONE", PKCEEnforcement: "OPTIONAL", Grants: Table[*Grant]{}, Assignments: Table[*Assignment]{},
		})
	}
}

// System says whether the application came with the environment.
func (a *Application) System() bool { return SystemType(a.Type) }

// SystemType says whether a type is that of an application that comes with the environment.
func SystemType(kind string) bool {
	return slices.Contains([]string{ApplicationConsole, ApplicationPortal, ApplicationSelfService}, kind)
}
