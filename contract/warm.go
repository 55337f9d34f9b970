package contract

// early are the schemas that every journey needs, in the order in which it needs
// them. A name that is missing here costs time and nothing else.
var early = []string{
	"requests/token", "token-client-credentials", "jwt-header", "access-token-claims-worker",
	"requests/application", "application", "application-secret", "collection", "resource", "scope",
	"requests/grant", "grant", "requests/sign-on-policy", "sign-on-policy",
	"requests/sign-on-policy-action", "sign-on-policy-action",
	"requests/sign-on-policy-assignment", "sign-on-policy-assignment",
	"requests/population", "population", "requests/user", "user", "requests/password", "password",
	"requests/authorize", "flow", "flow-read", "requests/username-password-check",
	"token-authorization-code", "access-token-claims-user",
}

// Warm compiles what every journey needs beside whatever the caller does meanwhile,
// and returns at once. What does not compile is told by the check that needs it.
func Warm() {
	go func() {
		for _, name := range early {
			_, _ = shared().shape(name)
		}
	}()
}
