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
	if len(o.RerunFlags) > 0 {
		command = withFlags(command, o.RerunFlags)
	}
	if o.Config.Record && runtime.GOOS != "windows" {
		command = "PINGONE_RECORD=true " + command
	}
	if mode := o.Config.Mode; mode != config.Replay && runtime.GOOS != "windows" {
		command = "PINGONE_MODE=" + mode + " " + command
	}
	return command
}

// withFlags is a command that ends where the name of a scenario comes, with these flags before.
func withFlags(command string, flags []string) string {
	var all strings.Builder
	for _, word := range flags {
		if !strings.HasPrefix(word, "--") {
			word = shellQuoted(word)
		}
		all.WriteString(word + " ")
	}
	if head, is := strings.CutSuffix(command, makesName); is {
		return head + "ARGS=" + shellQuoted(forMake(strings.TrimSpace(all.String()))) + " " + makesName
	}
	last := strings.LastIndexByte(strings.TrimSpace(command), ' ') + 1
	return command[:last] + all.String() + command[last:]
}

// makesName is what make is told a scenario's name by.
const makesName = "NAME="

// forMake is a text as make takes it, which takes each dollar sign away once.
func forMake(text string) string { return strings.ReplaceAll(text, "$", "$$") }

// shellQuoted is a text as a POSIX shell takes it literally.
func shellQuoted(text string) string {
	if !strings.ContainsAny(text, `"$`+"`\\!") {
		return `"` + text + `"`
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// rerunOf is the command that runs the scenario of this name again.
func (s *Scenario) rerunOf(name string) string {
	if strings.HasSuffix(s.rerun, makesName) {
		name = forMake(name)
	}
	return s.rerun + shellQuoted(name)
}
