package seed_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/seed"
	"pingone-conformance/emulator/internal/tenant"
)

func variables(values map[string]string) seed.Lookup {
	return func(name string) (string, bool) { value, set := values[name]; return value, set }
}

func TestVariablesInValues(t *testing.T) {
	set := variables(map[string]string{"SHOP": "Shop", "EMPTY": "", "CODE": "012345", "TRICK": "${SHOP}", "YAML": "a: [b\nc", "DOT_1": "x"})
	for text, want := range map[string]string{
		"${SHOP}":                "Shop",
		"the ${SHOP} of ${CODE}": "the Shop of 012345",
		"${SHOP:-none}":          "Shop",
		"${NONE:-a default}":     "a default",
		"${NONE:-}":              "",
		"${EMPTY:-none}":         "none",
		"${EMPTY}":               "",
		"${TRICK}":               "${SHOP}",
		"${YAML}":                "a: [b\nc",
		"$${SHOP}":               "${SHOP}",
		"$$${SHOP}":              "$${SHOP}",
		"${user.email}":          "${user.email}",
		"${identifier}":          "${identifier}",
		"$SHOP ${} ${shop} $":    "$SHOP ${} ${shop} $",
		"${DOT_1}":               "x",
	} {
		document, err := seed.Parse("seed.yaml", []byte("seed: 1\nenvironments:\n- name: Home\n  description: \""+text+"\"\n"), set)
		require.NoError(t, err, text)
		made := tenant.New(tenant.Options{})
		require.NoError(t, document.Apply(made, seed.Options{}), text)
		require.Equal(t, want, made.Environments()[0].Description, text)

		again, err := apply(t, "written", export(t, made))
		require.NoError(t, err, text)
		require.Equal(t, want, again.Environments()[0].Description, "written and read again: %s", text)
	}
}

// Every variable that is not set is named, and what is wrong with a value never shows it.
func TestVariablesThatCannotBeUsed(t *testing.T) {
	set := variables(map[string]string{"SECRET": "swordfish", "TYPE": "swordfish2"})
	_, err := seed.Parse("seed.yaml", []byte("seed: 1\nenvironments:\n- name: ${ONE}\n  description: a ${TWO} b ${THREE:-c}\n  ${FOUR}: x\n"), set)
	require.ErrorContains(t, err, "seed.yaml:3: environments[0].name: the variable ONE is not set")
	require.ErrorContains(t, err, "seed.yaml:4: environments[0].description: the variable TWO is not set")
	require.NotContains(t, err.Error(), "THREE")
	require.NotContains(t, err.Error(), "the variable FOUR", "variables stand in values only")

	for _, text := range []string{
		"- name: Home\n  type: ${TYPE}\n",
		"- name: Home\n  users:\n  - {username: anna, email: anna@example.com, population: \"${SECRET}\"}\n",
		"- name: Home\n  users:\n  - {username: anna, email: anna@example.com, primaryPhone: \"${SECRET}\"}\n",
		"- name: Home\n  users:\n  - {username: anna, email: \"${SECRET}\"}\n",
		"- name: ${SECRET}\n- name: ${SECRET}\n",
	} {
		document, err := seed.Parse("seed.yaml", []byte("seed: 1\nenvironments:\n"+text), set)
		if err == nil {
			err = document.Apply(tenant.New(tenant.Options{}), seed.Options{})
		}
		require.Error(t, err, text)
		require.NotContains(t, err.Error(), "swordfish", text)
	}
	_, err = seed.Parse("seed.yaml", []byte("seed: 1\nenvironments:\n- name: Home\n  type: ${TYPE}\n"), set)
	require.ErrorContains(t, err, `"${TYPE}" is none of SANDBOX, PRODUCTION`)
	_, err = seed.Parse("seed.yaml", []byte("seed: 1\nenvironments:\n- name: ${SECRET}\n"), nil)
	require.ErrorContains(t, err, "the variable SECRET is not set", "nobody who gives none")
}
