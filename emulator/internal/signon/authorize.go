package signon

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/wire"
)

// authorize starts a sign-on: 200 with the flow in pi.flow mode, otherwise 302
// to the sign-on page. With nothing left to ask, since the browser's session
// already proves what the policy wants, it completes at once.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
func (s *Server) authorize(v *visit) *wire.Answer {
	if v.Method == http.MethodPost && s.tenant.Deviates("authorize-post-ignored") {
		return wire.MethodNotAllowed().Answer(v.ID)
	}
	if v.Method == http.MethodPost && !isForm(v.Call) {
		return wire.UnsupportedMediaType().Answer(v.ID)
	}
	p, at := s.readParameters(v)
	if at != nil {
		return s.refuse(v, p, at)
	}
	b := s.browser(v)
	// A hint token for one person in the browser of another is refused: the
	// vendor is silent, and either person would be wrong.
	if p.signedHint && b.userID != "" && b.userID != p.hinted.ID && !s.tenant.Deviates("session-answers-for-another") {
		return s.refuse(v, p, invalid("login_hint_token", "The login hint token is not valid."))
	}
	f := s.newFlow(v, p, b)
	s.adoptSession(v, f)
	s.start(v, f)
	if p.prompt == "none" {
		if at := silent(f); at != nil {
			return s.refuse(v, p, at)
		}
	}
	s.flows.put(f.id, f, v.now, s.goneAt(f))
	return setCookies(v, b, s.begun(v, f))
}

// adoptSession lets the flow start from what the browser's session has proven,
// unless the request asks for a new sign-on or hints at somebody else.
func (s *Server) adoptSession(v *visit, f *flow) {
	b, p := f.browser, f.params
	u := v.env.Users[b.userID]
	switch {
	case s.tenant.Deviates("session-answers-for-another") && u != nil && p.hinted != nil:
		u = p.hinted
	case u == nil || !u.Enabled, p.prompt == "login", p.hinted != nil && p.hinted != u:
		return
	case p.maxAge >= 0 && v.now.Sub(b.authTime) > time.Duration(p.maxAge)*time.Second:
		return
	}
	f.userID, f.authTime, f.methods = u.ID, b.authTime, slices.Clone(b.methods)
	f.sid = b.id
}

// silent is why prompt=none cannot be answered with a code.
func silent(f *flow) *fault {
	switch {
	case f.status == statusCompleted:
		return nil
	case f.status == statusFailed:
		return refused("access_denied", f.failure.Message)
	case f.authenticated():
		return refused("interaction_required", "The person has to answer something.")
	default:
		return refused("login_required", "The person has to sign on.")
	}
}

// begun is the answer to an authorization request whose flow stands where it can
// get to by itself.
func (s *Server) begun(v *visit, f *flow) *wire.Answer {
	switch {
	case f.params.responseMode == modeFlow && !s.tenant.Deviates("pi-flow-ignored"):
		shown := s.show(v, f)
		if f.status == statusCompleted {
			shown["authorizeResponse"] = s.authorizeResponse(v, f)
		}
		return wire.JSON(http.StatusOK, shown)
	case f.status == statusCompleted, f.status == statusFailed:
		return s.outcome(v, f)
	default:
		return wire.Redirect(s.signOnURL(v, f))
	}
}

// signOnURL is where a browser goes to answer what the flow asks for: the
// application's own page if it has one, else the hosted one.
func (s *Server) signOnURL(v *visit, f *flow) string {
	if page := f.params.app.LoginPageURL; page != "" {
		separator := "?"
		if strings.Contains(page, "?") {
			separator = "&"
		}
		return page + separator + url.Values{"environmentId": {v.env.ID}, "flowId": {f.id}}.Encode()
	}
	return v.base() + "/signon/?flowId=" + f.id
}

// outcome sends the browser back to the application with a code, or with the
// error that the flow ended in.
func (s *Server) outcome(v *visit, f *flow) *wire.Answer {
	if f.status == statusFailed {
		return s.respond(f.params, url.Values{"error": {"access_denied"}, "error_description": {f.failure.Message}})
	}
	return s.respond(f.params, url.Values{"code": {s.issueCode(v, f)}})
}

// respond hands an authorization response to the redirect URI in the way the
// request asked for.
func (s *Server) respond(p *parameters, response url.Values) *wire.Answer {
	if state := s.returned("state", p.state); state != "" {
		response.Set("state", state)
	}
	switch p.responseMode {
	case modeFormPost:
		return postForm(p.redirectURI, response)
	case modeFragment:
		return wire.Redirect(p.redirectURI + "#" + response.Encode())
	}
	separator := "?"
	if strings.Contains(p.redirectURI, "?") {
		separator = "&"
	}
	return wire.Redirect(p.redirectURI + separator + response.Encode())
}

var formPage = template.Must(template.New("form_post").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Signing on</title></head>
<body onload="document.forms[0].submit()"><form method="post" action="{{.Action}}">
{{range $name, $value := .Fields}}<input type="hidden" name="{{$name}}" value="{{$value}}">
{{end}}<noscript><button>Continue</button></noscript></form></body></html>
`))

func postForm(action string, response url.Values) *wire.Answer {
	fields := map[string]string{}
	for name := range maps.Keys(response) {
		fields[name] = response.Get(name)
	}
	var page strings.Builder
	target := template.URL(action) //nolint:gosec // one of the client's registered URIs, whose scheme may be an app's own
	if err := formPage.Execute(&page, map[string]any{"Action": target, "Fields": fields}); err != nil {
		return wire.UnexpectedError().Answer("")
	}
	return wire.Text(http.StatusOK, "text/html;charset=UTF-8", page.String())
}
