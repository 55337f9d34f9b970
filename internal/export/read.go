package export

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"pingone-conformance/internal/names"
	"pingone-conformance/internal/proof/trace"
	"pingone-conformance/internal/replay"
	"pingone-conformance/suite"
)

// Journeys reads the journey of every published use case from the recordings that o
// brings. It replays them first, so that only journeys that hold are exported.
func Journeys(ctx context.Context, o suite.Options) ([]Journey, error) {
	sent, err := trace.Journeys(ctx, o)
	if err != nil {
		return nil, err
	}
	listed, err := suite.Catalogue(o.Features)
	if err != nil {
		return nil, err
	}
	var all []Journey
	for _, u := range o.UseCases {
		i := slices.IndexFunc(listed, func(l suite.Listed) bool { return l.Feature == u.Name && slices.Contains(l.Tags, "@journey") })
		if i < 0 {
			return nil, fmt.Errorf("%s has no scenario with the tag @journey", u.Name)
		}
		j, err := read(o, u, listed[i].Name, sent[u.Name])
		if err != nil {
			return nil, fmt.Errorf("export %s: %w", u.Name, err)
		}
		all = append(all, j)
	}
	return all, nil
}

// read turns one recording into a journey.
func read(o suite.Options, u suite.UseCase, title string, sent []suite.Traced) (Journey, error) {
	page, known := pages.Get()[u.Name]
	if !known || len(page.titles) != len(u.Calls) {
		return Journey{}, fmt.Errorf("the names of its %d requests are not known", len(u.Calls))
	}
	recording, err := replay.Load(o.Fixtures, u.Name+"/"+names.File(title)+".txtar")
	if err != nil {
		return Journey{}, err
	}
	r := newReader(page, recording.Exchanges())
	j := Journey{Name: u.Name, Title: title, Page: u.Page}
	for i, e := range r.exchanges {
		step := 0
		if len(sent) > 0 && e.Request.Method == sent[0].Exchange.Request.Method && e.Request.URL.Path == sent[0].Exchange.Request.URL.Path {
			step, sent = sent[0].Step, sent[1:]
		}
		if step == 0 && (r.look(e) || e.Request.Method == http.MethodHead) { // whether a page opens is for whoever has a browser
			continue
		}
		call, err := r.call(i, e)
		if err != nil {
			return j, fmt.Errorf("exchange %d, %s %s: %w", i+1, e.Request.Method, e.Request.URL.Path, err)
		}
		if step > 0 {
			call.Step, call.Name = step, fmt.Sprintf("Step %d: %s", step, page.titles[step-1])
		}
		if !j.add(call) {
			return j, fmt.Errorf("exchange %d, %s %s, is beside the list and has no name: add it to rules.go", i+1, e.Request.Method, e.Request.URL.Path)
		}
	}
	if len(sent) > 0 {
		return j, fmt.Errorf("step %d is not in the recording", sent[0].Step)
	}
	j.Settings = settings(r, o)
	return j, r.left(j)
}

// add puts a call where it belongs, and tells whether it has a name.
func (j *Journey) add(c Call) bool {
	if c.Step == 0 && c.Made != "" {
		j.CleanUp = append(j.CleanUp, c)
		return true
	}
	j.Calls = append(j.Calls, c)
	return c.Name != ""
}

// look tells whether an exchange reads what the recording deletes: the engine does so before
// and after a deletion, while a script knows what it has made.
func (r *reader) look(e replay.Exchange) bool {
	return e.Request.Method == "GET" && slices.ContainsFunc(r.exchanges, func(other replay.Exchange) bool {
		return other.Request.Method == "DELETE" && other.Request.URL.Path == e.Request.URL.Path
	})
}

// settings are what whoever runs the journey has to give.
func settings(r *reader, _ suite.Options) []Setting {
	all := []Setting{
		{Name: "apiPath", Value: "https://api.pingone.com/v1", About: "the management API, with its version"},
		{Name: "authPath", Value: "https://auth.pingone.com", About: "the authorization server"},
		{Name: "envID", About: "the environment in which things are created; a sandbox, never one with real people"},
		{Name: "adminEnvID", About: "the environment of the worker application; often the same"},
		{Name: "adminAppID", About: "the client id of the worker application"},
		{Name: "adminAppSecret", About: "its secret", Secret: true},
	}
	for _, d := range r.devices {
		all = append(all, Setting{Name: d.Name, Value: d.Value, About: "where the passcode goes"})
	}
	if len(r.devices) > 0 {
		all = append(all,
			Setting{Name: "outboxURL", About: "where the emulator's passcodes are read; empty with PingOne"},
			Setting{Name: "otp", About: "the passcode that has arrived; read from outboxURL where there is one", Secret: true},
		)
	}
	return all
}

// left finds a value of the recording that no variable stands for.
func (r *reader) left(j Journey) error {
	for _, c := range slices.Concat(j.Calls, j.CleanUp) {
		texts := []string{c.URL, c.Body, c.User, c.Password}
		for _, p := range slices.Concat(c.Query, c.Form) {
			texts = append(texts, p.Value)
		}
		for _, k := range c.Checks {
			if want, ok := k.Want.(string); ok {
				texts = append(texts, want)
			}
		}
		for _, text := range texts {
			if id := recordedID.Get().FindString(text); id != "" {
				return fmt.Errorf("%s: no variable stands for the recorded %s", c.Name, id)
			}
			if strings.Contains(text, "stand-in-") || strings.Contains(text, "Stand-In") {
				return fmt.Errorf("%s: no variable stands for a recorded secret", c.Name)
			}
		}
	}
	return nil
}
