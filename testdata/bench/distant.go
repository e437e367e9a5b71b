package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"example.com/sfconnect/internal/practice"
)

// roundTrip is the distance of the simulated org: half of it each way.
const roundTrip = 100 * time.Millisecond

// distant is a practice org over TLS and HTTP/2 that is as far away as roundTrip, in
// this process, with one connection to it saved in a file store.
type distant struct {
	work, ours string
	org        *practice.Org
	facts      practice.Facts
	callback   string
	env        []string
	listeners  []net.Listener
	servers    []*http.Server
	identity   string // the age identity's file
	config     string
}

func newDistant(work string) (*distant, error) {
	d := &distant{work: filepath.Join(work, "distant"), ours: filepath.Join(work, "sfconnect")}
	if err := os.MkdirAll(d.work, 0o700); err != nil {
		return nil, err
	}
	cert, err := d.certificate()
	if err != nil {
		return nil, err
	}
	var origins []string
	var near []net.Listener
	for range 2 { // login host and My Domain
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		server, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		go relay(l, server.Addr().String(), roundTrip/2)
		d.listeners = append(d.listeners, l)
		near = append(near, server)
		origins = append(origins, "https://"+l.Addr().String())
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	free.Close()
	d.callback = "http://localhost:" + port + "/OauthRedirect"
	d.org, err = practice.New(practice.Options{LoginURL: origins[0], MyDomainURL: origins[1],
		Settings: map[string]string{"callbacks": d.callback, "daily_api_calls": "10000000", "scopes": "id api refresh_token"}, Now: time.Now, Rand: rand.Reader})
	if err != nil {
		return nil, err
	}
	d.facts = d.org.Facts()
	for _, l := range near {
		s := &http.Server{Handler: d.org.Handler(), ErrorLog: log.New(io.Discard, "", 0),
			TLSConfig: &tls.Config{Certificates: []tls.Certificate{cert}}}
		d.servers = append(d.servers, s)
		go func() { _ = s.ServeTLS(l, "", "") }()
	}
	return d, d.signIn()
}

func (d *distant) close() {
	for _, l := range d.listeners {
		l.Close()
	}
	for _, s := range d.servers {
		s.Close()
	}
}

// certificate makes one for loopback that signs itself, and the file to trust it by.
func (d *distant) certificate() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bench"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, os.WriteFile(d.caFile(), text, 0o600)
}

func (d *distant) caFile() string { return filepath.Join(d.work, "ca.pem") }

// signIn saves the one connection of which the others are copies.
func (d *distant) signIn() error {
	env, err := fileStore(d.work)
	if err != nil {
		return err
	}
	d.identity, d.config = filepath.Join(d.work, "identity.txt"), filepath.Join(d.work, "config")
	d.env = append(env, "SSL_CERT_FILE="+d.caFile())
	self, err := os.Executable()
	if err != nil {
		return err
	}
	auth := exec.Command(d.ours, "auth", "--profile", "org-00000", "--login-url", d.facts.MyDomainURL, "--consumer-key", d.facts.ConsumerKey,
		"--callback-url", d.callback, "--browser", self)
	auth.Env = append(append(os.Environ(), d.env...), "SFCONNECT_CONSUMER_SECRET="+d.facts.ConsumerSecret)
	if out, err := auth.CombinedOutput(); err != nil {
		return fmt.Errorf("sign in to the distant org: %w: %s", err, out)
	}
	return nil
}

// network is what the commands that ask Salesforce cost.
type network struct{ test, curl *contestant }

func (n network) all() []*contestant {
	all := []*contestant{n.test}
	if n.curl != nil {
		all = append(all, n.curl)
	}
	return all
}

// roundTrips says how many round trips a contestant took, its start left out.
func roundTrips(c *contestant, start float64) float64 {
	return (c.median() - start) / (float64(roundTrip) / float64(time.Millisecond))
}

func (d *distant) measureOne(rounds int) (network, error) {
	n := network{test: &contestant{name: "sfconnect test", argv: []string{d.ours, "test", "--profile", "org-00000", "--json"}, env: d.env}}
	if curl, err := exec.LookPath("curl"); err == nil {
		if n.curl, err = d.curl(curl); err != nil {
			return n, err
		}
	}
	return n, race(rounds, 1, n.all())
}

// curl makes the requests of a test one after the other, over connections that it
// keeps, with a token that is there already.
func (d *distant) curl(program string) (*contestant, error) {
	held, err := d.secrets()
	if err != nil {
		return nil, err
	}
	var cached struct {
		Token string `json:"token"`
	}
	if err := json.Unmarshal([]byte(held["access-token"]), &cached); err != nil {
		return nil, err
	}
	saved, err := d.profile()
	if err != nil {
		return nil, err
	}
	instance := d.facts.MyDomainURL
	authorize := instance + "/services/oauth2/authorize?" + url.Values{"response_type": {"code"}, "client_id": {d.facts.ConsumerKey},
		"redirect_uri": {d.callback}, "code_challenge": {strings.Repeat("A", 43)}, "code_challenge_method": {"S256"}}.Encode()
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {held["refresh-token"]},
		"client_id": {d.facts.ConsumerKey}, "client_secret": {d.facts.ConsumerSecret}}.Encode()
	bearer := "Authorization: Bearer " + cached.Token
	api := instance + "/services/data/v67.0"
	requests := [][]string{
		{authorize}, {"-d", refresh, instance + "/services/oauth2/token"}, {instance + "/services/data/"},
		{"-H", bearer, saved.IdentityURL}, {"-H", bearer, api + "/query?q=SELECT+Id,+Name,+IsSandbox+FROM+Organization"}, {"-H", bearer, api + "/limits"},
	}
	argv := []string{program}
	for i, r := range requests {
		if i > 0 {
			argv = append(argv, "--next")
		}
		argv = append(argv, "-s", "-S", "-o", "/dev/null", "--cacert", d.caFile())
		argv = append(argv, r...)
	}
	return &contestant{name: "curl, one request after the other", argv: argv}, nil
}
