package contract

import (
	"crypto/rsa"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oauthAnswer holds what the OAuth endpoints answer.
func (c *call) oauthAnswer() {
	switch c.op.answer {
	case "token":
		c.tokenAnswer()
	case "discovery":
		c.hold("discovery", c.body)
		c.endpoints()
	case "jwks":
		c.hold("jwks", c.body)
		c.learnKeys()
	case "userinfo":
		c.hold("userinfo", c.body)
		_, token, _ := strings.Cut(c.ex.Request.Header.Get("Authorization"), " ")
		if access, err := c.token(token); err == nil && access.claims["sub"] != nil && access.claims["sub"] != at(c.body, "sub") {
			c.fail(ruleToken, "/sub", text(access.claims, "sub"), show(at(c.body, "sub")), pageUserInfo)
		}
		c.userInfo()
	case "introspection":
		c.hold("introspection", c.body)
		c.introspected()
	}
}

// introspected wants what is said of a token to be what the token says: https://www.rfc-editor.org/rfc/rfc7662#section-2.2.
func (c *call) introspected() {
	token, err := c.token(c.form.Get("token"))
	if err != nil || at(c.body, "active") != true {
		return
	}
	c.saysAs(token)
	c.inForce(c.body)
	c.policyRan(text(token.claims, "client_id"), c.body)
	if kind := text(c.body, "token_type"); kind != "" && !strings.EqualFold(kind, "Bearer") {
		c.fail(ruleToken, "/token_type", "Bearer, as when it was issued", show(kind), pageIntrospection)
	}
	c.same(ruleToken, text(c.mem.profiles[text(token.claims, "sub")], "username"), text(c.body, "username"), pageIntrospection, nil, "username")
}

// saysAs wants each claim that an answer repeats of a token to be the token's.
func (c *call) saysAs(token jwt) {
	for _, name := range []string{"iss", "sub", "client_id", "exp", "iat", "env", "org", "sid"} {
		said, is := number(c.body, name)
		meant, alsoIs := number(token.claims, name)
		want, got := token.claims[name], at(c.body, name)
		if want != nil && got != nil && want != got && (!is || !alsoIs || math.Floor(said) != math.Floor(meant)) { // of a NumericDate it may have the whole seconds
			c.fail(ruleToken, pointer(name), show(want)+", as the token says", show(got), pageIntrospection)
		}
	}
	if want, got := audiences(token.claims["aud"]), audiences(at(c.body, "aud")); want != nil && got != nil && !slices.Equal(slices.Sorted(slices.Values(want)), slices.Sorted(slices.Values(got))) {
		c.fail(ruleToken, "/aud", show(want)+", as the token says", show(got), pageIntrospection)
	}
	if scope := text(c.body, "scope"); scope != "" && token.claims["scope"] != nil && !sameScopes(token.claims["scope"], scope) {
		c.fail(ruleToken, "/scope", show(token.claims["scope"])+", as the token says", show(scope), pageIntrospection)
	}
}

// userInfo wants what userinfo says of a person to be what the record and the tokens say.
func (c *call) userInfo() {
	c.same(ruleToken, c.environment(), text(c.body, "env"), pageClaims, nil, "env")
	c.same(ruleToken, c.mem.organizations[c.environment()], text(c.body, "org"), pageClaims, nil, "org")
	c.personClaims(text(c.body, "sub"), c.body)
}

// endpoints wants every address of the discovery document below the issuer.
func (c *call) endpoints() {
	issuer := c.base() + "/as"
	if got := text(c.body, "issuer"); got != issuer {
		c.fail(ruleLink, "/issuer", issuer, show(got), pageDiscovery)
	}
	for name, v := range object(c.body) {
		address, isText := v.(string)
		if isText && (strings.HasSuffix(name, "_endpoint") || name == "jwks_uri" || name == "check_session_iframe") && !strings.HasPrefix(address, issuer+"/") {
			c.fail(ruleLink, pointer(name), "an address below "+issuer, show(address), pageDiscovery)
		}
	}
}

// tokenAnswer holds a token answer and the tokens in it.
func (c *call) tokenAnswer() {
	user := c.form.Get("grant_type") == "authorization_code"
	shape, claims := "token-client-credentials", "access-token-claims-worker"
	if user {
		shape, claims = "token-authorization-code", "access-token-claims-user"
	}
	c.hold(shape, c.body)
	flow := c.mem.codes[c.form.Get("code")]
	if access, ok := c.tokenAt("access_token", claims); ok {
		c.accessToken(access, flow)
		c.personToken(access, flow)
		if user {
			c.forWhom(access)
		}
	}
	if id, ok := c.tokenAt("id_token", "id-token-claims"); ok {
		c.idToken(id, flow)
		c.personToken(id, flow)
	}
	if user {
		c.granted(flow)
	}
}

// tokenAt takes a token of the answer apart and holds its header and claims.
func (c *call) tokenAt(name, claims string) (jwt, bool) {
	compact := text(c.body, name)
	if compact == "" {
		return jwt{}, false
	}
	token, err := c.token(compact)
	if err != nil {
		c.fail(ruleToken, pointer(name), "a signed JWT", err.Error(), pageClaims)
		return jwt{}, false
	}
	token.where = name
	c.hold("jwt-header", any(token.header), name, "header")
	c.hold(claims, any(token.claims), name, "claims")
	c.claim(token, "iss", c.base()+"/as", pageClaims)
	c.noSecretClaim(token)
	if token.claims["env"] != nil {
		c.claim(token, "env", c.environment(), pageClaims)
	}
	issued, okIssued := number(token.claims, "iat")
	expires, okExpires := number(token.claims, "exp")
	token.seconds, token.ends = expires-issued, okIssued && okExpires
	for _, claim := range []string{"iat", "exp", "auth_time"} {
		if at, is := number(token.claims, claim); is && at > inMilliseconds {
			c.fail(ruleToken, pointer(name, "claims", claim), "a number of seconds", moment(at), pageClaims)
			token.ends = false
		}
	}
	if token.ends && token.seconds <= 0 {
		c.fail(ruleTimes, pointer(name, "claims", "exp"), "after iat "+fmt.Sprint(int64(issued)), fmt.Sprint(int64(expires)), pageClaims)
	}
	if since, ok := number(token.claims, "auth_time"); ok && okIssued && since > issued+apart {
		c.fail(ruleTimes, pointer(name, "claims", "auth_time"), "not after iat "+fmt.Sprint(int64(issued)), fmt.Sprint(int64(since)), pageClaims)
	}
	c.inForce(token.claims, name, "claims")
	c.verify(token, pointer(name))
	return token, true
}

// apart is how many seconds the clocks of two servers may be apart that have a part in one sign-on.
const apart = 60

// inForce wants what has just been handed out, or said to be good, to be good by now: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5.
func (c *call) inForce(claims any, where ...string) {
	if from, is := number(claims, "nbf"); is {
		c.notAhead(time.Unix(int64(from), 0), moment(from), "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5", join(where, "nbf")...)
	}
}

// claim wants one claim to have one value.
func (c *call) claim(token jwt, name, want, source string) {
	if got := token.claims[name]; want != "" && got != want {
		c.fail(ruleToken, pointer(token.where, "claims", name), show(want), show(got), source)
	}
}

func (c *call) accessToken(token jwt, flow *signOn) {
	c.claim(token, "client_id", c.client(), pageClaims)
	lifetime, stated := number(c.body, "expires_in")
	if stated && token.ends {
		c.lifetime("/expires_in", lifetime, token.seconds, "the seconds from iat to exp", pageExpires)
	}
	if forPlatform(token.claims["aud"]) {
		if stated {
			c.lifetime("/expires_in", lifetime, platformLifetime, "fixed for PingOne's own API", pageSession)
		}
		if token.ends {
			c.lifetime(pointer(token.where, "claims", "exp"), token.seconds, platformLifetime, "after iat, fixed for PingOne's own API", pageSession)
		}
	}
	if scope := text(c.body, "scope"); scope != "" && token.claims["scope"] != nil && !sameScopes(token.claims["scope"], scope) {
		c.claim(token, "scope", scope, pageClaims)
	}
	if flow != nil {
		c.claim(token, "sub", flow.person, pageClaims)
	}
}

// sameScopes compares two lists of scopes, whose order says nothing: https://www.rfc-editor.org/rfc/rfc6749#section-3.3.
func sameScopes(a any, b string) bool {
	return slices.Equal(slices.Sorted(slices.Values(strings.Fields(text(a)))), slices.Sorted(slices.Values(strings.Fields(b))))
}

// platformLifetime is how long an access token for PingOne's own API lives, in seconds; an ID token lives as long.
const platformLifetime = 3600

// already is how many seconds of a lifetime may have gone by until the answer states what is left.
const already = 10

// lifetime wants a number of seconds to be the one given, or what is left of it a moment later.
func (c *call) lifetime(where string, got, want float64, meaning, source string) {
	expected, seen := fmt.Sprintf("%d, %s", int64(want), meaning), fmt.Sprint(int64(got))
	switch {
	case got == want:
	case got == 1000*want:
		c.fail(ruleToken, where, expected, seen+", which are milliseconds", source)
	case got > want+1 || got < want-already:
		c.fail(ruleToken, where, expected, seen, source)
	default:
		c.note(ruleToken, where, expected, seen, source)
	}
}

// audiences are those of an aud claim, a list or one text: https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3.
func audiences(aud any) []string {
	if one := text(aud); one != "" {
		return []string{one}
	}
	return texts(aud)
}

// forPlatform reports whether a token is for PingOne's own API and nothing else.
func forPlatform(audience any) bool {
	all := audiences(audience)
	return len(all) > 0 && !slices.ContainsFunc(all, func(one string) bool { return !strings.HasPrefix(one, "https://api.pingone.") })
}

func (c *call) idToken(token jwt, flow *signOn) {
	if aud := token.claims["aud"]; !slices.Contains(audiences(aud), c.client()) || len(audiences(aud)) > 1 {
		c.fail(ruleToken, pointer(token.where, "claims", "aud"), show(c.client())+" and nobody else", show(aud), pageIDToken)
	}
	if token.claims["azp"] != nil {
		c.claim(token, "azp", c.client(), pageIDToken)
	}
	if token.ends {
		c.lifetime(pointer(token.where, "claims", "exp"), token.seconds, platformLifetime, "after iat, fixed for an ID token", pageSession)
	}
	if access, err := c.token(text(c.body, "access_token")); err == nil {
		c.claim(token, "sub", text(access.claims, "sub"), pageClaims)
		c.claim(token, "sid", text(access.claims, "sid"), pageClaims)
	}
	for name, of := range map[string]string{"at_hash": text(c.body, "access_token"), "c_hash": c.form.Get("code")} {
		if token.claims[name] != nil {
			c.claim(token, name, halfHash(of), "https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken")
		}
	}
	if flow == nil {
		return
	}
	c.claim(token, "sub", flow.person, pageIDToken)
	if asked := flow.asks("nonce"); asked != "" {
		c.claim(token, "nonce", asked, pageIDToken)
	} else if got := token.claims["nonce"]; flow.asked != nil && got != nil {
		c.fail(ruleToken, pointer(token.where, "claims", "nonce"), nothing, show(got), pageIDToken)
	}
}

// granted wants no more scopes and no more tokens than were asked for.
func (c *call) granted(flow *signOn) {
	scopes := strings.Fields(text(c.body, "scope"))
	asked := strings.Fields(flow.asks("scope"))
	if flow != nil && flow.asked != nil && len(asked) > 0 {
		if len(scopes) == 0 {
			c.fail("token#/required", "/scope", "the scopes granted of "+strings.Join(asked, " "), nothing, pageCodeGrant)
		}
		for _, scope := range scopes {
			if !slices.Contains(asked, scope) {
				c.fail(ruleToken, "/scope", "scopes out of "+strings.Join(asked, " "), show(text(c.body, "scope")), pageCodeGrant)
				break
			}
		}
		if slices.Contains(scopes, "openid") && text(c.body, "id_token") == "" {
			c.fail("token#/required", "/id_token", "an id token: openid was granted", nothing, pageCodeGrant)
		}
		if !slices.Contains(asked, "openid") && text(c.body, "id_token") != "" {
			c.note(ruleToken, "/id_token", nothing+": openid was not asked for", "an id token", pageCodeGrant)
		}
	}
	known := c.mem.applications[c.client()]
	if known != nil && !slices.Contains(known.grantTypes, "REFRESH_TOKEN") && !slices.Contains(asked, "offline_access") && text(c.body, "refresh_token") != "" {
		c.fail(ruleToken, "/refresh_token", nothing+": the application has no refresh token grant", "one, not shown", pageCodeGrant)
	}
}

// verify checks a token with the keys that were seen, or keeps it until they are.
func (c *call) verify(token jwt, where string) {
	kid, issuer := text(token.header, "kid"), text(token.claims, "iss")
	k := c.mem.keys[issuer+" "+kid]
	switch {
	case k == nil && !c.issuerKnown(issuer):
		c.mem.unverified = append(c.mem.unverified, token)
	case k == nil:
		c.fail(ruleSignature, where, "a signature by a key of the key set", "the key "+show(kid), pageOIDC)
	case token.verify(k) != nil:
		c.fail(ruleSignature, where, "a signature by the key "+show(kid), "one that does not verify", pageClaims)
	}
}

func (c *call) issuerKnown(issuer string) bool {
	for name := range c.mem.keys {
		if strings.HasPrefix(name, issuer+" ") {
			return true
		}
	}
	return false
}

// learnKeys remembers the key set and verifies the tokens that waited for it.
func (c *call) learnKeys() {
	seen := map[string]*rsa.PublicKey{}
	for i, jwk := range list(c.body, "keys") {
		if _, understood := c.valid(nil, "jwk-signing", jwk); !understood || tooLarge(jwk) {
			continue // RFC 7517 5: what is not understood, or out of the supported ranges, is ignored
		}
		k, err := key(jwk)
		if err != nil {
			c.fail(ruleSignature, pointer("keys", strconv.Itoa(i)), "an RSA key of 2048 bits or more", err.Error(), pageOIDC)
			continue
		}
		name := c.base() + "/as " + text(jwk, "kid")
		if twin := seen[name]; twin != nil && !k.Equal(twin) {
			c.fail(ruleSignature, pointer("keys", strconv.Itoa(i), "kid"), "an id of this key's own", "that of another key of the set", pageOIDC)
		}
		seen[name], c.mem.keys[name] = k, k
	}
	waiting := c.mem.unverified
	c.mem.unverified = nil
	for _, token := range waiting {
		c.verify(token, "/keys")
	}
}
