package certificate_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"pingone-conformance/emulator/internal/certificate"
)

func TestForWhichNamesItIsGood(t *testing.T) {
	for _, row := range []struct {
		public string
		good   []string
		bad    []string
	}{
		{"", []string{"localhost", "127.0.0.1", "::1"}, []string{"auth.example.com", "127.0.0.2"}},
		{"auth.example.com", []string{"localhost", "127.0.0.1", "auth.example.com"}, []string{"example.com"}},
		{"192.0.2.1", []string{"localhost", "192.0.2.1"}, []string{"192.0.2.2"}},
	} {
		now := time.Now()
		authority, err := certificate.Open("", row.public, now)
		require.NoError(t, err)
		server, err := authority.Server(row.public, now)
		require.NoError(t, err)
		leaf, err := x509.ParseCertificate(server.Certificates[0].Certificate[0])
		require.NoError(t, err)
		roots := x509.NewCertPool()
		require.True(t, roots.AppendCertsFromPEM(authority.PEM()))
		for _, name := range row.good {
			_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: now})
			require.NoError(t, err, name)
		}
		for _, name := range row.bad {
			_, err := leaf.Verify(x509.VerifyOptions{Roots: roots, DNSName: name, CurrentTime: now})
			require.Error(t, err, name)
		}
		require.Less(t, leaf.NotAfter.Sub(leaf.NotBefore), 398*24*time.Hour)
	}
}

// signed is a certificate that somebody who has an authority's folder makes with it.
func signed(t *testing.T, dir string, template *x509.Certificate) *x509.Certificate {
	t.Helper()
	ca, err := tls.LoadX509KeyPair(filepath.Join(dir, "ca.pem"), filepath.Join(dir, "ca-key.pem"))
	require.NoError(t, err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template.SerialNumber, template.NotBefore, template.NotAfter = big.NewInt(1), time.Now(), time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, template, ca.Leaf, key.Public(), ca.PrivateKey)
	require.NoError(t, err)
	made, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	return made
}

// Whoever gets hold of the key can make nothing with it that is good for other names.
func TestWhatTheAuthorityCanSign(t *testing.T) {
	for _, public := range []string{"", "auth.example.com", "192.0.2.1"} {
		dir := t.TempDir()
		authority, err := certificate.Open(dir, public, time.Now())
		require.NoError(t, err)
		roots := x509.NewCertPool()
		require.True(t, roots.AppendCertsFromPEM(authority.PEM()))
		for name, good := range map[string]bool{
			"localhost": true, "127.0.0.1": true, "::1": true, "auth.example.com": public == "auth.example.com", "192.0.2.1": public == "192.0.2.1",
			"example.com": false, "other.example.com": false, "127.0.0.2": false, "192.0.2.2": false, "::2": false,
		} {
			template := &x509.Certificate{}
			if ip := net.ParseIP(name); ip != nil {
				template.IPAddresses = []net.IP{ip}
			} else {
				template.DNSNames = []string{name}
			}
			_, err := signed(t, dir, template).Verify(x509.VerifyOptions{Roots: roots, DNSName: name, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}})
			require.Equal(t, good, err == nil, "%s with %q: %v", name, public, err)
		}
	}
}

func parsed(t *testing.T, text []byte) *x509.Certificate {
	t.Helper()
	block, _ := pem.Decode(text)
	read, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	return read
}

func TestHowLongItIsGood(t *testing.T) {
	now := time.Now().Truncate(time.Second).UTC()
	authority, err := certificate.Open("", "", now)
	require.NoError(t, err)
	ca := parsed(t, authority.PEM())
	require.Equal(t, []time.Time{now.Add(-time.Hour), now.AddDate(0, 0, 365)}, []time.Time{ca.NotBefore, ca.NotAfter}, "clocks differ a little")
	require.True(t, ca.IsCA && ca.BasicConstraintsValid && ca.MaxPathLenZero && ca.PermittedDNSDomainsCritical)
	later := now.AddDate(0, 0, 100)
	server, err := authority.Server("", later)
	require.NoError(t, err)
	chain := server.Certificates[0].Certificate
	require.Len(t, chain, 2)
	require.Equal(t, ca.Raw, chain[1])
	leaf, err := x509.ParseCertificate(chain[0])
	require.NoError(t, err)
	require.Equal(t, []time.Time{later.Add(-time.Hour), ca.NotAfter}, []time.Time{leaf.NotBefore, leaf.NotAfter}, "no longer than who signed it")
	other, err := authority.Server("", later)
	require.NoError(t, err)
	again, err := x509.ParseCertificate(other.Certificates[0].Certificate[0])
	require.NoError(t, err)
	require.NotEqual(t, leaf.SerialNumber, again.SerialNumber)
}

