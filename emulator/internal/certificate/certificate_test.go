package certificate_test

import (
	"crypto/x509"
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

func TestWhatAFolderKeeps(t *testing.T) {
	dir, now := filepath.Join(t.TempDir(), "ca"), time.Now()
	first, err := certificate.Open(dir, "", now)
	require.NoError(t, err)
	key, err := os.Stat(filepath.Join(dir, "ca-key.pem"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), key.Mode().Perm())
	for name, row := range map[string]struct {
		public string
		now    time.Time
		same   bool
	}{
		"the next start":        {"", now, true},
		"a year later":          {"", now.AddDate(1, 0, 0), false},
		"a name that it is not": {"auth.example.com", now, false},
	} {
		copied := filepath.Join(t.TempDir(), "copy")
		require.NoError(t, os.CopyFS(copied, os.DirFS(dir)))
		again, err := certificate.Open(copied, row.public, row.now)
		require.NoError(t, err)
		require.Equal(t, row.same, string(first.PEM()) == string(again.PEM()), name)
	}
	require.NoError(t, os.WriteFile(filepath.Join(dir, "ca.pem"), []byte("broken"), 0o600))
	_, err = certificate.Open(dir, "", now)
	require.ErrorContains(t, err, dir)
}
