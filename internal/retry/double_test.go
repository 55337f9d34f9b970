package retry_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/retry"
)

func TestADoubleThatIsRefusedIsLookedUp(t *testing.T) {
	for name, double := range map[string]answer{
		"by its code":   nil,
		"by its status": status(409),
		"by its code, spelled with an escape": func(*http.Request) (*http.Response, error) {
			return response(400, `{"code":"INVALID_DATA","d\u0065tails":[{"code":"OTHER"},{"code":"UNIQUENESS\u005fVIOLATION"}]}`), nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				// The list lags so long that the creation is repeated, and refused.
				server := &tenant{faults: []fault{{done: true, lost: reset}}, lists: 3, unique: "name", double: double}
				got := post(t, server, "/signOnPolicies", creations[1].body, nil)
				require.Equal(t, 201, got.response.StatusCode)
				require.Equal(t, "thing-0", thing(t, got.body)["id"])
			})
		})
	}
}

func TestAnotherRefusalAfterALostAnswerIsGivenAsItIs(t *testing.T) {
	for _, refused := range []int{400, 403} {
		synctest.Test(t, func(t *testing.T) {
			server := &tenant{faults: []fault{{done: true, lost: reset}}, lists: 3, unique: "name", double: status(refused)}
			require.Equal(t, refused, post(t, server, "/signOnPolicies", creations[1].body, nil).response.StatusCode)
		})
	}
}

func TestADoubleOfOthersIsRefusedAsItIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &tenant{unique: "name"}
		server.add(thing(t, creations[1].body), time.Now(), api+"/signOnPolicies")
		got := post(t, server, "/signOnPolicies", creations[1].body, nil)
		require.Equal(t, 400, got.response.StatusCode)
		require.Contains(t, got.body, "UNIQUENESS_VIOLATION")
		require.Empty(t, server.filters)
	})
}

func TestAnErrorTellsThatTheLookUpFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		got := post(t, &tenant{broken: true, faults: []fault{{done: true, lost: reset}}}, "/applications", creations[0].body, nil)
		require.ErrorIs(t, got.err, errReset)
		require.ErrorContains(t, got.err, "(whether it was created could not be looked up)")
	})
}

func TestADeviceThatWasThereBeforeIsNotTakenForTheNewOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := creations[8]
		server := &tenant{faults: []fault{{lost: reset}}}
		server.add(thing(t, c.body), time.Now().Add(-time.Minute), api+c.path)
		got := post(t, server, c.path, c.body, nil)
		require.Equal(t, 201, got.response.StatusCode)
		require.Equal(t, 2, server.creations)
	})
}

func TestADeviceWhoseAgeNobodyTellsCountsAsNew(t *testing.T) {
	for _, server := range []*tenant{{timeless: true}, {dateless: true}} {
		synctest.Test(t, func(t *testing.T) {
			c := creations[8]
			server.faults = []fault{{done: true, lost: reset}}
			got := post(t, server, c.path, c.body, nil)
			require.NoError(t, got.err)
			require.Equal(t, 201, got.response.StatusCode)
			require.Equal(t, 1, server.creations)
		})
	}
}

// The clocks of two of PingOne's servers may differ a little.
func TestADeviceOfAServerWhoseClockIsSlowCountsAsNew(t *testing.T) {
	for ahead, times := range map[time.Duration]int{time.Second: 1, 3 * time.Second: 2} {
		synctest.Test(t, func(t *testing.T) {
			c := creations[8]
			server := &tenant{faults: []fault{{lost: reset}}}
			server.add(thing(t, c.body), time.Now().Add(-ahead), api+c.path)
			got := post(t, server, c.path, c.body, nil)
			require.Equal(t, 201, got.response.StatusCode)
			require.Equal(t, times, server.creations)
		})
	}
}

// A name holds the run's id, so that it is this run's whatever time it gives.
func TestWhatCarriesTheNameIsFoundWhateverItsAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := creations[0]
		server := &tenant{faults: []fault{{lost: reset}}}
		server.add(thing(t, c.body), time.Now().Add(-time.Hour), api+c.path)
		require.Equal(t, "thing-0", thing(t, post(t, server, c.path, c.body, nil).body)["id"])
	})
}

// Only the collections of an environment of the management API are known.
func TestACollectionElsewhereIsNotLookedUp(t *testing.T) {
	for _, elsewhere := range []string{"https://api.pingone.com/v2/environments/env", "https://api.pingone.com/v1/organizations/env", "https://api.pingone.com/env"} {
		synctest.Test(t, func(t *testing.T) {
			server := &tenant{faults: []fault{{done: true, lost: status(502)}}}
			r := request(t, t.Context(), "POST", elsewhere+"/applications", creations[0].body)
			r.Header.Set("Content-Type", "application/json")
			got := send(t, retry.New(server, retry.Options{}), r)
			require.NoError(t, got.err)
			require.Equal(t, 502, got.response.StatusCode)
			require.Equal(t, 1, server.creations, "it is sent once")
			require.Empty(t, server.filters, "and not looked for")
		})
	}
}

func TestAddressesAreComparedWithoutRegardToCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &tenant{faults: []fault{{lost: reset}}}
		server.add(map[string]any{"type": "EMAIL", "email": "Anna@example.com"}, time.Now(), api+"/users/1/devices")
		got := post(t, server, "/users/1/devices", `{"type":"EMAIL","email":"anna@EXAMPLE.com"}`, nil)
		require.Equal(t, "thing-0", thing(t, got.body)["id"])
	})
}

func TestPhoneNumbersAreComparedByTheirDigits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &tenant{faults: []fault{{lost: reset}}}
		server.add(map[string]any{"type": "SMS", "phone": "+15125550111"}, time.Now(), api+"/users/1/devices")
		got := post(t, server, "/users/1/devices", `{"type":"SMS","phone":"+1.512-555-0111"}`, nil)
		require.Equal(t, "thing-0", thing(t, got.body)["id"])
	})
}
