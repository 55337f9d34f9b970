package emulator

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/tenant"
)

const worker1 = "{name: One, type: WORKER, grantTypes: [CLIENT_CREDENTIALS], tokenEndpointAuthMethod: CLIENT_SECRET_BASIC, secret: one"

// Credentials are of the first environment that has a worker that may do something, and of the next. A seed's
// first environment is given one when it has none.
func TestWhoseCredentialsAreHandedOut(t *testing.T) {
	for _, row := range []struct {
		name, seed, first, other string // the names of the environments
		workers                  []int  // in each environment
	}{
		{"no seed", "", "Emulated Sandbox", "Emulated Sandbox of Others", []int{1, 1}},
		{"an empty one", "environments: []", "Emulated Sandbox", "", []int{1, 0}},
		{"no worker", "environments: [{name: A}, {name: B}]", "A", "", []int{1, 0}},
		{"a worker", "environments: [{name: A, applications: [" + worker1 + "}]}, {name: B}]", "A", "", []int{1, 0}},
		{"a worker of the second", "environments: [{name: A}, {name: B, applications: [" + worker1 + "}]}]", "A", "B", []int{1, 1}},
		{"three", "environments: [{name: A}, {name: B}, {name: C, applications: [" + worker1 + "}]}, {name: D, applications: [" + worker1 + "}]}]", "A", "C", []int{1, 0, 1, 1}},
		{"one that may do nothing", "environments: [{name: A, applications: [" + worker1 + ", roles: []}]}]", "A", "", []int{2}},
	} {
		o := Options{DefaultMethods: []string{"voice"}}
		if row.seed != "" {
			o.Seed = []byte("seed: 1\n" + row.seed)
		}
		made := tenant.New(tenant.Options{})
		require.NoError(t, fill(made, o), row.name)
		names, workers := map[string]string{}, []int{}
		for _, e := range made.Environments() {
			names[e.ID] = e.Name
			count := 0
			for _, a := range e.Applications {
				if a.Type == "WORKER" {
					count++
				}
			}
			workers = append(workers, count)
			require.True(t, e.DefaultDevicePolicy().Method("VOICE").Enabled, "the methods of the options")
		}
		require.Equal(t, row.workers, workers, row.name)
		c := credentials(made)
		require.Equal(t, []string{row.first, row.other}, []string{names[c.EnvironmentID], names[c.OtherEnvironmentID]}, row.name)
		require.Equal(t, made.Environment(c.EnvironmentID).Applications[c.ClientID].Secret, c.ClientSecret)
		require.NotEmpty(t, made.Environment(c.EnvironmentID).Applications[c.ClientID].Roles, row.name)
		if row.other != "" {
			require.Equal(t, made.Environment(c.OtherEnvironmentID).Applications[c.OtherClientID].Secret, c.OtherClientSecret)
		}
	}
}

func TestWhatAnEmulatorWithoutASeedHolds(t *testing.T) {
	made := tenant.New(tenant.Options{})
	require.NoError(t, fill(made, Options{}))
	for _, e := range made.Environments() {
		require.Equal(t, "Made by the emulator of pingone-conformance SANDBOX NA [PING_ONE_BASE PING_ONE_MFA]", fmt.Sprint(e.Description, " ", e.Type, " ", e.Region, " ", e.Products))
		w := worker(e)
		require.True(t, w.Enabled)
		require.Equal(t, "Worker OPENID_CONNECT [CLIENT_CREDENTIALS] CLIENT_SECRET_BASIC", fmt.Sprint(w.Name, " ", w.Protocol, " ", w.GrantTypes, " ", w.TokenEndpointAuthMethod))
		require.Len(t, w.Secret, 64)
		require.ElementsMatch(t, management.AllRoles(), w.Roles)
		require.Equal(t, []string{e.ID}, w.RoleEnvironments)
	}
}

func TestASeedIsCheckedWithoutAnEmulator(t *testing.T) {
	const begin = "seed: 1\nenvironments:\n- name: A\n"
	require.NoError(t, CheckSeed("my.yaml", []byte(begin+"  users: [{username: anna, email: anna@example.com, devices: [{type: SMS, phone: \"+1.5125550101\"}]}]\n")))
	require.ErrorContains(t, CheckSeed("my.yaml", []byte(begin+"  usrs: []\n")), "my.yaml:4: environments[0].usrs: there is no such member; the nearest is users")
	require.ErrorContains(t, CheckSeed("", []byte(begin+begin[8:])), "seed:4: environments: is said twice")
	require.ErrorContains(t, CheckSeed("my.yaml", []byte(begin+"- name: A\n")), "my.yaml:4: environments[1].name: another environment has this name already")
}
