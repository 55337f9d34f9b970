package oauth

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// tokenSpec is what tokens are issued for; without a user, it is the application
// itself.
type tokenSpec struct {
	user            *tenant.User
	scopes          []string
	sid, acr, nonce string
	methods         []string
	authTime        time.Time
	family          *family
	code            string    // that they are given for, "" for none
	refreshesUntil  time.Time // however often refreshed: zero for no end
}

// tokenAnswer issues the tokens and answers with them: an access token, an ID
// token when openid was granted, and a refresh token when the application may use
// one.
//
// https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/token-claims.html
func (s *Server) tokenAnswer(v *visit, app *tenant.Application, spec tokenSpec) *wire.Answer {
	lifetime := s.accessLifetime(v.Env, app, spec)
	answer := object{"token_type": "Bearer", "expires_in": int(lifetime / time.Second)}
	if spec.scopes != nil {
		answer["scope"] = strings.Join(spec.scopes, " ")
	}
	claims := claimed{access: s.accessClaims(v, app, spec, lifetime)}
	if spec.user != nil && slices.Contains(spec.scopes, scopeOpenID) {
		claims.id = idClaims(v, app, spec)
	}
	if spec.user != nil && slices.Contains(app.GrantTypes, "REFRESH_TOKEN") {
		answer["refresh_token"] = s.issueRefresh(v, app, spec)
	}
	signed, err := s.sign(claims)
	if err != nil {
		return wire.UnexpectedError().Answer(v.ID)
	}
	s.noteSigned(v, spec, signed, lifetime, answer["refresh_token"])
	answer["access_token"] = signed.access
	if claims.id != nil {
		answer["id_token"] = signed.id
	}
	return unstored(wire.JSON(http.StatusOK, answer))
}

// claimed are the claims of tokens that are issued together, nil for one that is not;
// signed are the tokens.
type claimed struct{ access, id Claims }
type signed struct{ access, id string }

// sign signs tokens, which takes longer than all the rest of a call, and leaves the
// tenant to others meanwhile. An ID token names the access token that it comes with.
func (s *Server) sign(c claimed) (tokens signed, err error) {
	decide := s.decide
	s.tenant.Outside(func() {
		if c.access != nil {
			if tokens.access, err = signingKey().sign(decide.AccessClaims(c.access)); err != nil {
				return
			}
		}
		if c.id != nil {
			if tokens.access != "" {
				c.id["at_hash"] = halfHash(tokens.access)
			}
			tokens.id, err = decide.SignID(decide.IDClaims(c.id))
		}
	})
	return tokens, err
}

// noteSigned makes a new access token one of its family. Code and refresh token are
// noted again, since what is kept of them names the family.
func (s *Server) noteSigned(v *visit, spec tokenSpec, tokens signed, lifetime time.Duration, refresh any) {
	if spec.family == nil {
		return
	}
	s.add(spec.family, tokens.access, v.Now, v.Now.Add(lifetime))
	s.spent.Note(spec.code)
	if token, issued := refresh.(string); issued {
		s.refreshes.Note(token)
	}
}

// issueRefresh makes a refresh token, which is good for refreshTokenDuration, and no
// longer than refreshTokenRollingDuration after the sign-on.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func (s *Server) issueRefresh(v *visit, app *tenant.Application, spec tokenSpec) string {
	expires := v.Now.Add(app.Seconds("refreshTokenDuration", refreshLifetime))
	if rolling := app.Seconds("refreshTokenRollingDuration", 0); rolling > 0 && spec.refreshesUntil.IsZero() {
		spec.refreshesUntil = v.Now.Add(rolling)
	}
	if until := spec.refreshesUntil; !until.IsZero() && until.Before(expires) {
		expires = until
	}
	userID := spec.user.ID
	spec.user, spec.code = nil, "" // the person is looked up again when it is used
	token := s.tenant.NewSecret(64)
	s.refreshes.Put(token, &refreshGrant{tokenSpec: spec, envID: v.Env.ID, appID: app.ID, userID: userID}, v.Now, expires)
	return token
}

