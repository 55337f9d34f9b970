package steps

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

// The number is the policy's, and that of the vendor's examples where it tells none that anybody would try.
func TestSomebodyTriesAsOftenAsThePolicyTells(t *testing.T) {
	w, _, _ := flowing()
	for told, want := range map[string]int{"1": 1, "7": 7, "10": 10, "11": 5, "0": 5, "-2": 5, "2.5": 5, `"7"`: 5, "null": 5, "": 5} {
		require.Equal(t, want, w.triesOf("the password policy", gjson.Parse(told), usualPasswords), told)
	}
}

// A policy that is named applies, wherever it stands; else the default one does.
func TestWhichPolicyApplies(t *testing.T) {
	const one, standard = `{"id":"one","default":false}`, `{"id":"standard","default":true}`
	for _, row := range []struct {
		status                 int
		items, id, wants, name string
	}{
		{200, one + "," + standard, "one", "one", "the named one comes first"},
		{200, standard + "," + one, "one", "one", "the default one comes first"},
		{200, one + "," + standard, "", "standard", "none is named"},
		{200, one + "," + standard, "gone", "standard", "the named one is not listed"},
		{200, one, "", "", "no default one"},
		{403, one + "," + standard, "one", "", "the list may not be read"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w, _, _ := flowing()
			w.lists = map[string]*list{}
			policy, err := w.policyOf(t.Context(), "passwordPolicies", row.id, func(context.Context) (*client.Exchange, error) {
				return said(row.status, `{"_embedded":{"passwordPolicies":[`+row.items+`]}}`), nil
			})
			require.NoError(t, err)
			require.Equal(t, row.wants, policy.Get("id").String())
		})
	}
}
