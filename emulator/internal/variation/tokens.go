package variation

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// tokens vary what the token endpoint and userinfo answer, and what tokens say.
func tokens() []Variation {
	return slices.Concat(claimsOfTokens(), tokenAnswers())
}

// fewer takes claims away, and says whether there were any.
func fewer(claims object, names ...string) bool {
	before := len(claims)
	for _, name := range names {
		delete(claims, name)
	}
	return len(claims) < before
}

// claimsOfTokens vary the claims of tokens.
func claimsOfTokens() []Variation {
	const access, id = "access_token", "id_token"
	claim := func(name, does, allows, page string, do func(token string, claims object) bool) Variation {
		return Variation{Name: name, Does: does, Allows: allows, Page: page, parts: func() parts { return parts{claims: do} }}
	}
	return in("tokens",
		claim("access-token-audience-as-text", "the audience of an access token is a text", "aud is a text or a list", rfcAudience, func(token string, claims object) bool {
			list, isList := claims["aud"].([]any)
			if token != access || !isList || len(list) != 1 {
				return false
			}
			claims["aud"] = list[0]
			return true
		}),
		claim("id-token-audience-as-list", "the audience of an ID token is a list of one", "aud is a text or a list", oidcIDToken, func(token string, claims object) bool {
			one, isText := claims["aud"].(string)
			if token != id || !isText {
				return false
			}
			claims["aud"] = []any{one}
			return true
		}),
		claim("access-token-with-more-claims", "access tokens have a jti, those of people auth_time as well", "the pages' examples have them, a recorded one of 2024 has none", pageClaims, func(token string, claims object) bool {
			if token != access || claims["jti"] != nil {
				return false
			}
			claims["jti"] = someID
			if claims["sub"] != nil && claims["auth_time"] == nil {
				claims["auth_time"] = claims["iat"]
			}
			return true
		}),
		claim("id-token-with-fewer-claims", "ID tokens have no acr, at_hash or organisation", "values vary with the policy", pageClaims, func(token string, claims object) bool {
			return token == id && fewer(claims, "acr", "at_hash", "org", "c_hash")
		}),
		claim("id-token-sign-on-a-moment-ahead", "auth_time of ID tokens lies two seconds after iat", "the clocks of two servers may be apart", pageClaims, signedOnAt(func(issued int64) int64 { return issued + 2 })),
		claim("id-token-sign-on-in-thousandths", "auth_time of ID tokens is a thousandth of iat", "a recorded token of 2024 has it", pageClaims, signedOnAt(func(issued int64) int64 { return issued / 1000 })),
		claim("token-times-with-fractions", "tokens are issued, and end, a fraction after a second", "a NumericDate may have one", "https://www.rfc-editor.org/rfc/rfc7519#section-2", func(_ string, claims object) bool {
			for _, name := range []string{"iat", "exp"} {
				if at, is := claims[name].(json.Number); is {
					claims[name] = at + ".25"
				}
			}
			return true
		}),
		claim("tokens-with-more-claims", "tokens have claims that no page lists", "claims that are not understood are ignored", rfcAudience, func(_ string, claims object) bool {
			claims["p1.rev"], claims["nbf"] = "7", claims["iat"]
			return true
		}),
		claim("scopes-in-another-order", "an access token lists its scopes in another order than its answer", "the order says nothing", rfcScope, func(token string, claims object) bool {
			scope, _ := claims["scope"].(string)
			if token != access || otherOrder(scope) == scope {
				return false
			}
			claims["scope"] = otherOrder(scope)
			return true
		}),
	)
}

// signedOnAt gives ID tokens another auth_time, which follows from iat.
func signedOnAt(at func(issued int64) int64) func(string, object) bool {
	return func(token string, claims object) bool {
		number, _ := claims["iat"].(json.Number)
		issued, err := number.Int64()
		if token == "id_token" && err == nil {
			claims["auth_time"] = at(issued)
		}
		return token == "id_token" && err == nil
	}
}

