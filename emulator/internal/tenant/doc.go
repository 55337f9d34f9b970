// Package tenant is what environments of PingOne hold: applications, policies,
// people and their devices, in memory, with the rules that belong to the data
// itself (passwords, defaults, what a new environment comes with).
//
// It knows no HTTP and no flow. Whoever touches a Tenant holds its lock.
package tenant
