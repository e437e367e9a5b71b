package salesforce

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/porttest"
	"example.com/sfconnect/internal/secret"
)

type slow struct{}

func (slow) Error() string   { return "i/o timeout" }
func (slow) Timeout() bool   { return true }
func (slow) Temporary() bool { return true }

type timeoutText string

func (s timeoutText) Error() string { return string(s) }
func (timeoutText) Timeout() bool   { return true }
func (timeoutText) Temporary() bool { return true }

func TestNetworkFault(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for _, c := range []struct {
		name string
		err  error
		code string
		says string
	}{
		{"no such host", dial(&net.DNSError{Err: "no such host", Name: "acme.my.salesforce.com", IsNotFound: true}), fault.DNS, "no host of the name"},
		{"name server silent", dial(&net.DNSError{Err: "timeout", IsTimeout: true}), fault.DNS, "could not be looked up"},
		{"refused", dial(syscall.ECONNREFUSED), fault.TCP, "refused the connection"},
		{"unreachable", dial(syscall.ENETUNREACH), fault.TCP, "no way"},
		{"reset", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, fault.TCP, "closed the connection"},
		{"end", io.EOF, fault.TCP, "closed the connection"},
		{"timeout", dial(slow{}), fault.TCP, "in time"},
		{"deadline", context.DeadlineExceeded, fault.NotSalesforce, "accepted the connection"},
		{"dial, said in words alone", timeoutText("dial tcp 192.0.2.1:443: i/o timeout (Client.Timeout exceeded while awaiting headers)"), fault.TCP, "in time"},
		{"no answer", timeoutText("context deadline exceeded (Client.Timeout exceeded while awaiting headers)"), fault.NotSalesforce, "accepted the connection"},
		{"no headers", timeoutText("net/http: timeout awaiting response headers"), fault.NotSalesforce, "accepted the connection"},
		{"half a body", timeoutText("context deadline exceeded (Client.Timeout or context cancellation while reading body)"), fault.NotSalesforce, "accepted the connection"},
		{"silent connection", &net.OpError{Op: "read", Net: "tcp", Err: slow{}}, fault.NotSalesforce, "accepted the connection"},
		{"other", errors.New("odd"), fault.TCP, "failed"},
		{"unknown authority", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, fault.TLS, "authority"},
		{"wrong name", x509.HostnameError{Certificate: &x509.Certificate{}, Host: "x"}, fault.TLS, "another host"},
		{"expired", x509.CertificateInvalidError{Reason: x509.Expired}, fault.TLS, "not valid at this time"},
		{"invalid", x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign}, fault.TLS, "is not valid"},
		{"no TLS", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, fault.TLS, "does not speak TLS"},
		{"plain HTTP", http.ErrSchemeMismatch, fault.TLS, "does not speak TLS"},
		{"alert", tls.AlertError(40), fault.TLS, "refused the encrypted"},
		{"remote alert", &net.OpError{Op: "remote error", Err: tls.AlertError(70)}, fault.TLS, "refused the encrypted"},
		{"slow handshake", errors.New("net/http: TLS handshake timeout"), fault.TLS, "greeting"},
		{"proxy down", &net.OpError{Op: "proxyconnect", Err: dial(syscall.ECONNREFUSED)}, fault.Proxy, "proxy could not be used"},
		{"proxy unknown", &net.OpError{Op: "proxyconnect", Err: &net.DNSError{IsNotFound: true}}, fault.Proxy, "own name"},
		{"proxy slow", &net.OpError{Op: "proxyconnect", Err: slow{}}, fault.Proxy, "in time"},
		{"proxy wants a password", errors.New("Proxy Authentication Required"), fault.Proxy, "user name"},
		{"proxy forbids", errors.New("Forbidden"), fault.Proxy, "refused to connect"},
		{"no HTTP", errors.New(`net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0"`), fault.NotSalesforce, "not HTTP"},
	} {
		wrapped := &url.Error{Op: "Get", URL: "https://acme.my.salesforce.com/x?code=aPrxSecret", Err: c.err}
		for _, err := range []error{c.err, wrapped} {
			f := NetworkFault(err, "https://acme.my.salesforce.com/x?code=aPrxSecret")
			stage := c.code
			if c.code == fault.NotSalesforce {
				stage = ""
			}
			checkFault(t, c.name, f, c.code, stage, fault.ExitNetwork)
			if !strings.Contains(f.Message, c.says) || !strings.Contains(f.Message, "acme.my.salesforce.com") {
				t.Errorf("%s: %q", c.name, f.Message)
			}
			if strings.Contains(f.Message+f.Hint+f.Cause.Error(), "aPrxSecret") {
				t.Errorf("%s: the address is in %+v", c.name, f)
			}
		}
	}
	f := NetworkFault(fmt.Errorf("x: %w", context.Canceled), "https://acme.my.salesforce.com")
	if f.Code != fault.Interrupted || f.Exit != fault.ExitInterrupted {
		t.Errorf("%+v", f)
	}
}

