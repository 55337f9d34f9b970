// Package tenant is what environments of PingOne hold: applications, policies,
// people and their devices, as plain values (Data) behind one store (Tenant), with
// the rules that belong to the data itself (passwords, defaults, what a new environment comes with).
//
// It knows no HTTP and no flow. Whoever touches a Tenant holds its lock.
package tenant
