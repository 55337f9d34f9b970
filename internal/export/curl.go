package export

import (
	_ "embed" // the script's first part
	"fmt"
	"strings"

	"pingone-conformance/internal/lazy"
)

//go:embed head.sh
var shellHead string

// Curl is the journey as a script for a POSIX shell with curl and jq.
func (j Journey) Curl() ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "#!/bin/sh\n# %s\n#\n# The published list: %s\n#\n", j.Title, j.Page)
	b.WriteString("# Made by pingone-conformance export curl; change nothing here. It needs curl and jq,\n# and openssl where a token is signed. Everything it makes it deletes at the end.\n")
	b.WriteString("set -eu\n\n# What you give, as variables of the environment.\n")
	for _, s := range j.Settings {
		if s.Value != "" {
			fmt.Fprintf(&b, "%s=${%s:-%s} # %s\n", s.Name, s.Name, quoted(s.Value), s.About)
		} else if s.Name == "otp" || s.Name == "outboxURL" {
			fmt.Fprintf(&b, "%s=${%s:-} # %s\n", s.Name, s.Name, s.About)
		} else {
			fmt.Fprintf(&b, ": \"${%s:?%s}\"\n", s.Name, s.About)
		}
	}
	b.WriteString("\n" + shellHead)
	b.WriteString(j.shellCleanUp())
	for _, c := range j.Calls {
		b.WriteString("\n" + c.shell())
	}
	b.WriteString("\ncleanup\n")
	return []byte(b.String()), nil
}

// shellCleanUp is the function that deletes what was made, also after a failure.
func (j Journey) shellCleanUp() string {
	var b strings.Builder
	b.WriteString("\n# Deletes what was made, newest first; what is left is said and fails.\ncleanup() {\n\ttrap - EXIT\n")
	for _, c := range j.CleanUp {
		fmt.Fprintf(&b, "\t# %s\n\tif [ -n \"${%s:-}\" ]; then\n\t\tdelete %s\n\tfi\n", c.Name, c.Made, double(c.URL))
	}
	b.WriteString("\trm -rf \"$work\"\n\texit \"$failed\"\n}\ntrap cleanup EXIT\ntrap 'exit 130' INT TERM\n")
	return b.String()
}

// shell is one call: what it needs, curl, and what its answer has to be.
func (c Call) shell() string {
	var b strings.Builder
	fmt.Fprintf(&b, "step %s\n", double(c.Name))
	b.WriteString(c.shellBefore())
	arguments := []string{"-X " + c.Method + " " + double(c.address().Raw)}
	switch c.Auth {
	case Bearer:
		arguments = append(arguments, `-H "Authorization: Bearer $accessToken"`, `-H "Accept: application/json"`)
	case Basic:
		arguments = append(arguments, "-u "+double(c.User+":"+c.Password))
	case Browser:
		arguments = append(arguments, `-b "$work/cookies"`, `-c "$work/cookies"`)
	}
	if c.Body != "" {
		arguments = append(arguments, "-H "+double("Content-Type: "+c.ContentType), "--data "+double(c.Body))
	}
	for _, p := range c.Form {
		arguments = append(arguments, "--data-urlencode "+double(p.Name+"="+p.Value))
	}
	fmt.Fprintf(&b, "call %s\n", strings.Join(arguments, " \\\n\t"))
	fmt.Fprintf(&b, "status %s\n", strings.Trim(fmt.Sprint(c.Statuses), "[]"))
	indent := ""
	if len(c.Statuses) > 1 && c.Statuses[1] == 204 {
		b.WriteString("if [ \"$code\" != 204 ]; then\n")
		indent = "\t"
	}
	for _, t := range c.Takes {
		fmt.Fprintf(&b, "%s%s=$(%s)\n%spresent %s \"$%s\"\n", indent, t.Variable, t.From.shell(), indent, t.Variable, t.Variable)
	}
	for _, k := range c.Checks {
		fmt.Fprintf(&b, "%s%s\n", indent, k.shell())
	}
	if indent != "" {
		b.WriteString("fi\n")
	}
	return b.String()
}

func (c Call) shellBefore() string {
	var b strings.Builder
	switch c.Need {
	case NewRun:
		b.WriteString("# Names that pingone-conformance sweep finds: eight digits of time, eight of chance.\nrunID=$(printf '%08x' \"$(date +%s)\")$(chance)\n")
		b.WriteString("# The default password policy takes no three like characters in a row.\nuserPassword=\"Aa1!$(chance | sed 's/./&-/g')\"\n")
	case NewBrowser:
		b.WriteString("state=$(chance)$(chance)\nnonce=$(chance)$(chance)\n")
	case Passcode:
		b.WriteString("passcode\n")
	}
	if c.Hint {
		app := ""
		for _, p := range c.Query {
			if p.Name == "client_id" {
				app = p.Value
			}
		}
		fmt.Fprintf(&b, "loginHintToken=$(hint %s \"$userID\" \"$authPath/$envID/as\" \"$appSecret\")\n", double(app))
	}
	return b.String()
}

// shell is a command that prints a source's value.
func (s Source) shell() string {
	switch s.Kind {
	case Item:
		last := len(s.Path) - 1
		return fmt.Sprintf("value '[%s[] | select(.name == %s)][0].id'", jq(s.Path[:last]), literal(s.Path[last]))
	case Claim:
		return fmt.Sprintf("value '%s | claims | %s'", jq(s.Path[:1]), jq(s.Path[1:]))
	case Location:
		if len(s.Path) == 0 {
			return "location"
		}
		return "parameter " + s.Path[0]
	}
	if last := len(s.Path) - 1; s.Path[last] == "length" {
		return fmt.Sprintf("value '%s | length'", jq(s.Path[:last]))
	}
	return fmt.Sprintf("value '%s'", jq(s.Path))
}

// jq is the filter of a member.
func jq(path []string) string {
	filter := ""
	for _, name := range path {
		switch {
		case index.Get().MatchString(name):
			filter += "[" + name + "]"
		case identifier.Get().MatchString(name):
			filter += "." + name
		case filter == "":
			filter = ".[" + literal(name) + "]"
		default:
			filter += "[" + literal(name) + "]"
		}
	}
	return filter
}

func (k Check) shell() string {
	want := text(k.Want)
	command := map[Test]string{Equals: "equals", Contains: "contains", Excludes: "excludes", Begins: "begins", Present: "present", Absent: "absent", SameWord: "same_word", Later: "later"}[k.Test]
	value := k.Of.shell()
	if _, isText := k.Want.(string); k.Want != nil && !isText {
		value = "json" + strings.TrimPrefix(value, "value") // true is not "true"
	}
	line := fmt.Sprintf("%s %s \"$(%s)\"", command, double(k.Name), value)
	if k.Want != nil {
		line += " " + double(want)
	}
	return line
}

var braces = lazy.Regexp(`\{\{([^}]*)\}\}`)

// double is a word in double quotes, with the shell's variables in the place of ours.
func double(s string) string {
	s = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "$", `\$`, "`", "\\`").Replace(s)
	return `"` + braces.Get().ReplaceAllString(s, "$${$1}") + `"`
}

// quoted is a default inside ${name:-…}.
func quoted(s string) string { return strings.NewReplacer("}", `\}`, "$", `\$`).Replace(s) }
