package check

import (
	"crypto/tls"
	"net/http/httptrace"
	"strings"
	"sync"
	"time"

	"example.com/sfconnect/internal/fault"
)

// trace holds what httptrace saw of the first connection. Several requests may carry
// its hooks and each may dial: what came first counts.
type trace struct {
	mu                                                      sync.Mutex
	dnsStart, dnsDone, tcpStart, tcpDone, tlsStart, tlsDone time.Time
	addresses, remote, protocol                             string
}

func (t *trace) hooks(now func() time.Time) *httptrace.ClientTrace {
	first := func(field *time.Time, note func()) {
		t.mu.Lock()
		defer t.mu.Unlock()
		if field.IsZero() {
			*field = now()
			note()
		}
	}
	nothing := func() {}
	return &httptrace.ClientTrace{
		DNSStart: func(httptrace.DNSStartInfo) { first(&t.dnsStart, nothing) },
		DNSDone: func(i httptrace.DNSDoneInfo) {
			first(&t.dnsDone, func() {
				for _, a := range i.Addrs {
					t.addresses = strings.TrimPrefix(t.addresses+", "+a.String(), ", ")
				}
			})
		},
		ConnectStart: func(string, string) { first(&t.tcpStart, nothing) },
		ConnectDone: func(_, addr string, err error) {
			if err == nil {
				first(&t.tcpDone, func() { t.remote = addr })
			}
		},
		TLSHandshakeStart: func() { first(&t.tlsStart, nothing) },
		TLSHandshakeDone: func(s tls.ConnectionState, err error) {
			if err == nil {
				first(&t.tlsDone, func() { t.protocol = tls.VersionName(s.Version) })
			}
		},
	}
}

// failedAt is the stage that f belongs to: never one that was passed already.
func (t *trace) failedAt(f *fault.Fault) string {
	switch {
	case f == nil:
		return ""
	case f.Code == fault.DNS:
		return "dns"
	case (f.Code == fault.TCP || f.Code == fault.Proxy) && t.tcpDone.IsZero():
		return "tcp"
	case f.Code == fault.TLS && t.tlsDone.IsZero():
		return "tls"
	}
	return "app"
}
