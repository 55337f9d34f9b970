package suite

import (
	"context"
	"time"

	"pingone-conformance/internal/passcode"
	"pingone-conformance/internal/replay"
)

// Place is where one scenario happens: who answers, as whom the scenario calls,
// and where its passcodes come from.
type Place struct {
	// Session carries the scenario's calls, clock and randomness.
	Session *replay.Session
	// Run is the run id in the names of what is created; "" means the session's own.
	Run string
	// APIURL and AuthURL are the base URLs of the management API and the authorization server.
	APIURL, AuthURL string
	// AppsURL is where PingOne's own pages are; "" is AuthURL.
	AppsURL string
	// EnvironmentID is where things are created, WorkerEnvironmentID where the worker application lives.
	EnvironmentID, WorkerEnvironmentID string
	ClientID, ClientSecret             string
	// Passcodes says where one-time passcodes are read; nil in replay.
	Passcodes passcode.Source
	// PasscodeKind is the source's name in PINGONE_PASSCODE's words; it decides
	// which device a person gets.
	PasscodeKind string
	// Phone and Email are the addresses of the devices that scenarios register.
	Phone, Email string
	// Foreign is a worker application of another environment, for scenarios about trespassing; nil when there is none.
	Foreign *Foreign
	// CallLimit bounds one call; 0 means the client's own limit.
	CallLimit time.Duration
	// Advance sets the environment's clock forward; nil where that cannot be done.
	Advance func(minutes int)
	// Close ends the place after the scenario's clean-up.
	Close func() error
}

// Foreign holds the credentials of a worker application that has no role in the scenario's environment.
type Foreign struct{ EnvironmentID, ClientID, ClientSecret string }

// Opener prepares a Place for each scenario.
type Opener interface {
	Open(ctx context.Context, scenario ID) (*Place, error)
}

// Replayed is the place of a session that is answered by a recording.
func Replayed(session *replay.Session) *Place {
	in := replay.Replayed()
	return &Place{
		Session: session, APIURL: in.APIURL, AuthURL: in.AuthURL, AppsURL: in.AppsURL,
		EnvironmentID: in.EnvironmentID, WorkerEnvironmentID: in.WorkerEnvironmentID,
		ClientID: in.ClientID, ClientSecret: in.ClientSecret, Phone: in.Phone, Email: in.Email, PasscodeKind: session.Passcodes(),
	}
}
