package contract

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWhatIsCompiledEarlyExists(t *testing.T) {
	for _, name := range early {
		require.Contains(t, Schemas(), name)
	}
	Warm()
	for _, name := range early {
		shape, err := shared().shape(name)
		require.NoError(t, err)
		require.Equal(t, name, shape.name)
	}
}
