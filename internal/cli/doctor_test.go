package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/sfconnect/internal/check"
	"example.com/sfconnect/internal/fault"
)

func sampleStages() []check.Stage {
	failed := func(code, message, hint string) *fault.Fault { return fault.New(code, "", message, hint) }
	f := failed(fault.TCP, "acme.my.salesforce.com refused the connection.", "Check that this machine is online.")
	return []check.Stage{
		{Name: "env", Status: check.Pass, Detail: "SFCONNECT_CONFIG_DIR=/home/al/config, HTTPS_PROXY (its value is not shown), NO_PROXY=example.com"},
		{Name: "modes", Status: check.Warn, Detail: "Others may look.", Hint: "chmod 700 ~/config\nOr: sfconnect doctor --fix"},
		{Name: "store", Status: check.Pass, Took: 3 * time.Millisecond, Detail: "works: the desktop keyring (Secret Service)"},
		{Name: "orphans", Status: check.Skip, Detail: "cannot be listed: the desktop keyring (Secret Service); look for the name sfconnect there yourself"},
		{Name: "port:1717", Status: check.Pass, Detail: "free on 127.0.0.1 and ::1"},
		{Name: "network:acme.my.salesforce.com", Status: check.Fail, Took: 1500 * time.Millisecond, Detail: f.Message, Hint: f.Hint, Fault: f},
		{Name: "network:login.salesforce.com", Status: check.Pass, Took: 45 * time.Millisecond, Detail: "DNS 3 ms, TCP 12 ms, TLS 1.3 30 ms"},
	}
}

// TestDoctorScreen compares the answer for people with testdata; -update rewrites it.
func TestDoctorScreen(t *testing.T) {
	for name, verbose := range map[string]bool{"doctor": false, "doctor-verbose": true} {
		var out bytes.Buffer
		a := newApp(System{Stdout: &out, Getenv: func(string) string { return "" }, HomeDir: "/home/al"})
		a.global.verbose = verbose
		a.printDoctor(sampleStages())
		file := filepath.Join("..", "..", "testdata", "screen", name+".txt")
		if *UpdateGolden {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if out.String() != string(want) {
			t.Errorf("%s differs (go test ./internal/cli -update rewrites it):\n%s", file, out.String())
		}
	}
}

func TestFirstExit(t *testing.T) {
	warn := check.Stage{Status: check.Warn}
	fail := func(exit int) check.Stage { return check.Stage{Status: check.Fail, Fault: &fault.Fault{Exit: exit}} }
	for _, c := range []struct {
		stages []check.Stage
		want   int
	}{
		{nil, 0}, {[]check.Stage{warn, {Status: check.Skip}, {Status: check.Pass}}, 0},
		{[]check.Stage{warn, fail(8), fail(3)}, 8}, {[]check.Stage{fail(1)}, 1},
	} {
		if got := firstExit(c.stages); got != c.want {
			t.Errorf("%v: %d, want %d", c.stages, got, c.want)
		}
	}
}

// Only what has a question is asked about, only of a person, and --fix asks nobody.
func TestMayMend(t *testing.T) {
	quiet, asking := check.Stage{Mend: &check.Mend{}}, check.Stage{Mend: &check.Mend{Question: "Shall I?"}}
	nobody, person := System{}, System{StdinTTY: true, StderrTTY: true}
	for _, c := range []struct {
		name   string
		stage  check.Stage
		fix    bool
		sys    System
		global globalFlags
		want   bool
	}{
		{"nothing to mend", check.Stage{}, true, person, globalFlags{}, false},
		{"no question", quiet, false, person, globalFlags{}, false},
		{"no question, --fix", quiet, true, nobody, globalFlags{}, true},
		{"a question, nobody there", asking, false, nobody, globalFlags{}, false},
		{"a question that nobody sees", asking, false, System{StdinTTY: true}, globalFlags{}, false},
		{"a question that nobody can answer", asking, false, System{StderrTTY: true}, globalFlags{}, false},
		{"a question, --no-input", asking, false, person, globalFlags{noInput: true}, false},
		{"a question, --json", asking, false, person, globalFlags{json: true}, false},
		{"a question, --fix", asking, true, nobody, globalFlags{}, true},
	} {
		c.sys.Getenv, c.sys.Stdin, c.sys.Stderr = func(string) string { return "" }, strings.NewReader(""), io.Discard
		a := newApp(c.sys)
		a.global = c.global
		if got, err := a.mayMend(context.Background(), doctorFlags{fix: c.fix}, c.stage); got != c.want || err != nil {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
}
