package suitetest

import (
	"cmp"
	"fmt"
	"testing"

	"pingone-conformance/config"
	"pingone-conformance/internal/gotest"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

// fitted are the flags together with what go test's own flags and godog's variable
// select, and keeps the run out of go test's cache.
func fitted(t *testing.T, f runner.Flags, o suite.Options) (runner.Flags, error) {
	if err := gotest.RefuseBuildTags(o.Features); err != nil {
		return f, err
	}
	switch asked := config.GodogTags(); {
	case f.Tags == "":
		f.Tags = asked
	case asked != "" && asked != f.Tags:
		return f, fmt.Errorf("GODOG_TAGS=%q and -tags %q: give one of them", asked, f.Tags)
	}
	f.Narrow = gotest.OfFlags(t.Name()).From
	t.Cleanup(func() {
		// Where nothing can be written, as in the module cache, a replay may be cached.
		if err := gotest.NeverCached(cmp.Or(o.Transcripts, "reports")); err != nil && o.Config.Mode != config.Replay {
			t.Error(err)
		}
	})
	return f, nil
}
