package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/config"
)

// bare empties the process environment of PINGONE_ names for one test.
func bare(t *testing.T) {
	t.Helper()
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(strings.ReplaceAll(strings.ToUpper(name), "_", ""), "PINGONE") {
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
		"with a byte order mark":     {"m", map[string]string{"m/go.mod": "", "m/.env": "\ufeff" + emulatorEnv}, config.Emulator},
		"with Windows line ends":     {"m", map[string]string{"m/go.mod": "", "m/.env": "PINGONE_MODE=emulator\r\nA=1\r\n"}, config.Emulator},
		"an empty file":              {"m", map[string]string{"m/go.mod": "", "m/.env": ""}, config.Replay},
		"a folder above the module":  {"m", map[string]string{"m/go.mod": "", ".env/x": ""}, config.Replay},
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

func TestTheFaultyLineIsFoundInAnyFile(t *testing.T) {
	const many = 20_000
	good, quotes := strings.Repeat("NAME=value\n", many), strings.Repeat("NAME='a\nb'\n", many/2)
	rows := map[string]struct{ text, want string }{
		"at the end":                {good + "oops\n", ".env line 20001: is not NAME=value"},
		"in the middle":             {good + "oops\n" + good, ".env line 20001: is not NAME=value"},
		"a quote left open above":   {"A='oops\n" + good, ".env line 1: the value's quotation mark is never closed"},
		"an escaped one":            {"A='oops\n" + strings.Repeat("B=\\'\n", many), ".env line 1: the value's quotation mark is never closed"},
		"a quote left open at last": {quotes + "A=\"oops\n", ".env line 20001: the value's quotation mark is never closed"},
		"an open quote further on":  {"A=1\nTHE NAME=2\nB='oops\n", ".env line 2: is not NAME=value"},
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			tree(t, ".", map[string]string{".env": row.text})
			started := time.Now()
			_, err := config.FromEnvironment("")
			require.EqualError(t, err, row.want)
			require.Less(t, time.Since(started), 5*time.Second, "reading grows with the file, not with its square")
		})
	}
}

func TestUnknownNamesAreReportedWithTheNearestOfOurs(t *testing.T) {
	rows := map[string]string{
		"PINGONE_MODES":                "did you mean PINGONE_MODE?",
		"PINGONE_MDOE":                 "did you mean PINGONE_MODE?",
		"pingone_mode":                 "did you mean PINGONE_MODE?",
		"PING_ONE_MODE":                "did you mean PINGONE_MODE?",
		"PINGONE_REGIONCODE":           "did you mean PINGONE_REGION_CODE?",
		"PINGONE_CLIENTSECRET":         "did you mean PINGONE_CLIENT_SECRET?",
		"PINGONE_TARGET_ENVIROMENT_ID": "did you mean PINGONE_TARGET_ENVIRONMENT_ID?",
		"PINGONE_TARGET_ENV_ID":        "did you mean PINGONE_TARGET_ENVIRONMENT_ID?",
		"PINGONE_ALLOW_PROD":           "did you mean PINGONE_ALLOW_PRODUCTION?",
		"PINGONE_RECORDS":              "did you mean PINGONE_RECORD?",
		"PINGONE_SECRET":               "did you mean PINGONE_CLIENT_SECRET?",
		"PINGONE_URL":                  "did you mean PINGONE_API_URL?",
		"PINGONE_RPS":                  "did you mean PINGONE_MAX_RPS?",
		"PINGONE_TIMEOUT":              "did you mean PINGONE_LAG_TIMEOUT?",
		"PING_ONE_CLIENT_ID":           "did you mean PINGONE_CLIENT_ID?",
		"PINGONE_DRY_RUN":              "the nearest is PINGONE_API_URL, and .env.example lists all",
	}
	for name, meant := range rows {
		t.Run(name, func(t *testing.T) {
			tree(t, ".", map[string]string{".env": name + "=s3cr3t\n"})
			_, err := config.FromEnvironment("")
			require.EqualError(t, err, name+": is not a variable of this suite; "+meant)

			tree(t, ".", nil)
			t.Setenv(name, "s3cr3t")
			_, err = config.FromEnvironment("")
			require.EqualError(t, err, name+": is not a variable of this suite; "+meant)
		})
	}
}

