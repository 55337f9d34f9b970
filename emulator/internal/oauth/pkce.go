package oauth

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"strings"
)

// isPKCEText tells whether a text is one of 43 to 128 unreserved characters, as RFC 7636 has it.
func isPKCEText(text string) bool {
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	return len(text) >= 43 && len(text) <= 128 && strings.Trim(text, unreserved) == ""
}

// readPKCE holds the client's pkceEnforcement against the request. A challenge
// sent where none is asked for is kept, and verified later.
//
// https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/pkce-parameters.html
func readPKCE(_ *visit, p *parameters) *fault {
	p.challenge, p.challengeMethod = p.get("code_challenge"), p.get("code_challenge_method")
	if p.challenge == "" {
		if p.challengeMethod != "" || p.app.PKCEEnforcement == "REQUIRED" || p.app.PKCEEnforcement == "S256_REQUIRED" {
			return required("code_challenge")
		}
		return nil
	}
	if p.challengeMethod == "" {
		p.challengeMethod = "plain"
	}
	switch {
	case p.challengeMethod != "plain" && p.challengeMethod != "S256",
		p.challengeMethod == "plain" && p.app.PKCEEnforcement == "S256_REQUIRED":
		return invalid("code_challenge_method", "The code challenge method is not allowed.")
	case !isPKCEText(p.challenge):
		return invalid("code_challenge", "The code challenge is not 43 to 128 unreserved characters.")
	}
	return nil
}

func proves(verifier, challenge, method string) bool {
	if method == "S256" {
		digest := sha256.Sum256([]byte(verifier))
		verifier = base64.RawURLEncoding.EncodeToString(digest[:])
	}
	return subtle.ConstantTimeCompare([]byte(verifier), []byte(challenge)) == 1
}
