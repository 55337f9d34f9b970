package oauth

import (
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
	"pingone-conformance/internal/lazy"
)

// authorize starts a sign-on: 200 with the flow in pi.flow mode, otherwise 302
// to the sign-on page. With nothing left to ask, since the browser's session
// already proves what the policy wants, it completes at once.
//
// https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/authorize-authorization_code.html
func (s *Server) authorize(v *visit) *wire.Answer {
	if v.Method == http.MethodPost && !s.decide.TakesForm() {
		return wire.MethodNotAllowed().Answer(v.ID)
	}
	if v.Method == http.MethodPost && !isForm(v.Call) {
		return wire.UnsupportedMediaType().Answer(v.ID)
	}
	p, at := s.readParameters(v)
	if at != nil {
		return s.refuse(v, p, at)
	}
	b := s.sessions.Of(v.Env, v.Header, v.Now)
	// A hint token for one person in the browser of another is refused: the
	// vendor is silent, and either person would be wrong.
	if p.signedHint && b.UserID != "" && s.decide.Answers(v.Env.Users[b.UserID], p.hinted) == nil {
		return s.refuse(v, p, invalid("login_hint_token", "The login hint token is not valid."))
	}
	f := &signOn{
		Flow: s.engine.New(flow.Request{
			Policies: p.policies, Hinted: p.hinted, Vouched: p.signedHint, Silent: p.prompt == "none", Browser: &b.Browser,
		}),
		envID: v.Env.ID, origin: v.Origin, params: p, session: b, createdAt: v.Now, expiresAt: v.Now.Add(flow.Lifetime),
	}
	if u := s.answersFor(v, b, p); u != nil {
		f.Adopt(u)
	}
	s.engine.Begin(v.Visit, f.Flow)
	if p.prompt == "none" {
		if at := silent(f); at != nil {
			return s.refuse(v, p, at)
		}
	}
	s.signOns.Put(f.ID, f, v.Now, s.decide.Forgotten(f.expiresAt))
	return b.SetCookies(s.begun(v, f), v.Origin, v.Now)
}

// answersFor is the person for whom what the browser's session has proven is
// enough to start from; nil when the request asks for a new sign-on or hints at
// somebody else.
func (s *Server) answersFor(v *visit, b *browser.Session, p *parameters) *tenant.User {
	u := v.Env.Users[b.UserID]
	switch {
	case u == nil || !u.Enabled, p.prompt == "login":
		return nil
	case p.maxAge >= 0 && v.Now.Sub(b.AuthTime) > time.Duration(p.maxAge)*time.Second:
		return nil
	}
	return s.decide.Answers(u, p.hinted)
}

// silent is why prompt=none cannot be answered with a code.
func silent(f *signOn) *fault {
	switch {
	case f.Status == flow.Completed:
		return nil
	case f.Status == flow.Failed:
		return refused("access_denied", f.Failure.Message)
	case f.Authenticated():
		return refused("interaction_required", "The person has to answer something.")
	default:
		return refused("login_required", "The person has to sign on.")
	}
}

// begun is the answer to an authorization request whose flow stands where it can
// get to by itself.
func (s *Server) begun(v *visit, f *signOn) *wire.Answer {
	switch {
	case s.decide.ShowsFlow(f.params.responseMode):
		shown := s.show(v, f)
		if f.Status == flow.Completed {
			response, err := s.authorizeResponse(v, f)
			if err != nil {
				return wire.UnexpectedError().Answer(v.ID)
			}
			shown["authorizeResponse"] = response
		}
		return wire.HAL(http.StatusOK, shown)
	case f.Status == flow.Completed, f.Status == flow.Failed:
		return s.outcome(v, f)
	default:
		return wire.Redirect(s.signOnURL(v, f))
	}
}

// signOnURL is where a browser goes to answer what the flow asks for: the
// application's own page if it has one, else the hosted one.
func (s *Server) signOnURL(v *visit, f *signOn) string {
	if page := f.params.app.LoginPageURL; page != "" {
		return withQuery(page, url.Values{"environmentId": {v.Env.ID}, "flowId": {f.ID}})
	}
	return v.base() + "/signon/?flowId=" + f.ID
}

// outcome sends the browser back to the application with a code, or with the
// error that the flow ended in.
func (s *Server) outcome(v *visit, f *signOn) *wire.Answer {
	if f.Status == flow.Failed {
		return s.respond(f.params, url.Values{"error": {"access_denied"}, "error_description": {f.Failure.Message}})
	}
	response, err := s.response(v, f)
	if err != nil {
		return wire.UnexpectedError().Answer(v.ID)
	}
	return s.respond(f.params, response)
}

// respond hands an authorization response to the redirect URI in the way the
// request asked for; errors go where a good answer would have gone (RFC 6749 section
// 4.2.2.1).
func (s *Server) respond(p *parameters, response url.Values) *wire.Answer {
	if p.responses == nil {
		_ = readResponseMode(p)
	}
	if state := s.decide.Returned("state", p.state); state != "" {
		response.Set("state", state)
	}
	switch p.responseMode {
	case modeFormPost:
		return postForm(p.redirectURI, response)
	case modeFragment:
		return wire.Redirect(p.redirectURI + "#" + response.Encode())
	}
	return wire.Redirect(withQuery(p.redirectURI, response))
}

// withQuery adds parameters to those that an address may have already.
func withQuery(address string, query url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + query.Encode()
}

var formPage = lazy.Value[*template.Template]{Make: func() *template.Template {
	return template.Must(template.New("form_post").Parse(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Signing on</title></head>
<body onload="document.forms[0].submit()"><form method="post" action="{{.Action}}">
{{range $name, $value := .Fields}}<input type="hidden" name="{{$name}}" value="{{$value}}">
{{end}}<noscript><button>Continue</button></noscript></form></body></html>
`))
}}

func postForm(action string, response url.Values) *wire.Answer {
	fields := map[string]string{}
	for name := range maps.Keys(response) {
		fields[name] = response.Get(name)
	}
	var page strings.Builder
	target := template.URL(action) //nolint:gosec // one of the client's registered URIs, whose scheme may be an app's own
	if err := formPage.Get().Execute(&page, map[string]any{"Action": target, "Fields": fields}); err != nil {
		return wire.UnexpectedError().Answer("")
	}
	return wire.Text(http.StatusOK, "text/html;charset=UTF-8", page.String())
}
