package difference

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"pingone-conformance/emulator/internal/wire"
)

// Origin is where the callers of all exchanges reach the emulator.
const Origin = "http://127.0.0.1"

// Exchange is a call, and how it is answered when nobody stands between.
type Exchange struct {
	// Name is that of the operation, with what tells it from others of the same.
	Name string
	call func() *wire.Call
	give func() *wire.Answer
}

// to makes a call without a token.
func to(operation, method, address, body string, headers ...string) Exchange {
	name, _, _ := strings.Cut(operation, " (")
	return Exchange{Name: operation, call: func() *wire.Call {
		sent, err := url.Parse(address)
		if err != nil {
			panic(err) // the addresses stand in this package
		}
		header := http.Header{}
		for _, line := range headers {
			field, value, _ := strings.Cut(line, ": ")
			header.Set(field, value)
		}
		return &wire.Call{
			ID: "id of " + operation, Operation: name, Method: method, URL: sent, Path: variables(sent.Path), Origin: Origin, Header: header, Body: []byte(body),
		}
	}}
}

// manage makes a call of the management API about the environment.
func manage(operation, method, below, body string) Exchange {
	return to(operation, method, "/v1/environments/env-1"+below, body, "Authorization: Bearer worker")
}

// variables are the ids in a path, by the names that routes give them.
func variables(path string) map[string]string {
	found := map[string]string{}
	sections := strings.Split(strings.TrimPrefix(path, "/"), "/")
	if sections[0] != "v1" {
		found["envID"] = sections[0]
	}
	names := map[string]string{"environments": "envID", "users": "userID", "applications": "appID", "resources": "resourceID", "flows": "flowID"}
	for i, section := range sections[1:] {
		if name := names[sections[i]]; name != "" {
			found[name] = section
		}
	}
	return found
}

func (e Exchange) answered(give func(id string) *wire.Answer) Exchange {
	id := e.call().ID
	e.give = func() *wire.Answer { return give(id) }
	return e
}

// json is an answer of the OAuth endpoints, with cookies where it sets some.
func (e Exchange) json(status int, body string, cookies ...string) Exchange {
	return e.answered(func(string) *wire.Answer {
		a := wire.Text(status, "application/json;charset=UTF-8", body)
		for _, cookie := range cookies {
			a.Header.Add("Set-Cookie", cookie)
		}
		return a
	})
}

// hal is an answer of the management API or of a flow.
func (e Exchange) hal(status int, body string, cookies ...string) Exchange {
	inner := e.json(status, body, cookies...).give
	return e.answered(func(string) *wire.Answer { return inner().With("Content-Type", "application/hal+json;charset=UTF-8") })
}

func (e Exchange) made(body, location string) Exchange {
	inner := e.hal(http.StatusCreated, body).give
	return e.answered(func(string) *wire.Answer { return inner().With("Location", Origin+location) })
}

func (e Exchange) refused(p wire.Problem) Exchange { return e.answered(p.Answer) }

// denied is a refusal of the OAuth endpoints.
func (e Exchange) denied(status int, code string) Exchange {
	return e.json(status, `{"error_description":"No.","error":"`+code+`"}`)
}

func (e Exchange) empty() Exchange {
	return e.answered(func(string) *wire.Answer { return wire.Empty(http.StatusNoContent) })
}

func (e Exchange) redirects(location string, cookies ...string) Exchange {
	return e.answered(func(string) *wire.Answer {
		a := wire.Redirect(location)
		for _, cookie := range cookies {
			a.Header.Add("Set-Cookie", cookie)
		}
		return a
	})
}

// answer is the exchange's own one, as it goes out; sorted writes its JSON as encoding/json does.
func (e Exchange) answer(sorted bool) *wire.Answer {
	a := e.give()
	a.Settle(e.call().ID)
	if body := decoded(a.Body); sorted && body != nil {
		a.Body, _ = json.Marshal(body) // what was decoded encodes
	}
	return a
}

// decoded is the one JSON value of a text, nil when it is none, or more.
func decoded(text []byte) any {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var body any
	if decoder.Decode(&body) != nil || decoder.More() {
		return nil
	}
	return body
}
