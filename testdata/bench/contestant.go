package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
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
	err := cmd.Start()
	if err == nil {
		peak := watchPeak(cmd.Process.Pid)
		err = cmd.Wait()
		c.peakKB = max(c.peakKB, peak(cmd.ProcessState))
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s%s", c.name, err, tail(stdout.String()), tail(stderr.String()))
	}
	c.millis = append(c.millis, float64(time.Since(start).Microseconds())/1000)
	c.cpu = append(c.cpu, float64((cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime()).Microseconds())/1000)
	return nil
}

// watchPeak follows the peak memory of a process, in kB, until peak is called with how
// it ended. One that ended before it could be looked at has what wait4 tells: that is
// never less than what this program itself had when it started the other, which is
// little as long as no fleet was made.
func watchPeak(pid int) (peak func(*os.ProcessState) int64) {
	var most int64
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for tick := time.NewTicker(5 * time.Millisecond); ; {
			select {
			case <-tick.C:
			case <-done:
				tick.Stop()
				return
			}
			text, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
			_, after, _ := strings.Cut(string(text), "VmHWM:")
			_, _ = fmt.Sscan(after, &most)
		}
	}()
	return func(s *os.ProcessState) int64 {
		close(done)
		<-ended
		if usage, ok := s.SysUsage().(*syscall.Rusage); ok && most == 0 {
			return usage.Maxrss
		}
		return most
	}
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
