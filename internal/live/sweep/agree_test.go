package sweep_test

import (
	"net/http"
	"os"
	"path"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/config"
	"pingone-conformance/internal/names"
	"pingone-conformance/steps"
	"pingone-conformance/suite"
)

// The journeys give names that the sweep knows again: were the steps to name
// things otherwise, a killed run's leftovers would stay for ever.
func TestTheStepsGiveNamesThatAreKnownAgain(t *testing.T) {
	results, err := suite.Run(t.Context(), suite.Options{
		Config: config.Config{
			Mode:     config.Emulator,
			Passcode: config.PasscodeConfig{Source: config.Outbox, Timeout: 30 * time.Second},
		},
		Features: os.DirFS("../../../features"), Sentences: steps.All, UseCases: steps.UseCases(),
		Tags: "@journey", Concurrency: 2, Trace: true,
	})
	require.NotEmpty(t, results, "%v", err)
	known := map[string]func(string) (string, bool){
		"applications": names.OfThing, "signOnPolicies": names.OfPolicy, "populations": names.OfThing, "users": names.OfUsername,
	}
	seen := map[string]int{}
	for _, result := range results {
		for _, call := range result.Trace {
			collection := path.Base(call.Exchange.Request.URL.Path)
			knows := known[collection]
			if call.Exchange.Status != http.StatusCreated || knows == nil {
				continue
			}
			body := gjson.ParseBytes(call.Exchange.Request.Body)
			name := body.Get("name").String()
			if collection == "users" {
				name = body.Get("username").String()
			}
			_, ok := knows(name)
			require.True(t, ok, "%s creates %q in %s", result.Scenario.Name, name, collection)
			seen[collection]++
		}
	}
	for collection := range known {
		require.GreaterOrEqual(t, seen[collection], 3, "each journey creates %s", collection)
	}
}
