package steps

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"pingone-conformance/suite"
)

// resources is resources, their scopes, and the scopes that are granted to applications.
func resources(r *suite.Registry, w *World) {
	r.When(`^Priya lists the resources of the environment(?: \(step \d+\))?$`, w.listsResources)
	r.Then(`^exactly one resource is "([^"]*)" and exactly one is "([^"]*)"$`, w.builtInsAreThere)
	r.When(`^Priya lists the scopes of the resource "([^"]*)"(?: \(step \d+\))?$`, w.listsScopes)
	r.When(`^Priya grants "([^"]*)" the scope "([^"]*)"(?: \(step \d+\))?$`, func(ctx context.Context, a *Application, scope string) error {
		return w.grants(ctx, a, scope)
	})
	r.When(`^Priya grants "([^"]*)" the scopes "([^"]*)" and "([^"]*)"(?: \(step \d+\))?$`, func(ctx context.Context, a *Application, one, two string) error {
		return w.grants(ctx, a, one, two)
	})
}

// builtInResources are the features' words for resources that go by their type.
var builtInResources = map[string]string{"PingOne API": "PINGONE_API", "openid": "OPENID_CONNECT"}

func (w *World) listsResources(ctx context.Context) error {
	ex, err := w.Admin().ListResources(ctx, w.Env(), nil)
	if err := suite.Must("list the resources", ex, err, http.StatusOK); err != nil {
		return err
	}
	l, err := w.wholeList(ctx, "resources", ex)
	if err != nil {
		return err
	}
	for _, r := range l.items() {
		w.resources[resourceKey(r)] = r
	}
	return nil
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

func (w *World) builtInsAreThere(one, two string) (suite.Evidence, error) {
	l, err := w.listOf("resources")
	if err != nil {
		return nil, err
	}
	for _, name := range []string{one, two} {
		found := 0
		for _, r := range l.items() {
			if resourceKey(r) == name {
				found++
			}
		}
		if err := suite.Expect(l.pages[0], "how many resources are "+name, "1", fmt.Sprint(found)); err != nil {
			return nil, err
		}
	}
	return l.evidence(), nil
}

func (w *World) listsScopes(ctx context.Context, resource string) error {
	listed, ok := w.resources[resource]
	if !ok {
		l, err := w.listOf("resources")
		if err != nil {
			return err
		}
		return suite.Unlike(l.pages[0], "the resource "+resource, "one in the list of resources", "none")
	}
	ex, err := w.Admin().ListScopes(ctx, w.Env(), listed, nil)
	if err := suite.Must("list the scopes of "+resource, ex, err, http.StatusOK); err != nil {
		return err
	}
	l, err := w.wholeList(ctx, "scopes", ex)
	if err != nil {
		return err
	}
	w.scopes[resource] = map[string]string{}
	for _, s := range l.items() {
		w.scopes[resource][s.Get("name").String()] = s.Get("id").String()
	}
	return nil
}

// grants gives the application scopes of one resource, which is found by the scopes' names.
func (w *World) grants(ctx context.Context, a *Application, names ...string) error {
	resource, ids, err := w.findScopes(names)
	if err != nil {
		return err
	}
	ex, err := w.Admin().CreateGrant(ctx, a.created, map[string]any{
		"resource": map[string]any{"id": w.resources[resource].Get("id").String()}, "scopes": ids,
	})
	if err := suite.Must("grant "+a.label+" the scope "+strings.Join(names, " "), ex, err, http.StatusCreated); err != nil {
		return err
	}
	a.scopes = append(a.scopes, names...)
	return nil
}

func (w *World) findScopes(names []string) (string, []map[string]any, error) {
	for _, resource := range slices.Sorted(maps.Keys(w.scopes)) {
		var ids []map[string]any
		for _, name := range names {
			if id := w.scopes[resource][name]; id != "" {
				ids = append(ids, map[string]any{"id": id})
			}
		}
		if len(ids) == len(names) {
			return resource, ids, nil
		}
	}
	return "", nil, fmt.Errorf("no resource whose scopes were listed has %s: an earlier sentence has to list them", strings.Join(names, " and "))
}