// On this computer neither a firewall nor a VPN is the likely reason.
func TestNetworkFaultLoopback(t *testing.T) {
	refused := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for address, practice := range map[string]bool{
		"http://127.0.0.1:4711/x": true, "http://localhost:4711": true, "http://[::1]:4711": true, "http://localhost": true,
		"https://acme.my.salesforce.com": false, "https://10.1.2.3:8443": false,
	} {
		hint := NetworkFault(refused, address).Hint
		if strings.Contains(hint, "practice org") != practice || strings.Contains(hint, "firewall") == practice {
			t.Errorf("%s: %q", address, hint)
		}
	}
}

// The same with what net/http really returns.
func TestNetworkFaultReal(t *testing.T) {
	get := func(h *http.Client, address string) error {
		resp, err := h.Get(address)
		if err == nil {
			resp.Body.Close()
		}
		return err
	}
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // the handshakes below are meant to fail
	secure.StartTLS()
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	closed := fmt.Sprint("127.0.0.1:", porttest.Free(t)) // where nobody listens
	through := func(proxy string) *http.Client {
		u, _ := url.Parse(proxy)
		return &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(u)}}
	}
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))
	defer refusing.Close()
	other := secure.Client()
	other.Transport.(*http.Transport).TLSClientConfig.ServerName = "acme.my.salesforce.com"
	for _, c := range []struct {
		name, url string
		client    *http.Client
		code      string
	}{
		{"unknown authority", secure.URL, &http.Client{}, fault.TLS},
		{"wrong name", secure.URL, other, fault.TLS},
		{"plain", strings.Replace(plain.URL, "http:", "https:", 1), &http.Client{}, fault.TLS},
		{"refused", "http://" + closed, &http.Client{}, fault.TCP},
		{"proxy refused", "https://acme.my.salesforce.com", through("http://" + closed), fault.Proxy},
		{"proxy wants a password", "https://acme.my.salesforce.com", through(refusing.URL), fault.Proxy},
		{"no HTTP", "http://" + garbage(t), &http.Client{}, fault.NotSalesforce},
	} {
		err := get(c.client, c.url)
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		if f := NetworkFault(err, c.url); f.Code != c.code {
			t.Errorf("%s: %v gave %s: %s", c.name, err, f.Code, f.Message)
		}
	}
}

// What net/http says of a host that stalls, at each point where one can.
func TestStalledHost(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer string // what the host sends before it stalls
		dial   bool   // the connection is never made
		change func(*http.Client, *http.Transport)
		code   string
	}{
		{"client's limit", "", false, func(h *http.Client, _ *http.Transport) { h.Timeout = time.Minute }, fault.NotSalesforce},
		{"client's limit, transport wrapped", "", false, func(h *http.Client, tr *http.Transport) {
			h.Timeout, h.Transport = time.Minute, struct{ http.RoundTripper }{tr}
		}, fault.NotSalesforce},
		{"limit for headers", "", false, func(_ *http.Client, tr *http.Transport) { tr.ResponseHeaderTimeout = time.Minute }, fault.NotSalesforce},
		{"half the headers", "HTTP/1.1 200 OK\r\nContent-", false, func(h *http.Client, _ *http.Transport) { h.Timeout = time.Minute }, fault.NotSalesforce},
		{"half the body", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", false, func(h *http.Client, _ *http.Transport) { h.Timeout = time.Minute }, fault.NotSalesforce},
		{"no connection", "", true, func(h *http.Client, _ *http.Transport) { h.Timeout = time.Hour }, fault.TCP},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				tr := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
					if c.dial {
						time.Sleep(time.Minute)
						return nil, &net.OpError{Op: "dial", Net: "tcp", Err: slow{}}
					}
					near, far := net.Pipe()
					go func() {
						_, _ = http.ReadRequest(bufio.NewReader(far))
						_, _ = io.WriteString(far, c.answer)
						_, _ = io.Copy(io.Discard, far)
					}()
					return near, nil
				}}
				h := &http.Client{Transport: tr}
				c.change(h, tr)
				_, err := Client{HTTP: h}.Limits(t.Context(), "http://acme.my.salesforce.com", "67.0", secret.New(testToken))
				stage := "limits"
				if c.code == fault.TCP {
					stage = fault.TCP
				}
				checkFault(t, c.name, err, c.code, stage, fault.ExitNetwork)
			})
		})
	}
}

// garbage listens and answers with what is no HTTP.
func garbage(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_, _ = bufio.NewReader(c).ReadString('\n')
			_, _ = io.WriteString(c, "SSH-2.0-hello\r\n\r\n")
			c.Close()
		}
	}()
	return l.Addr().String()
}
