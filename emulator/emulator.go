package emulator

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"

	"pingone-conformance/emulator/internal/certificate"
	"pingone-conformance/emulator/internal/fault"
	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
)

// Credentials are the two worker applications that an emulator starts with.
type Credentials struct {
	// The environment to work in, and its worker application, with all roles there.
	EnvironmentID, ClientID, ClientSecret string
	// Another environment, whose worker application has no role in the first.
	OtherEnvironmentID, OtherClientID, OtherClientSecret string
}

// Server is one running emulator.
type Server struct {
	options     Options
	tenant      *tenant.Tenant
	clock       *clock
	faults      *fault.Injector
	manage      *management.Server
	signOn      *oauth.Server
	behaviour   behaviour
	router      atomic.Pointer[http.Handler]
	keeper      *keeper // nil without a state file
	recalled    bool
	journal     *journal
	logging     sync.Mutex // held while a line of the log is written
	initial     snapshot   // what reset goes back to
	credentials Credentials
	url         string
	listening   string                 // the first address
	authority   *certificate.Authority // nil without TLS
	http        *http.Server
	connections *connections
	closing     chan struct{}
	warm        chan struct{} // closed when there is a key to sign with
	served      []chan error  // of each listener
}

// Start makes an emulator with two environments and lets it listen. The context
// bounds the start alone; Close ends the emulator.
func Start(ctx context.Context, o Options) (*Server, error) {
	o, err := o.checked()
	if err != nil {
		return nil, &OptionsError{err}
	}
	s := &Server{options: o, closing: make(chan struct{}), warm: make(chan struct{})}
	s.clock = &clock{base: o.Now}
	s.faults = fault.New(s.clock.now, s.closing)
	s.tenant = tenant.New(tenant.Options{Now: s.faults.Now, Random: o.Random})
	s.journal = newJournal()
	s.join()
	if err := s.open(ctx); err != nil {
		if s.keeper != nil {
			err = errors.Join(err, s.keeper.file.Close())
		}
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return s, nil
}

// open fills the emulator and lets it listen.
func (s *Server) open(ctx context.Context) error {
	known, err := s.openState()
	if err != nil {
		return err
	}
	if s.recalled = known; !known {
		if err := fill(s.tenant, s.options); err != nil {
			return err
		}
	}
	s.credentials = credentials(s.tenant)
	if s.initial.Data == nil { // a state file has the first one
		if s.initial, err = s.snapshot(); err != nil {
			return err
		}
	}
	go func() { defer close(s.warm); s.signOn.Ready() }() // a key takes longer than all the rest of the start
	if err := errors.Join(s.behave(s.options.Deviations, s.options.Variations), s.faults.Set(s.options.Faults)); err != nil {
		return err
	}
	if s.keeper != nil {
		s.signOn.Watch()
		if err := s.keepAll(); err != nil {
			return err
		}
	}
	return s.listen(ctx, s.pages())
}

// Recalled says that the emulator holds what its state file held; a seed was not applied.
func (s *Server) Recalled() bool { return s.recalled }

// URL is where the emulator is reached, such as http://localhost:9030: the API is
// at /v1 below it, the authorization server at /{environment id}/as and
// /{environment id}/flows, the sign-on page at /{environment id}/signon/.
func (s *Server) URL() string { return s.url }

// Credentials returns what the emulator started with.
func (s *Server) Credentials() Credentials { return s.credentials }

// OutboxURL is where the passcodes can be read that PingOne would have sent: GET
// answers a JSON list, newest last, narrowed by to, user, device or flow; DELETE
// empties it.
func (s *Server) OutboxURL() string { return s.url + outboxPath }

// Counts says how many applications, users, and so on exist.
func (s *Server) Counts() map[string]int {
	s.tenant.Lock()
	defer s.tenant.Unlock()
	return s.tenant.Counts()
}

// Close stops listening, lets open calls end for a moment, and leaves nothing
// running behind. A second call does nothing.
func (s *Server) Close() error {
	select {
	case <-s.closing:
		return nil
	default:
		close(s.closing)
	}
	ctx, cancel := context.WithTimeout(context.Background(), s.options.limits.closing)
	defer cancel()
	s.connections.closeIdle() // the server itself would wait seconds for a caller that has sent nothing yet
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = s.http.Close()
	}
	for _, listener := range s.served {
		if served := <-listener; err == nil && !errors.Is(served, http.ErrServerClosed) {
			err = served
		}
	}
	<-s.connections.allClosed()
	if s.keeper != nil {
		err = errors.Join(err, s.keeper.file.Close())
	}
	if err != nil {
		return fmt.Errorf("emulator: close: %w", err)
	}
	return nil
}

// authenticate lets management ask the authorization server who calls.
func authenticate(signOn *oauth.Server) func(string) (management.Principal, bool) {
	return func(bearer string) (management.Principal, bool) {
		p, known := signOn.Authenticate(bearer)
		return management.Principal{
			EnvironmentID: p.EnvironmentID, ClientID: p.ClientID, UserID: p.UserID, Worker: p.Worker, Scopes: p.Scopes,
		}, known
	}
}
