package deviation

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/url"
	"strings"

	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/wire"
)

const rfcNotBefore = "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5"

// beside answer what is right, and beside it what contradicts it.
func beside() []Deviation {
	return append(claimsBeside(),
		twoOf("redirect-with-two-codes", "code", "the redirect back to the application carries two codes"),
		twoOf("redirect-with-two-states", "state", "the redirect back to the application carries two states"),
		shape("redirect-behind-a-name", "the redirect back to the application has a name before the host", "it leads to the redirect URI", rfcRedirect,
			whenRedirecting(func(a *wire.Answer) {
				a.With("Location", strings.Replace(a.Header.Get("Location"), "://", "://somebody@", 1))
			}, "resume")),
		shape("redirect-to-two-addresses", "a redirect has a second Location", "a redirect leads to one address", pageAuthorize,
			whenRedirecting(func(a *wire.Answer) { a.Header.Add("Location", "https://thief.example.com/") }, "authorize", "resume")),
		shape("pi-flow-error-beside-code", "the resumed flow has an error beside the code", "an answer has a code or an error", pageResume,
			onSuccess(edit(func(_ *wire.Call, body object) {
				if response, there := body["authorizeResponse"].(object); there {
					response["error"] = "access_denied"
				}
			}), "resume")),
		shape("token-with-error", "the token endpoint answers an error beside the tokens", "an answer has tokens or an error", pageCodeGrant,
			onSuccess(edit(forPeople(func(b object) { b["error"] = "invalid_grant" })), "token")),
		shape("charset-latin-1", "the media type says that JSON is Latin-1", "JSON is UTF-8", rfcJSON+"8.1",
			onSuccess(func(_ *wire.Call, a *wire.Answer) { a.With("Content-Type", "application/json;charset=ISO-8859-1") }, "user.create")),
		shape("flagged-password-good", "a password that is flagged for change is answered as good", "its status is MUST_CHANGE_PASSWORD", pageSetPassword,
			onSuccess(edit(func(_ *wire.Call, body object) {
				if body["status"] == "MUST_CHANGE_PASSWORD" {
					body["status"] = "OK"
				}
			}), "user.password.set")),
		Deviation{Name: "application-pkce-kept-otherwise", Group: Semantics, Breaks: "whether PKCE is wanted of an application is answered in one way and kept in another", Rule: "what was answered stays until somebody changes it", Page: pageApplication}.
			answering(set("pkceEnforcement", "S256_REQUIRED", "application.read")),
		shape("keys-of-one-id", "a key of somebody else stands before the one that signs, under its id", "a kid tells one key from all others", pageDiscovery, onSuccess(edit(twin), "jwks")),
		shape("key-that-encrypts", "the key that signs is for encryption only", "the key set holds the key that signs", pageDiscovery, onSuccess(edit(func(_ *wire.Call, body object) {
			keys, _ := body["keys"].([]any)
			for _, key := range keys {
				if k, isObject := key.(object); isObject {
					k["key_ops"] = []any{"encrypt"}
				}
			}
		}), "jwks")),
	)
}

// claimsBeside are claims that contradict others, or what happened.
func claimsBeside() []Deviation {
	later := func(c oauth.Claims) { c["nbf"] = c["exp"] }
	return []Deviation{
		insecure("id-token-authorized-party-wrong", "the ID token says that somebody else is the authorized party", "azp is the client_id", pageClaims).by(addIDClaim("azp", elsewhere)),
		insecure("id-token-code-hash-wrong", "the ID token has the hash of another code", "c_hash is that of the code", oidcIDToken).by(addIDClaim("c_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
		insecure("id-token-name-wrong", "the ID token has somebody else's name", "the claims of a person are those of the person's record", pageClaims).by(addIDClaim("name", "Mallory Malice")),
		insecure("userinfo-name-wrong", "userinfo has somebody else's name", "the claims of a person are those of the person's record", oidcUser).
			answering(onSuccess(edit(func(_ *wire.Call, body object) { body["name"] = "Mallory Malice" }), "userinfo")),
		insecure("id-token-not-yet-good", "ID tokens hold from when they end", "what is handed out is good", rfcNotBefore).by(idClaims(later)),
		insecure("access-token-not-yet-good", "people's access tokens hold from when they end", "what is handed out is good", rfcNotBefore).by(accessClaims(later)),
		shape("introspection-not-yet-good", "introspection says that a good token holds from 2096", "introspection answers what the token holds", rfcIntrospection,
			onSuccess(edit(func(_ *wire.Call, body object) { body["nbf"] = json.Number("4000000000") }), "introspect")),
		shape("introspection-type-wrong", "introspection says that a token is of the type mac", "introspection answers what the token holds", rfcIntrospection,
			onSuccess(edit(func(_ *wire.Call, body object) { body["token_type"] = "mac" }), "introspect")),
	}
}

// twoOf lets a redirect carry a parameter a second time, with another value.
func twoOf(name, parameter, breaks string) Deviation {
	return shape(name, breaks, "no parameter is sent more than once", "https://www.rfc-editor.org/rfc/rfc6749#section-3.1",
		whenRedirecting(wire.InQuery(func(q url.Values) {
			if q.Has(parameter) {
				q.Add(parameter, elsewhere)
			}
		}), "resume"))
}

// twin puts another key of the same id before the one that signs.
func twin(_ *wire.Call, body object) {
	keys, _ := body["keys"].([]any)
	for _, key := range keys {
		if k, isObject := key.(object); isObject && k["kid"] != nil {
			other := maps.Clone(k)
			written, _ := k["n"].(string)
			modulus, err := base64.RawURLEncoding.DecodeString(written)
			if err != nil || len(modulus) < 2 {
				continue
			}
			modulus[1] ^= 0xff
			other["n"] = base64.RawURLEncoding.EncodeToString(modulus)
			delete(other, "x5c")
			body["keys"] = append([]any{other}, keys...)
			return
		}
	}
}
