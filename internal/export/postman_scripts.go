package export

import (
	"fmt"
	"strings"

	"pingone-conformance/internal/lazy"
)

// guard runs before every request: one whose variables are not all known is not sent, and
// is a failure, unless it cleans up what was never made.
var guard = []string{
	`const wanted = JSON.stringify(pm.request.toJSON()).match(/\{\{[^}]+\}\}/g) || [];`,
	`const names = wanted.map((name) => name.slice(2, -2)).concat(pm.request.auth ? [] : ["accessToken"]);`,
	`// What a script of the request itself is about to set is not missing.`,
	`const own = ["runID", "userPassword", "state", "nonce", "loginHintToken", "otp"];`,
	`const missing = names.filter((name) => !own.includes(name) && !pm.variables.get(name));`,
	`if (missing.length > 0) {`,
	`    if (pm.request.method !== "DELETE") {`,
	`        pm.test("everything is known that it needs", () => pm.expect.fail(missing[0] + " has no value: set it, or see the step that gives it"));`,
	`    }`,
	`    pm.execution.skipRequest();`,
	`}`,
}

// before is what runs before the request.
func (c Call) before() []string {
	var lines []string
	switch c.Need {
	case NewRun:
		lines = append(lines,
			`// Names that pingone-conformance sweep finds: eight digits of time, eight of chance.`,
			`const chance = () => Math.floor(Math.random() * 0x100000000).toString(16).padStart(8, "0");`,
			`pm.collectionVariables.clear();`,
			`pm.collectionVariables.set("runID", Math.floor(Date.now() / 1000).toString(16).padStart(8, "0") + chance());`,
			`// The default password policy takes no three like characters in a row.`,
			`pm.collectionVariables.set("userPassword", "Aa1!" + chance().split("").join("-"));`,
		)
	case NewBrowser:
		lines = append(lines,
			`const chance = () => Math.floor(Math.random() * 0x100000000).toString(16).padStart(8, "0");`,
			`pm.collectionVariables.set("state", chance() + chance());`,
			`pm.collectionVariables.set("nonce", chance() + chance());`,
			`// The person comes with a browser of their own. The app asks for leave to touch cookies: Cookies, Domains Allowlist.`,
			`pm.cookies.jar().clear(pm.variables.get("authPath"), (error) => { if (error) { console.warn("old cookies stay: " + error); } });`,
		)
	case Passcode:
		lines = append(lines,
			`// With PingOne the passcode has gone to the device: set otp, and send this request again.`,
			`const outbox = pm.variables.get("outboxURL");`,
			`if (outbox) {`,
			`    pm.sendRequest(outbox + "?flow=" + pm.variables.get("flowID"), (error, response) => {`,
			`        const newest = error ? undefined : response.json().pop();`,
			`        pm.test("a passcode was sent", () => pm.expect(newest?.otp, String(error)).to.be.a("string"));`,
			`        pm.environment.set("otp", newest?.otp);`,
			`    });`,
			`} else if (!pm.variables.get("otp")) {`,
			`    pm.test("a passcode is known", () => pm.expect.fail("otp has no value: set it to the passcode that has arrived"));`,
			`    pm.execution.skipRequest();`,
			`}`,
		)
	}
	if c.Hint {
		lines = append(lines, c.hint()...)
	}
	return lines
}

// hint signs the login hint token; the application's variables stand in the query.
func (c Call) hint() []string {
	app := ""
	for _, p := range c.Query {
		if p.Name == "client_id" {
			app = strings.Trim(p.Value, "{}")
		}
	}
	return []string{
		`const crypto = require("crypto-js");`,
		`const encode = (words) => crypto.enc.Base64.stringify(words).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");`,
		`const part = (value) => encode(crypto.enc.Utf8.parse(JSON.stringify(value)));`,
		`const now = Math.floor(Date.now() / 1000);`,
		`const unsigned = part({ alg: "HS256", typ: "JWT" }) + "." + part({`,
		fmt.Sprintf(`    iss: pm.variables.get(%s),`, literal(app)),
		`    sub: pm.variables.get("userID"),`,
		`    aud: pm.variables.get("authPath") + "/" + pm.variables.get("envID") + "/as",`,
		`    iat: now,`,
		`    exp: now + 300,`,
		`    jti: chance() + chance() + chance() + chance(),`,
		`});`,
		`const signature = encode(crypto.HmacSHA256(unsigned, pm.variables.get("appSecret")));`,
		`pm.collectionVariables.set("loginHintToken", unsigned + "." + signature);`,
	}
}

// after is what runs when the answer is there.
func (c Call) after() []string {
	lines := []string{fmt.Sprintf(`pm.test("status %s", () => pm.expect(pm.response.code).to.be.oneOf(%s));`, strings.Trim(strings.ReplaceAll(fmt.Sprint(c.Statuses), " ", " or "), "[]"), strings.ReplaceAll(fmt.Sprint(c.Statuses), " ", ", "))}
	lines = append(lines, c.helpers()...)
	var tests []string
	for _, t := range c.Takes {
		tests = append(tests,
			fmt.Sprintf(`pm.test("%s is there", () => {`, t.Variable),
			fmt.Sprintf(`    pm.expect(%s).to.be.a("string").that.is.not.empty;`, t.From.javascript()),
			fmt.Sprintf(`    pm.collectionVariables.set("%s", %s);`, t.Variable, t.From.javascript()),
			`});`,
		)
	}
	for _, k := range c.Checks {
		tests = append(tests, fmt.Sprintf(`pm.test(%s, () => %s);`, literal(k.Name), k.assertion(postmanText(k.Want))))
	}
	if c.Need == Passcode {
		tests = append(tests, `pm.environment.set("otp", ""); // a passcode is good once`)
	}
	switch {
	case !c.JSON() && len(tests) > 0:
		lines = append(lines, `const location = pm.response.headers.get("Location") || "";`)
	case len(tests) == 0:
		return lines
	case len(c.Statuses) > 1 && c.Statuses[1] == 204:
		lines = append(lines, `if (pm.response.code !== 204) {`, `    const body = pm.response.json();`)
		for _, line := range tests {
			lines = append(lines, "    "+line)
		}
		return append(lines, "}")
	default:
		lines = append(lines,
			`pm.test("the answer is JSON", () => pm.expect(pm.response.headers.get("Content-Type")).to.match(/^application\/([a-z.]+\+)?json/));`,
			`const body = pm.response.json();`)
	}
	return append(lines, tests...)
}

// assertion says in Chai's words what a check wants, so that a failure shows both values.
func (k Check) assertion(want string) string {
	value := k.Of.javascript()
	switch k.Test {
	case Equals:
		return "pm.expect(" + value + ").to.equal(" + want + ")"
	case Contains:
		return "pm.expect(text(" + value + ")).to.include(" + want + ")"
	case Present:
		return "pm.expect(text(" + value + ")).to.not.be.empty"
	case Absent:
		return "pm.expect(" + value + " ?? null).to.be.null"
	}
	return "pm.expect(" + k.condition(want) + ").to.be.true"
}

var parts = lazy.Regexp(`\{\{[^}]*\}\}|[^{]+|\{`)

// postmanText is the expression of a text with variables.
func postmanText(want any) string {
	s, ok := want.(string)
	if !ok {
		return text(want)
	}
	var terms []string
	for _, p := range parts.Get().FindAllString(s, -1) {
		if strings.HasPrefix(p, "{{") {
			terms = append(terms, `pm.variables.get("`+strings.Trim(p, "{}")+`")`)
		} else {
			terms = append(terms, literal(p))
		}
	}
	return strings.Join(terms, " + ")
}
