package contract

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// redirected holds an answer of the 3xx class: only authorize and resume have one.
func (c *call) redirected() {
	if c.op.service != browser {
		c.fail(ruleStatus, "status", fmt.Sprint(c.op.success), fmt.Sprint(c.ex.Status), pageConventions)
		return
	}
	switch c.ex.Status {
	case 302:
	case 303:
		c.note(ruleStatus, "status", "302", "303", pageAuthorize)
	default:
		c.fail(ruleStatus, "status", "302", fmt.Sprint(c.ex.Status), pageAuthorize)
	}
	header := c.ex.Header.Get("Location")
	location, err := url.Parse(header)
	if err != nil || !location.IsAbs() || location.Host == "" {
		c.fail(ruleRedirect, locationHeader, "an absolute address", orNothing(header), pageAuthorize)
		return
	}
	query := parametersOf(location)
	flow := c.mem.flows[query.Get("flowId")]
	if c.op.name == "Authorize" {
		flow = &signOn{asked: c.parameters()}
	} else if resumed := c.mem.flows[c.flowID()]; resumed != nil {
		flow = resumed
	}
	c.noTokens(flow, locationHeader, func(name string) bool { return holds(location, name) })
	switch back := flow.asks("redirect_uri"); {
	case back != "" && sameAddress(location, back), query.Get("code") != "":
		c.backToApplication(location, query, flow)
	case query.Get("flowId") != "":
		c.toSignOnPage(location, query, flow)
	case query.Get("error") != "":
		c.errorPage(location, flow)
	default:
		c.fail(ruleRedirect, locationHeader, "the sign-on page with a flowId, or the redirect URI with a code or an error", showAddress(location), pageAuthorize)
	}
}

const locationHeader = "header Location"

// parametersOf reads the query, or the fragment where response_mode puts them there.
func parametersOf(location *url.URL) url.Values {
	if fragment, err := url.ParseQuery(location.Fragment); err == nil && location.RawQuery == "" && location.Fragment != "" {
		return fragment
	}
	return location.Query()
}

// holds tells whether a parameter stands in the query or the fragment, wherever the others are.
func holds(location *url.URL, name string) bool {
	fragment, err := url.ParseQuery(location.Fragment)
	return location.Query().Has(name) || err == nil && fragment.Has(name)
}

// noTokens wants no token on the way through a browser when only a code was asked for.
func (c *call) noTokens(flow *signOn, where string, has func(name string) bool) {
	if flow.asks("response_type") != "code" {
		return
	}
	for _, name := range []string{"access_token", "id_token", "refresh_token"} {
		if has(name) {
			c.fail(ruleRedirect, where, "no "+name+": the response type asked for is code", "one, not shown", pageCodeGrant)
		}
	}
}

// sameAddress compares all but the query; an empty path and "/" are the same.
func sameAddress(location *url.URL, uri string) bool {
	want, err := url.Parse(uri)
	if err != nil {
		return false
	}
	return location.Scheme == want.Scheme && location.Host == want.Host && strings.TrimSuffix(location.Path, "/") == strings.TrimSuffix(want.Path, "/")
}

// showAddress leaves out the values of the query: a code is a secret.
func showAddress(location *url.URL) string {
	var names []string
	for name := range parametersOf(location) {
		names = append(names, name)
	}
	slices.Sort(names)
	short := fmt.Sprintf("%s://%s%s", location.Scheme, location.Host, location.Path)
	if len(names) == 0 {
		return short
	}
	return short + " with " + strings.Join(names, ", ")
}

// backToApplication wants the redirect URI that was asked for and registered, with a
// code or an error, never both, and the state unchanged.
func (c *call) backToApplication(location *url.URL, query url.Values, flow *signOn) {
	if back := flow.asks("redirect_uri"); back != "" && !sameAddress(location, back) {
		c.fail(ruleRedirect, locationHeader, back, showAddress(location), pageRedirect)
	}
	if known := c.mem.applications[flow.asks("client_id")]; known != nil &&
		!slices.ContainsFunc(known.redirectURIs, func(uri string) bool { return sameAddress(location, uri) }) {
		c.fail(ruleRedirect, locationHeader, "one of the registered redirect URIs", showAddress(location), pageRedirect)
	}
	code, problem := query.Get("code"), query.Get("error")
	if (code == "") == (problem == "") {
		c.fail(ruleRedirect, locationHeader, "either a code or an error", showAddress(location), pageState)
	}
	if want := flow.asks("state"); flow != nil && flow.asked != nil && query.Get("state") != want {
		c.fail(ruleRedirect, locationHeader, "state "+orNothing(want), "state "+orNothing(query.Get("state")), pageState)
	}
	if code != "" {
		if c.op.name == "Authorize" {
			flow = c.mem.flows[query.Get("flowId")]
		}
		c.codeIsNew(code, flow, locationHeader)
		return
	}
	c.holdPart(nil, "oauth-error-redirect", map[string]any{"error": problem}, []string{"Location"})
}

// toSignOnPage wants the page that signs people on: PingOne's or the application's own,
// with a flow's id.
func (c *call) toSignOnPage(location *url.URL, query url.Values, flow *signOn) {
	f, valid := c.valid(nil, "flow-id", query.Get("flowId"))
	if !valid {
		c.fail(ruleRedirect, locationHeader, "flowId to be "+f.want, show(nil, query.Get("flowId")), pageAuthorize)
	}
	if c.op.name == "Resume" && query.Get("flowId") != c.flowID() {
		c.fail(ruleRedirect, locationHeader, "flowId "+c.flowID(), show(nil, query.Get("flowId")), pageResume)
	}
	if known := c.mem.applications[flow.asks("client_id")]; known != nil && known.loginPage != "" && sameAddress(location, known.loginPage) {
		return
	}
	// A custom domain's page has no environment in its address.
	path := strings.TrimSuffix(location.Path, "/")
	if path != "/signon" && (path != "/"+c.environment()+"/signon" || location.Host != c.pagesHost()) {
		c.fail(ruleRedirect, locationHeader, "the sign-on page /"+c.environment()+"/signon/", showAddress(location), pageAuthorize)
	}
}

// pagesHost is where PingOne's own pages are: beside the authorization server, under apps instead of auth.
func (c *call) pagesHost() string {
	host := c.ex.Request.URL.Host
	if rest, isAuth := strings.CutPrefix(host, "auth."); isAuth {
		return "apps." + rest
	}
	return host
}

// errorPage accepts PingOne's own page that shows an error; anywhere else the error would be handed to a stranger.
func (c *call) errorPage(location *url.URL, flow *signOn) {
	known := c.mem.applications[flow.asks("client_id")]
	registered := known == nil || slices.ContainsFunc(known.redirectURIs, func(uri string) bool { return sameAddress(location, uri) })
	switch {
	case strings.HasSuffix(strings.TrimSuffix(location.Path, "/"), "/signon"):
		c.note(ruleFact, "refusal", undocumentedRefusal, "redirected to the sign-on page with an error", pageSample)
	case !registered:
		c.fail(ruleRedirect, locationHeader, "one of the registered redirect URIs, or PingOne's own page", showAddress(location), pageRedirect)
	default:
		c.backToApplication(location, location.Query(), flow)
	}
}
