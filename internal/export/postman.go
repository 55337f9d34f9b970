package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// The parts of a Postman collection v2.1 that are used here.
// https://schema.postman.com/collection/json/v2.1.0/draft-07/collection.json
type (
	collection struct {
		Info     info       `json:"info"`
		Item     []folder   `json:"item"`
		Auth     auth       `json:"auth"`
		Event    []event    `json:"event"`
		Variable []variable `json:"variable"`
	}
	info struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Schema      string `json:"schema"`
	}
	folder struct {
		Name        string `json:"name"`
		Description string `json:"description"`
		Item        []item `json:"item"`
	}
	item struct {
		Name     string          `json:"name"`
		Event    []event         `json:"event,omitempty"`
		Protocol map[string]bool `json:"protocolProfileBehavior"`
		Request  request         `json:"request"`
	}
	request struct {
		Auth   *auth      `json:"auth,omitempty"`
		Method string     `json:"method"`
		Header []variable `json:"header"`
		Body   *sent      `json:"body,omitempty"`
		URL    address    `json:"url"`
	}
	sent struct {
		Mode       string     `json:"mode"`
		Raw        string     `json:"raw,omitempty"`
		URLEncoded []variable `json:"urlencoded,omitempty"`
	}
	address struct {
		Raw   string     `json:"raw"`
		Host  []string   `json:"host"`
		Path  []string   `json:"path,omitempty"`
		Query []variable `json:"query,omitempty"`
	}
	auth struct {
		Type   string     `json:"type"`
		Bearer []variable `json:"bearer,omitempty"`
		Basic  []variable `json:"basic,omitempty"`
	}
	event struct {
		Listen string `json:"listen"`
		Script script `json:"script"`
	}
	script struct {
		Type string   `json:"type"`
		Exec []string `json:"exec"`
	}
	variable struct {
		Key   string `json:"key"`
		Value string `json:"value"`
		Type  string `json:"type,omitempty"`
	}
)

const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"

// The folders of a collection.
const (
	prepare = "Prepare the environment"
	signOn  = "Sign on"
	cleanUp = "Clean up"
)

// Postman is the journey as a collection, format v2.1.
func (j Journey) Postman() ([]byte, error) {
	c := collection{
		Info: info{
			Name:        j.Name,
			Description: fmt.Sprintf("%s\n\nThe published list: %s\n\nMade by `pingone-conformance export postman`; change nothing here.", j.Title, j.Page),
			Schema:      schema,
		},
		Auth:     auth{Type: "bearer", Bearer: []variable{{"token", "{{accessToken}}", "string"}}},
		Event:    []event{{"prerequest", script{"text/javascript", guard}}},
		Variable: []variable{},
	}
	first := slices.IndexFunc(j.Calls, func(call Call) bool { return call.Need == NewBrowser })
	if first < 0 {
		return nil, fmt.Errorf("nobody signs on in %s", j.Name)
	}
	for _, part := range []struct {
		name, about string
		calls       []Call
	}{
		{prepare, "What an administrator does once.", j.Calls[:first]},
		{signOn, "What the person's browser and the application do.", j.Calls[first:]},
		{cleanUp, "Deletes what was made; what was not made is left out. Run it also when something failed.", j.CleanUp},
	} {
		f := folder{Name: part.name, Description: part.about}
		for _, call := range part.calls {
			f.Item = append(f.Item, call.item())
		}
		c.Item = append(c.Item, f)
	}
	return pretty(c)
}

// item is one request with its scripts.
func (c Call) item() item {
	i := item{
		Name:     c.Name,
		Protocol: map[string]bool{"followRedirects": false},
		Request:  request{Method: c.Method, Header: []variable{}, URL: c.address()},
	}
	switch c.Auth {
	case Basic:
		i.Request.Auth = &auth{Type: "basic", Basic: []variable{{"username", c.User, "string"}, {"password", c.Password, "string"}}}
	case Browser:
		i.Request.Auth = &auth{Type: "noauth"}
	case Bearer:
		i.Request.Header = append(i.Request.Header, variable{Key: "Accept", Value: "application/json"})
	}
	switch {
	case c.Body != "":
		i.Request.Header = append(i.Request.Header, variable{Key: "Content-Type", Value: c.ContentType})
		i.Request.Body = &sent{Mode: "raw", Raw: c.Body}
	case len(c.Form) > 0:
		i.Request.Body = &sent{Mode: "urlencoded", URLEncoded: keyed(c.Form)}
	}
	if before := c.before(); len(before) > 0 {
		i.Event = append(i.Event, event{"prerequest", script{"text/javascript", before}})
	}
	i.Event = append(i.Event, event{"test", script{"text/javascript", c.after()}})
	return i
}

func (c Call) address() address {
	host, path, _ := strings.Cut(c.URL, "/")
	a := address{Host: []string{host}, Path: strings.Split(path, "/"), Query: keyed(c.Query)}
	a.Raw = c.URL
	for n, p := range a.Query {
		separator := "&"
		if n == 0 {
			separator = "?"
		}
		if !strings.Contains(p.Value, "{{") {
			a.Query[n].Value = strings.ReplaceAll(url.QueryEscape(p.Value), "+", "%20")
		}
		a.Raw += separator + p.Key + "=" + a.Query[n].Value
	}
	return a
}

func keyed(pairs []Pair) []variable {
	var all []variable
	for _, p := range pairs {
		all = append(all, variable{Key: p.Name, Value: p.Value})
	}
	return all
}

// PostmanEnvironment holds the settings, with nothing in those that are secret.
func (j Journey) PostmanEnvironment() ([]byte, error) {
	type value struct {
		Key         string `json:"key"`
		Value       string `json:"value"`
		Type        string `json:"type"`
		Enabled     bool   `json:"enabled"`
		Description string `json:"description"`
	}
	environment := struct {
		Name   string  `json:"name"`
		Values []value `json:"values"`
		Scope  string  `json:"_postman_variable_scope"`
	}{Name: j.Name, Scope: "environment"}
	for _, s := range j.Settings {
		kind := "default"
		if s.Secret {
			kind = "secret"
		}
		environment.Values = append(environment.Values, value{s.Name, s.Value, kind, true, s.About})
	}
	return pretty(environment)
}

func pretty(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return b.Bytes(), nil
}
