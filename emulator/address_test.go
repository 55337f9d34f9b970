package emulator_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"

	"pingone-conformance/emulator"
)

func TestWhereItIsReached(t *testing.T) {
	for _, row := range []struct {
		name    string
		options emulator.Options
		url     string // what it prints, with its port as PORT
		answers []string
	}{
		{"by default", emulator.Options{}, "http://localhost:PORT", []string{"http://localhost:PORT", "http://127.0.0.1:PORT", "http://[::1]:PORT"}},
		{"one family", emulator.Options{Addr: "127.0.0.1:0"}, "http://127.0.0.1:PORT", []string{"http://127.0.0.1:PORT"}},
		{"all addresses", emulator.Options{Addr: ":0", AllowRemote: true}, "http://localhost:PORT", []string{"http://127.0.0.1:PORT"}},
		{"with TLS", emulator.Options{TLS: true}, "https://localhost:PORT", []string{"https://localhost:PORT", "https://127.0.0.1:PORT"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := start(t, row.options)
			port := server.URL()[strings.LastIndex(server.URL(), ":")+1:]
			require.Equal(t, row.url, strings.ReplaceAll(server.URL(), port, "PORT"))
			client := trusting(t, server)
			for _, address := range row.answers {
				address = strings.ReplaceAll(address, "PORT", port)
				response, err := client.Get(address + "/" + server.Credentials().EnvironmentID + "/as/.well-known/openid-configuration")
				if strings.Contains(address, "[::1]") && noIPv6(err) {
					continue
				}
				require.NoError(t, err)
				require.Equal(t, 200, response.StatusCode)
				require.NoError(t, response.Body.Close())
			}
		})
	}
}

// trusting is a client that trusts the emulator's authority and keeps cookies.
func trusting(t *testing.T, server *emulator.Server) *http.Client {
	roots := x509.NewCertPool()
	require.Equal(t, server.CA() != nil, roots.AppendCertsFromPEM(server.CA()))
	transport := &http.Transport{TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}}
	t.Cleanup(transport.CloseIdleConnections)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	return &http.Client{Transport: transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

func noIPv6(err error) bool {
	return errors.Is(err, syscall.EADDRNOTAVAIL) || errors.Is(err, syscall.EAFNOSUPPORT) || errors.Is(err, syscall.ENETUNREACH)
}

func TestOneTakenFamilyIsATakenPort(t *testing.T) {
	taken, err := net.Listen("tcp6", "[::1]:0")
	if err != nil {
		t.Skip("this machine has no ::1: ", err)
	}
	defer func() { _ = taken.Close() }()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	require.NoError(t, err)
	_, err = emulator.Start(context.Background(), emulator.Options{Addr: "localhost:" + port})
	require.ErrorIs(t, err, syscall.EADDRINUSE)
}

func TestPublicURL(t *testing.T) {
	server := start(t, emulator.Options{Addr: "127.0.0.1:0", PublicURL: "https://auth.example.com/"})
	require.Equal(t, "https://auth.example.com", server.URL())
	require.Equal(t, "https://auth.example.com/emulator/outbox", server.OutboxURL())
	for _, row := range []struct {
		host, origin string
		status       int
	}{
		{"auth.example.com", "", 200}, {"localhost", "", 200}, {"example.com", "", 421},
		{"localhost", "https://auth.example.com", 200}, {"localhost", "https://example.com", 403},
	} {
		request, err := http.NewRequest(http.MethodGet, "http://"+emulator.Addr(server)+"/emulator/health", nil)
		require.NoError(t, err)
		request.Host = row.host
		if row.origin != "" {
			request.Header.Set("Origin", row.origin)
		}
		status, _ := newCaller(t, server).do(request)
		require.Equal(t, row.status, status, row)
	}
	for _, public := range []string{"auth.example.com", "ftp://auth.example.com", "https://auth.example.com/pingone", "https://", "https://a:b@example.com",
		"https://a@example.com", "https://auth.example.com?a=1", "https://auth.example.com/#a", "http://auth.example.com:8080%zz"} {
		_, err := emulator.Start(context.Background(), emulator.Options{PublicURL: public})
		require.ErrorContains(t, err, "is not http://host[:port]", public)
	}
}

// TestCookiesAndLinksOfAnAddress looks at attributes: Go's jar sends Secure cookies to
// loopback over http, browsers differ.
func TestCookiesAndLinksOfAnAddress(t *testing.T) {
	for _, row := range []struct {
		name    string
		options emulator.Options
		secure  bool
	}{
		{"http", emulator.Options{}, false},
		{"TLS", emulator.Options{TLS: true}, true},
		{"behind a proxy with TLS", emulator.Options{PublicURL: "https://localhost:8443"}, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.options.Addr = "127.0.0.1:0"
			server := start(t, row.options)
			listens := server.URL()
			if row.options.PublicURL != "" {
				listens = "http://" + emulator.Addr(server)
			}
			c := newCaller(t, server)
			c.http, c.url = trusting(t, server), listens
			c.token = c.workerToken(c.env, server.Credentials().ClientID, server.Credentials().ClientSecret)
			app := c.create("/applications", object{
				"name": "shop", "enabled": true, "type": "SINGLE_PAGE_APP", "protocol": "OPENID_CONNECT", "grantTypes": []string{"AUTHORIZATION_CODE"},
				"responseTypes": []string{"CODE"}, "tokenEndpointAuthMethod": "NONE", "redirectUris": []string{"http://localhost:3000/back"},
			})
			require.True(t, strings.HasPrefix(app.Get("_links.self.href").String(), server.URL()+"/v1/"), app.Raw)
			query := url.Values{"client_id": {app.Get("id").String()}, "response_type": {"code"}, "response_mode": {"pi.flow"}, "redirect_uri": {"http://localhost:3000/back"}, "scope": {"openid"}}
			response, err := c.http.Get(listens + "/" + c.env + "/as/authorize?" + query.Encode())
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			require.Equal(t, 200, response.StatusCode)
			cookies := response.Cookies()
			require.Equal(t, []string{"ST", "ST-NO-SS"}, []string{cookies[0].Name, cookies[1].Name})
			for _, cookie := range cookies {
				require.Equal(t, row.secure, cookie.Secure, cookie.Raw)
				require.True(t, cookie.HttpOnly)
			}
			require.Equal(t, row.secure, cookies[0].SameSite == http.SameSiteNoneMode, "None without Secure is refused by browsers")
			require.NotEqual(t, http.SameSiteNoneMode, cookies[1].SameSite)
			issuer := gjson.Get(c.text(listens+"/"+c.env+"/as/.well-known/openid-configuration"), "issuer").String()
			require.Equal(t, server.URL()+"/"+c.env+"/as", issuer)
		})
	}
}

