package cli_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"

	"example.com/sfconnect/internal/store"
)

// scriptedLookPath finds the programs of SCRIPT_PROGRAMS.
func scriptedLookPath(program string) (string, error) {
	if slices.Contains(strings.Fields(os.Getenv("SCRIPT_PROGRAMS")), program) {
		return "/usr/bin/" + program, nil
	}
	return "", &exec.Error{Name: program, Err: exec.ErrNotFound}
}

// scriptedListen is net.Listen, except for the ports of SCRIPT_PORTS, which are said
// to be free, busy, forbidden or busy6 (on ::1 alone): "1717=busy 1718=free".
func scriptedListen(network, address string) (net.Listener, error) {
	_, port, _ := net.SplitHostPort(address)
	for _, pair := range strings.Fields(os.Getenv("SCRIPT_PORTS")) {
		name, state, _ := strings.Cut(pair, "=")
		if name != port {
			continue
		}
		refuse := func(number syscall.Errno) (net.Listener, error) {
			return nil, &net.OpError{Op: "listen", Net: network, Err: os.NewSyscallError("bind", number)}
		}
		switch {
		case state == "busy", state == "busy6" && network == "tcp6":
			return refuse(syscall.EADDRINUSE)
		case state == "forbidden":
			return refuse(syscall.EACCES)
		}
		return net.Listen("tcp4", "127.0.0.1:0")
	}
	return net.Listen(network, address)
}

// scriptedStore can list its items where SCRIPT_KEYCHAIN_LISTS is set.
func scriptedStore() store.Keychain {
	k := scriptedKeychain{dir: os.Getenv("SCRIPT_KEYCHAIN")}
	if os.Getenv("SCRIPT_KEYCHAIN_LISTS") != "" {
		return listingKeychain{k}
	}
	return k
}

type listingKeychain struct{ scriptedKeychain }

func (k listingKeychain) Accounts(service string) ([]string, error) {
	if err := k.broken("list"); err != nil {
		return nil, err
	}
	var out []string
	files, err := os.ReadDir(k.dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	for _, file := range files {
		name, _ := hex.DecodeString(file.Name())
		if user, ok := strings.CutPrefix(string(name), service+"\x00"); ok {
			out = append(out, user)
		}
	}
	return out, err
}

// finding looks a check up by its name in the last --json answer: finding NAME STATUS;
// "." stands for any status, and "-" for a check that was not made.
func finding(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: finding NAME STATUS")
	}
	var answer struct {
		Checks []struct{ Name, Status string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &answer))
	got := "-"
	for _, c := range answer.Checks {
		if c.Name == args[0] {
			got = c.Status
		}
	}
	if want := args[1]; got != want && (want != "." || got == "-") {
		ts.Fatalf("%s is %s, want %s\n%s", args[0], got, want, ts.ReadFile("stdout"))
	}
}

// stray puts an item into the keychain: stray ACCOUNT VALUE.
func stray(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(scriptedKeychain{dir: ts.Getenv("SCRIPT_KEYCHAIN")}.Set("sfconnect", args[0], args[1]))
}

// editProfile changes fields of a saved profile: profile NAME FIELD=JSON…
func editProfile(ts *testscript.TestScript, neg bool, args []string) {
	path := filepath.Join(ts.Getenv("WORK"), "home", "config", "sfconnect", "profiles.json")
	var set map[string]any
	text, err := os.ReadFile(path)
	ts.Check(err)
	ts.Check(json.Unmarshal(text, &set))
	profile := set["profiles"].(map[string]any)[args[0]].(map[string]any)
	for _, pair := range args[1:] {
		field, value, _ := strings.Cut(pair, "=")
		if _, found := profile[field]; !found {
			ts.Fatalf("a profile has no field %q", field)
		}
		var v any
		ts.Check(json.Unmarshal([]byte(value), &v))
		profile[field] = v
	}
	text, err = json.Marshal(set)
	ts.Check(err)
	ts.Check(os.WriteFile(path, text, 0o600))
}

// startProxy runs a proxy that answers CONNECT, and sets PROXY to its host and port:
// proxy pass | proxy refuse | proxy login (it wants a password). It leads every host to
// the script's own org.
func startProxy(ts *testscript.TestScript, neg bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	to := ts.Getenv("SCRIPT_DIAL")
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method != http.MethodConnect:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case args[0] == "refuse":
			w.WriteHeader(http.StatusForbidden)
		case args[0] == "login":
			w.WriteHeader(http.StatusProxyAuthRequired)
		default:
			tunnel(w, to)
		}
	})}
	go server.Serve(l)
	ts.Defer(func() { server.Close() })
	ts.Setenv("PROXY", l.Addr().String())
}

// tunnel connects a proxy's client with to.
func tunnel(w http.ResponseWriter, to string) {
	far, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	near, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		far.Close()
		return
	}
	fmt.Fprint(near, "HTTP/1.1 200 Connection established\r\n\r\n")
	go func() {
		io.Copy(far, near)
		far.Close()
	}()
	io.Copy(near, far)
	near.Close()
}
