package contract

import (
	"fmt"
	"maps"
	"mime"
	"slices"
	"strconv"
	"strings"
)

// succeeded holds an answer of the 2xx class against its operation.
func (c *call) succeeded() {
	c.successStatus()
	c.authorized()
	c.requested()
	c.wronglyAccepted()
	switch {
	case c.op.success == 204 || c.ex.Status == 204:
		if len(c.ex.Body) > 0 {
			c.fail(ruleEmpty, "/", "no body with 204", fmt.Sprintf("%d bytes", len(c.ex.Body)), pageConventions)
		}
	case c.op.schema() == "" || !c.json():
	case c.op.items != "":
		c.collection()
	case c.op.service == flows || c.op.service == browser:
		c.flowAnswer()
	case c.op.service == oauth:
		c.oauthAnswer()
	default:
		c.hold(c.op.answer, c.body)
		c.isNew()
		if c.op.echoed {
			c.compare(c.sent, c.body, nil, nil, ruleEcho)
		}
		c.resource(c.body, nil)
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
		c.accepted("the call carries no bearer token", pageErrors)
	}
}

// requested holds the request against what the operation takes. A broken request may be a
// scenario's purpose; that it was accepted is PingOne's fault.
func (c *call) requested() {
	if c.op.request == "" {
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
		reason := fmt.Sprintf("the request's %s should be %s, it is %s", pointer(f.where...), f.want, f.got)
		if f.got == nothing {
			reason = "the request has no " + pointer(f.where...)
		}
		c.accepted(reason, f.source)
	}
}

// parameters are those of a form or query, one value each, as a JSON object; those of a request object count too.
func (c *call) parameters() map[string]any {
	parameters := map[string]any{}
	if token, err := c.token(c.form.Get("request")); err == nil {
		maps.Copy(parameters, token.claims)
	}
	for name := range c.form {
		parameters[name] = c.form.Get(name)
	}
	return parameters
}

// json wants a JSON body with a JSON media type and reports whether there is a body to look at.
func (c *call) json() bool {
	c.mediaType()
	if c.body == nil {
		got := nothing
		if c.bodyErr != nil {
			got = c.bodyErr.Error()
		}
		c.fail(c.op.schema()+"#/type", "/", "a JSON body", got, c.op.source)
	}
	return c.body != nil
}

func (c *call) mediaType() {
	if !isJSON(mediaType(c.ex.Header)) {
		c.fail(ruleMediaType, "header Content-Type", "application/json or a +json type", orNone(c.ex.Header.Get("Content-Type")), pageConventions)
	}
	// JSON is UTF-8, whether the media type says so or not: https://www.rfc-editor.org/rfc/rfc8259#section-8.1.
	_, parameters, err := mime.ParseMediaType(c.ex.Header.Get("Content-Type"))
	if charset := parameters["charset"]; err == nil && charset != "" && !slices.Contains([]string{"utf-8", "utf8", "us-ascii"}, strings.ToLower(charset)) {
		c.fail(ruleMediaType, "header Content-Type", "charset=UTF-8, or none", "charset="+charset, pageConventions)
	}
}

func isJSON(media string) bool {
	return strings.HasSuffix(media, "/json") || strings.HasSuffix(media, "+json")
}

// collection holds a page and each of its items.
func (c *call) collection() {
	c.hold("collection", c.body)
	c.links(c.body, nil, c.ex.Request.URL.Path)
	plural := c.op.last()
	items := list(c.body, "_embedded", plural)
	if items == nil {
		c.noItems(plural)
		return
	}
	c.counts(len(items))
	c.builtIn(items)
	seen := map[string]bool{}
	for i, item := range items {
		if c.full() {
			return
		}
		where := []string{"_embedded", plural, strconv.Itoa(i)}
		c.hold(c.op.items, item, where...)
		c.resource(item, where)
		if id := text(item, "id"); id != "" && seen[id] {
			c.fail(ruleCount, pointer(join(where, "id")...), "each item once", "this id twice", pageConventions)
		} else {
			seen[id] = true
		}
	}
}

// noItems accepts a page without the list only when it says that it is empty.
func (c *call) noItems(plural string) {
	size, hasSize := number(c.body, "size")
	count, hasCount := number(c.body, "count")
	where, got := pointer("_embedded", plural), show(at(c.body, "_embedded", plural))
	if hasSize && size == 0 || hasCount && count == 0 {
		c.note("collection#/required", where, "an empty list", nothing, pageConventions)
		return
	}
	c.fail("collection#/required", where, "the items, under the plural of their name", got, pageConventions)
}

// counts compares size and count with the items of the page.
func (c *call) counts(items int) {
	wrong := func(name string, is bool) {
		if is {
			c.fail(ruleCount, "/"+name, strconv.Itoa(items), show(at(c.body, name)), pageConventions)
		}
	}
	size, hasSize := number(c.body, "size")
	wrong("size", hasSize && int(size) != items)
	count, hasCount := number(c.body, "count")
	whole := at(c.body, "_links", "next") == nil && !c.mem.further[c.ex.Request.URL.String()] && c.ex.Request.URL.Query().Get("cursor") == ""
	wrong("count", hasCount && (int(count) < items || whole && int(count) != items))
}
