package files_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/suite/report/files"
)

func TestThePageStaysSmall(t *testing.T) {
	info, err := os.Stat(filepath.Join(written(t, replayed()), files.Page))
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(3<<20))
}
