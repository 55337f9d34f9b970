package oauth

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMemoryIsBounded(t *testing.T) {
	r := newRig(t, Options{Capacity: 20})
	for range 60 {
		b := r.browser()
		b.exchange(b.code())
		b.send("GET", r.path("/as/authorize?"+r.query("response_mode", "query").Encode()), "", "")
	}
	require.Equal(t, 20, held(r.server.signOns))
	require.LessOrEqual(t, held(r.server.codes), 20)
	require.Equal(t, 20, held(r.server.spent))
}
