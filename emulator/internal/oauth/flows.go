package oauth

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"pingone-conformance/emulator/internal/browser"
	"pingone-conformance/emulator/internal/flow"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// signOn is a flow, with the authorization request that began it and the browser
// in which it takes place.
type signOn struct {
	*flow.Flow
	envID     string
	origin    string // under which it was started, and to which its cookies belong
	params    *parameters
	session   *browser.Session
	createdAt time.Time
	expiresAt time.Time
	code      string // the one authorization code of the flow
	// front are the tokens that authorize itself answers, kin those of the code and they.
	front url.Values
	kin   *family
}

func mediaTypeOf(action string) string { return "application/vnd.pingidentity." + action + "+json" }

// find returns the sign-on of a flow's id if it is of this environment, alive, and
// the caller has the cookies of the browser that started it. Otherwise it
// returns the answer: 404 for a flow that is unknown or too old, 401 without
// the cookies. Finding a flow gives it another 15 minutes.
func (s *Server) find(v *visit, id string) (*signOn, *wire.Answer) {
	f, ok := s.signOns.Get(id, v.Now)
	if !ok || f.envID != v.Env.ID || v.Env.Applications[f.params.app.ID] == nil {
		return nil, wire.NotFound().Answer(v.ID)
	}
	if !s.sessions.Bears(f.session, v.Header, v.Now) {
		return nil, stranger(v, f)
	}
	f.expiresAt = s.decide.Deadline(f.createdAt, v.Now)
	s.signOns.Extend(id, s.decide.Forgotten(f.expiresAt))
	return f, nil
}

// onFlow gives a handler the sign-on that the path names.
func (s *Server) onFlow(handle func(*visit, *signOn) *wire.Answer) func(*visit) *wire.Answer {
	return func(v *visit) *wire.Answer {
		f, refusal := s.find(v, v.Path["flowID"])
		if refusal != nil {
			return refusal
		}
		return handle(v, f)
	}
}

// readFlow shows where a flow stands.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html, GET /flows/{flowID}
func (s *Server) readFlow(v *visit, f *signOn) *wire.Answer {
	return wire.HAL(http.StatusOK, s.show(v, f))
}

// act answers a flow action: 400 INVALID_REQUEST for one that the flow does not take
// where it stands, and otherwise the flow as it stands after it.
func (s *Server) act(action string) func(*visit, *signOn) *wire.Answer {
	return func(v *visit, f *signOn) *wire.Answer {
		if !f.Takes(action) {
			return wire.InvalidRequest(wire.Detail{
				Code: "INVALID_VALUE", Target: "Content-Type", Message: "The flow does not take " + action + " in the state " + f.Status + ".",
			}).Answer(v.ID)
		}
		token, proofs := f.session.Token, f.Proofs
		var input object
		if action == flow.ResetSession {
			s.sessions.Reset(f.session, v.Now)
		} else {
			var problem *wire.Problem
			if input, problem = v.Object(); problem != nil && !flow.Bare(action) {
				return problem.Answer(v.ID)
			}
		}
		refusal := s.engine.Act(v.Visit, f.Flow, action, input)
		if f.Proofs > proofs {
			s.sessions.Renew(f.session, v.Now)
		}
		var answer *wire.Answer
		if refusal != nil {
			answer = problemOf(refusal).Answer(v.ID)
		} else {
			answer = wire.HAL(http.StatusOK, s.showAfterAction(v, f))
		}
		// A call may be refused after a factor was proven, as for want of a device.
		if f.session.Token != token {
			f.session.SetCookies(answer, v.Origin, v.Now)
		}
		return answer
	}
}

// problemOf is the error body of a refusal.
func problemOf(refusal *flow.Refusal) wire.Problem {
	var details []wire.Detail
	for _, d := range refusal.Details {
		details = append(details, wire.Detail{Code: d.Code, Target: d.Target, Message: d.Message, InnerError: d.Inner})
	}
	switch refusal.Kind {
	case flow.Malformed:
		return wire.InvalidRequest(details...)
	case flow.Invalid:
		return wire.InvalidData(details...)
	case flow.Impossible:
		return wire.RequestFailed(details...)
	default:
		return wire.NotFound()
	}
}

// unknownAction refuses a flow call whose media type names no action.
func (s *Server) unknownAction(v *visit, f *signOn) *wire.Answer {
	if action := s.decide.Default(f.Flow); action != "" {
		return s.act(action)(v, f)
	}
	return wire.UnsupportedMediaType().Answer(v.ID)
}

// signOnPage is the hosted sign-on page: plain, and good enough for a person to
// get through a flow of the emulator. It shows what ?error= holds, else where the
// flow of ?flowId= stands, for the browser that started it.
//
// https://developer.pingidentity.com/pingone-api/auth/auth-config-options/browserless-authentication-flow-options.html
func (s *Server) signOnPage(v *visit) *wire.Answer {
	query := v.URL.Query()
	switch {
	case query.Get("error") != "":
		return browser.Page{Message: browser.ErrorText(query.Get("error"))}.Show(http.StatusOK)
	case query.Get("signedOff") != "":
		return browser.Page{Message: "You are signed off."}.Show(http.StatusOK)
	}
	f, refusal := s.find(v, query.Get("flowId"))
	if refusal != nil {
		return browser.Page{Message: "The sign-on request has expired or is not valid."}.Show(refusal.Status)
	}
	var devices []*tenant.Device
	if f.Status == flow.DeviceSelectionRequired || f.Status == flow.PasscodeRequired {
		devices = s.engine.UsableDevices(v.Visit, f.Flow)
	}
	page := browser.Page{
		Application: f.params.app.Name, FlowURL: v.base() + "/flows/" + f.ID, ResumeURL: v.base() + "/as/resume?flowId=" + f.ID,
	}.Ask(f.Flow, devices)
	page.MediaType = mediaTypeOf(page.Action)
	for i := range page.Others {
		page.Others[i].MediaType = mediaTypeOf(page.Others[i].Action)
	}
	return page.Show(http.StatusOK)
}

func (s *Server) flowRoutes() []wire.Route {
	routes := []wire.Route{
		s.route("flow.read", "GET", "/flows/{flowID}", s.onFlow(s.readFlow)),
		s.route("flow.unknownAction", "POST", "/flows/{flowID}", s.onFlow(s.unknownAction)),
		s.route("signOnPage", "GET", "/signon/", s.signOnPage),
	}
	for _, action := range flow.Actions() {
		r := s.route("flow."+action, "POST", "/flows/{flowID}", s.onFlow(s.act(action)))
		r.MediaType = strings.ToLower(mediaTypeOf(action)) // media types have no case
		routes = append(routes, r)
	}
	// The page names this one without the suffix, public clients send it.
	bare := s.route("flow.password.sendRecoveryCode.bare", "POST", "/flows/{flowID}", s.onFlow(s.act(flow.SendRecoveryCode)))
	bare.MediaType = strings.ToLower(strings.TrimSuffix(mediaTypeOf(flow.SendRecoveryCode), "+json"))
	return append(routes, bare)
}
