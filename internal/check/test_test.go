package check

import (
	"testing"
	"time"

	"example.com/sfconnect/internal/fault"
)

// A failure belongs to the first stage that did not pass, whatever its code says.
func TestFailedAt(t *testing.T) {
	done := time.Unix(1, 0)
	for _, c := range []struct {
		seen *trace
		code string
		want string
	}{
		{&trace{}, fault.DNS, "dns"},
		{&trace{dnsDone: done}, fault.DNS, "dns"}, // the hook is called for a failed look-up too
		{&trace{dnsDone: done}, fault.TCP, "tcp"},
		{&trace{dnsDone: done}, fault.Proxy, "tcp"},
		{&trace{tcpDone: done}, fault.Proxy, "app"},
		{&trace{tcpDone: done}, fault.TCP, "app"},
		{&trace{tcpDone: done}, fault.TLS, "tls"},
		{&trace{tcpDone: done, tlsDone: done}, fault.TLS, "app"},
		{&trace{tcpDone: done}, fault.NotSalesforce, "app"},
		{&trace{}, "invalid_client_id", "app"},
	} {
		if got := c.seen.failedAt(fault.New(c.code, "", "", "")); got != c.want {
			t.Errorf("%s with tcp done %v: stage %s, want %s", c.code, !c.seen.tcpDone.IsZero(), got, c.want)
		}
	}
	if got := new(trace).failedAt(nil); got != "" {
		t.Errorf("no failure is at %q", got)
	}
}
