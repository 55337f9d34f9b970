// Package certificate makes what --tls needs: a certificate authority that is good for
// this machine's own names alone, and a certificate of it for the emulator.
package certificate

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"time"
)

// life of both certificates; Apple's systems refuse more than 398 days.
const life = 365 * 24 * time.Hour

// soon is when an authority that is read from a folder is made anew.
const soon = 30 * 24 * time.Hour

// The files of an authority in its folder. Only the certificate is for others.
const (
	certificateFile = "ca.pem"
	keyFile         = "ca-key.pem"
)

// Authority is a certificate authority for localhost, 127.0.0.1, ::1, and the name
// of a public URL if there is one.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// Open reads the authority that a folder holds, or makes one there; without a folder
// it is made in memory. An authority of other names, or one that ends within a month,
// is replaced.
func Open(dir, publicHost string, now time.Time) (*Authority, error) {
	if dir == "" {
		return create(publicHost, now)
	}
	known, err := read(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case now.Add(soon).Before(known.certificate.NotAfter) && known.covers(publicHost):
		return known, nil
	}
	made, err := create(publicHost, now)
	if err != nil {
		return nil, err
	}
	return made, made.write(dir)
}

func create(publicHost string, now time.Time) (*Authority, error) {
	key := newKey()
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "pingone-conformance emulator, this machine only"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life), IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign, PermittedDNSDomainsCritical: true,
		PermittedDNSDomains: []string{"localhost"}, PermittedIPRanges: []*net.IPNet{only(net.IPv4(127, 0, 0, 1)), only(net.IPv6loopback)},
	}
	if ip := net.ParseIP(publicHost); ip != nil {
		template.PermittedIPRanges = append(template.PermittedIPRanges, only(ip))
	} else if publicHost != "" {
		template.PermittedDNSDomains = append(template.PermittedDNSDomains, publicHost)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("make an authority: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("read the authority back: %w", err)
	}
	return &Authority{certificate, key}, nil
}

func newKey() *ecdsa.PrivateKey {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader) // crypto/rand does not fail on supported systems
	return key
}

func only(ip net.IP) *net.IPNet {
	if v4 := ip.To4(); v4 != nil {
		ip = v4
	}
	return &net.IPNet{IP: ip, Mask: net.CIDRMask(8*len(ip), 8*len(ip))}
}

func (a *Authority) covers(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		for _, permitted := range a.certificate.PermittedIPRanges {
			if permitted.Contains(ip) {
				return true
			}
		}
		return false
	}
	for _, permitted := range a.certificate.PermittedDNSDomains {
		if host == "" || permitted == host {
			return true
		}
	}
	return false
}

// PEM is the authority's certificate, for installing by hand.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// Server is the TLS configuration of a server under the names that the authority covers.
func (a *Authority) Server(publicHost string, now time.Time) (*tls.Config, error) {
	key := newKey()
	template := &x509.Certificate{
		Subject:   pkix.Name{CommonName: "pingone-conformance emulator"},
		NotBefore: now.Add(-time.Hour), NotAfter: a.certificate.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		DNSNames: []string{"localhost"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if ip := net.ParseIP(publicHost); ip != nil {
		template.IPAddresses = append(template.IPAddresses, ip)
	} else if publicHost != "" {
		template.DNSNames = append(template.DNSNames, publicHost)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("make a certificate: %w", err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{{Certificate: [][]byte{der, a.certificate.Raw}, PrivateKey: key}}}, nil
}

func read(dir string) (*Authority, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, certificateFile), filepath.Join(dir, keyFile))
	if err != nil {
		return nil, fmt.Errorf("read the certificate authority in %s: %w", dir, err)
	}
	key, ours := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ours || !pair.Leaf.IsCA {
		return nil, fmt.Errorf("%s holds no certificate authority of this program", dir)
	}
	return &Authority{pair.Leaf, key}, nil
}

func (a *Authority) write(dir string) error {
	der, _ := x509.MarshalPKCS8PrivateKey(a.key) // an ECDSA key always encodes
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of the certificate authority: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, keyFile), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		return fmt.Errorf("keep the authority's key: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, certificateFile), a.PEM(), 0o600); err != nil {
		return fmt.Errorf("keep the authority: %w", err)
	}
	return nil
}
