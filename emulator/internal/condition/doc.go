// Package condition reads and evaluates the condition of a sign-on policy action:
// one test, or several joined with and, or and not.
//
// It knows no flow, no HTTP and no tenant: what is true about a sign-on is asked of
// whoever evaluates it (Facts).
//
// https://developer.pingidentity.com/pingone-api/platform/sign-on-policies/sign-on-policy-actions/conditions.html
package condition