// An emulator that other machines may reach answers whatever name they have for it.
func TestAnyNameOfARemoteEmulatorIsAnswered(t *testing.T) {
	server := start(t, emulator.Options{AllowRemote: true})
	request, err := http.NewRequest(http.MethodGet, server.URL()+"/emulator/health", nil)
	require.NoError(t, err)
	request.Host = "emulator.example.com"
	status, answer := newCaller(t, server).do(request)
	require.Equal(t, 200, status)
	require.JSONEq(t, `{"status":"up","name":"pingone-conformance-emulator","version":"`+emulator.Version+`"}`, answer.Raw)
}

func TestForWhichNamesAnEmulatorWithTLSIsGood(t *testing.T) {
	for public, good := range map[string][]string{
		"": {"localhost", "127.0.0.1", "::1"}, "https://localhost:8443": {"localhost", "127.0.0.1"},
		"https://127.0.0.2:8443": {"localhost", "127.0.0.2"}, "https://auth.example.com": {"localhost", "auth.example.com"},
	} {
		server := start(t, emulator.Options{TLS: true, PublicURL: public})
		roots := x509.NewCertPool()
		require.True(t, roots.AppendCertsFromPEM(server.CA()))
		for name, want := range map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true, "127.0.0.2": false, "auth.example.com": false} {
			connection, err := tls.Dial("tcp", emulator.Addr(server), &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots, ServerName: name})
			require.Equal(t, want || slices.Contains(good, name), err == nil, "%s with %q: %v", name, public, err)
			if err == nil {
				require.NoError(t, connection.Close())
			}
		}
	}
}

func TestTheAuthorityIsMadeAheadOfTheEmulator(t *testing.T) {
	o := emulator.Options{TLS: true, TLSDir: t.TempDir(), PublicURL: "https://localhost:8443"}
	ahead, err := emulator.CA(o)
	require.NoError(t, err)
	server := start(t, o)
	require.Equal(t, string(ahead), string(server.CA()))
	response, err := trusting(t, server).Get("https://" + emulator.Addr(server) + "/emulator/ca.pem")
	require.NoError(t, err)
	defer func() { _ = response.Body.Close() }()
	shown, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, string(ahead), string(shown))
	require.Equal(t, "application/x-pem-file", response.Header.Get("Content-Type"))
	o.PublicURL = "https://auth.example.com"
	other, err := emulator.CA(o)
	require.NoError(t, err)
	require.NotEqual(t, string(ahead), string(other), "it is good for no other name")
	for _, bad := range []emulator.Options{{TLS: true, Addr: "here"}, {TLS: true, TLSDir: "address_test.go"}} {
		_, err = emulator.CA(bad)
		require.ErrorContains(t, err, "emulator: ")
	}
	_, err = emulator.Start(context.Background(), emulator.Options{TLS: true, TLSDir: "address_test.go"})
	require.ErrorContains(t, err, "read the certificate authority in address_test.go")
	none, err := emulator.CA(emulator.Options{})
	require.NoError(t, err)
	require.Nil(t, none, "plain http needs none")
}

func TestStrictCORS(t *testing.T) {
	for strict, allowed := range map[bool]string{false: "https://shop.example.com", true: ""} {
		server := start(t, emulator.Options{StrictCORS: strict})
		request, err := http.NewRequest(http.MethodGet, server.URL()+"/v1/environments", nil)
		require.NoError(t, err)
		request.Header.Set("Origin", "https://shop.example.com")
		response, err := newCaller(t, server).http.Do(request)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		require.Equal(t, allowed, response.Header.Get("Access-Control-Allow-Origin"))
	}
}
