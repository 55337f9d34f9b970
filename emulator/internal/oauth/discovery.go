package oauth

import (
	_ "embed"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/wire"
)

// discoveryDocument has the members that a recorded one has. Some endpoints it
// names (par, checksession, device_authorization) belong to no use case and answer
// 404 here.
//
//go:embed discovery.json
var discoveryDocument string

// discovery is the environment's OpenID provider configuration.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/, GET /as/.well-known/openid-configuration
func (s *Server) discovery(v *visit) *wire.Answer {
	return wire.JSON(http.StatusOK, json.RawMessage(strings.ReplaceAll(discoveryDocument, "{issuer}", v.issuer())))
}

// jwks shows the key that signs tokens.
func (s *Server) jwks(*visit) *wire.Answer {
	keys := []jose.JSONWebKey{signingKey().public()}
	for _, k := range s.former {
		keys = append(keys, k.public())
	}
	return wire.JSON(http.StatusOK, jose.JSONWebKeySet{Keys: keys})
}
