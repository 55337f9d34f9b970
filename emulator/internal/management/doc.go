// Package management answers PingOne's management API: environments,
// applications, resources, sign-on policies, populations, people, their
// passwords and devices, and device authentication policies.
//
// Nothing about tokens, flows or sign-on belongs here: who a bearer token
// speaks for is asked of whoever issued it (Options.Authenticate).
//
// Where the vendor's pages are silent the emulator decides, and the comment at
// the place says so: "The pages are silent".
package management