func TestNamesOfOtherToolsAreLeftAlone(t *testing.T) {
	tree(t, ".", nil)
	for _, name := range []string{
		"PINGONE_REGION", "PINGONE_ENV_ID", "PINGONE_API_ACCESS_TOKEN", "PINGONE_API_SERVICE_HOSTNAME",
		"PINGONE_CLIENT_CREDENTIALS_CLIENT_ID", "PINGONE_MCP_ENVIRONMENT_ID", "PINGONE_TF_APPEND_USER_AGENT",
		"PINGONE_LICENSE_ID", "PINGONE_STORAGE_TYPE", "PINGONE_ADMIN_ENV_ID", "PINGONE_AUTH_PATH", "PINGONE_DAVINCI_HOST_URL",
		"PINGONE_USERNAME", "PINGONE_PASSWORD", "PINGONE_WORKER_APP_CLIENT_SECRET", "PINGONE_KEY_PKCS12_PASSWORD", "PINGONE_GOOGLE_JSON_KEY",
		"PINGONE_PASSCODE_FLOW_ID", "PINGCLI_PINGONE_REGION_CODE", "PINGONEER", "PINGCLI_PROFILE",
	} {
		t.Setenv(name, "something")
	}
	_, err := config.FromEnvironment("")
	require.NoError(t, err)
}

func TestANameOfAnyLengthIsPrintedShort(t *testing.T) {
	for _, name := range []string{"PINGONE_" + strings.Repeat("X", 10_000), "PINGONE_\x1b[2J\n" + strings.Repeat("X", 10_000)} {
		tree(t, ".", nil)
		t.Setenv(name, "s3cr3t")
		_, err := config.FromEnvironment("")
		require.ErrorContains(t, err, "is not a variable of this suite")
		require.Less(t, len(err.Error()), 200)
		require.NotContains(t, err.Error(), "\x1b")
	}
}

// What stands where the file should be and cannot be read must not count as no file: the
// run would be another one than was asked for.
func TestADotenvThatIsNoFileIsAnError(t *testing.T) {
	rows := map[string]struct {
		put  func(path string) error
		want string
	}{
		"a folder":          {func(path string) error { return os.Mkdir(path, 0o750) }, ".env cannot be read: it is a folder"},
		"a link to nothing": {func(path string) error { return os.Symlink("nowhere", path) }, ".env cannot be read: it is a link to a file that does not exist"},
		"a link to itself":  {func(path string) error { return os.Symlink(".env", path) }, ".env cannot be read: "},
		"a huge file": {func(path string) error { return errors.Join(os.WriteFile(path, nil, 0o600), os.Truncate(path, 1<<40)) },
			".env cannot be read: it is larger than 4 MiB"},
		"UTF-16":                      {func(path string) error { return os.WriteFile(path, []byte("\xff\xfeA\x00"), 0o600) }, ".env is written in UTF-16"},
		"UTF-16 the other way":        {func(path string) error { return os.WriteFile(path, []byte("\xfe\xff\x00A"), 0o600) }, ".env is written in UTF-16"},
		"a pipe":                      {pipe, ".env cannot be read: it is no regular file"},
		"a file that nobody may read": {unreadable, ".env cannot be read: "},
	}
	for name, row := range rows {
		for where, dir := range map[string]string{"in place": "m", "in the module's folder": "m/a/b"} {
			t.Run(name+" "+where, func(t *testing.T) {
				root := tree(t, dir, map[string]string{"m/go.mod": "", ".env": emulatorEnv})
				path := filepath.Join(root, "m", ".env")
				skipWithout(t, row.put(path))
				_, err := config.FromEnvironment("")
				require.ErrorContains(t, err, row.want)
				_, err = config.FromEnvironment(path)
				require.ErrorContains(t, err, row.want, "named by its path, too")
			})
		}
	}
}

// skipWithout skips what this system does not have.
func skipWithout(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Skip(err)
	}
}
