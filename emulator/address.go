package emulator

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"

	"pingone-conformance/emulator/internal/certificate"
	"pingone-conformance/emulator/internal/wire"
)

// listen opens the addresses and serves on them.
func (s *Server) listen(ctx context.Context, handler http.Handler) error {
	o := s.options
	secure, err := s.secure()
	if err != nil {
		return err
	}
	listeners, err := listeners(ctx, o.Addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if s.url = o.PublicURL; s.url == "" {
		s.url = schemeOf(secure) + reachable(o.Addr, listeners[0].Addr())
	}
	s.listening = listeners[0].Addr().String()
	s.connections = newConnections(o.limits.connections)
	s.http = &http.Server{
		Handler: s.connections.heeding(handler), ConnContext: s.connections.known, ReadHeaderTimeout: o.limits.header, ReadTimeout: o.limits.body, WriteTimeout: o.limits.write + o.Latency,
		IdleTimeout: o.limits.idle, MaxHeaderBytes: o.limits.headerBytes, ConnState: s.connections.changed, ErrorLog: log.New(io.Discard, "", 0),
	}
	for _, listener := range listeners {
		if secure != nil {
			listener = tls.NewListener(listener, secure)
		}
		served := make(chan error, 1)
		s.served = append(s.served, served)
		go func() { served <- s.http.Serve(listener) }()
	}
	return nil
}

func schemeOf(secure *tls.Config) string {
	if secure != nil {
		return "https://"
	}
	return "http://"
}

// secure is the TLS configuration, nil without TLS.
func (s *Server) secure() (*tls.Config, error) {
	if !s.options.TLS {
		return nil, nil
	}
	host, now := publicHost(s.options.PublicURL), time.Now() // of the machine: browsers know no other clock
	var err error
	if s.authority, err = certificate.Open(s.options.TLSDir, host, now); err != nil {
		return nil, err
	}
	return s.authority.Server(host, now)
}

// CA is the certificate of the authority that callers of an emulator with TLS have to
// trust, as PEM; nil without TLS.
func (s *Server) CA() []byte {
	if s.authority == nil {
		return nil
	}
	return s.authority.PEM()
}

// CA is the certificate, as PEM, of the authority that an emulator with these options
// and a TLSDir has; it is made where there is none yet.
func CA(o Options) ([]byte, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	s := &Server{options: o}
	if _, err := s.secure(); err != nil {
		return nil, fmt.Errorf("emulator: %w", err)
	}
	return s.CA(), nil
}

func publicHost(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// answersTo says whether calls to a host name are answered: without AllowRemote only
// those to loopback and the public URL, so that a page elsewhere whose name was made
// to point here gets nothing.
func (s *Server) answersTo(host string) bool {
	return s.options.AllowRemote || wire.Loopback(host) || host != "" && host == publicHost(s.options.PublicURL)
}

// tries is how often a port is drawn that is free in both families.
const tries = 20

// listeners opens an address; localhost is 127.0.0.1 and, where the machine has it,
// ::1, since programs differ in which one they take it for.
func listeners(ctx context.Context, addr string) ([]net.Listener, error) {
	host, port, _ := net.SplitHostPort(addr) // the options were checked
	if host != "localhost" {
		one, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
		return []net.Listener{one}, err
	}
	for try := 1; ; try++ {
		both, err := bothFamilies(ctx, port)
		if err == nil || port != "0" || try == tries || !errors.Is(err, syscall.EADDRINUSE) {
			return both, err
		}
	}
}

func bothFamilies(ctx context.Context, port string) ([]net.Listener, error) {
	four, err := new(net.ListenConfig).Listen(ctx, "tcp4", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return nil, err
	}
	six, err := new(net.ListenConfig).Listen(ctx, "tcp6", net.JoinHostPort("::1", portOf(four.Addr())))
	switch {
	case err == nil:
		return []net.Listener{four, six}, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, errors.Join(err, four.Close())
	}
	return []net.Listener{four}, nil // a machine without ::1
}

func portOf(addr net.Addr) string {
	if tcp, ok := addr.(*net.TCPAddr); ok {
		return strconv.Itoa(tcp.Port)
	}
	return ""
}

// reachable is a host and port under which this machine reaches a listener, also when
// it listens on all addresses.
func reachable(asked string, addr net.Addr) string {
	host, _, err := net.SplitHostPort(asked)
	tcp, ok := addr.(*net.TCPAddr)
	if err == nil && host == "localhost" || ok && tcp.IP.IsUnspecified() {
		return net.JoinHostPort("localhost", portOf(addr))
	}
	return addr.String()
}