// tokenAnswers vary the answers that hold tokens, and what is asked with them.
func tokenAnswers() []Variation {
	return in("tokens",
		otherwise("worker-token-scope-null", "the scope of a worker's token is null", "seen in one source; null says what absence says", pageWorkerToken, on(edit(func(call *wire.Call, body object) bool {
			if !strings.Contains(string(call.Body), "client_credentials") {
				return false
			}
			body["scope"] = nil
			return true
		}), "token")),
		otherwise("token-type-in-lower-case", "token_type is bearer", "its case says nothing", rfcToken, set("", "token_type", func(v any) any {
			if kind, isText := v.(string); isText {
				return strings.ToLower(kind)
			}
			return v
		}, "token")),
		otherwise("token-type-in-capitals", "token_type is BEARER", "its case says nothing", rfcToken, set("", "token_type", to("BEARER"), "token")),
		otherwise("token-lives-a-second-less", "expires_in is what is left of the lifetime", "it counts from the answer", rfcToken, set("", "expires_in", oneLess, "token")),
		otherwise("token-with-more-members", "the token endpoint answers more members", "members that are not understood are ignored", rfcToken, on(edit(func(_ *wire.Call, body object) bool { body["refresh_token_type"] = "NONE"; return true }), "token")),
		otherwise("token-cached-otherwise", "the answer with tokens says no-cache without no-store", "the pages show no headers of it", rfcToken, on(func(_ *wire.Call, a *wire.Answer) { a.With("Cache-Control", "no-cache") }, "token")),
		otherwise("userinfo-about-nothing-but-sub", "userinfo has sub only", "sub is all that is required", oidcUser, on(edit(func(_ *wire.Call, body object) bool {
			return fewer(body, claimsOfPeople...) // and nothing else: what a claim is not stays to be seen
		}), "userinfo", "userinfo.post")),
		otherwise("discovery-with-more-members", "discovery lists more than the pages", "members that are not understood are ignored", pageDiscovery, on(edit(func(_ *wire.Call, body object) bool {
			body["pushed_authorization_request_endpoint"] = body["issuer"].(string) + "/par"
			body["dpop_signing_alg_values_supported"] = []any{"ES256"}
			return true
		}), "discovery")),
	)
}

// claimsOfPeople are what userinfo may tell besides sub.
var claimsOfPeople = []string{
	"env", "org", "p1.region", "preferred_username", "updated_at", "name", "given_name", "family_name", "middle_name", "locale", "zoneinfo",
	"picture", "nickname", "email", "email_verified", "phone_number", "address",
}

// oneLess is a whole number less one; what is none stays.
func oneLess(v any) any {
	number, _ := v.(json.Number)
	if n, err := number.Int64(); err == nil {
		return n - 1
	}
	return v
}

func otherOrder(scope string) string {
	fields := strings.Fields(scope)
	for i, j := 0, len(fields)-1; i < j; i, j = i+1, j-1 {
		fields[i], fields[j] = fields[j], fields[i]
	}
	return strings.Join(fields, " ")
}

// keys vary the key set.
func keys() []Variation {
	added := func(key func() any) change {
		return on(edit(func(_ *wire.Call, body object) bool {
			all, _ := body["keys"].([]any)
			if len(all) > 0 {
				body["keys"] = append([]any{key()}, all...)
			}
			return len(all) > 0
		}), "jwks")
	}
	return in("keys",
		otherwise("keys-with-an-ec-key", "an elliptic curve key stands before the RSA key", "keys that are not understood are ignored", rfcKeys, added(func() any { return ecKey.Get() })),
		otherwise("keys-of-a-kind-to-come", "a key of an unknown kind stands before the others", "keys that are not understood are ignored", rfcKeys, added(func() any { return object{"kty": "AKP", "alg": "ML-DSA-44", "kid": "to-come", "pub": "AAAA"} })),
		otherwise("keys-with-one-without-id", "an RSA key without a kid stands before the others", "kid is optional, and keys that are not understood are ignored", rfcKeys, added(func() any {
			return object{"kty": "RSA", "use": "sig", "e": "AQAB", "n": strings.Repeat("xQ", 171)}
		})),
		otherwise("keys-without-use", "keys do not say what they are for", "use is optional", rfcKeys, on(edit(func(_ *wire.Call, body object) bool {
			all, _ := body["keys"].([]any)
			for _, key := range all {
				if k, isObject := key.(object); isObject {
					delete(k, "use")
				}
			}
			return len(all) > 0
		}), "jwks")),
	)
}

// ecKey is one public key for all emulators of a process.
var ecKey = lazy.Value[json.RawMessage]{Make: func() json.RawMessage {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // no randomness: nothing here could go on
	}
	text, _ := jose.JSONWebKey{Key: private.Public(), KeyID: "ec-1", Use: "sig", Algorithm: "ES256"}.MarshalJSON()
	return text
}}
