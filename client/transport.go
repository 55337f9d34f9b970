package client

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Limits of the transport itself. They bound single phases of a call; the whole
// call is bounded by Options.Timeout.
const (
	dialTimeout         = 10 * time.Second
	tlsHandshakeTimeout = 10 * time.Second
	idleConnTimeout     = 90 * time.Second
	maxHeaderBytes      = 1 << 20
)

// NewTransport returns a transport for PingOne: TLS 1.2 or newer, proxies as
// the process environment names them, and up to concurrency idle connections
// kept for each host, so that as many scenarios at once need not dial again.
// One transport is meant to be shared by every client of a run.
func NewTransport(concurrency int) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    tlsHandshakeTimeout,
		MaxIdleConnsPerHost:    max(concurrency, 1),
		IdleConnTimeout:        idleConnTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
	}
}
