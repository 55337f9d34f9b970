package seed

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What PingOne refuses names a member in its own way, perhaps one that the seed does not have.
func TestTheValueThatATargetNames(t *testing.T) {
	d, err := Parse("seed.yaml", []byte("seed: 1\nenvironments:\n- name: Home\n  users:\n  - {username: anna, email: anna@example.com, name: {given: Anna}, devices: [{type: SMS}, {type: EMAIL}]}\n"), nil)
	require.NoError(t, err)
	anna := d.root.at("environments[0].users[0]")
	for target, want := range map[string]string{
		"": "", "email": ".email", "name.given": ".name.given", "devices[1].type": ".devices[1].type", "devices.1": ".devices[1]",
		"nickname": "", "name.family": ".name", "devices[2].type": ".devices", "devices[-1]": ".devices", "devices[first]": ".devices", "email[0]": ".email",
	} {
		require.Equal(t, "environments[0].users[0]"+want, anna.at(target).path, target)
	}
}
