package suite

import (
	"cmp"
	"runtime"
	"strings"

	"pingone-conformance/config"
)

// rerun is the command that runs one scenario again, up to its name. Who answered has to
// answer again.
func rerun(o Options) string {
	command := cmp.Or(o.Rerun, "pingone-conformance run --scenario ")
	if mode := o.Config.Mode; mode != config.Replay && runtime.GOOS != "windows" {
		command = "PINGONE_MODE=" + mode + " " + command
	}
	return command
}

// shellQuoted is a text as a POSIX shell takes it literally.
func shellQuoted(text string) string {
	if !strings.ContainsAny(text, `"$`+"`\\!") {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// rerunOf is the command that runs the scenario of this name again.
func (s *Scenario) rerunOf(name string) string {
	if strings.Contains(s.rerun, "make ") {
		name = strings.ReplaceAll(name, "$", "$$") // which make takes away once
	}
	return s.rerun + shellQuoted(name)
}
