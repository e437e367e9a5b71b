// Command fuzzall runs every fuzz target of the module, one after the other,
// each for the time given: go run ./testdata/fuzzall 30s. It ends with code 1 when
// one of them fails; the input that did it is then in that package's testdata/fuzz.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: fuzzall TIME")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "fuzzall:", err)
		os.Exit(1)
	}
}

func run(limit string) error {
	if d, err := time.ParseDuration(limit); err != nil || d <= 0 {
		return fmt.Errorf("%q is no time", limit)
	}
	targets, err := list()
	if err != nil {
		return err
	}
	var failed []string
	for _, t := range targets {
		err := t.fuzz(limit)
		if isRace(err) {
			fmt.Println("go test itself gave up when the time was over; once more")
			err = t.fuzz(limit)
		}
		if err != nil {
			failed = append(failed, t.name)
		}
	}
	fmt.Printf("%d targets, %s each: %d failed %s\n", len(targets), limit, len(failed), strings.Join(failed, " "))
	if len(failed) > 0 {
		return fmt.Errorf("%s found something", strings.Join(failed, ", "))
	}
	return nil
}

type target struct{ pkg, name string }

// list finds the targets, with the package of each.
func list() ([]target, error) {
	out, err := exec.Command("go", "test", "-json", "-list", "^Fuzz", "./internal/...").Output()
	if err != nil {
		return nil, fmt.Errorf("go test -list: %w\n%s", err, out)
	}
	var all []target
	for events := json.NewDecoder(bytes.NewReader(out)); ; {
		var said struct{ Package, Output string }
		if err := events.Decode(&said); err == io.EOF {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go test -list: %w", err)
		}
		if strings.HasPrefix(said.Output, "Fuzz") {
			all = append(all, target{said.Package, strings.TrimSpace(said.Output)})
		}
	}
	if len(all) == 0 {
		return nil, errors.New("there is no fuzz target")
	}
	slices.SortFunc(all, func(a, b target) int { return strings.Compare(a.pkg+a.name, b.pkg+b.name) })
	return all, nil
}

// failure is what a failed run said.
type failure struct {
	error
	said string
}

func (t target) fuzz(limit string) error {
	fmt.Printf("%s %s\n", t.pkg, t.name)
	cmd := exec.Command("go", "test", "-run", "^$", "-fuzz", "^"+t.name+"$", "-fuzztime", limit, "-fuzzminimizetime", "10s", "-parallel", "2", t.pkg)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = io.MultiWriter(os.Stdout, &said), os.Stderr
	if err := cmd.Run(); err != nil {
		return failure{err, said.String()}
	}
	return nil
}

// isRace tells a failure that Go 1.26 has by itself on a busy machine, when the
// time is over in the midst of an input, from one of the target's (golang/go#75804).
func isRace(err error) bool {
	var f failure
	return errors.As(err, &f) && strings.Contains(f.said, "context deadline exceeded") && !strings.Contains(f.said, "Failing input written")
}
