package passcode_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/internal/passcode"
)

func TestCommandTakesThePasscodeThatTheProgramPrints(t *testing.T) {
	for name, line := range map[string]string{
		"alone":            `echo 123456`,
		"quoted":           `"cmd.exe" /C "echo 123456"`,
		"from a pipeline":  `echo code: 123456| powershell -NoProfile -Command "($input -split ' ')[1]"`,
		"for this device":  `if "%PINGONE_PASSCODE_DEVICE_TYPE%"=="SMS" echo 123456`,
		"with chatter too": `echo reading 1>&2 & echo 123456`,
	} {
		t.Run(name, func(t *testing.T) {
			source, err := passcode.NewCommand(line, 30*time.Second)
			require.NoError(t, err)
			code, err := source.Passcode(t.Context(), phone(), nil, began())
			require.NoError(t, err)
			require.Equal(t, "123456", code)
		})
	}
}

func TestCommandThatHangsIsEnded(t *testing.T) {
	source, err := passcode.NewCommand("ping -n 600 127.0.0.1 >nul", time.Second)
	require.NoError(t, err)
	started := time.Now()
	_, err = source.Passcode(t.Context(), phone(), nil, began())
	require.ErrorContains(t, err, "PINGONE_PASSCODE_TIMEOUT sets the limit")
	require.Less(t, time.Since(started), 20*time.Second)
}
