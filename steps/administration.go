package steps

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/client"
)

var (
	hasAccessToken   = sentence(`Priya has an access token of the worker application`)
	createsWebApp    = sentence(`Priya creates the web application {text}`)
	secretNotShown   = sentence(`the secret of {text} is not in the answer`)
	readsSecret      = sentence(`Priya reads the secret of {text}`)
	listsResources   = sentence(`Priya lists the resources of the environment`)
	listsScopes      = sentence(`Priya lists the scopes of the resource {text}`)
	grantsScope      = sentence(`Priya grants {text} the scope {text}`)
	grantsTwoScopes  = sentence(`Priya grants {text} the scopes {text} and {text}`)
	builtInResources = map[string]string{"PingOne API": "PINGONE_API", "openid": "OPENID_CONNECT"}
)

func administrationSentences(sc book, w *World) {
	sc.Given(hasAccessToken, w.getsWorkerToken)
	sc.When(createsWebApp, w.createsWebApplication)
	sc.Then(secretNotShown, w.secretIsNotInTheAnswer)
	sc.When(readsSecret, w.readsSecret)
	sc.When(listsResources, w.listsResources)
	sc.When(listsScopes, w.listsScopes)
	sc.When(grantsScope, func(ctx context.Context, app, scope string) error { return w.grants(ctx, app, scope) })
	sc.When(grantsTwoScopes, func(ctx context.Context, app, one, two string) error { return w.grants(ctx, app, one, two) })
}

// getsWorkerToken is the prerequisite of every use case.
func (w *World) getsWorkerToken(ctx context.Context) error {
	ex, err := w.admin.WorkerToken(ctx, w.place.WorkerEnvironmentID, w.place.ClientID, w.place.ClientSecret, client.ClientSecretBasic)
	if err := w.must("get the worker application's access token", ex, err, http.StatusOK); err != nil {
		return err
	}
	token := ex.Get("access_token").String()
	if token == "" {
		return w.unlike("access_token", "a token", "none")
	}
	w.admin.SetToken(token)
	return nil
}

func (w *World) applicationBody(a *application) map[string]any {
	return map[string]any{
		"name": w.named(a.label), "enabled": true, "type": "WEB_APP", "protocol": "OPENID_CONNECT",
		"grantTypes": []string{"AUTHORIZATION_CODE"}, "responseTypes": []string{"CODE"},
		"tokenEndpointAuthMethod": a.authMethod, "redirectUris": []string{a.redirectURI},
	}
}

func (w *World) createsWebApplication(ctx context.Context, label string) error {
	return w.createApplication(ctx, w.newApplication(label), nil)
}

// createApplication creates a with its usual body, changed by changes.
func (w *World) createApplication(ctx context.Context, a *application, changes map[string]any) error {
	body := w.applicationBody(a)
	for member, value := range changes {
		body[member] = value
	}
	ex, err := w.admin.CreateApplication(ctx, w.env(), body)
	if err := w.must("create the application "+a.label, ex, err, http.StatusCreated); err != nil {
		return err
	}
	w.created("the application "+a.label, ex)
	a.created = ex
	return nil
}

// secretIsNotInTheAnswer looks for a member of that name at any depth.
func (w *World) secretIsNotInTheAnswer(label string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	if path := findMember(gjson.ParseBytes(a.created.Body), "secret", "clientSecret"); path != "" {
		return w.unlike("the answer to creating "+label, "no secret", "the member "+path)
	}
	return nil
}

// findMember returns the path of the first string member with one of the names, outside _links.
func findMember(v gjson.Result, names ...string) string {
	found := ""
	v.ForEach(func(key, value gjson.Result) bool {
		switch {
		case key.String() == "_links":
		case value.Type == gjson.String && slices.Contains(names, key.String()):
			found = key.String()
		case value.IsObject() || value.IsArray():
			if inner := findMember(value, names...); inner != "" {
				found = key.String() + "." + inner
			}
		}
		return found == ""
	})
	return found
}

func (w *World) readsSecret(ctx context.Context, label string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	ex, err := w.admin.ReadApplicationSecret(ctx, a.created)
	if err := w.must("read the secret of "+label, ex, err, http.StatusOK); err != nil {
		return err
	}
	if a.secret = ex.Get("secret").String(); a.secret == "" {
		return w.unlike("the secret of "+label, "some text", "none")
	}
	return nil
}

func (w *World) listsResources(ctx context.Context) error {
	ex, err := w.admin.ListResources(ctx, w.env(), nil)
	if err := w.must("list the resources", ex, err, http.StatusOK); err != nil {
		return err
	}
	w.listed, err = w.allPages(ctx, ex, "resources")
	for _, r := range w.listed {
		w.resources[resourceKey(r)] = r
	}
	return err
}

// resourceKey is the feature's word for a resource: built-in ones go by their type.
// Vendor pages spell one type in two ways.
func resourceKey(r gjson.Result) string {
	kind := strings.Replace(r.Get("type").String(), "PING_ONE_API", "PINGONE_API", 1)
	for name, builtIn := range builtInResources {
		if kind == builtIn {
			return name
		}
	}
	return r.Get("name").String()
}

func (w *World) listsScopes(ctx context.Context, resource string) error {
	listed, ok := w.resources[resource]
	if !ok {
		return w.unlike("the resource "+resource, "one in the list of resources", "none")
	}
	ex, err := w.admin.ListScopes(ctx, w.env(), listed, nil)
	if err := w.must("list the scopes of "+resource, ex, err, http.StatusOK); err != nil {
		return err
	}
	scopes := map[string]string{}
	items, err := w.allPages(ctx, ex, "scopes")
	if err != nil {
		return err
	}
	for _, s := range items {
		scopes[s.Get("name").String()] = s.Get("id").String()
	}
	w.scopes[resource] = scopes
	return nil
}

// grants gives the application scopes of one resource, which is found by the scopes' names.
func (w *World) grants(ctx context.Context, label string, names ...string) error {
	a, err := w.app(label)
	if err != nil {
		return err
	}
	resource, ids, err := w.findScopes(names)
	if err != nil {
		return err
	}
	ex, err := w.admin.CreateGrant(ctx, a.created, map[string]any{
		"resource": map[string]any{"id": w.resources[resource].Get("id").String()}, "scopes": ids,
	})
	if err := w.must("grant "+label+" the scope "+strings.Join(names, " "), ex, err, http.StatusCreated); err != nil {
		return err
	}
	a.scopes = append(a.scopes, names...)
	return nil
}

func (w *World) findScopes(names []string) (string, []map[string]any, error) {
	for resource, scopes := range w.scopes {
		var ids []map[string]any
		for _, name := range names {
			if id := scopes[name]; id != "" {
				ids = append(ids, map[string]any{"id": id})
			}
		}
		if len(ids) == len(names) {
			return resource, ids, nil
		}
	}
	return "", nil, fmt.Errorf("no resource whose scopes were listed has %s", strings.Join(names, " and "))
}
