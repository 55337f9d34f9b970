package recipes

import (
	"io"
	"os"
	"strings"
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

// GitLab's own schema is not here; what a job of ours has to have is.
func TestTheGitLabJobsKeepTheirReports(t *testing.T) {
	var recipe struct {
		Stages []string
		Replay job
		Live   job
	}
	if err := yaml.Unmarshal([]byte(read(t, "../gitlab-ci.yml")), &recipe); err != nil {
		t.Fatal(err)
	}
	for name, j := range map[string]job{"replay": recipe.Replay, "live": recipe.Live} {
		if len(j.Script) == 0 || !strings.Contains(strings.Join(recipe.Stages, " "), j.Stage) || j.Stage == "" {
			t.Errorf("%s: no script, or no known stage: %+v", name, j)
		}
		if j.Artifacts.When != "always" || j.Artifacts.Reports.JUnit != "reports/junit.xml" {
			t.Errorf("%s: a failed job would keep no report: %+v", name, j.Artifacts)
		}
	}
	if recipe.Live.ResourceGroup == "" || recipe.Live.Interruptible == nil || *recipe.Live.Interruptible {
		t.Error("live: two at a time would share a tenant")
	}
}

type job struct {
	Stage         string
	Script        []string
	ResourceGroup string `yaml:"resource_group"`
	Interruptible *bool
	Artifacts     struct {
		When    string
		Reports struct{ JUnit string }
	}
}
