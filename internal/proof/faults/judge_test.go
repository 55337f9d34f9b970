package faults

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator"
	"pingone-conformance/suite"
)

func TestAJourneyIsHeldToAllThatItsTrialWants(t *testing.T) {
	tenant, err := Start(t.Context(), suite.Options{}, emulator.Options{})
	require.NoError(t, err)
	defer func() { require.NoError(t, tenant.Close()) }()
	full := *tenant
	full.before = nil // all that is there counts as left
	busy, broken := errors.New("step 3: busy"), errors.New("step 3: broken")
	secret := errors.New("busy: " + tenant.Credentials().ClientSecret)
	for name, c := range map[string]struct {
		trial  Trial
		tenant *Tenant
		got    Outcome
		says   string // "" when all is as it should be
	}{
		"it passes":                    {Trial{}, tenant, Outcome{}, ""},
		"it does not pass":             {Trial{}, tenant, Outcome{Err: broken}, "j: it should pass, but: step 3: broken"},
		"it fails":                     {Trial{Says: "busy"}, tenant, Outcome{Err: busy}, ""},
		"it fails in other words":      {Trial{Says: "busy"}, tenant, Outcome{Err: broken}, `j: it should fail and say "busy", but: step 3: broken`},
		"it does not fail":             {Trial{Says: "busy"}, tenant, Outcome{}, `j: it should fail and say "busy", but: it passes`},
		"it is spared":                 {Trial{Says: "busy", Spared: []string{"i", "j", "k"}}, tenant, Outcome{}, ""},
		"it is spared and fails":       {Trial{Says: "busy", Spared: []string{"j"}}, tenant, Outcome{Err: busy}, "j: it should pass, but: step 3: busy"},
		"others are spared":            {Trial{Says: "busy", Spared: []string{"i", "k"}}, tenant, Outcome{}, `j: it should fail and say "busy", but: it passes`},
		"it shows a secret":            {Trial{Says: "busy"}, tenant, Outcome{Err: secret}, "j: the failure shows a secret"},
		"it notes":                     {Trial{Notes: "clock"}, tenant, Outcome{Printed: "note clock: fast"}, ""},
		"it does not note":             {Trial{Notes: "clock"}, tenant, Outcome{}, `j: it should say "clock" before it begins`},
		"it waits":                     {Trial{Least: time.Second}, tenant, Outcome{Elapsed: time.Second}, ""},
		"it does not wait":             {Trial{Least: time.Second}, tenant, Outcome{Elapsed: 999 * time.Millisecond}, "j: it should wait 1s, and has taken 999ms"},
		"it leaves something":          {Trial{}, &full, Outcome{}, "j: it has left " + full.Left() + " behind"},
		"it leaves what may stay":      {Trial{Stays: true}, &full, Outcome{}, ""},
		"it may leave and leaves none": {Trial{Stays: true}, tenant, Outcome{}, ""},
		"all at once": {Trial{Notes: "clock", Least: time.Second}, tenant, Outcome{Err: broken},
			"j: it should pass, but: step 3: broken\nj: it should say \"clock\" before it begins\nj: it should wait 1s, and has taken 0s"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.trial.judge(c.tenant, "j", c.got)
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.says)
			require.Equal(t, strings.Count(c.says, "\n"), strings.Count(err.Error(), "\n"))
		})
	}
}

func TestTheMatrixSaysWhatBecameOfEachJourney(t *testing.T) {
	outcomes := func(said ...string) []Outcome {
		all := make([]Outcome, len(said))
		for i, text := range said {
			if text != "" {
				all[i].Err = errors.New(text)
			}
		}
		return all
	}
	rows := []Row{
		{Outcomes: outcomes("", "")},
		{Trial: Trial{Fault: "failed:token", Says: "busy"}, Outcomes: outcomes("look at the environment: busy", "step 12: busy")},
		{Trial: Trial{Fault: "lost:token", Says: "gone"}, Outcomes: outcomes("after the scenario: gone", ""), Left: true},
		{Trial: Trial{Fault: "slow:token", Says: "late"}, Outcomes: outcomes("late at step 1", ""), Err: errors.New("late")},
	}
	var out strings.Builder
	require.NoError(t, Print(&out, []suite.UseCase{{Name: "login"}, {Name: "reset"}}, rows))
	require.Equal(t, []string{
		"fault         login             reset             left behind      says",
		"none          passes            passes            nothing",
		"failed:token  does not begin    fails at step 12  nothing          busy",
		"lost:token    fails afterwards  passes            all; then swept  gone",
		"slow:token    fails             passes            nothing          NOT AS IT SHOULD BE, see below",
		"",
	}, strings.Split(strings.ReplaceAll(out.String(), "nothing          \n", "nothing\n"), "\n"))
}
