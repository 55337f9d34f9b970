package config_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

func TestARecordingRunAsksTheEmulatorUnlessToldOtherwise(t *testing.T) {
	for name, row := range map[string]struct {
		file  map[string]string
		shell map[string]string
		mode  string
		says  string
	}{
		"nothing is said":      {nil, nil, config.Emulator, ""},
		"a file says emulator": {map[string]string{".env": emulatorEnv}, nil, config.Emulator, ""},
		"record is off":        {map[string]string{".env": "PINGONE_RECORD=false\n"}, nil, config.Emulator, ""},
		"the mode is empty":    {nil, map[string]string{"PINGONE_MODE": ""}, config.Emulator, ""},
		"replay":               {nil, map[string]string{"PINGONE_MODE": "replay"}, "", "in replay nobody new answers"},
		"live without tenant":  {nil, map[string]string{"PINGONE_MODE": "live"}, "", "PINGONE_CLIENT_SECRET: is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			tree(t, ".", row.file)
			for variable, value := range row.shell {
				t.Setenv(variable, value)
			}
			c, err := config.Recording("")
			if row.says != "" {
				require.ErrorContains(t, err, row.says)
				return
			}
			require.NoError(t, err)
			require.Equal(t, row.mode, c.Mode)
			require.True(t, c.Record)
		})
	}
}
