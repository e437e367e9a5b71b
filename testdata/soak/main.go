// Command soak proves that the built program loses no credentials. It runs
// bin/sfconnect against a practice org with Refresh Token Rotation, and a real
// gnome-keyring on a session bus of its own or the file store: many processes that want a new token
// at the same time, and kill -9 at random moments of refreshes and sign-ins. It
// compares what the program kept with what the org witnessed, prints figures, and
// ends with 1 where anything was lost that could have been kept. `make stress`
// runs a small size, `make soak` the full one.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"example.com/sfconnect/internal/keyringtest"
)

type size struct {
	program   string
	store     string // "keychain", which is a real gnome-keyring, or "file"
	processes int    // that want a token at the same time
	rounds    int    // of kill -9 in a refresh; half as many in a sign-in
	seed      uint64
	limit     time.Duration
}

func main() {
	var s size
	flag.StringVar(&s.program, "program", "bin/sfconnect", "the built program")
	flag.StringVar(&s.store, "store", "keychain", "where the program keeps secrets: keychain or file")
	flag.IntVar(&s.processes, "processes", 20, "how many want a token at the same time")
	flag.IntVar(&s.rounds, "rounds", 50, "how often a refresh is killed; a sign-in half as often")
	flag.Uint64Var(&s.seed, "seed", uint64(time.Now().UnixNano()), "where the random moments begin")
	flag.DurationVar(&s.limit, "limit", time.Hour, "when to give up")
	flag.Parse()
	if err := run(s); err != nil {
		var inner *exec.ExitError
		if !errors.As(err, &inner) { // it has told its own
			fmt.Println("soak:", err)
		}
		os.Exit(1)
	}
}

func run(s size) error {
	program, err := filepath.Abs(s.program)
	if err == nil {
		_, err = os.Stat(program)
	}
	if err != nil {
		return err
	}
	if s.store == "keychain" && !inside() {
		if name := keyringtest.Missing(); name != "" {
			if os.Getenv("SFCONNECT_TEST_STRICT") == "1" {
				return fmt.Errorf("%s is not installed, and SFCONNECT_TEST_STRICT=1 asks for it", name)
			}
			fmt.Printf("soak: %s is not installed: the keychain is not tested here\n", name)
			return nil
		}
		return goInside()
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), s.limit, fmt.Errorf("not finished within %s", s.limit))
	defer cancel()
	home, err := os.MkdirTemp("", "sfconnect-soak-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(home)
	var v vault
	if s.store == "keychain" {
		v, err = startKeyring(ctx)
	} else {
		v, err = newAgeVault(home)
	}
	if err != nil {
		return err
	}
	defer v.stop()
	wire, err := newWire(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("soak: store %s, %d processes, %d rounds, seed %d\n", s.store, s.processes, s.rounds, s.seed)
	w := &world{
		size: s, ctx: ctx, user: newUser(program, home), wire: wire, vault: v,
		dice: rand.New(rand.NewPCG(s.seed, 0)),
	}
	for _, part := range []func() error{w.storms, w.killRefreshes, w.killLogins} {
		began := time.Now()
		if err := part(); err != nil {
			if ctx.Err() != nil {
				err = fmt.Errorf("%w (%w)", err, context.Cause(ctx))
			}
			return fmt.Errorf("%w\nrepeat it with -seed %d", err, s.seed)
		}
		fmt.Printf("  (%s)\n", time.Since(began).Round(time.Second))
	}
	return nil
}

// world is everything that one run works with. One goroutine uses it.
type world struct {
	size
	ctx   context.Context
	user  *user
	wire  *wire
	vault vault
	dice  *rand.Rand
}

// within is a random time below most.
func (w *world) within(most time.Duration) time.Duration {
	return time.Duration(w.dice.Int64N(int64(most) + 1))
}
