// Package signon is the emulator's authorization server and flow engine:
// authorize, flows, resume, token, userinfo, introspection, discovery, keys and
// the hosted sign-on page, for one environment per path segment.
//
// It answers what the tenant's applications, policies and people say, and holds
// the only state that no management call shows: flows, sessions, authorization
// codes and revoked tokens, all of them bounded and expiring by the tenant's
// clock.
//
// Of OAuth it speaks client_credentials, authorization_code and refresh_token; of
// sign-on policy actions LOGIN, MULTI_FACTOR_AUTHENTICATION and
// PROGRESSIVE_PROFILING. A policy with any other action fails at that action:
// skipping it would let people in that the policy wants to stop.
//
// Nothing of the management API may enter here; that room asks this one only
// who a bearer token belongs to.
package signon
