package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/lazy"
)

// check adds one, its text with variables in the place of recorded values.
func (c *Call) check(name string, of Source, test Test, want any) {
	c.Checks = append(c.Checks, Check{name, of, test, want})
}

func body(path ...string) Source { return Source{Member, path} }

func take(variable string, path ...string) part {
	return func(r *reader, i int, c *Call) error { return r.take(i, c, variable, body(path...)) }
}

func absent(name string, path ...string) part {
	return func(_ *reader, _ int, c *Call) error {
		c.check(name, body(path...), Absent, nil)
		return nil
	}
}

func present(name string, path ...string) part {
	return func(_ *reader, _ int, c *Call) error {
		c.check(name, body(path...), Present, nil)
		return nil
	}
}

func equals(name string, want any, path ...string) part {
	return func(_ *reader, _ int, c *Call) error {
		c.check(name, body(path...), Equals, want)
		return nil
	}
}

// here wants the recorded value, which variables stand for.
func here(path ...string) part {
	return func(r *reader, i int, c *Call) error {
		value := r.value(i, body(path...))
		if value == "" {
			return fmt.Errorf("the recorded answer has no %s", strings.Join(path, "."))
		}
		c.check(strings.Join(path, ".")+" is right", body(path...), Equals, r.text(value))
		return nil
	}
}

// created is what every creation answers: an id, the environment, a link to itself, and
// what was sent.
func created(variable string) part {
	return func(r *reader, i int, c *Call) error {
		if err := r.take(i, c, variable, body("id")); err != nil {
			return err
		}
		if err := here("environment", "id")(r, i, c); err != nil {
			return err
		}
		c.check("it links itself", body("_links", "self", "href"), Contains, "{{"+r.page.variable(variable)+"}}")
		r.echo(i, c, nil, gjson.ParseBytes(r.exchanges[i].Request.Body))
		return nil
	}
}

// unpromised are members that an answer may leave out: the vendor's SDK calls the flags of
// an MFA action deprecated, and how a telephone number is stored is not said.
var unpromised = lazy.Regexp(`^(email|sms)\.enabled$|^phone$|^default$`)

// echo wants back what was sent and has come back in the recording.
func (r *reader) echo(i int, c *Call, path []string, sent gjson.Result) {
	name := strings.Join(path, ".")
	switch {
	case unpromised.Get().MatchString(name):
	case sent.IsObject():
		sent.ForEach(func(key, value gjson.Result) bool {
			r.echo(i, c, append(slices.Clone(path), key.String()), value)
			return true
		})
	case sent.IsArray() && len(sent.Array()) > 1: // the order is not promised
		c.check(fmt.Sprintf("%s has %d items", name, len(sent.Array())), body(append(slices.Clone(path), "length")...), Equals, float64(len(sent.Array())))
	case sent.IsArray():
		for n, item := range sent.Array() {
			r.echo(i, c, append(slices.Clone(path), fmt.Sprint(n)), item)
		}
	case member(r.exchanges[i].Response.Body, path).Raw == sent.Raw:
		want := sent.Value()
		if text, ok := want.(string); ok {
			want = r.text(text)
		}
		c.check(name+" comes back", body(path...), Equals, want)
	}
}

// action is a sign-on policy's: its variable is named by its type.
func action(r *reader, i int, c *Call) error {
	kind := gjson.GetBytes(r.exchanges[i].Request.Body, "type").String()
	variable := map[string]string{"LOGIN": "loginActionID", "MULTI_FACTOR_AUTHENTICATION": "mfaActionID", "PROGRESSIVE_PROFILING": "progressiveProfilingActionID"}[kind]
	if variable == "" {
		return fmt.Errorf("an action of type %q has no variable", kind)
	}
	return created(variable)(r, i, c)
}

// resource takes the one whose scopes are read next.
func resource(r *reader, i int, c *Call) error {
	if i+1 < len(r.exchanges) {
		ids := recordedID.Get().FindAllString(r.exchanges[i+1].Request.URL.Path, -1)
		for _, item := range gjson.GetBytes(r.exchanges[i].Response.Body, "_embedded.resources").Array() {
			if slices.Contains(ids, item.Get("id").String()) {
				return r.take(i, c, "resourceID", Source{Item, []string{"_embedded", "resources", item.Get("name").String()}})
			}
		}
	}
	return fmt.Errorf("the next call reads none of the listed resources")
}

// scopes takes those that are granted next.
func scopes(r *reader, i int, c *Call) error {
	if i+1 < len(r.exchanges) {
		for _, granted := range gjson.GetBytes(r.exchanges[i+1].Request.Body, "scopes.#.id").Array() {
			for _, item := range gjson.GetBytes(r.exchanges[i].Response.Body, "_embedded.scopes").Array() {
				if name := item.Get("name").String(); item.Get("id").String() == granted.String() {
					if err := r.take(i, c, scopeVariable(name), Source{Item, []string{"_embedded", "scopes", name}}); err != nil {
						return err
					}
				}
			}
		}
	}
	if len(c.Takes) == 0 {
		return fmt.Errorf("the next call grants none of the listed scopes")
	}
	return nil
}

// scopeVariable names a scope's id: p1:read:user becomes p1ReadUserScopeID.
func scopeVariable(name string) string {
	words := strings.FieldsFunc(name, func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	for n, word := range words[1:] {
		words[n+1] = strings.ToUpper(word[:1]) + word[1:]
	}
	return strings.Join(words, "") + "ScopeID"
}

// profile holds the user that is read at the end against the one that was made.
func profile(r *reader, i int, c *Call) error {
	for _, path := range [][]string{{"id"}, {"environment", "id"}, {"username"}, {"email"}, {"name", "given"}, {"name", "family"}, {"population", "id"}} {
		if err := here(path...)(r, i, c); err != nil {
			return err
		}
	}
	phone := gjson.GetBytes(r.exchanges[i].Response.Body, "mobilePhone").String()
	if phone == "" {
		return fmt.Errorf("the recorded user has no mobile phone number")
	}
	digits := phone[strings.LastIndexFunc(phone, func(c rune) bool { return c < '0' || c > '9' })+1:]
	c.check("the mobile phone number is the one that was given", body("mobilePhone"), Contains, digits)
	return nil
}

// text is a value as the checks compare it with others: texts as they are, all else as JSON.
func text(want any) string {
	if s, ok := want.(string); ok {
		return s
	}
	raw, _ := json.Marshal(want) // a bool or a number
	return string(raw)
}
