package oauth

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheNewestSignOnsUnderWayAreListed(t *testing.T) {
	r := newRig(t)
	ids := func() (all []string) {
		for _, one := range r.server.UnderWay() {
			require.Equal(t, []string{r.env.ID, r.app.Name}, []string{one.EnvironmentID, one.Application})
			all = append(all, one.ID)
		}
		return all
	}
	require.Empty(t, ids())
	begin := func() string { return r.browser().authorize("response_mode", "pi.flow").json("id").String() }
	first := begin()
	r.pass(time.Minute)
	second := begin()
	require.Equal(t, []string{second, first}, ids())
	r.pass(14 * time.Minute)
	require.Equal(t, []string{second}, ids(), "the first has expired")
	for range 50 {
		first = begin()
	}
	require.Len(t, ids(), 50)
	require.Equal(t, first, ids()[0])
	require.NotContains(t, ids(), second)
}
