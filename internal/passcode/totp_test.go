package passcode_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

// rfcSecret is the base32 form of the key of RFC 6238's appendix B.
const rfcSecret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

// watch is a clock that moves only when someone waits.
type watch struct {
	mu     sync.Mutex
	now    time.Time
	waited []time.Duration
	stuck  bool
}

func (w *watch) clock() passcode.Clock {
	return passcode.Clock{
		Now: func() time.Time {
			w.mu.Lock()
			defer w.mu.Unlock()
			return w.now
		},
		Wait: func(ctx context.Context, d time.Duration) error {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.waited = append(w.waited, d)
			if !w.stuck {
				w.now = w.now.Add(d)
			}
			return ctx.Err()
		},
	}
}

// app is an authenticator device.
func app(id string) passcode.Device { return passcode.Device{ID: id, Type: "TOTP"} }

func TestTOTPComputesTheCodesOfRFC6238(t *testing.T) {
	for at, want := range map[int64]string{
		0: "755224", 29: "755224", 30: "287082", 59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
	} {
		t.Run(want, func(t *testing.T) {
			source := passcode.NewTOTP((&watch{now: time.Unix(at, 0)}).clock())
			require.NoError(t, source.Pair("dev-1", rfcSecret))
			code, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
			require.NoError(t, err)
			require.Equal(t, want, code)
		})
	}
}

func TestTOTPNeverGivesATimeStepTwice(t *testing.T) {
	w := &watch{now: time.Unix(1111111080, 0).Add(29*time.Second + 250*time.Millisecond)}
	source := passcode.NewTOTP(w.clock())
	require.NoError(t, source.Pair("dev-1", rfcSecret))
	require.NoError(t, source.Pair("dev-2", rfcSecret))

	first, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
	require.NoError(t, err)
	require.Empty(t, w.waited, "the first passcode needs no wait")
	other, err := source.Passcode(t.Context(), app("dev-2"), nil, began())
	require.NoError(t, err)
	require.Equal(t, first, other, "another device's steps are its own")
	require.Empty(t, w.waited)

	second, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
	require.NoError(t, err)
	require.Equal(t, []time.Duration{750 * time.Millisecond}, w.waited, "it waits until the step's end and no longer")
	require.Equal(t, "081804", first)
	require.Equal(t, "050471", second)
}

func TestTOTPGivesEachOfManyCallersAStepOfItsOwn(t *testing.T) {
	w := &watch{now: time.Unix(1111111080, 0)}
	source := passcode.NewTOTP(w.clock())
	require.NoError(t, source.Pair("dev-1", rfcSecret))
	var (
		mu    sync.Mutex
		codes = map[string]int{}
		all   sync.WaitGroup
	)
	for range 8 {
		all.Go(func() {
			code, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				code = err.Error()
			}
			codes[code]++
		})
	}
	all.Wait()
	require.Len(t, codes, 8, "%v", codes)
}

func TestTOTPSaysWhatIsWrong(t *testing.T) {
	t.Run("a device that was not paired", func(t *testing.T) {
		_, err := passcode.NewTOTP(passcode.Clock{}).Passcode(t.Context(), app("dev-1"), nil, began())
		require.ErrorContains(t, err, "PINGONE_PASSCODE=totp: the authenticator app was not paired in this scenario")
	})
	t.Run("a clock that stands still", func(t *testing.T) {
		w := &watch{now: began(), stuck: true}
		source := passcode.NewTOTP(w.clock())
		require.NoError(t, source.Pair("dev-1", rfcSecret))
		_, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.NoError(t, err)
		_, err = source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.ErrorContains(t, err, "the clock does not reach the next time step")
		require.Equal(t, slices.Repeat([]time.Duration{30 * time.Second}, 5), w.waited, "the wait is bounded")
	})
	t.Run("a clock that was set back", func(t *testing.T) {
		w := &watch{now: began()}
		source := passcode.NewTOTP(w.clock())
		require.NoError(t, source.Pair("dev-1", rfcSecret))
		_, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.NoError(t, err)
		w.now = began().Add(-time.Hour)
		_, err = source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.ErrorContains(t, err, "it stands still or was set back")
		require.Equal(t, slices.Repeat([]time.Duration{30 * time.Second}, 5), w.waited, "nobody waits for an hour")
	})
	t.Run("a clock that was set back a little", func(t *testing.T) {
		w := &watch{now: began()}
		source := passcode.NewTOTP(w.clock())
		require.NoError(t, source.Pair("dev-1", rfcSecret))
		_, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.NoError(t, err)
		w.now = began().Add(-70 * time.Second)
		_, err = source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.NoError(t, err)
		require.Equal(t, append(slices.Repeat([]time.Duration{30 * time.Second}, 3), 10*time.Second), w.waited)
		require.Equal(t, began().Add(30*time.Second), w.now, "the first moment of the next step")
	})
	t.Run("a run that is cancelled while another caller waits", func(t *testing.T) {
		waits, over := make(chan struct{}), make(chan struct{})
		source := passcode.NewTOTP(passcode.Clock{Now: began, Wait: func(context.Context, time.Duration) error {
			close(waits)
			<-over
			return context.Canceled
		}})
		require.NoError(t, source.Pair("dev-1", rfcSecret))
		_, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.NoError(t, err)
		var other sync.WaitGroup
		other.Go(func() { _, _ = source.Passcode(t.Context(), app("dev-1"), nil, began()) })
		<-waits
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err = source.Passcode(ctx, app("dev-1"), nil, began())
		require.EqualError(t, err, "waiting for the authenticator app: context canceled")
		close(over)
		other.Wait()
	})
	t.Run("a run that is cancelled while it waits", func(t *testing.T) {
		source := passcode.NewTOTP(passcode.Clock{Now: func() time.Time { return time.Unix(1111111080, 0) }})
		require.NoError(t, source.Pair("dev-1", rfcSecret))
		_, err := source.Passcode(t.Context(), app("dev-1"), nil, began())
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(20*time.Millisecond, cancel)
		_, err = source.Passcode(ctx, app("dev-1"), nil, began())
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "waiting for the next time step")
	})
}

func TestTOTPPairsOnlyWithABase32Secret(t *testing.T) {
	for name, c := range map[string]struct{ id, secret, says string }{
		"no device":   {"", rfcSecret, "needs the device's id"},
		"no secret":   {"dev-1", " ", "carries no secret"},
		"not base32":  {"dev-1", "not-a-secret-1890", "is no base32 text"},
		"lower case":  {"dev-1", "gezd gnbv gy3t qojq gezd gnbv gy3t qojq", ""},
		"with blanks": {"dev-1", " GEZD GNBV GY3T QOJQ ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			err := passcode.NewTOTP(passcode.Clock{}).Pair(c.id, c.secret)
			if c.says == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, c.says)
			require.NotContains(t, err.Error(), "not-a-secret", "the secret must stay out of errors")
		})
	}
}
