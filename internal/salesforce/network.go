package salesforce

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"example.com/sfconnect/internal/fault"
)

// NetworkFault says in which layer a request to rawURL failed and what to do:
// dns, tcp, tls or proxy (the code is the stage too), not_salesforce where what
// answered speaks no HTTP or took the connection and then stalled, interrupted
// where the person ended it. err is what http.Client or net.Dialer returned; the
// dialer must have a limit that is shorter than the request's, since a request
// that ends while it is dialling does not say so. The fault names the host alone,
// since a URL may hold what should not be shown.
func NetworkFault(err error, rawURL string) *fault.Fault {
	host := hostOf(rawURL)
	cause := err
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		cause = wrapped.Err
	}
	f := classify(err, cause, host)
	return f.Because(cause)
}

func classify(err, cause error, host string) *fault.Fault {
	var dns *net.DNSError
	switch {
	case errors.Is(err, context.Canceled):
		return fault.New(fault.Interrupted, "", "The request to "+host+" was interrupted.", "Run the command again.")
	case throughProxy(cause):
		return proxyFault(cause, host)
	case errors.As(err, &dns):
		return dnsFault(dns, host)
	}
	if f := tlsFault(cause, host); f != nil {
		return f
	}
	// net/http has no types for these two.
	if strings.Contains(err.Error(), "failed to parse Location header") {
		return fault.New(fault.NotSalesforce, "", host+" redirected the request to something that is no address.", hintNotSalesforce)
	}
	if strings.Contains(cause.Error(), "malformed HTTP") {
		return fault.New(fault.NotSalesforce, "", host+" answered with something that is not HTTP.", hintNotSalesforce)
	}
	if stalled(err) {
		return fault.New(fault.NotSalesforce, "", host+" accepted the connection but did not answer within the time.",
			"Try again. It may be down for maintenance, which https://status.salesforce.com tells, or a proxy or a firewall on the way holds the answer back.")
	}
	return tcpFault(err, host)
}

// stalled reports whether the time ran out on a connection that had been made: a
// dialer that runs out of time says so, as a type or, once http.Client has
// reworded it, in its text.
func stalled(err error) bool {
	var op *net.OpError
	if !timedOut(err) {
		return false
	}
	if errors.As(err, &op) {
		return op.Op != "dial"
	}
	return !strings.Contains(err.Error(), "dial ")
}

// throughProxy reports whether the way to the proxy, or the proxy's answer to
// CONNECT, is what failed. net/http gives the first a name and leaves the second
// as the bare text of the status.
func throughProxy(cause error) bool {
	var op *net.OpError
	if errors.As(cause, &op) && (op.Op == "proxyconnect" || strings.HasPrefix(op.Op, "socks")) {
		return true
	}
	return proxyStatus(cause) != 0
}

// proxyStatus gives the status with which a proxy refused CONNECT, or 0.
func proxyStatus(cause error) int {
	for status := 400; status < 600; status++ {
		if text := http.StatusText(status); text != "" && cause.Error() == text {
			return status
		}
	}
	return 0
}

func proxyFault(cause error, host string) *fault.Fault {
	hint := "Look at HTTPS_PROXY and NO_PROXY, or at the system's proxy setting where they are not set."
	var dns *net.DNSError
	switch status := proxyStatus(cause); {
	case status == http.StatusProxyAuthRequired:
		return fault.New(fault.Proxy, fault.Proxy, "The proxy wants a user name and a password before it connects to "+host+".",
			"Put them into the proxy's address in HTTPS_PROXY: http://user:password@proxy:port.")
	case status != 0:
		return fault.New(fault.Proxy, fault.Proxy, "The proxy refused to connect to "+host+" ("+http.StatusText(status)+").",
			"Ask whoever runs the proxy to let "+host+" through. "+hint)
	case errors.As(cause, &dns):
		return fault.New(fault.Proxy, fault.Proxy, "The proxy's own name could not be looked up, so "+host+" was not reached.", hint)
	case timedOut(cause):
		return fault.New(fault.Proxy, fault.Proxy, "The proxy did not answer in time, so "+host+" was not reached.", hint)
	}
	return fault.New(fault.Proxy, fault.Proxy, "The proxy could not be used, so "+host+" was not reached.", hint)
}

