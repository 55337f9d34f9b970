package oauth

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
)

// jwtClaims are the claims of a request object that are about the JWT itself
// and no parameters. sub names the person, see readRequestObject.
func jwtClaim(name string) bool {
	switch name {
	case "iss", "aud", "sub", "exp", "iat", "nbf", "jti":
		return true
	}
	return false
}

// readRequestObject lays the claims of the request parameter over the
// parameters beside it. It is signed with the client's secret; unsigned only
// where the client supports that. A signed sub names the person as a login hint
// token does, since the vendor's newer transaction workflow sends one JWT as
// request alone. A key that the client publishes signs as well as its secret does.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/create-a-request-property-jwt.html
func (s *Server) readRequestObject(v *visit, p *parameters) *fault {
	token := p.get("request")
	if token == "" {
		if p.app.RequireSignedRequestObject {
			return required("request")
		}
		return nil
	}
	c, signed, err := s.requestClaims(v, p, token)
	if err != nil {
		return invalid("request", "The request object is not valid.")
	}
	if id := c.text("client_id"); id != "" && id != p.app.ID {
		return invalid("request", "The request object is for another client.")
	}
	p.requestSigned = signed
	p.testDevices = signed && c.text("pi.testDevice") == "allow"
	for name, value := range c {
		if jwtClaim(name) || strings.HasPrefix(name, "pi.") || name == "request" || name == "request_uri" {
			continue
		}
		text, ok := parameterText(value)
		if !ok {
			return invalid("request", "A claim of the request object is no parameter.")
		}
		p.values[name] = []string{text}
	}
	return s.readRequestSubject(v, p, c)
}

func (s *Server) readRequestSubject(v *visit, p *parameters, c Claims) *fault {
	sub := c.text("sub")
	if sub == "" || sub == p.app.ID || !p.requestSigned || p.get("login_hint_token") != "" {
		return nil
	}
	u := person(v.Env, sub)
	if u == nil || !u.Enabled {
		return invalid("request", "The request object is not valid.")
	}
	p.hinted, p.signedHint = u, true
	return nil
}

func (s *Server) requestClaims(v *visit, p *parameters, token string) (c Claims, signed bool, err error) {
	believed := true
	c, unsigned := UnsignedClaims(token)
	if unsigned {
		var taken bool
		if taken, believed = s.decide.Unsigned(p.app); !taken {
			return nil, false, errors.New("the request object is not signed")
		}
	} else if c, err = s.verifyByClient(v, p.app, token); err != nil {
		return nil, false, err
	}
	switch {
	case !unsigned && c.text("iss") != p.app.ID, unsigned && c.text("iss") != "" && c.text("iss") != p.app.ID:
		return nil, false, errors.New("the request object was made by another client")
	case !c.addressed(v.issuer()) && (!unsigned || c["aud"] != nil):
		return nil, false, errors.New("the request object is for somebody else")
	case !c.alive(v.Now):
		return nil, false, errors.New("the request object is not valid now")
	}
	return c, believed, nil
}

// UnsignedClaims reads a JWT with alg none and an empty signature, which no JOSE
// library should be asked to take for a signed one.
func UnsignedClaims(token string) (Claims, bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[2] != "" {
		return nil, false
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return nil, false
	}
	var h struct {
		Algorithm string `json:"alg"`
	}
	if json.Unmarshal(header, &h) != nil || h.Algorithm != "none" {
		return nil, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return nil, false
	}
	c, err := decodeClaims(payload)
	return c, err == nil
}

// parameterText is a claim as the parameter it stands for.
func parameterText(value any) (string, bool) {
	switch claim := value.(type) {
	case string:
		return claim, true
	case float64:
		return strconv.FormatFloat(claim, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(claim), true
	}
	return "", false
}
