package signon

import (
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/wire"
)

// The states of a flow that the emulator knows.
//
// https://developer.pingidentity.com/pingone-api/auth/flows.html
const (
	statusUsernamePassword = "USERNAME_PASSWORD_REQUIRED"
	statusSignOn           = "SIGN_ON_REQUIRED"
	statusMustChange       = "MUST_CHANGE_PASSWORD"
	statusRecoveryCode     = "RECOVERY_CODE_REQUIRED"
	statusDeviceSelection  = "DEVICE_SELECTION_REQUIRED"
	statusOTP              = "OTP_REQUIRED"
	statusProfile          = "PROFILE_DATA_REQUIRED"
	statusCompleted        = "COMPLETED"
	statusFailed           = "FAILED"
)

// The factors that a person can prove, as RFC 8176 names them.
const (
	methodPassword = "pwd"
	methodOTP      = "otp"
	methodMultiple = "mfa"
)

// flow is one sign-on: the policies it may still try, how far the running one
// has got, and what the person has proven so far.
type flow struct {
	id, envID string
	params    *parameters
	browser   *session
	createdAt time.Time
	expiresAt time.Time

	policies []*tenant.SignOnPolicy // the running one first
	actions  []tenant.Action        // of the running policy, as they were when it began
	next     int                    // index of the action that runs
	status   string
	failure  *failure // of a FAILED flow

	// userID is whom the flow is about, known or proven; named says by what.
	userID string
	named  nameSource
	// methods are proven factors, authTime is when the newest was.
	methods  []string
	authTime time.Time
	// excused says that the policy let a person without devices pass.
	excused bool
	sid     string // shown as session.id once somebody is authenticated

	passcode passcode
	recovery recovery
	// asked are the attributes that profiling waits for; profiled says that
	// some profiling action has run.
	asked    []tenant.ProfileAttribute
	profiled bool

	code string // the one authorization code of the flow
}

// nameSource is what told the flow who signs on.
type nameSource int

const (
	namedByNobody nameSource = iota
	namedByHint
	namedByPerson
)

// passcode is what otp.check waits for.
type passcode struct {
	deviceID string
	sent     tenant.OTP // empty for TOTP and once used up
	former   tenant.OTP // the one before: worth nothing
	// exhausted says that the last allowed attempt failed: only a new selection helps.
	exhausted bool
}

// failure is how a flow failed.
type failure struct {
	Code        string         `json:"code"`
	Message     string         `json:"message"`
	Unavailable []unavailable  `json:"unavailableDevices,omitempty"`
	inner       map[string]any // for the error body of the call that failed
}

type unavailable struct {
	ID string `json:"id"`
}

func (s *Server) newFlow(v *visit, p *parameters, b *session) *flow {
	f := &flow{
		id: s.tenant.NewID(), envID: v.env.ID, params: p, browser: b,
		createdAt: v.now, expiresAt: v.now.Add(flowLifetime), policies: p.policies,
	}
	f.nameByHint()
	return f
}

func (f *flow) nameByHint() {
	if f.params.hinted != nil {
		f.userID, f.named = f.params.hinted.ID, namedByHint
	}
}

// authenticated says whether the person has proven who they are, or was let
// pass on the word of a signed hint.
func (f *flow) authenticated() bool { return len(f.methods) > 0 || f.excused }

// prove records a factor that the person has just proven.
func (s *Server) prove(v *visit, f *flow, method string) {
	if !slices.Contains(f.methods, method) {
		f.methods = append(f.methods, method)
	}
	f.authTime = v.now
	s.recognise(f)
	s.renew(v, f.browser)
}

// recognise gives the flow its session id: the browser's own, or a new one when
// somebody else has signed on there before.
func (s *Server) recognise(f *flow) {
	switch {
	case f.sid != "":
	case f.browser.userID == "" || f.browser.userID == f.userID:
		f.sid = f.browser.id
	default:
		f.sid = s.tenant.NewID()
	}
}

// bind names the person of the flow. A flow that is already about one person
// takes no other.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-username-password.html
func (f *flow) bind(u *tenant.User) bool {
	if f.userID != "" {
		return f.userID == u.ID
	}
	f.userID, f.named = u.ID, namedByPerson
	return true
}

// amr are the proven factors for tokens; two kinds of them make it multi-factor.
func amr(methods []string) []string {
	shown := slices.Clone(methods)
	if slices.Contains(methods, methodPassword) && slices.Contains(methods, methodOTP) {
		shown = append(shown, methodMultiple)
	}
	return shown
}

// findFlow returns the flow of an id if it is of this environment, alive, and
// the caller has the cookies of the browser that started it. Otherwise it
// returns the answer: 404 for a flow that is unknown or too old, 401 without
// the cookies. Finding a flow gives it another 15 minutes.
func (s *Server) findFlow(v *visit, id string) (*flow, *wire.Answer) {
	f, ok := s.flows.get(id, v.now)
	if !ok || f.envID != v.env.ID || v.env.Applications[f.params.app.ID] == nil {
		return nil, wire.NotFound().Answer(v.ID)
	}
	if !f.browser.holds(v.Header) && !s.takesAnyBrowser(v) {
		return nil, wire.AccessFailed().Answer(v.ID)
	}
	if s.tenant.Deviates("flow-does-not-slide") {
		return f, nil
	}
	f.expiresAt = v.now.Add(flowLifetime)
	s.flows.extend(id, s.goneAt(f))
	return f, nil
}

// readFlow shows where a flow stands.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1.html, GET /flows/{flowID}
func (s *Server) readFlow(v *visit) *wire.Answer {
	f, refusal := s.findFlow(v, v.Path["flowID"])
	if refusal != nil {
		return refusal
	}
	return wire.JSON(200, s.show(v, f))
}
