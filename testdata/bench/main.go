// Command bench measures the built program side by side with a Go hello-world and
// with an empty program that imports the same packages, in alternating runs on one
// machine, and prints medians, spread and ratios. Run it with `make bench`.
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"filippo.io/age"

	"example.com/sfconnect/internal/practice"
)

func main() {
	rounds := flag.Int("rounds", 41, "alternating runs of each program; at least 21")
	visit := flag.String("visit", "", "be the browser of a sign-in: open this address and exit")
	flag.Parse()
	if *visit != "" || flag.NArg() == 1 {
		if err := beBrowser(*visit + flag.Arg(0)); err != nil {
			fatal(err)
		}
		return
	}
	if os.Getenv("SFCONNECT_BENCH_BUS") == "" && keyringHere() {
		fatal(insideBus())
		return
	}
	fatal(measure(max(*rounds, 21)))
}

func fatal(err error) {
	if err == nil {
		return
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		os.Exit(ended.ExitCode())
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func beBrowser(address string) error {
	return practice.Visitor{Transport: &http.Transport{}}.Visit(context.Background(), address)
}

func keyringHere() bool {
	_, bus := exec.LookPath("dbus-run-session")
	_, keyring := exec.LookPath("gnome-keyring-daemon")
	return bus == nil && keyring == nil
}

// insideBus runs this program again within a session bus of its own with an
// unlocked keyring; both end with it.
func insideBus() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	home, err := os.MkdirTemp("", "sfconnect-bench-home-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	cmd := exec.Command("dbus-run-session", "--", "sh", "-c",
		`printf bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; exec "$0" "$@"`, self)
	cmd.Args = append(cmd.Args, os.Args[1:]...)
	cmd.Env = append(os.Environ(), "SFCONNECT_BENCH_BUS=1", "XDG_DATA_HOME="+home, "XDG_RUNTIME_DIR="+home, "GOPATH="+goEnv("GOPATH"), "GOCACHE="+goEnv("GOCACHE"))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func goEnv(name string) string {
	out, _ := exec.Command("go", "env", name).Output()
	return strings.TrimSpace(string(out))
}

// contestant is one command line whose wall time and memory are measured.
type contestant struct {
	name   string
	argv   []string
	env    []string
	millis []float64
	peakKB int64
}

func (c *contestant) run() error {
	cmd := exec.Command(c.argv[0], c.argv[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", c.name, err, stderr.String())
	}
	c.millis = append(c.millis, float64(time.Since(start).Microseconds())/1000)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peakKB = max(c.peakKB, usage.Maxrss)
	}
	return nil
}

func (c *contestant) at(share float64) float64 {
	sorted := slices.Clone(c.millis)
	slices.Sort(sorted)
	return sorted[int(share*float64(len(sorted)-1))]
}

func measure(rounds int) error {
	work, err := filepath.Abs("bin/_bench")
	if err != nil {
		return err
	}
	if err := buildAll(work); err != nil {
		return err
	}
	env := []string{"SFCONNECT_CONFIG_DIR=" + filepath.Join(work, "config"), "SFCONNECT_STATE_DIR=" + filepath.Join(work, "state")}
	ours := filepath.Join(work, "sfconnect")
	hello := &contestant{name: "hello world", argv: []string{filepath.Join(work, "hello")}}
	empty := &contestant{name: "empty program, same packages", argv: []string{filepath.Join(work, "empty")}}
	version := &contestant{name: "sfconnect version", argv: []string{ours, "version"}, env: env}
	list := &contestant{name: "sfconnect list --json", argv: []string{ours, "list", "--json"}, env: env}
	all := []*contestant{hello, empty, version, list}

	for _, dir := range []string{"config", "state", "file"} {
		os.RemoveAll(filepath.Join(work, dir))
	}
	org, err := startOrg(ours)
	if err != nil {
		return err
	}
	defer org.stop()
	tokens, err := org.signIn(ours, work, env)
	if err != nil {
		return err
	}
	all = append(all, tokens...)
	for i := 0; i < rounds+3; i++ {
		for _, c := range all {
			if err := c.run(); err != nil {
				return err
			}
			if i < 3 {
				c.millis = c.millis[:0] // warm up
			}
		}
	}
	report(rounds, work, all, hello, empty)
	for _, token := range tokens {
		fmt.Printf("%s: %.2f ms over version\n", token.name, token.at(0.5)-version.at(0.5))
	}
	return nil
}

func report(rounds int, work string, all []*contestant, hello, empty *contestant) {
	fmt.Printf("%d alternating runs each, %s/%s, %d CPUs, %s\n\n", rounds, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version())
	fmt.Printf("%-30s %9s %9s %9s %9s %9s %9s\n", "", "median ms", "p10", "p90", "x hello", "x empty", "peak MB")
	for _, c := range all {
		fmt.Printf("%-30s %9.2f %9.2f %9.2f %9.2f %9.2f %9.1f\n", c.name, c.at(0.5), c.at(0.1), c.at(0.9),
			c.at(0.5)/hello.at(0.5), c.at(0.5)/empty.at(0.5), float64(c.peakKB)/1024)
	}
	if info, err := os.Stat(filepath.Join(work, "sfconnect")); err == nil {
		fmt.Printf("\nbinary, stripped: %.2f MB (goal: at most 10)\n", float64(info.Size())/1e6)
	}
	fmt.Println("goals: version and list at most 2.50 x hello and 1.15 x empty;\ntoken at most 15 ms over version with the keychain, 5 ms with the file store and an identity file")
}

// buildAll builds the contestants on the spot, all with the same flags.
func buildAll(work string) error {
	direct, err := directImports()
	if err != nil {
		return err
	}
	var source strings.Builder
	source.WriteString("package main\n\nimport (\n")
	for _, path := range direct {
		fmt.Fprintf(&source, "\t_ %q\n", path)
	}
	source.WriteString(")\n\nfunc main() {}\n")
	programs := map[string]string{
		"hello": "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello, world\") }\n",
		"empty": source.String(),
	}
	for name, text := range programs {
		dir := filepath.Join(work, "src", name)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "main.go"), []byte(text), 0o644); err != nil {
			return err
		}
		if err := build(filepath.Join(work, name), "./bin/_bench/src/"+name); err != nil {
			return err
		}
	}
	return build(filepath.Join(work, "sfconnect"), "./cmd/sfconnect")
}

