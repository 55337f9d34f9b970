package simplelogin

import (
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
	"pingone-conformance/contract"
)

// Rules are what this module adds to the contract: an ID token lives for an hour.
func Rules() contract.Addition {
	return contract.Addition{Rules: []contract.Rule{{
		Name:      "does not live for an hour",
		Operation: "Get Token",
		Source:    "https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/access-tokens-and-id-tokens.html",
		Check:     livesForAnHour,
	}}}
}

func livesForAnHour(answer *client.Exchange) []contract.Problem {
	parts := strings.Split(answer.Get("id_token").String(), ".")
	if len(parts) != 3 {
		return nil // none came, or what came is no JWT, which another rule objects to
	}
	claims, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil
	}
	lives := gjson.GetBytes(claims, "exp").Int() - gjson.GetBytes(claims, "iat").Int()
	if lives == 3600 {
		return nil
	}
	return []contract.Problem{{Where: "/id_token", Want: "3600 seconds", Got: fmt.Sprintf("%d seconds", lives)}}
}
