package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

// bare empties the process environment of PINGONE_ names for one test.
func bare(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(strings.ToUpper(name), "PINGONE") {
			t.Setenv(name, value) // has the test put it back
			require.NoError(t, os.Unsetenv(name))
		}
	}
}

// tree writes files below a new folder and makes dir of it the working one.
func tree(t *testing.T, dir string, files map[string]string) string {
	t.Helper()
	bare(t)
	root := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(root, dir), 0o750))
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	t.Chdir(filepath.Join(root, dir))
	return root
}

const emulatorEnv = "PINGONE_MODE=emulator\n"

func TestTheNearestDotenvUpToTheModuleIsRead(t *testing.T) {
	rows := map[string]struct {
		dir   string
		files map[string]string
		want  string
	}{
		"none":                       {"m/a/b", map[string]string{"m/go.mod": ""}, config.Replay},
		"in the working directory":   {"m/a/b", map[string]string{"m/go.mod": "", "m/a/b/.env": emulatorEnv}, config.Emulator},
		"in the module's folder":     {"m/a/b", map[string]string{"m/go.mod": "", "m/.env": emulatorEnv}, config.Emulator},
		"the nearer one wins":        {"m/a/b", map[string]string{"m/go.mod": "", "m/.env": "PINGONE_MODE=live\n", "m/a/.env": emulatorEnv}, config.Emulator},
		"above the module: not ours": {"m/a/b", map[string]string{".env": emulatorEnv, "m/go.mod": ""}, config.Replay},
		"no module, in place":        {"m", map[string]string{"m/.env": emulatorEnv}, config.Emulator},
		"no module, above":           {"m/a", map[string]string{"m/.env": emulatorEnv}, config.Replay},
		"a folder of that name":      {"m", map[string]string{"m/go.mod": "", "m/.env/x": ""}, config.Replay},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			tree(t, row.dir, row.files)
			c, err := config.FromEnvironment("")
			require.NoError(t, err)
			require.Equal(t, row.want, c.Mode)
		})
	}
}

func TestTheProcessEnvironmentWins(t *testing.T) {
	tree(t, ".", map[string]string{".env": emulatorEnv + "PINGONE_MAX_RPS=5\n"})
	t.Setenv("PINGONE_MAX_RPS", "7")
	c, err := config.FromEnvironment("")
	require.NoError(t, err)
	require.Equal(t, []any{config.Emulator, 7.0}, []any{c.Mode, c.MaxRPS})

	t.Setenv("PINGONE_MODE", "")
	c, err = config.FromEnvironment("")
	require.NoError(t, err)
	require.Equal(t, config.Replay, c.Mode, "set to nothing, it takes the file's value back")
}

func TestAFileThatIsNamedMustExist(t *testing.T) {
	root := tree(t, ".", map[string]string{"nightly.env": "export PINGONE_MODE='emulator' # every night\n", ".env": "PINGONE_MODE=wrong\n"})
	c, err := config.FromEnvironment(filepath.Join(root, "nightly.env"))
	require.NoError(t, err)
	require.Equal(t, config.Emulator, c.Mode)
	_, err = config.FromEnvironment(filepath.Join(root, "other.env"))
	require.ErrorContains(t, err, "there is no file ")
	_, err = config.FromEnvironment(root)
	require.ErrorContains(t, err, "cannot be read")
}

func TestAwkwardSecretsStandInSingleQuotes(t *testing.T) {
	tree(t, ".", map[string]string{".env": strings.Join([]string{
		"PINGONE_MODE=live", "PINGONE_ENVIRONMENT_ID=" + workerEnvironment, "PINGONE_CLIENT_ID=worker",
		`PINGONE_CLIENT_SECRET='a$b#c "d" %é=+'`,
	}, "\n")})
	c, err := config.FromEnvironment("")
	require.NoError(t, err)
	require.Equal(t, `a$b#c "d" %é=+`, c.ClientSecret)
}

func TestAMalformedDotenvIsToldByLine(t *testing.T) {
	rows := map[string]struct{ text, want string }{
		"no equals sign":      {"A=1\n# fine\n\nPINGONE_CLIENT_SECRET s3cr3t\nB=2\n", ".env line 4: is not NAME=value"},
		"at the very end":     {"A=1\ns3cr3t", ".env line 2: is not NAME=value"},
		"at the very start":   {"s3cr3t\nA=1\n", ".env line 1: is not NAME=value"},
		"a name with a space": {"A=1\nTHE s3cr3t=2\nB=3\n", ".env line 2: is not NAME=value"},
		"no name":             {"A=1\n=s3cr3t\n", ".env line 2: is not NAME=value"},
		"a quote left open":   {"A=1\nB=\"two\nlines\"\nC='s3cr3t\nD=4\n", ".env line 4: the value's quotation mark is never closed"},
		"Windows line ends":   {"A=1\r\ns3cr3t\r\nB=2\r\n", ".env line 2: is not NAME=value"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			tree(t, ".", map[string]string{".env": row.text})
			_, err := config.FromEnvironment("")
			require.EqualError(t, err, row.want)
		})
	}
}

func TestAMalformedDotenvDoesNotHideOtherFaults(t *testing.T) {
	tree(t, ".", map[string]string{".env": "oops\n"})
	t.Setenv("PINGONE_MODE", "sandbox")
	_, err := config.FromEnvironment("")
	require.EqualError(t, err, ".env line 1: is not NAME=value\n"+
		`PINGONE_MODE: "sandbox" is not a mode; use replay, emulator or live`)
}

func TestNamesThatAreNearlyOurs(t *testing.T) {
	rows := map[string]string{
		"PINGONE_MODES":                "PINGONE_MODE",
		"PINGONE_MDOE":                 "PINGONE_MODE",
		"pingone_mode":                 "PINGONE_MODE",
		"PINGONE_REGIONCODE":           "PINGONE_REGION_CODE",
		"PINGONE_CLIENTSECRET":         "PINGONE_CLIENT_SECRET",
		"PINGONE_TARGET_ENVIROMENT_ID": "PINGONE_TARGET_ENVIRONMENT_ID",
		"PINGONE_RECORDS":              "PINGONE_RECORD",
	}
	for name, meant := range rows {
		t.Run(name, func(t *testing.T) {
			tree(t, ".", map[string]string{".env": name + "=s3cr3t\n"})
			_, err := config.FromEnvironment("")
			require.EqualError(t, err, name+": is not a variable of this suite; did you mean "+meant+"?")

			tree(t, ".", nil)
			t.Setenv(name, "s3cr3t")
			_, err = config.FromEnvironment("")
			require.EqualError(t, err, name+": is not a variable of this suite; did you mean "+meant+"?")
		})
	}
}

func TestNamesOfOtherToolsAreLeftAlone(t *testing.T) {
	tree(t, ".", nil)
	for _, name := range []string{
		"PINGONE_REGION", "PINGONE_ENV_ID", "PINGONE_API_ACCESS_TOKEN", "PINGONE_API_SERVICE_HOSTNAME",
		"PINGONE_CLIENT_CREDENTIALS_CLIENT_ID", "PINGONE_MCP_ENVIRONMENT_ID", "PINGONE_TF_APPEND_USER_AGENT",
		"PINGONE_LICENSE_ID", "PINGONE_STORAGE_TYPE", "PINGONE_ADMIN_ENV_ID", "PINGONE_AUTH_PATH", "PINGONE_PURPLE_ELEPHANT",
		"PINGCLI_PINGONE_REGION_CODE",
	} {
		t.Setenv(name, "something")
	}
	_, err := config.FromEnvironment("")
	require.NoError(t, err)
}
