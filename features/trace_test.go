package features

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/proof/trace"
	"pingone-conformance/suite"
)

// TestTraceability holds each journey against its published list: the number in
// the line, the method and path that were really sent, and the list.
func TestTraceability(t *testing.T) {
	sent, err := suite.Journeys(t.Context(), os.DirFS("."), fixturesDir)
	require.NoError(t, err)
	for _, u := range trace.UseCases() {
		t.Run(u.Name, func(t *testing.T) {
			require.Empty(t, trace.Compare(u, sent[u.Name]))
		})
	}
}
