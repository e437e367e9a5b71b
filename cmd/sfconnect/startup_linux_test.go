package main

import (
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// What the quickest command initialises before main, in counts that do not depend on
// the machine. A library that fills a table at every start shows here.
func TestVersionInitialisesLittle(t *testing.T) {
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "version")
	cmd.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	lines := regexp.MustCompile(`(?m)^init (\S+) @.* (\d+) bytes, (\d+) allocs$`).FindAllStringSubmatch(string(out), -1)
	if len(lines) < 20 {
		t.Fatalf("the runtime told of %d packages:\n%s", len(lines), out)
	}
	bytes, allocs := 0, 0
	for _, l := range lines {
		b, _ := strconv.Atoi(l[2])
		n, _ := strconv.Atoi(l[3])
		bytes, allocs = bytes+b, allocs+n
		if b > 128<<10 {
			t.Errorf("%s takes %d bytes before main", l[1], b)
		}
	}
	t.Logf("%d packages, %d bytes, %d allocations", len(lines), bytes, allocs)
	if len(lines) > 145 || bytes > 400<<10 || allocs > 3500 {
		t.Errorf("%d packages with %d bytes and %d allocations are initialised before main, want at most 145, 400 kB and 3500", len(lines), bytes, allocs)
	}
}
