package signon

import (
	"net/http"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/wire"
)

// discovery is the environment's OpenID provider configuration, with the members
// that a recorded one has. Some endpoints it names (par, checksession,
// device_authorization) belong to no use case and answer 404 here.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, GET /as/.well-known/openid-configuration
func (s *Server) discovery(v *visit) *wire.Answer {
	at := func(endpoint string) string { return v.issuer() + "/" + endpoint }
	signatures := []string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512"}
	return wire.JSON(http.StatusOK, object{
		"issuer":                                           v.issuer(),
		"authorization_endpoint":                           at("authorize"),
		"pushed_authorization_request_endpoint":            at("par"),
		"token_endpoint":                                   at("token"),
		"userinfo_endpoint":                                at("userinfo"),
		"jwks_uri":                                         at("jwks"),
		"end_session_endpoint":                             at("signoff"),
		"check_session_iframe":                             at("checksession"),
		"introspection_endpoint":                           at("introspect"),
		"revocation_endpoint":                              at("revoke"),
		"device_authorization_endpoint":                    at("device_authorization"),
		"claims_parameter_supported":                       false,
		"request_parameter_supported":                      true,
		"request_uri_parameter_supported":                  false,
		"require_pushed_authorization_requests":            false,
		"scopes_supported":                                 []string{"openid", "profile", "email", "address", "phone"},
		"response_types_supported":                         []string{"code", "id_token", "token id_token", "code id_token", "code token", "code token id_token"},
		"response_modes_supported":                         []string{modeFlow, modeQuery, modeFragment, modeFormPost},
		"grant_types_supported":                            []string{"authorization_code", "implicit", "client_credentials", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"},
		"subject_types_supported":                          []string{"public"},
		"id_token_signing_alg_values_supported":            []string{"RS256"},
		"userinfo_signing_alg_values_supported":            []string{"none"},
		"request_object_signing_alg_values_supported":      append([]string{"none"}, signatures...),
		"token_endpoint_auth_methods_supported":            []string{"client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": signatures,
		"claim_types_supported":                            []string{"normal"},
		"claims_supported": []string{
			"sub", "iss", "auth_time", "acr", "name", "given_name", "family_name", "middle_name", "preferred_username",
			"profile", "picture", "zoneinfo", "phone_number", "updated_at", "address", "email", "locale",
		},
		"code_challenge_methods_supported": []string{"plain", "S256"},
	})
}

// jwks shows the key that signs tokens.
func (s *Server) jwks(*visit) *wire.Answer {
	return wire.JSON(http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{signingKey().public()}})
}
