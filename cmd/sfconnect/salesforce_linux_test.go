package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/practice"
)

// salesforce is a practice org under Salesforce's own names, over TLS, which
// only a proxy leads to.
type salesforce struct {
	t     *testing.T
	org   *practice.Org
	facts practice.Facts
	proxy string // its address as a URL
	ca    string // PEM file of the authority that signed the certificate
	spki  string // the certificate's key, as chromium wants to be told of it

	mu    sync.Mutex
	asked []string // hosts that were asked of the proxy by programs other than a browser
}

func newSalesforce(t *testing.T, u *user, settings map[string]string) *salesforce {
	t.Helper()
	org, err := practice.New(practice.Options{
		LoginURL: "https://login.salesforce.com", MyDomainURL: "https://acme.my.salesforce.com",
		Settings: settings, Now: time.Now, Rand: rand.Reader,
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &salesforce{t: t, org: org, facts: org.Facts(), ca: filepath.Join(u.home, "ca.pem")}
	server := httptest.NewUnstartedServer(org.Handler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{s.certificate()}}
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)

	proxy := httptest.NewServer(s.tunnel(server.Listener.Addr().String()))
	t.Cleanup(proxy.Close)
	s.proxy = proxy.URL
	u.sets("HTTPS_PROXY=" + s.proxy)
	return s
}

// certificate is for Salesforce's hosts, from an authority of this test alone.
func (s *salesforce) certificate() tls.Certificate {
	s.t.Helper()
	sign := func(template, parent *x509.Certificate, key, parentKey *ecdsa.PrivateKey) []byte {
		der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), parentKey)
		if err != nil {
			s.t.Fatal(err)
		}
		return der
	}
	newKey := func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			s.t.Fatal(err)
		}
		return key
	}
	from, to := time.Now().Add(-time.Hour), time.Now().Add(24*time.Hour)
	authorityKey, key := newKey(), newKey()
	authority := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, NotBefore: from, NotAfter: to,
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	host := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "salesforce.com"}, NotBefore: from, NotAfter: to,
		DNSNames: []string{"login.salesforce.com", "acme.my.salesforce.com"}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der := sign(authority, authority, authorityKey, authorityKey)
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	if err := os.WriteFile(s.ca, text, 0o600); err != nil {
		s.t.Fatal(err)
	}
	leaf := sign(host, authority, key, authorityKey)
	parsed, err := x509.ParseCertificate(leaf)
	if err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.Sum256(parsed.RawSubjectPublicKeyInfo)
	s.spki = base64.StdEncoding.EncodeToString(sum[:])
	return tls.Certificate{Certificate: [][]byte{leaf}, PrivateKey: key}
}

// tunnel is an HTTP proxy that knows Salesforce's hosts only.
func (s *salesforce) tunnel(server string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.UserAgent(), "Mozilla/") {
			s.mu.Lock()
			s.asked = append(s.asked, r.Method+" "+r.Host)
			s.mu.Unlock()
		}
		if r.Method != http.MethodConnect || !strings.HasSuffix(r.Host, ".salesforce.com:443") {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		up, err := net.Dial("tcp", server)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer up.Close()
		down, buffered, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		defer down.Close()
		_, _ = io.WriteString(down, "HTTP/1.1 200 Connection established\r\n\r\n")
		both := make(chan struct{}, 2)
		carry := func(to net.Conn, from io.Reader) {
			_, _ = io.Copy(to, from)
			both <- struct{}{}
		}
		go carry(up, buffered)
		go carry(down, up)
		<-both // one end has closed; the deferred calls end the other
	})
}

// hosts are those that sfconnect asked the proxy for.
func (s *salesforce) hosts() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	hosts := slices.Clone(s.asked)
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// lives asks the org itself whether it takes this access token.
func (s *salesforce) lives(token string) bool {
	return slices.Contains(s.org.Ledger().LiveAccessTokens, token)
}

// callbackPort is the port of the callback that an authorize address names.
func callbackPort(t *testing.T, authorize string) string {
	t.Helper()
	u, err := url.Parse(authorize)
	if err != nil {
		t.Fatal(err)
	}
	back, err := url.Parse(u.Query().Get("redirect_uri"))
	if err != nil || back.Port() == "" {
		t.Fatalf("no callback with a port in %s: %v", authorize, err)
	}
	return back.Port()
}
