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

// hidings is what a deviation is tried without when all else is varied.
var hidings = []hiding{
	{[]string{"id-token-with-fewer-claims"}, "the claim is not there", []string{"id-token-organization-wrong", "id-token-policy-wrong"}},
	{[]string{"userinfo-about-nothing-but-sub"}, "userinfo does not say it", []string{"userinfo-environment-wrong", "userinfo-organization-wrong", "userinfo-updated-in-1970", "userinfo-updated-in-milliseconds"}},
	{[]string{"refusal-without-targets"}, "no target is named", []string{"error-target-wrong", "profile-data-for-another-attribute", "unknown-username-by-another-target"}},
	{[]string{"wrong-password-as-invalid-credentials"}, "a wrong password is refused with that code as well", []string{"unknown-username-by-another-code"}},
	{[]string{"flow-user-without-name"}, "a flow does not say the name", []string{"flow-user-name-wrong"}},
	{[]string{"redirect-with-more-parameters"}, "the issuer is put there anew", []string{"redirect-issuer-wrong"}},
	{[]string{"token-cached-otherwise"}, "the header is another one", []string{"tokens-for-every-cache"}},
	{[]string{"flow-without-sign-on-page"}, "the link is not there", []string{"flow-sign-on-page-elsewhere"}},
	{[]string{"user-links-fewer"}, "the link is not there", []string{"user-link-roles-of-another"}},
	{[]string{"mfa-enabled-204"}, "there is no body that could link", []string{"mfa-enabled-link-of-another-user"}},
	{[]string{"flow-otp-without-selected-device"}, "no device is named", []string{"flow-selected-device-unknown"}},
	{[]string{"times-in-whole-seconds"}, "a second does not tell of a change within it", []string{"refused-password-set"}},
	{[]string{"list-without-count"}, "there is no count", []string{"page-count-changes"}},
	{[]string{"list-without-size", "list-one-policy-a-page"}, "there is no size, or that of a page cut anew", []string{"list-size-wrong"}},
	{[]string{"list-without-count", "list-one-policy-a-page", "list-ends-in-an-empty-page"}, "there is no count, and a page of many tells no total", []string{"list-count-wrong"}},
	{[]string{"list-one-policy-a-page", "list-ends-in-an-empty-page"}, "a page does not show what stands on the others", []string{"list-item-twice", "list-item-type-wrong"}},
}

// hidden are the variations that a deviation is tried without, and why; none for most.
func hidden(deviation string) (variations []string, because string) {
	i := slices.IndexFunc(hidings, func(h hiding) bool { return slices.Contains(h.deviations, deviation) })
	if i < 0 {
		return nil, ""
	}
	return hidings[i].variations, hidings[i].because
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
