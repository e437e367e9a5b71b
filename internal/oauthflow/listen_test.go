package oauthflow

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/porttest"
)

func freePort(t *testing.T) string { return strconv.Itoa(porttest.Free(t)) }

func TestCallbackAddresses(t *testing.T) {
	for _, address := range []string{
		"http://localhost:1717/OauthRedirect", "http://127.0.0.1:80/", "http://[::1]:65535/x", "http://localhost", "http://localhost:1/a%20b",
	} {
		if err := CheckCallback(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
	none := func(network, address string) (net.Listener, error) {
		t.Errorf("listened on %s %s", network, address)
		return nil, errors.New("no")
	}
	for _, address := range []string{
		"", "localhost:1717/x", "/OauthRedirect", "https://localhost:1717/x", "ftp://localhost:1717/x", "http://localhost:0/x", "http://localhost:65536/x",
		"http://acme.example:1717/x", "http://localhost.evil.example:1717/x", "http://127.0.0.1.evil.example/x", "http://0.0.0.0:1717/x", "http://[::]:1717/x",
		"http://LocalHost:1717/x", "http://localhost.:1717/x", "http://127.0.0.2:1717/x", "http://127.1:1717/x", "http://[::ffff:127.0.0.1]:1717/x", "http://[::1%25lo]:1717/x",
		"http:localhost:1717/x", "http://localhost:1717/x#y", "http://localhost:1717#", "http://:1717/x", "http://localhost:-1/x", "http://localhost:99999/x", "http://:pw@localhost:1717/x",
		"http://user@localhost:1717/x", "http://localhost:1717/x?y=z", "http://localhost:1717/x?", "http://localhost:1717/x#", "http://192.168.0.1:1717/x",
		"https://login.salesforce.com/services/oauth2/success", "http://localhost:17x/", "http://\x1b[31m:1/",
	} {
		_, err := Listen(Ports{Listen: none}, address, nil)
		for _, err := range []error{err, CheckCallback(address)} {
			var f *fault.Fault
			if !errors.As(err, &f) || f.Code != fault.Usage || f.Exit != fault.ExitUsage || f.Stage != "input" ||
				!strings.Contains(f.Message, "--callback-url") || !strings.Contains(f.Hint, "--flow paste") || strings.ContainsRune(f.Message, 0x1b) {
				t.Errorf("%q: %v", address, err)
			}
		}
	}
}

func TestListenOpensBothLoopbackFamiliesAndNothingElse(t *testing.T) {
	for address, port := range map[string]string{
		"http://localhost:1717/OauthRedirect": "1717", "http://127.0.0.1:1718/x": "1718", "http://[::1]:1719/": "1719", "http://localhost": "80",
	} {
		var asked []string
		cb, err := Listen(Ports{Listen: func(network, address string) (net.Listener, error) {
			asked = append(asked, network+" "+address)
			return newPipes(), nil
		}}, address, nil)
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		cb.Close()
		if got, want := strings.Join(asked, ", "), "tcp4 127.0.0.1:"+port+", tcp6 [::1]:"+port; got != want {
			t.Errorf("%s: asked for %s, want %s", address, got, want)
		}
		if cb.URL() != address {
			t.Errorf("URL %q, want %q", cb.URL(), address)
		}
	}
}

func TestPortFaults(t *testing.T) {
	wrapped := func(n syscall.Errno) error {
		return &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", n)}
	}
	for _, c := range []struct {
		name      string
		four, six error
		want      string
	}{
		{"both free", nil, nil, ""},
		{"no IPv6 address", nil, wrapped(syscall.EADDRNOTAVAIL), ""},
		{"no IPv6 at all", nil, wrapped(syscall.EAFNOSUPPORT), ""},
		{"no IPv6 protocol", nil, wrapped(syscall.EPROTONOSUPPORT), ""},
		{"no IPv6 on Windows", nil, wrapped(wsaEADDRNOTAVAIL), ""},
		{"IPv4 busy", wrapped(syscall.EADDRINUSE), nil, fault.PortBusy},
		{"IPv6 busy", nil, wrapped(syscall.EADDRINUSE), fault.PortBusy},
		{"busy on Windows", wrapped(wsaEADDRINUSE), nil, fault.PortBusy},
		{"forbidden", wrapped(syscall.EACCES), nil, fault.PortForbidden},
		{"IPv6 forbidden", nil, wrapped(syscall.EPERM), fault.PortForbidden},
		{"forbidden on Windows", wrapped(wsaEACCES), nil, fault.PortForbidden},
		{"IPv4 absent", wrapped(syscall.EADDRNOTAVAIL), nil, fault.PortForbidden},
		{"too many files", nil, wrapped(syscall.EMFILE), fault.PortForbidden},
	} {
		t.Run(c.name, func(t *testing.T) {
			opened := map[string]*pipes{"tcp4": newPipes(), "tcp6": newPipes()}
			cb, err := Listen(Ports{Listen: func(network, _ string) (net.Listener, error) {
				if failure := map[string]error{"tcp4": c.four, "tcp6": c.six}[network]; failure != nil {
					return nil, failure
				}
				return opened[network], nil
			}}, "http://localhost:1717/OauthRedirect", nil)
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				cb.Close()
				return
			}
			var f *fault.Fault
			if !errors.As(err, &f) || f.Code != c.want || f.Exit != fault.ExitPort || f.Stage != "port" || !strings.Contains(f.Message, "1717") {
				t.Fatalf("got %v", err)
			}
			if c.name == "forbidden on Windows" && !strings.Contains(f.Message, "does not let") {
				t.Errorf("not recognised: %s", f.Message)
			}
			if c.four == nil {
				select {
				case <-opened["tcp4"].closed:
				default:
					t.Error("the IPv4 port stays open")
				}
			}
		})
	}
}

func TestRealPortsBusyAndFreed(t *testing.T) {
	port := freePort(t)
	address := "http://localhost:" + port + "/OauthRedirect"
	for _, c := range []struct{ network, host string }{{"tcp4", "127.0.0.1"}, {"tcp6", "::1"}} {
		other, err := net.Listen(c.network, net.JoinHostPort(c.host, port))
		if c.network == "tcp6" && noIPv6(err) {
			t.Log("this machine has no IPv6")
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = Listen(Ports{Listen: net.Listen}, address, nil)
		if f := fault.From(err); err == nil || f.Code != fault.PortBusy {
			t.Errorf("%s busy: %v", c.host, err)
		}
		other.Close()
	}
	for i := range 60 { // free again the moment that Close returns, also with a browser connected
		cb, err := Listen(Ports{Listen: net.Listen}, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			visitor, err := net.Dial("tcp", "127.0.0.1:"+port)
			if err != nil {
				t.Fatal(err)
			}
			defer visitor.Close()
		}
		cb.Close()
		cb.Close()
	}
}

func TestCloseEndsWait(t *testing.T) {
	cb, err := Listen(Ports{Listen: func(string, string) (net.Listener, error) { return newPipes(), nil }}, "http://localhost:1717/x", nil)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error)
	go func() {
		_, err := cb.Wait(context.Background(), "s")
		done <- err
	}()
	cb.Close()
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestTheHolderOfABusyPortIsNamed(t *testing.T) {
	busy := &net.OpError{Op: "listen", Net: "tcp", Err: os.NewSyscallError("bind", syscall.EADDRINUSE)}
	for _, c := range []struct{ holder, message, hint string }{
		{"node (pid 4711)", "Port 1717 is in use by node (pid 4711).", "Close that program"},
		{"", "Port 1717 is in use by another program (on 127.0.0.1).", "Close that program"},
		{"sfconnect (pid 12)", "Port 1717 is in use by another sfconnect (pid 12), perhaps waiting for a sign-in.", "Ctrl-C"},
		{"sfconnect.exe (pid 12)", "Port 1717 is in use by another sfconnect (pid 12), perhaps waiting for a sign-in.", "Ctrl-C"},
		{"\x1b[31mevil\u202e\n(pid 1) (pid 2)", "Port 1717 is in use by [31mevil (pid 1) (pid 2).", "Close that program"},
	} {
		asked := 0
		ports := Ports{
			Listen: func(string, string) (net.Listener, error) { return nil, busy },
			Holder: func(port int) string { asked = port; return c.holder },
		}
		_, err := Listen(ports, "http://localhost:1717/x", nil)
		if f := fault.From(err); f.Code != fault.PortBusy || f.Message != c.message || !strings.Contains(f.Hint, c.hint) || asked != 1717 {
			t.Errorf("%q: asked about %d, %s / %s", c.holder, asked, f.Message, f.Hint)
		}
	}
	forbidden := Ports{
		Listen: func(string, string) (net.Listener, error) {
			return nil, &net.OpError{Err: os.NewSyscallError("bind", syscall.EACCES)}
		},
		Holder: func(int) string { t.Error("asked who holds a port that nobody does"); return "" },
	}
	if _, err := Listen(forbidden, "http://localhost:1717/x", nil); fault.From(err).Code != fault.PortForbidden {
		t.Error(err)
	}
}

// TestTry: the port is tried on both families and free again afterwards.
func TestTry(t *testing.T) {
	port, here := freePort(t), Ports{Listen: net.Listen}
	line := "http://localhost:" + port + "/OauthRedirect"
	for range 2 {
		addresses, err := here.Try(line)
		if err != nil || len(addresses) == 0 || addresses[0] != "127.0.0.1" {
			t.Errorf("free: %v, %v", addresses, err)
		}
	}
	busy, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		t.Fatal(err)
	}
	defer busy.Close()
	if addresses, err := here.Try(line); len(addresses) != 0 || fault.From(err).Code != fault.PortBusy {
		t.Errorf("busy: %v, %v", addresses, err)
	}
	if _, err := here.Try("https://localhost:1/"); fault.From(err).Code != fault.Usage {
		t.Errorf("no line of ours: %v", err)
	}
}
