// Package oauth is the emulator's authorization server, for one environment per
// path segment: authorize, with its request objects, hints and PKCE; client
// authentication; codes, tokens, userinfo and introspection; discovery and keys;
// sign-off; and the HTTP of flows, which PingOne serves beside them.
//
// It answers what the tenant's applications say, and holds the only state that no
// management call shows: sign-ons, authorization codes and tokens, all of them
// bounded and expiring by the tenant's clock. Of grants it knows
// client_credentials, authorization_code and refresh_token.
//
// Imports point one way: oauth asks package flow what a policy wants of a person,
// and package browser whose browser calls; neither knows it. Nothing of the
// management API may enter here: that asks this package only who a bearer token
// belongs to.
package oauth
