package export

import (
	_ "embed" // the script's first parts
	"fmt"
	"strings"

	"pingone-conformance/internal/lazy"
)

var (
	//go:embed head.js
	k6Head string
	//go:embed passcode.js
	k6Passcode string
	//go:embed hint.js
	k6Hint string
)

// K6 is the journey as a script for k6, each virtual user with people of its own.
func (j Journey) K6() ([]byte, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "// %s\n//\n// The published list: %s\n//\n", j.Title, j.Page)
	b.WriteString("// Made by pingone-conformance export k6; change nothing here. Each iteration makes an\n" +
		"// application, a policy and a person of its own, signs that person on, and deletes it all.\n" +
		"// What a test that is stopped leaves, pingone-conformance sweep finds by its name.\n")
	b.WriteString("import crypto from \"k6/crypto\";\nimport encoding from \"k6/encoding\";\nimport exec from \"k6/execution\";\n" +
		"import http from \"k6/http\";\nimport { check } from \"k6\";\nimport { Counter, Trend } from \"k6/metrics\";\n\n" +
		"// What you give: k6 run -e apiPath=… -e authPath=… and so on; VUS, ITERATIONS and PINGONE_MAX_RPS beside it.\nconst wanted = [\n")
	hints, passcodes := false, false
	for _, s := range j.Settings {
		switch s.Name {
		case "otp": // nobody is there to be asked
			continue
		case "outboxURL":
			s.About = "where passcodes are read, as the emulator shows them"
		case "apiPath", "authPath":
			s.Value = "" // no load on PingOne for want of a word
		}
		fmt.Fprintf(&b, "  [%s, %s, %s],\n", literal(s.Name), literal(s.Value), literal(s.About))
	}
	b.WriteString("];\n\n// How long each step of the published list takes.\nconst trends = {\n")
	for _, c := range j.Calls {
		hints, passcodes = hints || c.Hint, passcodes || c.Need == Passcode
		if c.Step > 0 {
			fmt.Fprintf(&b, "  %s: new Trend(%s, true),\n", literal(c.Name), literal(metric(c)))
		}
	}
	b.WriteString("};\n\n" + k6Head)
	if passcodes {
		b.WriteString(k6Passcode)
	}
	if hints {
		b.WriteString(k6Hint)
	}
	b.WriteString("\nexport default function () {\n  const v = { ...given };\n  const began = Date.now();\n  try {\n    journey(v);\n    journeyTime.add(Date.now() - began);\n" +
		"  } finally {\n    cleanUp(v);\n  }\n}\n\nfunction journey(v) {\n  let r;\n")
	for _, c := range j.Calls {
		b.WriteString("\n" + c.k6())
	}
	b.WriteString("}\n\n// cleanUp deletes what was made, newest first, also after a failure.\nfunction cleanUp(v) {\n")
	for _, c := range j.CleanUp {
		fmt.Fprintf(&b, "  if (v.%s) {\n    remove(v, %s, %s);\n  }\n", c.Made, literal(c.Name), template(c.URL))
	}
	b.WriteString("}\n")
	return []byte(b.String()), nil
}

var noWord = lazy.Regexp(`[^a-z0-9]+`)

// metric is what a step's trend is called: k6 takes letters, digits and underscores.
func metric(c Call) string {
	_, title, _ := strings.Cut(c.Name, ": ")
	return fmt.Sprintf("step_%02d_%s", c.Step, noWord.Get().ReplaceAllString(strings.ToLower(title), "_"))
}

