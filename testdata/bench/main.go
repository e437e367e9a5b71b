// Command bench measures the built program side by side, in alternating runs on one
// machine, against baselines: a Go hello-world, an empty program that imports the same
// packages, curl making the same requests one after the other, and the Salesforce CLI
// where it is on PATH. It prints medians, spread and ratios, and writes them with a
// plot to docs/performance.md. Run it with `make bench`.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/practice"
)

func main() {
	rounds := flag.Int("rounds", 41, "alternating runs of each program; at least 21")
	orgs := flag.String("orgs", "10,100,1000,10000", "how many connections to test at once, one measurement each")
	root := flag.String("root", "../..", "the project's folder")
	out := flag.String("out", "docs", "folder for performance.md and its plot; empty writes none")
	flag.Parse()
	if flag.NArg() == 1 { // as the browser of a sign-in, with the address to open
		fatal(practice.Visitor{Transport: &http.Transport{Proxy: nil}}.Visit(context.Background(), flag.Arg(0)))
		return
	}
	if os.Getenv("SFCONNECT_BENCH_BUS") == "" {
		fatal(os.Chdir(*root))
	}
	if os.Getenv("SFCONNECT_BENCH_BUS") == "" && keyringHere() {
		fatal(insideBus())
		return
	}
	sizes, err := numbers(*orgs)
	if err == nil {
		err = measure(max(*rounds, 21), sizes, *out)
	}
	fatal(err)
}

func numbers(list string) (all []int, err error) {
	for word := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil || n < 1 || n > 20_000 {
			return nil, fmt.Errorf("-orgs takes numbers from 1 to 20000 with commas between, not %q", list)
		}
		all = append(all, n)
	}
	return all, nil
}

func fatal(err error) {
	if err == nil {
		return
	}
	var ended *exec.ExitError
	if errors.As(err, &ended) && len(ended.Stderr) == 0 && os.Getenv("SFCONNECT_BENCH_BUS") == "" {
		os.Exit(ended.ExitCode()) // the inner run has told it
	}
	fmt.Fprintln(os.Stderr, "bench:", err)
	os.Exit(1)
}

func measure(rounds int, sizes []int, out string) error {
	work, err := filepath.Abs("bin/_bench")
	if err != nil {
		return err
	}
	if err := buildAll(work); err != nil {
		return err
	}
	for _, dir := range []string{"config", "state", "file", "distant"} {
		os.RemoveAll(filepath.Join(work, dir))
	}
	var r results
	r.rounds = rounds
	if r.startUp, err = measureStartUp(rounds, work); err != nil {
		return err
	}
	far, err := newDistant(work)
	if err != nil {
		return err
	}
	defer far.close()
	if r.network, err = far.measureOne(max(rounds/4, 5)); err != nil {
		return err
	}
	for _, n := range sizes {
		f, err := far.measureMany(n)
		if err != nil {
			return err
		}
		r.fleets = append(r.fleets, f)
	}
	r.print(os.Stdout, work)
	if out == "" {
		return nil
	}
	return r.write(out, work)
}
