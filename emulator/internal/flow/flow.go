package flow

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"pingone-conformance/emulator/internal/tenant"
)

// Lifetime slides: each call on a flow gives it another 15 minutes.
//
// https://developer.pingidentity.com/pingone-api/auth/flows.html
const Lifetime = 15 * time.Minute

// The states of a flow.
//
// https://developer.pingidentity.com/pingone-api/auth/flows.html
const (
	PasswordRequired = "USERNAME_PASSWORD_REQUIRED"

	SignOnRequired = "SIGN_ON_REQUIRED"

	MustChangePassword = "MUST_CHANGE_PASSWORD"

	RecoveryCodeRequired = "RECOVERY_CODE_REQUIRED"

	VerificationCodeRequired = "VERIFICATION_CODE_REQUIRED"

	DeviceSelectionRequired = "DEVICE_SELECTION_REQUIRED"

	PasscodeRequired = "OTP_REQUIRED"

	ProfileRequired = "PROFILE_DATA_REQUIRED"

	Completed = "COMPLETED"

	Failed = "FAILED"
)

// Password is a factor that a person can prove, as RFC 8176 names it.
const Password = "pwd"

// Passcode is the other one.
const Passcode = "otp"

// Request is what a flow is begun with.
type Request struct {
	// Policies may be tried one after the other, until one does not fail.
	Policies []*tenant.SignOnPolicy
	// Hinted is whom a hint names, nil when none does. Vouched says that it was
	// signed by who may say so.
	Hinted  *tenant.User
	Vouched bool
	// Silent says that the person cannot be asked anything.
	Silent bool
	// Browser is where the flow takes place.
	Browser *Browser
}

// Browser is what is known of whoever signs on there.
type Browser struct {
	// ID is shown in flows and tokens.
	ID string
	// UserID is "" until somebody has signed on.
	UserID   string
	AuthTime time.Time
	// Methods are the factors that UserID has proven, ProvenAt is when each was last.
	Methods  []string
	ProvenAt map[string]time.Time
}

// signedOn records what a completed flow has proven.
func (b *Browser) signedOn(f *Flow) {
	provenAt := map[string]time.Time{}
	if b.UserID == f.UserID {
		maps.Copy(provenAt, b.ProvenAt)
		for _, method := range f.Methods {
			if !slices.Contains(b.Methods, method) {
				b.Methods = append(b.Methods, method)
			}
		}
	} else {
		b.Methods = slices.Clone(f.Methods)
	}
	maps.Copy(provenAt, f.provenAt)
	b.ID, b.UserID, b.AuthTime, b.ProvenAt = f.SessionID, f.UserID, f.AuthTime, provenAt
}

// Flow is one sign-on: the policies it may still try, how far the running one
// has got, and what the person has proven so far.
type Flow struct {
	ID      string
	Request Request
	// Status is one of the states, Failure why it is Failed.
	Status  string
	Failure *Failure
	// Policies are those that may still be tried, the running one first.
	Policies []*tenant.SignOnPolicy

	// UserID is whom the flow is about, known or proven.
	UserID string
	// Methods are proven factors, AuthTime is when the newest was.
	Methods  []string
	AuthTime time.Time
	// Proofs counts the factors that were proven in this flow. Whoever keeps the
	// browser's session renews it when it has grown.
	Proofs int
	// SessionID is shown once somebody is authenticated.
	SessionID string
	// Challenge is the passcode that the flow waits for.
	Challenge Challenge
	// Asked are the attributes that the flow waits for.
	Asked []tenant.ProfileAttribute

	// provenAt is when each of Methods was proven, here or in the browser before.
	provenAt   map[string]time.Time
	actions    []tenant.Action // of the running policy, as they were when it began
	next       int             // index of the action that runs
	named      nameSource
	excused    bool   // the policy let a person without devices pass
	recovering string // whom a recovery code was asked for, "" when nobody has the name
	profiled   bool   // some profiling action has run
}

// nameSource is where the flow has its person from.
type nameSource int

const (
	namedByNobody nameSource = iota
	namedByHint
	namedByPerson
)

// Challenge is a passcode that is waited for.
type Challenge struct {
	DeviceID string
	Sent     tenant.OTP // empty for TOTP and once used up
	Former   tenant.OTP // the one before: worth nothing
	// FormerDeviceID is the device that the one before was sent to.
	FormerDeviceID string
	// exhausted says that the last allowed attempt failed: only a new selection helps.
	exhausted bool
}

// About is whom the flow changes, proven or not; "" when that is nobody.
func (f *Flow) About() string { return cmp.Or(f.UserID, f.recovering) }

// Authenticated says whether the person has proven who they are, or was let
// pass on the word of a signed hint.
func (f *Flow) Authenticated() bool { return len(f.Methods) > 0 || f.excused }

// Action is the policy's action that the flow waits at.
func (f *Flow) Action() *tenant.Action { return &f.actions[f.next] }

// AMR are proven factors for tokens; two kinds of them make it multi-factor.
func AMR(methods []string) []string {
	shown := slices.Clone(methods)
	if slices.Contains(methods, Password) && slices.Contains(methods, Passcode) {
		shown = append(shown, "mfa")
	}
	return shown
}

// bind names the person of the flow, unless it is about one already.
//
// https://developer.pingidentity.com/pingone-api/auth/flows/flows-1/check-username-password.html
func (f *Flow) bind(u *tenant.User) {
	if f.UserID == "" {
		f.UserID, f.named = u.ID, namedByPerson
	}
}

// person is whom the flow is about as long as their account can be used: it may
// have been switched off, or locked by wrong passwords, meanwhile.
func (f *Flow) person(at Visit) *tenant.User {
	if u := at.Env.Users[f.UserID]; u != nil && u.Enabled && !u.Locked(at.Now) {
		return u
	}
	return nil
}

func (f *Flow) fail(reason *Failure) step {
	f.Status, f.Failure = Failed, reason
	return stepFailed
}

func (f *Flow) wait(status string) step {
	f.Status = status
	return stepWaits
}
