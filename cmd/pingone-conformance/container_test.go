package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// entrypoint is what the Dockerfile starts, word by word.
func entrypoint(t *testing.T, instruction string) []string {
	t.Helper()
	text, err := os.ReadFile("../../Dockerfile")
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^` + instruction + `.* ?(\[.*\])$`).FindSubmatch(text)
	require.NotNil(t, found, instruction)
	var words []string
	require.NoError(t, yaml.Unmarshal(found[1], &words))
	return words
}

// TestInAnEmptyRoot is the container without its engine: the same file, alone, as
// nobody, started and asked as the Dockerfile says.
func TestInAnEmptyRoot(t *testing.T) {
	inside := chrooted(t)
	file, err := program()
	require.NoError(t, err)
	root := t.TempDir()
	copyTo(t, file, filepath.Join(root, "pingone-conformance"), 0o755)
	copyTo(t, "../../examples/seeds/login-and-mfa.yaml", filepath.Join(root, "seed.yaml"), 0o644)
	for dir := root; dir != filepath.Dir(os.TempDir()); dir = filepath.Dir(dir) {
		require.NoError(t, os.Chmod(dir, 0o755))
	}
	within := func(words ...string) *exec.Cmd {
		cmd := &exec.Cmd{Path: words[0], Args: words, Env: []string{}, Dir: "/"}
		inside(cmd, root)
		return cmd
	}
	words := entrypoint(t, "ENTRYPOINT")
	for i := range words {
		words[i] = strings.ReplaceAll(words[i], "0.0.0.0:9030", "0.0.0.0:0")
	}
	started := await(t, within(append(words, "--seed", "/seed.yaml", "--public-url", "")...))
	require.Equal(t, "11111111-1111-4111-8111-111111111111", started.exported["PINGONE_ENVIRONMENT_ID"])
	require.NotEmpty(t, started.token(t))
	check := entrypoint(t, "HEALTHCHECK")
	here := strings.Replace(started.exported["PINGONE_API_URL"], "localhost", "127.0.0.1", 1) // no file there says what localhost is
	for address, up := range map[string]bool{here: true, "http://127.0.0.1:1": false} {
		check[len(check)-1] = address
		out, err := within(check...).CombinedOutput()
		require.Equal(t, up, err == nil, "%s: %s", address, out)
	}
}

func copyTo(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	text, err := os.ReadFile(from)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(to, text, mode))
}

func TestTheComposeFileNamesWhatIsThere(t *testing.T) {
	text, err := os.ReadFile("../../compose.yaml")
	require.NoError(t, err)
	var compose struct {
		Services map[string]struct {
			Command, Ports, Volumes []string
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &compose))
	service := compose.Services["pingone"]
	require.Equal(t, []string{"127.0.0.1:9030:9030"}, service.Ports, "nobody else's business")
	source, _, _ := strings.Cut(service.Volumes[0], ":")
	require.FileExists(t, filepath.Join("../..", source))
	require.Contains(t, service.Volumes[0], ":"+service.Command[1]+":")
}
