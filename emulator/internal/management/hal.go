package management

import "time"

// object is a JSON object to answer with.
type object map[string]any

// links are the _links of an object: relation to address.
type links map[string]string

// link is one of the _links, written {"href": ...}.
type link struct {
	Href string `json:"href"`
}

// ref is a relation as a member: {"id": ...}.
func ref(id string) object { return object{"id": id} }

// hal puts links and the environment onto a body.
func (r *request) hal(self string, body object, more links) object {
	all := make(map[string]link, len(more)+2)
	all["self"], all["environment"] = link{self}, link{r.base()}
	for relation, href := range more {
		all[relation] = link{href}
	}
	body["_links"] = all
	if _, present := body["environment"]; !present {
		body["environment"] = ref(r.env.ID)
	}
	return body
}

func (o object) selfLink() string {
	all, _ := o["_links"].(map[string]link)
	return all["self"].Href
}

// base is the address of the request's environment; everything else is below it.
func (r *request) base() string { return r.Origin + "/v1/environments/" + r.env.ID }

// timestamp writes a time as PingOne does: RFC 3339, UTC, milliseconds, Z.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// overlay copies the members of one object over another's.
func (o object) overlay(members map[string]any) object {
	for name, value := range members {
		o[name] = value
	}
	return o
}

// addText adds a member that has a value.
func (o object) addText(name, value string) object {
	if value != "" {
		o[name] = value
	}
	return o
}

// addList adds a list that has items.
func (o object) addList(name string, items []string) object {
	if len(items) > 0 {
		o[name] = items
	}
	return o
}