func TestWhatAFolderKeeps(t *testing.T) {
	now := time.Now()
	for _, row := range []struct {
		name, first, then string
		days              int
		same              bool
	}{
		{"the next start", "", "", 0, true},
		{"another time zone's day", "", "", 334, true},
		{"a month before its end", "", "", 335, false},
		{"a year later", "", "", 366, false},
		{"a name that it is not", "", "auth.example.com", 0, false},
		{"its own name", "auth.example.com", "auth.example.com", 0, true},
		{"another name", "auth.example.com", "example.com", 0, false},
		{"without its name", "auth.example.com", "", 0, true},
		{"an address that it is not", "", "192.0.2.1", 0, false},
		{"its own address", "192.0.2.1", "192.0.2.1", 0, true},
		{"another address", "192.0.2.1", "192.0.2.2", 0, false},
		{"an address that it always has", "", "::1", 0, true},
	} {
		dir := filepath.Join(t.TempDir(), "new", "ca")
		first, err := certificate.Open(dir, row.first, now)
		require.NoError(t, err)
		for file, mode := range map[string]os.FileMode{"ca-key.pem": 0o600, "ca.pem": 0o600, ".": 0o700} {
			kept, err := os.Stat(filepath.Join(dir, file))
			require.NoError(t, err)
			require.Equal(t, mode, kept.Mode().Perm(), file)
		}
		then := now.AddDate(0, 0, row.days)
		again, err := certificate.Open(dir, row.then, then)
		require.NoError(t, err)
		require.Equal(t, row.same, string(first.PEM()) == string(again.PEM()), row.name)
		kept, err := certificate.Open(dir, row.then, then)
		require.NoError(t, err)
		require.Equal(t, string(again.PEM()), string(kept.PEM()), "%s: what replaces it is kept", row.name)
	}
}

func TestFoldersThatAreRefused(t *testing.T) {
	now := time.Now()
	good := t.TempDir()
	authority, err := certificate.Open(good, "", now)
	require.NoError(t, err)
	server, err := authority.Server("", now)
	require.NoError(t, err)
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), IsCA: true, BasicConstraintsValid: true, NotAfter: now.AddDate(1, 0, 0)}
	rsaCA, err := x509.CreateCertificate(rand.Reader, template, template, rsaKey.Public(), rsaKey)
	require.NoError(t, err)
	pair := func(dir string, der []byte, key any) {
		encoded, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, "ca.pem"), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "ca-key.pem"), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}), 0o600))
	}
	for says, spoil := range map[string]func(dir string){
		"read the certificate authority in ": func(dir string) {
			pair(dir, rsaCA, rsaKey)
			require.NoError(t, os.WriteFile(filepath.Join(dir, "ca.pem"), []byte("broken"), 0o600))
		},
		"keep the authority's key: ": func(dir string) { require.NoError(t, os.Mkdir(filepath.Join(dir, "ca-key.pem"), 0o700)) },
		"keep the authority: ": func(dir string) {
			require.NoError(t, os.Symlink(filepath.Join(dir, "no", "where"), filepath.Join(dir, "ca.pem")))
		},
		"holds no certificate authority of th": func(dir string) { pair(dir, server.Certificates[0].Certificate[0], server.Certificates[0].PrivateKey) },
		"holds no certificate authority of":    func(dir string) { pair(dir, rsaCA, rsaKey) },
	} {
		dir := t.TempDir()
		spoil(dir)
		_, err := certificate.Open(dir, "", now)
		require.ErrorContains(t, err, says, says)
		require.ErrorContains(t, err, dir)
	}
	nowhere := filepath.Join(t.TempDir(), "nowhere")
	require.NoError(t, os.Symlink(nowhere+" else", nowhere))
	_, err = certificate.Open(nowhere, "", now)
	require.ErrorContains(t, err, "make the folder of the certificate authority: ")
	for _, dir := range []string{"", t.TempDir()} {
		_, err = certificate.Open(dir, "b\u00fccher.example.com", now)
		require.ErrorContains(t, err, "make an authority: ")
	}
	_, err = authority.Server("b\u00fccher.example.com", now)
	require.ErrorContains(t, err, "make a certificate: ")
}
