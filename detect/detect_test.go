package detect

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var features = os.DirFS("../features")

func TestDeviationsAreNoticedByTheScenarioThatIsAboutThem(t *testing.T) {
	for name, want := range map[string][]string{
		"password-not-checked": {"A wrong password is refused", "refuses the credentials", "wanted a refusal"},
		"code-reusable":        {"An authorization code works once", "tries to exchange the code again", "redeemed before"},
		"policy-order-ignored": {"Anna gives her mobile phone number", "", "USERNAME_PASSWORD_REQUIRED"},
		"create-answers-200":   {"", "", "status is not the documented one (want 201, got 200)"},
	} {
		t.Run(name, func(t *testing.T) {
			outcomes, err := Run(t.Context(), Options{Features: features, Only: []string{name}}, func(Outcome) {})
			require.NoError(t, err)
			require.Len(t, outcomes, 1)
			require.Equal(t, name, outcomes[0].Deviation.Name)
			require.True(t, anyCatch(outcomes[0], want), "%v", outcomes[0].Caught)
		})
	}
}

func anyCatch(o Outcome, want []string) bool {
	for _, c := range o.Caught {
		if strings.Contains(c.Scenario, want[0]) && strings.Contains(c.Step, want[1]) && strings.Contains(c.Message, want[2]) {
			return true
		}
	}
	return false
}