// accessLifetime is an hour, or what a custom resource says.
func (s *Server) accessLifetime(env *tenant.Environment, app *tenant.Application, spec tokenSpec) time.Duration {
	if r := s.audience(env, app, spec.scopes); r != nil && r.Type == tenant.ResourceCustom && r.AccessTokenValiditySeconds > 0 {
		return time.Duration(r.AccessTokenValiditySeconds) * time.Second
	}
	return tokenLifetime
}

// accessClaims are those of a recorded access token. The page of claims names jti,
// acr and auth_time as well, "by version"; a recorded one has none of them.
//
// https://developer.pingidentity.com/pingone-api/foundations/authentication-concepts/access-tokens-and-id-tokens/token-claims.html
func (s *Server) accessClaims(v *visit, app *tenant.Application, spec tokenSpec, lifetime time.Duration) Claims {
	aud := tenant.PingOneAudience
	if r := s.audience(v.Env, app, spec.scopes); r != nil && r.Audience != "" {
		aud = r.Audience
	}
	c := Claims{
		"client_id": app.ID, "iss": v.issuer(), "iat": v.Now.Unix(), "exp": v.Now.Add(lifetime).Unix(),
		"aud": []string{aud}, "env": v.Env.ID, "org": v.Env.OrganizationID,
	}
	if spec.scopes != nil {
		c["scope"] = strings.Join(spec.scopes, " ")
	}
	if spec.user != nil {
		c["sub"], c["sid"] = spec.user.ID, spec.sid
	}
	return c
}

func idClaims(v *visit, app *tenant.Application, spec tokenSpec) Claims {
	c := Claims{
		"iss": v.issuer(), "sub": spec.user.ID, "aud": app.ID, "iat": v.Now.Unix(), "exp": v.Now.Add(tokenLifetime).Unix(),
		"acr": spec.acr, "auth_time": spec.authTime.Unix(), "sid": spec.sid,
	}
	if methods := flow.AMR(spec.methods); len(methods) > 0 {
		c["amr"] = methods
	}
	if spec.nonce != "" {
		c["nonce"] = spec.nonce
	}
	for name, value := range personClaims(v.Env, spec.user, spec.scopes) {
		c[name] = value
	}
	return c
}

// halfHash is how an ID token names what was issued with it (OpenID Connect Core
// section 3.3.2.11).
func halfHash(text string) string {
	digest := sha256.Sum256([]byte(text))
	return base64.RawURLEncoding.EncodeToString(digest[:len(digest)/2])
}

// personClaims are what the OpenID scopes tell about a person, and where the
// person belongs.
func personClaims(env *tenant.Environment, u *tenant.User, scopes []string) Claims {
	c := Claims{"sub": u.ID, "env": env.ID, "org": env.OrganizationID, "p1.region": env.Region}
	set := func(claim, path string) {
		if value := valueAt(u.Profile, path); value != nil && value != "" {
			c[claim] = value
		}
	}
	if slices.Contains(scopes, "profile") {
		c["preferred_username"], c["updated_at"] = u.Username(), u.UpdatedAt.Unix()
		for claim, path := range map[string]string{
			"name": "name.formatted", "given_name": "name.given", "family_name": "name.family", "middle_name": "name.middle",
			"locale": "locale", "zoneinfo": "timezone", "picture": "photo.href", "nickname": "nickname",
		} {
			set(claim, path)
		}
	}
	if slices.Contains(scopes, "email") {
		set("email", "email")
		set("email_verified", "emailVerified")
	}
	if slices.Contains(scopes, "phone") {
		set("phone_number", "primaryPhone")
		set("phone_number", "mobilePhone")
	}
	if address, ok := u.Profile["address"].(map[string]any); ok && slices.Contains(scopes, "address") {
		c["address"] = addressClaim(address)
	}
	return c
}

func addressClaim(address map[string]any) object {
	claim := object{}
	for name, member := range map[string]string{
		"street_address": "streetAddress", "locality": "locality", "region": "region",
		"postal_code": "postalCode", "country": "countryCode",
	} {
		if value := address[member]; value != nil {
			claim[name] = value
		}
	}
	return claim
}

func valueAt(profile map[string]any, path string) any {
	head, rest, nested := strings.Cut(path, ".")
	if !nested {
		return profile[head]
	}
	members, _ := profile[head].(map[string]any)
	return valueAt(members, rest)
}
