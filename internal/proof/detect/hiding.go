package detect

import (
	"slices"

	"pingone-conformance/emulator"
	"pingone-conformance/internal/proof/vary"
)

// hiding is a variation that may be answered and that takes away what a deviation would be seen by: on top of it nobody could tell.
type hiding struct {
	variations []string
	because    string
	deviations []string
}

// signedAnew are the variations that change claims.
var signedAnew = []string{
	"access-token-audience-as-text", "id-token-audience-as-list", "access-token-with-more-claims", "id-token-with-fewer-claims", "id-token-sign-on-a-moment-ahead",
	"id-token-sign-on-in-thousandths", "token-times-with-fractions", "tokens-with-more-claims", "scopes-in-another-order",
}

// hidings is what a deviation is tried without when all else is varied.
func hidings() []hiding {
	return []hiding{
		{[]string{"id-token-with-fewer-claims"}, "the claim is not there", []string{"id-token-code-hash-wrong", "id-token-organization-wrong", "id-token-policy-wrong"}},
		{[]string{"userinfo-about-nothing-but-sub"}, "userinfo does not say it", []string{"userinfo-environment-wrong", "userinfo-name-wrong", "userinfo-organization-wrong", "userinfo-updated-in-1970", "userinfo-updated-in-milliseconds"}},
		{[]string{"refusal-without-targets"}, "no target is named", []string{"error-target-wrong", "profile-data-for-another-attribute", "unknown-username-by-another-target"}},
		{[]string{"wrong-password-as-invalid-credentials"}, "a wrong password is refused with that code as well", []string{"unknown-username-by-another-code"}},
		{[]string{"tokens-with-more-claims"}, "the claim is written anew", []string{"id-token-not-yet-good"}},
		{[]string{"id-token-sign-on-a-moment-ahead", "id-token-sign-on-in-thousandths"}, "the claim is written anew", []string{"id-token-sign-on-in-milliseconds", "id-token-sign-on-long-ago"}},
		{[]string{"token-type-in-lower-case", "token-type-in-capitals"}, "the member is written anew", []string{"token-type-wrong"}},
		{[]string{"media-type-hal", "media-type-json", "media-type-without-charset", "media-type-in-capitals"}, "the header is another one", []string{"charset-latin-1"}},
		{[]string{"redirect-with-more-parameters"}, "the address is put there anew, once", []string{"redirect-to-two-addresses"}},
		{[]string{"application-without-defaults"}, "the member is not there", []string{"application-pkce-kept-otherwise"}},
		{append([]string{"keys-with-one-without-id", "keys-without-use"}, signedAnew...), "tokens are signed by a key of the variation's own", []string{"key-id-missing", "key-that-encrypts"}},
		{[]string{"list-one-application-a-page", "list-ends-in-an-empty-page", "list-application-late"}, "a page does not show what stands on the others", []string{"application-listed-under-two-ids"}},
		{[]string{"flow-user-without-name"}, "a flow does not say the name", []string{"flow-user-name-wrong"}},
		{[]string{"redirect-with-more-parameters"}, "the issuer is put there anew", []string{"redirect-issuer-wrong"}},
		{[]string{"token-cached-otherwise"}, "the header is another one", []string{"tokens-for-every-cache"}},
		{[]string{"flow-without-sign-on-page"}, "the link is not there", []string{"flow-sign-on-page-elsewhere"}},
		{[]string{"user-links-fewer"}, "the link is not there", []string{"user-link-roles-of-another"}},
		{[]string{"mfa-enabled-204"}, "there is no body that could link", []string{"mfa-enabled-link-of-another-user"}},
		{[]string{"flow-otp-without-selected-device"}, "no device is named", []string{"flow-selected-device-unknown"}},
		{[]string{"times-in-whole-seconds"}, "a second does not tell of a change within it", []string{"plain-password-refused-and-set", "refused-password-set"}},
		{[]string{"list-without-count"}, "there is no count", []string{"page-count-changes"}},
		{[]string{"list-without-size", "list-one-policy-a-page"}, "there is no size, or that of a page cut anew", []string{"list-size-wrong"}},
		{[]string{"list-without-count", "list-one-policy-a-page", "list-ends-in-an-empty-page"}, "there is no count, and a page of many tells no total", []string{"list-count-wrong"}},
		{[]string{"list-one-policy-a-page", "list-ends-in-an-empty-page"}, "a page does not show what stands on the others", []string{"list-item-twice", "list-item-type-wrong"}},
	}
}

// hidden are the variations that a deviation is tried without, and why; none for most.
func hidden(deviation string) (variations []string, because string) {
	for _, h := range hidings() {
		if slices.Contains(h.deviations, deviation) {
			return h.variations, h.because
		}
	}
	return nil, ""
}

// varied are the variations on top of which a deviation is tried.
func varied(deviation string) []string {
	left, _ := hidden(deviation)
	if left == nil {
		return []string{vary.AllAtOnce}
	}
	var names []string
	for _, v := range emulator.Variations() {
		if !slices.Contains(left, v.Name) {
			names = append(names, v.Name)
		}
	}
	return names
}
