package deviation

import (
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// tokenShapes break what the OAuth endpoints answer.
func tokenShapes() []Deviation {
	return []Deviation{
		shape("token-missing", "the token endpoint gives people no access token", "the answer has access_token", rfcToken,
			onSuccess(edit(forPeople(func(b object) { delete(b, "access_token") })), "token")),
		shape("token-type-wrong", "token_type is MAC", "token_type is Bearer", rfcToken, set("token_type", "MAC", "token")),
		shape("token-opaque", "the access token is no JWT", "access tokens are signed JWTs", pageClaims,
			onSuccess(edit(forPeople(func(b object) { b["access_token"] = "opaque-0123456789" })), "token")),
		shape("token-expiry-as-text", "expires_in is a text", "expires_in is a number of seconds", rfcToken, set("expires_in", "3600", "token")),
		shape("token-expiry-wrong", "expires_in is not the lifetime of the token", "expires_in counts the seconds to exp", rfcToken,
			onSuccess(edit(forPeople(func(b object) { b["expires_in"] = 60 })), "token")),
		shape("token-scope-wider", "the answer names a scope that was not asked for", "scope is what was granted of what was asked for", pageCodeGrant,
			rewrite("scope", func(scope string) any { return scope + " email" }, "token")),
		shape("id-token-missing", "there is no ID token although openid was granted", "openid brings an ID token", oidcIDToken, drop("id_token", "token")),
		shape("id-token-tampered", "the ID token does not verify", "the ID token is signed by a published key", oidcIDToken,
			rewrite("id_token", func(token string) any {
				return token[:strings.LastIndex(token, ".")+1] + "AAAA" + token[strings.LastIndex(token, ".")+5:]
			}, "token")),
		shape("refresh-token-unasked", "a refresh token comes although the application has no such grant", "a refresh token needs the grant type", pageCodeGrant,
			onSuccess(edit(forPeople(func(b object) { b["refresh_token"] = "refresh-0123456789" })), "token")),
		shape("discovery-issuer-wrong", "discovery names another issuer", "the issuer is that of the environment", pageDiscovery,
			set("issuer", "https://issuer.example.com/as", "discovery")),
		shape("discovery-endpoint-missing", "discovery has no token_endpoint", "discovery lists the endpoints", pageDiscovery, drop("token_endpoint", "discovery")),
		shape("discovery-keys-elsewhere", "discovery leads to keys on another host", "the endpoints lie below the issuer", pageDiscovery,
			set("jwks_uri", "https://keys.example.com/jwks", "discovery")),
		shape("keys-empty", "the key set is empty", "the key set holds the key that signs", pageDiscovery, set("keys", []any{}, "jwks")),
		shape("key-id-missing", "keys have no kid", "a key has a kid", pageDiscovery, onSuccess(edit(withoutKeyID), "jwks")),
		shape("userinfo-of-another", "userinfo is about somebody else", "sub is that of the access token", oidcUser, set("sub", elsewhere, "userinfo")),
		shape("userinfo-without-subject", "userinfo does not say who it is about", "userinfo has sub", oidcUser, drop("sub", "userinfo")),
	}
}

// forPeople leaves the tokens of worker applications alone, without which
// nothing else would be seen.
func forPeople(do func(object)) func(*wire.Call, object) {
	return func(_ *wire.Call, body object) {
		if _, scoped := body["scope"]; scoped {
			do(body)
		}
	}
}

func withoutKeyID(_ *wire.Call, body object) {
	keys, _ := body["keys"].([]any)
	for _, key := range keys {
		if k, isObject := key.(object); isObject {
			delete(k, "kid")
		}
	}
}