// k6 is one call: what it needs, the request, and what its answer has to be.
func (c Call) k6() string {
	var b strings.Builder
	b.WriteString(c.k6Before())
	headers := map[Auth]string{Bearer: "worker(v)", Basic: "basic(" + template(c.User) + ", " + template(c.Password) + ")"}[c.Auth]
	if c.Body != "" {
		kind := `"Content-Type": ` + literal(c.ContentType)
		if headers != "" {
			kind = "..." + headers + ", " + kind
		}
		headers = "{ " + kind + " }"
	}
	var more []string
	if headers != "" {
		more = append(more, "headers: "+headers)
	}
	if c.Auth == Browser {
		more = append(more, "jar: v.browser")
	}
	if c.Body != "" {
		more = append(more, "body: JSON.stringify("+strings.ReplaceAll(object(c.Body), "\n", "\n    ")+")")
	}
	if len(c.Form) > 0 {
		var fields []string
		for _, p := range c.Form {
			fields = append(fields, p.Name+": "+template(p.Value))
		}
		more = append(more, "body: { "+strings.Join(fields, ", ")+" }")
	}
	fmt.Fprintf(&b, "  r = send(%s, %s, %s, %s, {\n    %s,\n  });\n", literal(c.Name), literal(c.Method), template(c.address().Raw),
		strings.ReplaceAll(fmt.Sprint(c.Statuses), " ", ", "), strings.Join(more, ",\n    "))
	indent := "  "
	if len(c.Statuses) > 1 && c.Statuses[1] == 204 {
		b.WriteString("  if (r.status !== 204) {\n")
		indent = "    "
	}
	for _, t := range c.Takes {
		fmt.Fprintf(&b, "%sv.%s = r.take(%s, %s);\n", indent, t.Variable, literal(t.Variable), t.From.ofAnswer())
	}
	for _, k := range c.Checks {
		fmt.Fprintf(&b, "%sr.look(%s, %s);\n", indent, literal(k.Name), k.ofAnswer())
	}
	if indent == "    " {
		b.WriteString("  }\n")
	}
	return b.String()
}

func (c Call) k6Before() string {
	var b strings.Builder
	switch c.Need {
	case NewRun:
		b.WriteString("  // Names that pingone-conformance sweep finds: eight digits of time, eight of user and chance.\n" +
			"  v.runID = hex(Date.now() / 1000, 8) + hex(exec.vu.idInTest, 4) + chance(4);\n" +
			"  // The default password policy takes no three like characters in a row.\n" +
			"  v.userPassword = `Aa1!${chance(8).split(\"\").join(\"-\")}`;\n")
	case NewBrowser:
		b.WriteString("  v.browser = new http.CookieJar();\n  v.state = chance(8) + chance(8);\n  v.nonce = chance(8) + chance(8);\n")
	case Passcode:
		b.WriteString("  v.otp = passcode(v);\n")
	}
	if c.Hint {
		for _, p := range c.Query {
			if p.Name == "client_id" {
				fmt.Fprintf(&b, "  v.loginHintToken = hint(v, %s);\n", template(p.Value))
			}
		}
	}
	return b.String()
}

// ofAnswer is the expression of a value of the answer r.
func (s Source) ofAnswer() string { return answered(s.javascript()) }

// ofAnswer is an expression that is true when the answer r passes.
func (k Check) ofAnswer() string {
	want := text(k.Want)
	if s, ok := k.Want.(string); ok {
		want = template(s)
	}
	return answered(strings.Replace(k.condition("\x00"), "\x00", want, 1))
}

var (
	ofBody     = lazy.Regexp(`\bbody\?\.`)
	ofLocation = lazy.Regexp(`\blocation\b`)
)

func answered(expression string) string {
	return ofLocation.Get().ReplaceAllString(ofBody.Get().ReplaceAllString(expression, "r.body?."), "r.location")
}

// template is the expression of a text with variables.
func template(s string) string {
	switch braces.Get().FindString(s) {
	case "":
		return literal(s)
	case s:
		return "v." + strings.Trim(s, "{}")
	}
	s = strings.NewReplacer("\\", "\\\\", "`", "\\`", "${", "\\${").Replace(s)
	return "`" + braces.Get().ReplaceAllString(s, "${v.$1}") + "`"
}

var jsonString = lazy.Regexp(`"(?:[^"\\]|\\.)*"`)

// object is a JSON text as an expression, with variables in the place of ours.
func object(text string) string {
	return jsonString.Get().ReplaceAllStringFunc(text, func(s string) string {
		if !strings.Contains(s, "{{") {
			return s
		}
		return template(strings.Trim(s, `"`))
	})
}
