package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"syscall"
	"time"
)

// contestant is one command line whose wall time and memory are measured.
type contestant struct {
	name   string
	argv   []string
	env    []string
	stdin  string
	millis []float64
	peakKB int64
	cpu    []float64 // milliseconds of processor time, of the program alone
}

func (c *contestant) run() error {
	cmd := exec.Command(c.argv[0], c.argv[1:]...)
	cmd.Env = append(os.Environ(), c.env...)
	if c.stdin != "" {
		cmd.Stdin = bytes.NewBufferString(c.stdin)
	}
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s%s", c.name, err, tail(stdout.String()), tail(stderr.String()))
	}
	c.millis = append(c.millis, float64(time.Since(start).Microseconds())/1000)
	c.cpu = append(c.cpu, float64((cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Microseconds())/1000)
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peakKB = max(c.peakKB, usage.Maxrss)
	}
	return nil
}

func tail(s string) string { return s[max(len(s)-500, 0):] }

func (c *contestant) at(share float64) float64 {
	sorted := slices.Clone(c.millis)
	slices.Sort(sorted)
	return sorted[int(share*float64(len(sorted)-1))]
}

func (c *contestant) median() float64 { return c.at(0.5) }

// race runs all of them in turn, rounds times, after some runs that warm up.
func race(rounds, warmUps int, all []*contestant) error {
	for i := range rounds + warmUps {
		for _, c := range all {
			if err := c.run(); err != nil {
				return err
			}
			if i < warmUps {
				c.millis = c.millis[:0]
			}
		}
	}
	return nil
}
