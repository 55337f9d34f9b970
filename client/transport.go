package client

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// NewTransport returns a transport for PingOne: TLS 1.2 or newer, proxies as
// the process environment names them, and up to concurrency idle connections
// kept for each host, so that as many scenarios at once need not dial again.
// One transport is meant to be shared by every client of a run.
func NewTransport(concurrency int) *http.Transport {
	// Its limits bound single phases of a call; Options.Timeout bounds the whole.
	dialer := &net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            dialer.DialContext,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    10 * time.Second,
		MaxIdleConnsPerHost:    max(concurrency, 1),
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 1 << 20,
	}
}
