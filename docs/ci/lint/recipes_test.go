package recipes

import (
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/rhysd/actionlint"
	"go.yaml.in/yaml/v4"
)

const github = "../github-actions.yml"

// faults are what actionlint finds; shellcheck and pyflakes stay out, so that the result is the same everywhere.
func faults(t *testing.T, text string) []string {
	t.Helper()
	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	if err != nil {
		t.Fatal(err)
	}
	found, err := linter.Lint("github-actions.yml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, f := range found {
		all = append(all, f.Error())
	}
	return all
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestActionlintFindsNoFault(t *testing.T) {
	if found := faults(t, read(t, github)); len(found) > 0 {
		t.Fatal(strings.Join(found, "\n"))
	}
}

func TestActionlintNoticesWhatIsBroken(t *testing.T) {
	for _, row := range []struct{ name, old, new, says string }{
		{"a step that is not there is asked", "steps.secrets.outputs", "steps.secretz.outputs", `"secretz" is not defined`},
		{"a job has no machine", "    runs-on: ubuntu-latest\n", "", `"runs-on" section is missing`},
		{"a job that is not there is needed", "needs: replay", "needs: reply", `"reply" which does not exist`},
		{"a shard that is not there is asked", "${{ matrix.shard }}", "${{ matrix.shart }}", `"shart" is not defined`},
		{"a schedule is none", `"17 3 * * *"`, `"17 3 * *"`, "invalid CRON format"},
	} {
		t.Run(row.name, func(t *testing.T) {
			found := strings.Join(faults(t, strings.ReplaceAll(read(t, github), row.old, row.new)), "\n")
			if !strings.Contains(found, row.says) {
				t.Fatalf("it says: %s", found)
			}
		})
	}
}

// gitlabCILocal brings the schema that GitLab publishes for its recipes, and is the last whose
// Node.js is that of Debian 12.
const gitlabCILocal = "gitlab-ci-local@4.62.0"

// program is where npx has put it, or why it is not there.
var program = sync.OnceValues(func() (string, error) {
	out, err := exec.Command("npx", "--yes", "--package", gitlabCILocal, "--", "sh", "-c", "command -v gitlab-ci-local").Output()
	return strings.TrimSpace(string(out)), err
})

// gitlab holds a recipe against GitLab's published schema, and its jobs against each other.
func gitlab(t *testing.T, text string) (string, error) {
	t.Helper()
	if testing.Short() {
		t.Skip("asks npm for " + gitlabCILocal + ": not with -short")
	}
	path, err := program()
	if err != nil {
		t.Skipf("npx cannot bring %s: %v", gitlabCILocal, err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/.gitlab-ci.yml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, words := range [][]string{{"init", "--quiet"}, {"remote", "add", "origin", "https://gitlab.example.com/group/project.git"}} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, words...)...).CombinedOutput(); err != nil {
			t.Fatalf("%s", out)
		}
	}
	list := exec.Command(path, "--list-csv-all")
	list.Dir = dir
	out, err := list.CombinedOutput()
	return string(out), err
}

func TestGitLabsSchemaTakesTheRecipe(t *testing.T) {
	out, err := gitlab(t, read(t, "../gitlab-ci.yml"))
	if err != nil {
		t.Fatal(out)
	}
	for _, name := range []string{"replay: [2/2];", "report;", "live;"} {
		if !strings.Contains(out, name) {
			t.Errorf("there is no job %s in: %s", name, out)
		}
	}
}

func TestGitLabsSchemaNoticesWhatIsBroken(t *testing.T) {
	for _, row := range []struct{ name, old, new, says string }{
		{"a word that is none", "expose_as", "expose_az", "'expose_az' property is not expected to be here"},
		{"a number of jobs that is none", "parallel: 2", "parallel: two", "replay.parallel"},
		{"a stage that is not there", "stage: report", "stage: reports", "reports"},
		{"a job that is not there is needed", "    - replay\n", "    - reply\n", "reply"},
	} {
		t.Run(row.name, func(t *testing.T) {
			out, err := gitlab(t, strings.ReplaceAll(read(t, "../gitlab-ci.yml"), row.old, row.new))
			if err == nil || !strings.Contains(out, row.says) {
				t.Fatalf("it says: %s", out)
			}
		})
	}
}

// What no schema says: a job that fails keeps its report, and a tenant has one run at a time.
func TestTheGitLabJobsKeepTheirReports(t *testing.T) {
	var recipe struct {
		Replay, Report, Live job
	}
	if err := yaml.Unmarshal([]byte(read(t, "../gitlab-ci.yml")), &recipe); err != nil {
		t.Fatal(err)
	}
	for name, j := range map[string]job{"replay": recipe.Replay, "report": recipe.Report, "live": recipe.Live} {
		if j.Artifacts.When != "always" {
			t.Errorf("%s: a failed job would keep no report: %+v", name, j.Artifacts)
		}
		if report := j.Artifacts.Reports.JUnit; name != "report" && !strings.HasSuffix(report, "/junit.xml") {
			t.Errorf("%s: its JUnit report is %q", name, report)
		}
	}
	if recipe.Live.ResourceGroup == "" || recipe.Live.Interruptible == nil || *recipe.Live.Interruptible {
		t.Error("live: two at a time would share a tenant")
	}
}

type job struct {
	ResourceGroup string `yaml:"resource_group"`
	Interruptible *bool
	Artifacts     struct {
		When    string
		Reports struct{ JUnit string }
	}
}
