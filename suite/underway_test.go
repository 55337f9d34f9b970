package suite

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whoever leaves while a creation is under way hears of it: nobody has told yet that nothing came of it.
func TestACreationUnderWayMayBeLeftBehind(t *testing.T) {
	rows := []struct {
		name   string
		answer int
		after  string
	}{
		{"and was made", http.StatusCreated, "1 thing is left behind"},
		{"and was refused", http.StatusBadRequest, "nothing is left behind"},
		{"and nobody knows", http.StatusServiceUnavailable, "1 thing is left behind"},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			server := newManagement(t)
			var s *Scenario
			underway := ""
			s = begun(t, roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodPost && createsNamed(r) {
					underway = leftBehind(s)
					if row.answer != http.StatusCreated {
						return answer(row.answer, "{}"), nil
					}
				}
				return server.RoundTrip(r)
			}))
			_, err := application(t, s, "Shop")
			require.NoError(t, err)
			require.Contains(t, underway, "1 thing is left behind")
			require.Contains(t, underway, `the application "`+s.Named("Shop")+`"`)
			require.Contains(t, leftBehind(s), row.after)
		})
	}
}

// createsNamed tells of calls that create a thing with a name.
func createsNamed(r *http.Request) bool {
	_, named := kindOf(withoutQuery(r.URL))
	return named
}
