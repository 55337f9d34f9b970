package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"

	"pingone-conformance/emulator/internal/fault"
	"pingone-conformance/emulator/internal/management"
	"pingone-conformance/emulator/internal/oauth"
	"pingone-conformance/emulator/internal/tenant"
	"pingone-conformance/emulator/internal/variation"
	"pingone-conformance/emulator/internal/wire"
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
	faults      *fault.Injector
	credentials Credentials
	url         string
	http        *http.Server
	connections *connections
	closing     chan struct{}
	served      chan error
}

// Start makes an emulator with two environments and lets it listen. The context
// bounds the start alone; Close ends the emulator.
func Start(ctx context.Context, o Options) (*Server, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o, closing: make(chan struct{}), served: make(chan error, 1)}
	s.faults = fault.New(o.Now, s.closing)
	s.tenant = tenant.New(tenant.Options{Now: s.faults.Now, Random: o.Random, Decisions: &o.decisions.Tenant})
	s.credentials = seed(s.tenant, o.DefaultMethods)
	handler, err := s.handler()
	if err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", o.Addr)
	if err != nil {
		return nil, fmt.Errorf("emulator: listen: %w", err)
	}
	s.url = "http://" + reachable(listener.Addr())
	s.connections = newConnections(o.limits.connections)
	s.http = &http.Server{
		Handler: handler, ReadHeaderTimeout: o.limits.header, ReadTimeout: o.limits.body, WriteTimeout: o.limits.write + o.Latency,
		IdleTimeout: o.limits.idle, MaxHeaderBytes: o.limits.headerBytes, ConnState: s.connections.changed, ErrorLog: log.New(io.Discard, "", 0),
	}
	go func() { s.served <- s.http.Serve(listener) }()
	return s, nil
}

// reachable is an address under which this machine reaches the listener, also
// when it listens on all of them.
func reachable(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
	}
	return addr.String()
}

// URL is where the emulator listens, such as http://127.0.0.1:9030: the API is
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
	if served := <-s.served; err == nil && !errors.Is(served, http.ErrServerClosed) {
		err = served
	}
	<-s.connections.allClosed()
	if err != nil {
		return fmt.Errorf("emulator: close: %w", err)
	}
	return nil
}

// handler joins the management API, the authorization server and the
// emulator's own pages.
func (s *Server) handler() (http.Handler, error) {
	decide := s.options.decisions
	signOn := oauth.New(s.tenant, oauth.Options{
		Capacity: s.options.limits.kept, Flow: &decide.Flow, Browser: &decide.Browser, Decisions: &decide.OAuth,
	})
	manage := management.New(s.tenant, management.Options{Authenticate: authenticate(signOn), UserDeleted: signOn.UserDeleted, Decisions: &decide.Management})
	routes := append(manage.Routes(), signOn.Routes()...)
	s.faults.Cover(routes)
	if err := s.faults.Set(s.options.Faults); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	variations := s.options.variations.Start(s.options.Varied)
	router, err := wire.NewRouter(routes, wire.RouterOptions{
		Lock: s.tenant, NewID: s.tenant.NewID, Now: s.tenant.Now, Wrap: append(s.middleware(variations), signOn.FetchKeys),
	})
	if err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return s.pages(variations.Addresses(router)), nil
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

// middleware is what every call of PingOne's paths goes through.
func (s *Server) middleware(variations *variation.Work) []wire.Middleware {
	var all []wire.Middleware
	if s.options.Latency > 0 {
		all = append(all, s.late)
	}
	all = append(all, s.faults.Wrap)
	if variations != nil {
		all = append(all, variations.Wrap)
	}
	if deviate := s.options.deviations.Middleware(); deviate != nil {
		all = append(all, deviate)
	}
	return all
}

// late waits before it answers, but not past the end of the caller's patience or the emulator.
func (s *Server) late(next wire.Handler) wire.Handler {
	return func(call *wire.Call) *wire.Answer {
		wire.Pause(s.options.Latency, call.Done, s.closing)
		return next(call)
	}
}
