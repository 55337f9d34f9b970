//go:build unix

package runner_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
	"pingone-conformance/suite/runner"
)

// inProcess is the argument of a process that was started for one of these tests.
const inProcess = "in-a-process-of-its-own"

// TestInAProcessOfItsOwn is what TestTheSecondCtrlCLeavesAtOnce starts: a run that creates
// an application and then never gets an answer any more.
func TestInAProcessOfItsOwn(t *testing.T) {
	if flag.Arg(0) != inProcess {
		t.Skip("another test runs this in a process of its own")
	}
	o := suite.Options{
		Config: config.Config{Mode: config.Replay}, Places: stuck{}, Lenient: true,
		Features: fstest.MapFS{"some.feature": {Data: []byte("Feature: F\n  Scenario: S\n    When Priya creates an application\n")}},
		Sentences: func(r *suite.Registry) {
			r.When(`^Priya creates an application$`, func() error {
				s := r.Scenario()
				ex, err := s.Admin().CreateApplication(t.Context(), s.Env(), map[string]any{"name": s.Named("Shop")})
				s.Created("the application", ex)
				if err == nil {
					_, err = s.Admin().ListApplications(t.Context(), s.Env(), nil)
				}
				return err
			})
		},
	}
	set, f := flag.NewFlagSet("run", flag.ContinueOnError), &runner.Flags{}
	f.Register(set)
	require.NoError(t, set.Parse([]string{"-reports", ""}))
	_, _ = f.Run(t.Context(), o, io.Discard, os.Stderr)
}

// stuck is a place that answers creations, and says of all other calls that they hang.
type stuck struct{}

func (stuck) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodPost {
		fmt.Fprintln(os.Stderr, "HANGS")
		select {}
	}
	return &http.Response{StatusCode: http.StatusCreated, Request: r, Body: io.NopCloser(strings.NewReader(`{"id":"22222222-2222-4222-8222-000000000001"}`))}, nil
}

func (s stuck) Open(context.Context, suite.ID) (*suite.Place, error) {
	return suite.Replayed(replay.Direct(s, 1)), nil
}

// The first Ctrl-C waits for the clean-up; the second leaves, and lists what is there.
func TestTheSecondCtrlCLeavesAtOnce(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		cmd := exec.Command(os.Args[0], "-test.run", "^TestInAProcessOfItsOwn$", inProcess)
		stderr, err := cmd.StderrPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		var said strings.Builder
		for lines := bufio.NewScanner(stderr); lines.Scan(); {
			said.WriteString(lines.Text() + "\n")
			if lines.Text() == "HANGS" || strings.Contains(lines.Text(), "press Ctrl-C again") {
				require.NoError(t, cmd.Process.Signal(signal))
			}
		}
		var status *exec.ExitError
		require.ErrorAs(t, cmd.Wait(), &status, said.String())
		require.Equal(t, runner.StatusStopped, status.ExitCode(), said.String())
		require.Contains(t, said.String(), "the running scenarios stop and delete what they made")
		require.Contains(t, said.String(), "1 thing is left behind; `pingone-conformance sweep` finds it later:\n  the application  https://api.pingone.com/v1/environments/")
		require.Contains(t, said.String(), "/applications/22222222-2222-4222-8222-000000000001\n")
	}
}
