package contract

import (
	"fmt"
	"mime"
	"slices"
	"strings"
)

// succeeded holds an answer of the 2xx class against its operation.
func (c *call) succeeded() {
	c.successStatus()
	c.authorized()
	c.requested()
	c.wronglyAccepted()
	if c.op.success == 204 || c.ex.Status == 204 {
		c.empty()
		return
	}
	if c.op.answer == "" && c.op.items == "" {
		return
	}
	if !c.json() {
		return
	}
	switch {
	case c.op.items != "":
		c.collection()
	case c.op.service == flows || c.op.service == browser:
		c.flowAnswer()
	case c.op.service == oauth:
		c.oauthAnswer()
	default:
		c.hold(c.op.answer, c.body)
		c.isNew()
		c.resource(c.body, nil)
		c.echo()
	}
}

// successStatus wants the documented status; a tolerated one is observed.
func (c *call) successStatus() {
	status, want := c.ex.Status, c.op.success
	if c.op.service == browser {
		// pi.flow answers 200 with the flow, the other modes a redirect.
		want = 200
	}
	switch {
	case status == want:
	case slices.Contains(c.op.tolerated, status):
		c.note(ruleStatus, "status", fmt.Sprint(want), fmt.Sprint(status), c.op.source)
	default:
		c.fail(ruleStatus, "status", fmt.Sprint(want), fmt.Sprint(status), pageConventions)
	}
}

// authorized wants a bearer token on every management call that succeeds.
func (c *call) authorized() {
	if c.op.service != platform && !c.op.under("userinfo") {
		return
	}
	if scheme, token, _ := strings.Cut(c.ex.Request.Header.Get("Authorization"), " "); !strings.EqualFold(scheme, "Bearer") || token == "" {
		c.fail(ruleAccepted, "status", "a refusal: the call carries no bearer token", fmt.Sprint(c.ex.Status), pageErrors)
	}
}

// requested holds the request against what the operation takes. A broken request may be a
// scenario's purpose; that it was accepted is PingOne's fault.
func (c *call) requested() {
	if c.op.request == "" || c.op.under("actions") && c.ex.Request.Method == "PUT" {
		return
	}
	v, r := c.sent, c.request
	if c.op.service == browser || c.op.service == oauth {
		v, r = c.parameters(), nil
	}
	if v == nil {
		v, r = map[string]any{}, nil
	}
	if f, ok := c.valid(r, c.op.request, v); !ok {
		want := fmt.Sprintf("a refusal: the request's %s should be %s, it is %s", pointer(f.where...), f.want, f.got)
		if f.got == nothing {
			want = "a refusal: the request has no " + pointer(f.where...)
		}
		c.fail(ruleAccepted, "status", want, fmt.Sprint(c.ex.Status), f.source)
	}
}

// parameters are those of a form or query, one value each, as a JSON object; those of a request object count too.
func (c *call) parameters() map[string]any {
	parameters := map[string]any{}
	if claims, err := c.claimsOf(c.form.Get("request")); err == nil {
		for name, value := range claims {
			parameters[name] = value
		}
	}
	for name, values := range c.form {
		if len(values) > 0 {
			parameters[name] = values[0]
		}
	}
	return parameters
}

// empty wants an answer without a body.
func (c *call) empty() {
	if len(c.ex.Body) > 0 {
		c.fail(ruleEmpty, "/", "no body with 204", fmt.Sprintf("%d bytes", len(c.ex.Body)), pageConventions)
	}
}

// json wants a JSON body with a JSON media type and tells whether there is a body to look at.
func (c *call) json() bool {
	c.mediaType()
	if c.body == nil {
		got := nothing
		if c.bodyErr != nil {
			got = c.bodyErr.Error()
		}
		c.fail(c.op.answer+c.op.items+"#/type", "/", "a JSON body", got, c.op.source)
		return false
	}
	return true
}

func (c *call) mediaType() {
	header := c.ex.Header.Get("Content-Type")
	media, _, err := mime.ParseMediaType(header)
	if err != nil || !isJSON(media) {
		c.fail(ruleMediaType, "header Content-Type", "application/json or a +json type", orNone(header), pageConventions)
	}
}

func isJSON(media string) bool {
	return strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json")
}

// collection holds a page and each of its items.
func (c *call) collection() {
	c.hold("collection", c.body)
	c.links(c.body, nil, c.ex.Request.URL.Path)
	plural := c.op.path[strings.LastIndex(c.op.path, "/")+1:]
	items, isList := at(c.body, "_embedded", plural).([]any)
	if !isList {
		c.noItems(plural)
		return
	}
	c.counts(len(items))
	c.builtIn(items)
	ids := map[string]bool{}
	for i, item := range items {
		where := []string{"_embedded", plural, fmt.Sprint(i)}
		c.hold(c.op.items, item, where...)
		c.resource(item, where)
		if id := text(item, "id"); id != "" && ids[id] {
			c.fail(ruleCount, pointer(join(where, "id")...), "each item once", "this id twice", pageConventions)
		} else {
			ids[id] = true
		}
	}
}

// noItems accepts a page without the list only when it says that it is empty.
func (c *call) noItems(plural string) {
	where := pointer("_embedded", plural)
	if size, known := number(member(c.body, "size")); known && size == 0 {
		c.note("collection#/required", where, "an empty list", nothing, pageConventions)
		return
	}
	if count, known := number(member(c.body, "count")); known && count == 0 {
		c.note("collection#/required", where, "an empty list", nothing, pageConventions)
		return
	}
	c.fail("collection#/required", where, "the items, under the plural of their name", show(nil, at(c.body, "_embedded", plural)), pageConventions)
}

// counts compares size and count with the items of the page.
func (c *call) counts(items int) {
	size, hasSize := number(member(c.body, "size"))
	count, hasCount := number(member(c.body, "count"))
	if hasSize && int(size) != items {
		c.fail(ruleCount, "/size", fmt.Sprint(items), show(nil, member(c.body, "size")), pageConventions)
	}
	if !hasCount {
		return
	}
	whole := at(c.body, "_links", "next") == nil && c.ex.Request.URL.Query().Get("cursor") == ""
	if int(count) < items || whole && int(count) != items {
		c.fail(ruleCount, "/count", fmt.Sprint(items), show(nil, member(c.body, "count")), pageConventions)
	}
}
