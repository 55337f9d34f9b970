package export

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/internal/lazy"
	"pingone-conformance/internal/names"
	"pingone-conformance/internal/replay"
)

var (
	recordedID = lazy.Regexp(`[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}`)
	variables  = lazy.Regexp(`\{\{[^}]*\}\}`)
)

// reader goes through a recording and remembers which variable stands for which value.
type reader struct {
	page      naming
	exchanges []replay.Exchange
	values    []Pair // variable and recorded value, the newest last
	devices   []Pair // addresses of devices
}

// newReader knows what no answer gives: environment, run, hosts, state and nonce, the person's password.
func newReader(page naming, exchanges []replay.Exchange) *reader {
	r := &reader{page: page, exchanges: exchanges}
	r.learn("apiPath", "https://api.pingone.com/v1")
	r.learn("authPath", "https://auth.pingone.com")
	for _, e := range exchanges {
		if env := recordedID.Get().FindString(e.Request.URL.Path); env != "" {
			r.learn("envID", env)
			break
		}
	}
	for _, e := range exchanges {
		if run, ok := names.OfThing(gjson.GetBytes(e.Request.Body, "name").String()); ok {
			r.learn("runID", run)
		}
		for _, name := range []string{"state", "nonce"} {
			r.learn(name, e.Request.URL.Query().Get(name))
		}
		if strings.HasSuffix(e.Request.URL.Path, "/password") {
			r.learn("userPassword", gjson.GetBytes(e.Request.Body, "value").String())
		}
		if strings.HasSuffix(e.Request.URL.Path, "/devices") {
			for name, variable := range map[string]string{"email": "deviceEmail", "phone": "devicePhone"} {
				if address := gjson.GetBytes(e.Request.Body, name).String(); address != "" {
					r.learn(variable, address)
					r.devices = append(r.devices, Pair{variable, address})
				}
			}
		}
	}
	return r
}

// learn lets a variable stand for a value from here on; the first name of a value stays.
func (r *reader) learn(variable, value string) {
	if value != "" && !slices.ContainsFunc(r.values, func(p Pair) bool { return p.Value == value }) {
		r.values = append(r.values, Pair{variable, value})
	}
}

// text puts variables where recorded values stand.
func (r *reader) text(s string) string {
	for _, p := range r.values {
		s = strings.ReplaceAll(s, p.Value, "{{"+p.Name+"}}")
	}
	return s
}

// call turns the exchange at index i into a call, and learns what its answer gives.
func (r *reader) call(i int, e replay.Exchange) (Call, error) {
	u := *e.Request.URL
	u.RawQuery = ""
	c := Call{Method: e.Request.Method, URL: r.text(u.String()), Auth: Browser, Statuses: []int{e.Response.Status}}
	c.Query = r.pairs(e.Request.URL.Query())
	if err := r.credentials(&c, e.Request.Header.Get("Authorization")); err != nil {
		return c, err
	}
	if i == 0 {
		c.URL = strings.ReplaceAll(c.URL, "{{envID}}", "{{adminEnvID}}")
	}
	if err := r.body(&c, e.Request); err != nil {
		return c, err
	}
	operation := c.Method + " " + variables.Get().ReplaceAllString(strings.TrimPrefix(strings.TrimPrefix(c.URL, "{{apiPath}}"), "{{authPath}}"), "{}")
	rule, known := rules.Get()[operation]
	if !known {
		return c, fmt.Errorf("what %s has to answer is not known: add it to rules.go", operation)
	}
	c.Name = rule.name
	c.Statuses = append(c.Statuses, rule.also...)
	if c.Method == "DELETE" {
		c.Made = strings.Trim(c.URL[strings.LastIndex(c.URL, "{{"):], "{}")
		return c, nil
	}
	for _, part := range rule.parts {
		if err := part(r, i, &c); err != nil {
			return c, err
		}
	}
	return c, nil
}

// credentials reads who sends it.
func (r *reader) credentials(c *Call, header string) error {
	scheme, text, _ := strings.Cut(header, " ")
	switch scheme {
	case "Bearer":
		c.Auth = Bearer
	case "Basic":
		plain, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			return fmt.Errorf("read the Authorization header: %w", err)
		}
		c.Auth = Basic
		c.User, c.Password, _ = strings.Cut(r.text(string(plain)), ":")
		if c.User != "{{"+r.page.variable("appID")+"}}" {
			c.User, c.Password = "{{adminAppID}}", "{{adminAppSecret}}"
		}
	}
	return nil
}

// body reads what is sent.
func (r *reader) body(c *Call, request replay.Request) error {
	c.ContentType = request.Header.Get("Content-Type")
	switch {
	case c.ContentType == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(request.Body))
		if err != nil {
			return fmt.Errorf("read the form: %w", err)
		}
		c.Form = r.pairs(form)
	case c.ContentType != "":
		var value any
		if err := json.Unmarshal([]byte(r.text(string(request.Body))), &value); err != nil {
			return fmt.Errorf("read the body: %w", err)
		}
		// A passcode is too short to be looked for in texts: it is part of many an id.
		if members, ok := value.(map[string]any); ok && members["otp"] != nil {
			members["otp"] = "{{otp}}"
		}
		text, err := json.MarshalIndent(value, "", "  ")
		if err != nil {
			return fmt.Errorf("write the body: %w", err)
		}
		c.Body = string(text)
	case len(request.Body) > 0:
		return errors.New("it has a body and no media type")
	}
	return nil
}

// pairs are a query or a form, in order of their names.
func (r *reader) pairs(values url.Values) []Pair {
	var all []Pair
	for name := range values {
		value := r.text(values.Get(name))
		if name == "login_hint_token" {
			value = "{{loginHintToken}}"
		}
		all = append(all, Pair{name, value})
	}
	slices.SortFunc(all, func(a, b Pair) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// take keeps a member of the answer in a variable, and knows its value from here on.
func (r *reader) take(i int, c *Call, variable string, from Source) error {
	variable = r.page.variable(variable)
	value := r.value(i, from)
	if value == "" {
		return fmt.Errorf("the recorded answer has nothing for %s", variable)
	}
	r.learn(variable, value)
	c.Takes = append(c.Takes, Take{variable, from})
	return nil
}

// value is a source's in the recorded answer, "" when it is not there.
func (r *reader) value(i int, from Source) string {
	answer := r.exchanges[i].Response
	switch from.Kind {
	case Item:
		list := from.Path[:len(from.Path)-1]
		for _, item := range member(answer.Body, list).Array() {
			if item.Get("name").String() == from.Path[len(list)] {
				return item.Get("id").String()
			}
		}
		return ""
	case Location:
		u, err := url.Parse(answer.Header.Get("Location"))
		switch {
		case err != nil:
			return ""
		case len(from.Path) == 0:
			return u.String()
		}
		return u.Query().Get(from.Path[0])
	case Claim:
		claims, err := base64.RawURLEncoding.DecodeString(strings.Split(member(answer.Body, from.Path[:1]).String()+"..", ".")[1])
		if err != nil {
			return ""
		}
		return member(claims, from.Path[1:]).String()
	}
	return member(answer.Body, from.Path).String()
}

// member finds a member whose names may have dots.
func member(body []byte, path []string) gjson.Result {
	escaped := make([]string, len(path))
	for i, name := range path {
		escaped[i] = strings.ReplaceAll(name, ".", `\.`)
	}
	return gjson.GetBytes(body, strings.Join(escaped, "."))
}
