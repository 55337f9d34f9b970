package oauth

import (
	"net/http"
	"net/url"
	"slices"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// What an application's corsSettings say of pages that call on its behalf. Without
// them every origin may.
const (
	corsNone = "ALLOW_NO_ORIGINS"
	corsSome = "ALLOW_SPECIFIC_ORIGINS"
)

// Allows says whether a page of an origin may read the answer to a call: any page,
// unless the application that the call is about says otherwise. Strict is for calls
// and applications that say nothing: then no page may.
//
// https://developer.pingidentity.com/pingone-api/platform/applications/applications-1/create-application-oidc-protocol.html
func (s *Server) Allows(call *wire.Call, origin string, strict bool) bool {
	env := s.tenant.Environment(call.Path["envID"])
	if env == nil {
		return !strict && origin != "null"
	}
	if call.Method == http.MethodOptions && call.URL.Query().Get("client_id") == "" && call.Path["flowID"] == "" {
		// A browser asks before it says for which application it will call.
		return !strict && origin != "null" || someApplicationLists(env, origin)
	}
	settings, _ := s.applicationOf(env, call).cors()
	switch settings["behavior"] {
	case corsNone:
		return false
	case corsSome:
		return lists(settings, origin)
	}
	return !strict && origin != "null"
}

// about is the application of a call, which may be nil.
type about struct{ *tenant.Application }

func (a about) cors() (map[string]any, bool) {
	if a.Application == nil {
		return nil, false
	}
	settings, said := a.Sent["corsSettings"].(map[string]any)
	return settings, said
}

func lists(settings map[string]any, origin string) bool {
	origins, _ := settings["origins"].([]any)
	return slices.Contains(origins, any(origin))
}

func someApplicationLists(env *tenant.Environment, origin string) bool {
	return env.Applications.First(func(a *tenant.Application) bool {
		settings, _ := about{a}.cors()
		return settings["behavior"] == corsSome && lists(settings, origin)
	}) != nil
}

// applicationOf is the application that a call is about: the one of its flow, else
// the client that it names.
func (s *Server) applicationOf(env *tenant.Environment, call *wire.Call) about {
	if f, known := s.signOns.Look(call.Path["flowID"], s.tenant.Now()); known {
		return about{f.params.app}
	}
	id := call.URL.Query().Get("client_id")
	if form, err := url.ParseQuery(string(call.Body)); err == nil && isForm(call) {
		if sent, ok := readCredentials(call.Header, form); ok {
			id = sent.id
		} else if form.Has("client_id") {
			id = form.Get("client_id")
		}
	}
	return about{env.Applications[id]}
}

// stranger refuses a call that lacks the flow's cookies, and says what keeps a
// browser from sending them: a cookie belongs to one site, which is scheme and host
// without the port, and localhost, 127.0.0.1 and [::1] are three.
func stranger(v *visit, f *signOn) *wire.Answer {
	problem := wire.AccessFailed()
	own, here, page := siteOf(f.origin), siteOf(v.Origin), siteOf(v.Header.Get("Origin"))
	belong := "The cookies ST and ST-NO-SS of this flow belong to the site " + own
	switch {
	case own != here:
		problem.Details[0].Message = belong + ", and the call went to " + here + ": use one address throughout."
	case page != "" && page != own:
		problem.Details[0].Message = belong + ", and the page is on " + page + ": open the page under the emulator's own scheme and host; the port may differ."
	case page != "":
		problem.Details[0].Message = belong + " and did not come with the call: fetch sends them with credentials: \"include\"."
	}
	return problem.Answer(v.ID)
}

func siteOf(origin string) string {
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" {
		return origin
	}
	return u.Scheme + "://" + u.Hostname()
}
