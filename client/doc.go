// Package client is a thin HTTP client for PingOne: one method for one call of
// the management API, the authorization server and the flow API.
//
// A method returns the [Exchange] whatever the answer's status, and an error
// only when no answer came or the call was refused before it was sent. Methods
// follow the links PingOne hands out and rebuild a documented path only where
// an answer held none. Redirects are never followed: they are answers.
//
// What the client guards: calls go to the configured API and authorization
// server only, over TLS unless on loopback; the worker's bearer token goes to
// the management API only; cookies go to the authorization server only, from a
// jar that belongs to one Client; client secrets go to the authorization
// server's endpoints that authenticate clients, and nowhere else.
//
// What may not enter: anything about tests, fixtures, Gherkin or the emulator,
// checks of answers, retries and waiting (they wrap the transport or the
// caller), and reading of the process environment.
package client