func build(out, what string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, what)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0") // as the Makefile builds
	cmd.Stderr = os.Stderr
	return cmd.Run()
}

// directImports lists every package that ours import, our own left out.
func directImports() ([]string, error) {
	out, err := exec.Command("go", "list", "-deps", "-f", `{{if .Module}}{{if .Module.Main}}{{join .Imports "\n"}}{{end}}{{end}}`, "./cmd/sfconnect").Output()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, path := range strings.Fields(string(out)) {
		if !strings.HasPrefix(path, "example.com/sfconnect") && !slices.Contains(all, path) {
			all = append(all, path)
		}
	}
	slices.Sort(all)
	return all, nil
}

// practiceOrg is the org that the saved connections lead to.
type practiceOrg struct {
	facts practice.Facts
	stop  func()
}

func startOrg(ours string) (*practiceOrg, error) {
	cmd := exec.Command(ours, "practice", "--json")
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	org := &practiceOrg{stop: func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
	}}
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	if err == nil {
		err = json.Unmarshal(line, &org.facts)
	}
	if err != nil {
		org.stop()
		return nil, err
	}
	return org, nil
}

// signIn saves ten connections in each store that is here, so that list has
// something to list and token a cached token, and gives the token contestants.
func (o *practiceOrg) signIn(ours, work string, env []string) ([]*contestant, error) {
	files, err := fileStore(filepath.Join(work, "file"))
	if err != nil {
		return nil, err
	}
	tokens := []*contestant{{name: "token, file store, identity", argv: []string{ours, "token"}, env: files}}
	if os.Getenv("SFCONNECT_BENCH_BUS") == "" {
		fmt.Println("token with the keychain is left out: no gnome-keyring and dbus-run-session here")
	} else {
		tokens = append(tokens, &contestant{name: "token, gnome-keyring", argv: []string{ours, "token"}, env: env})
	}
	for _, token := range tokens {
		for i := range 10 {
			if err := o.auth(ours, fmt.Sprintf("org-%02d", i), token.env); err != nil {
				return nil, err
			}
		}
	}
	return tokens, nil
}

// fileStore gives the environment of a file store in dir that an X25519 identity opens.
func fileStore(dir string) ([]string, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, "identity.txt")
	if err := os.WriteFile(path, []byte(identity.String()+"\n"), 0o600); err != nil {
		return nil, err
	}
	return []string{"SFCONNECT_STORE=file", "SFCONNECT_AGE_IDENTITY_FILE=" + path,
		"SFCONNECT_CONFIG_DIR=" + filepath.Join(dir, "config"), "SFCONNECT_STATE_DIR=" + filepath.Join(dir, "state")}, nil
}

func (o *practiceOrg) auth(ours, profile string, env []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	auth := exec.Command(ours, "auth", "--profile", profile, "--login-url", o.facts.MyDomainURL, "--consumer-key", o.facts.ConsumerKey, "--browser", self)
	auth.Env = append(append(os.Environ(), env...), "SFCONNECT_CONSUMER_SECRET="+o.facts.ConsumerSecret)
	if out, err := auth.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