func dnsFault(dns *net.DNSError, host string) *fault.Fault {
	if dns.IsNotFound {
		return fault.New(fault.DNS, fault.DNS, "There is no host of the name "+host+".",
			"Check the spelling of the login URL: Setup › My Domain shows it as Current My Domain URL. Where a VPN or a proxy is needed, switch it on first.")
	}
	return fault.New(fault.DNS, fault.DNS, "The name "+host+" could not be looked up: the name server gave no answer.",
		"Check that this machine is online. Where a VPN or a proxy is needed, switch it on first.")
}

// tlsFault is nil where the failure is none of TLS.
func tlsFault(cause error, host string) *fault.Fault {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		roots   x509.SystemRootsError
		verify  *tls.CertificateVerificationError
		record  tls.RecordHeaderError
		alert   tls.AlertError
		op      *net.OpError
	)
	fail := func(message, hint string) *fault.Fault { return fault.New(fault.TLS, fault.TLS, message, hint) }
	switch {
	case errors.As(cause, &unknown), errors.As(cause, &roots):
		return fail("The certificate of "+host+" is signed by an authority that this machine does not know.",
			"Where a company proxy looks into the traffic, name its CA file with --ca-file or SSL_CERT_FILE. Otherwise do not go on: the host may be a false one.")
	case errors.As(cause, &name):
		return fail("The certificate that "+host+" showed is for another host.",
			"Check the spelling of the login URL. A proxy or the sign-in page of a network answers like this too.")
	case errors.As(cause, &invalid) && invalid.Reason == x509.Expired:
		return fail("The certificate of "+host+" is not valid at this time.",
			"Check the date and the time of this machine. If they are right, do not go on: the host or a proxy has an old certificate.")
	case errors.As(cause, &invalid), errors.As(cause, &verify):
		return fail("The certificate of "+host+" is not valid.", "Where a company proxy looks into the traffic, name its CA file with --ca-file or SSL_CERT_FILE.")
	case errors.As(cause, &record), errors.Is(cause, http.ErrSchemeMismatch):
		return fail(host+" does not speak TLS on this port.", "Check the login URL. A proxy or the sign-in page of a network answers like this too.")
	case errors.As(cause, &alert), errors.As(cause, &op) && op.Op == "remote error":
		return fail(host+" refused the encrypted connection.", "A firewall or a proxy that looks into the traffic may be on the way. Try from another network.")
	case strings.Contains(cause.Error(), "TLS handshake timeout"):
		return fail(host+" did not finish the encrypted greeting in time.", "Try again. A firewall or a proxy on the way may hold TLS back: try from another network.")
	case strings.Contains(cause.Error(), "tls: "):
		return fail("The encrypted connection to "+host+" could not be made.", "A firewall or a proxy that looks into the traffic may be on the way. Try from another network.")
	}
	return nil
}

func tcpFault(err error, host string) *fault.Fault {
	offline := "Check that this machine is online, and whether a firewall, VPN or proxy (HTTPS_PROXY) stands between."
	message := "The connection to " + host + " failed."
	switch {
	case timedOut(err):
		message = host + " did not answer in time."
	case is(err, syscall.ECONNREFUSED, 10061):
		message = host + " refused the connection."
		if onLoopback(host) {
			offline = "Nothing listens there on this computer. If it was a practice org, it may have stopped: start it again with sfconnect practice, and sign in to it anew, since its address and its tokens are other ones then."
		}
	case is(err, syscall.ENETUNREACH, 10051), is(err, syscall.EHOSTUNREACH, 10065):
		message = "There is no way from this machine to " + host + "."
	case is(err, syscall.ECONNRESET, 10054), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		message = host + " closed the connection without an answer."
	}
	return fault.New(fault.TCP, fault.TCP, message, offline)
}

// onLoopback reports whether a host, with a port or without, is this computer.
func onLoopback(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return Loopback(host)
}

func timedOut(err error) bool {
	var t net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

// is reports whether err is the errno, or the number that Windows Sockets has
// for it, which package syscall does not equate.
func is(err error, unix, winsock syscall.Errno) bool {
	return errors.Is(err, unix) || errors.Is(err, winsock)
}
