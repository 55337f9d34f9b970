package contract

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"pingone-conformance/client"
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
	c.said(location, query)
	flow := c.mem.flows[c.flowID()]
	if c.op.name == "Authorize" {
		flow = &signOn{asked: c.parameters()}
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
		c.wrongLocation(location, "the sign-on page with a flowId, or the redirect URI with a code or an error", pageAuthorize)
	}
}

// said wants a redirect to lead to one address, and to say each thing once: https://www.rfc-editor.org/rfc/rfc6749#section-3.1.
func (c *call) said(location *url.URL, query url.Values) {
	if n := len(c.ex.Header.Values("Location")); n > 1 {
		c.fail(ruleRedirect, locationHeader, "one address", fmt.Sprintf("%d", n), pageAuthorize)
	}
	if location.User != nil {
		c.fail(ruleRedirect, locationHeader, "no name before the host", "one, not shown", pageRedirect)
	}
	for _, name := range []string{"code", "state", "error", "flowId", "iss"} {
		if n := len(query[name]); n > 1 {
			c.fail(ruleRedirect, locationHeader, name+" once", fmt.Sprintf("%d times", n), pageState)
		}
	}
}

// wrongLocation reports where a redirect leads instead, without the values of its query: a code is a secret.
func (c *call) wrongLocation(location *url.URL, want, source string) {
	got := fmt.Sprintf("%s://%s%s", location.Scheme, location.Host, location.Path)
	if names := slices.Sorted(maps.Keys(parametersOf(location))); len(names) > 0 {
		got += " with " + strings.Join(names, ", ")
	}
	c.fail(ruleRedirect, locationHeader, want, got, source)
}

const locationHeader = "header Location"

// parametersOf reads the query, or the fragment where response_mode puts them there.
func parametersOf(location *url.URL) url.Values {
	if fragment, err := url.ParseQuery(location.Fragment); err == nil && location.RawQuery == "" {
		return fragment
	}
	return location.Query()
}

// holds reports whether a parameter stands in the query or the fragment, wherever the others are.
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
	return client.SameOrigin(location, want) && cmp.Or(location.Path, "/") == cmp.Or(want.Path, "/")
}

// registered reports whether the application of a flow, where it is known, has this redirect URI.
func (c *call) registered(location *url.URL, flow *signOn) bool {
	known := c.mem.applications[flow.asks("client_id")]
	return known == nil || slices.ContainsFunc(known.redirectURIs, func(uri string) bool { return sameAddress(location, uri) })
}

// backToApplication wants the redirect URI that was asked for and registered, with a
// code or an error, never both, and the state unchanged.
func (c *call) backToApplication(location *url.URL, query url.Values, flow *signOn) {
	if back := flow.asks("redirect_uri"); back != "" && !sameAddress(location, back) {
		c.wrongLocation(location, back, pageRedirect)
	}
	if !c.registered(location, flow) {
		c.wrongLocation(location, "one of the registered redirect URIs", pageRedirect)
	}
	c.codeInQuery(location, flow)
	c.issuedBy(query.Get("iss"), locationHeader)
	code, problem := query.Get("code"), query.Get("error")
	if (code == "") == (problem == "") {
		c.wrongLocation(location, "either a code or an error", pageState)
	}
	if want := flow.asks("state"); flow != nil && flow.asked != nil && query.Get("state") != want {
		got := "state " + orNothing(query.Get("state"))
		if !utf8.ValidString(query.Get("state")) {
			got = "a state that is not UTF-8"
		}
		c.fail(ruleRedirect, locationHeader, "state "+orNothing(want), got, pageState)
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

// codeInQuery wants a code where it was asked for: no fragment reaches a server.
func (c *call) codeInQuery(location *url.URL, flow *signOn) {
	mode := flow.asks("response_mode")
	if flow.asks("response_type") == "code" && (mode == "" || mode == "query") && holds(&url.URL{Fragment: location.Fragment}, "code") {
		c.fail(ruleRedirect, locationHeader, "the code in the query, where it was asked for", "one in the fragment, not shown", pageState)
	}
}

// issuedBy wants an answer that says who gives the code to name the issuer of the environment.
func (c *call) issuedBy(iss, where string) {
	if want := c.base() + "/as"; iss != "" && iss != want {
		c.fail(ruleRedirect, where, "iss, the issuer "+want, "iss "+show(iss), "https://www.rfc-editor.org/rfc/rfc9207#section-2.4")
	}
}

// toSignOnPage wants the page that signs people on: PingOne's or the application's own,
// with a flow's id.
func (c *call) toSignOnPage(location *url.URL, query url.Values, flow *signOn) {
	id := query.Get("flowId")
	if f, valid := c.valid(nil, "flow-id", id); !valid {
		c.fail(ruleRedirect, locationHeader, "flowId to be "+f.want, show(id), pageAuthorize)
	}
	if c.op.name == "Resume" && id != c.flowID() {
		c.fail(ruleRedirect, locationHeader, "flowId "+c.flowID(), show(id), pageResume)
	}
	if !c.isSignOnPage(location, flow) {
		c.wrongLocation(location, "the sign-on page /"+c.environment()+"/signon/", pageAuthorize)
	}
}

// isSignOnPage reports whether an address is that of the page that signs people on, PingOne's or the application's own.
func (c *call) isSignOnPage(location *url.URL, flow *signOn) bool {
	if known := c.mem.applications[flow.asks("client_id")]; known != nil && known.loginPage != "" && sameAddress(location, known.loginPage) {
		return true
	}
	// A custom domain's page has no environment in its address.
	path := strings.TrimSuffix(location.Path, "/")
	return path == "/signon" || path == "/"+c.environment()+"/signon" && strings.EqualFold(location.Host, c.pagesHost())
}

// pagesHost is where PingOne's own pages are: beside the authorization server, under apps instead of auth.
func (c *call) pagesHost() string {
	host := c.ex.Request.URL.Host
	if rest, isAuth := strings.CutPrefix(host, "auth."); isAuth {
		return "apps." + rest
	}
	return host
}

// errorPage accepts PingOne's own page that shows an error; anywhere else somebody else would get the error.
func (c *call) errorPage(location *url.URL, flow *signOn) {
	switch {
	case strings.HasSuffix(strings.TrimSuffix(location.Path, "/"), "/signon"):
		c.note(ruleFact, "refusal", undocumented, "redirected to the sign-on page with an error", "https://github.com/pingidentity/pingone-sample-custom-signon")
	case !c.registered(location, flow):
		c.wrongLocation(location, "one of the registered redirect URIs, or PingOne's own page", pageRedirect)
	default:
		c.backToApplication(location, location.Query(), flow)
	}
}
