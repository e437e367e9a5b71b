package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/creack/pty"
)

// moment waits for text on the screen, shows it for a while and types the keys.
type moment struct {
	text string
	show time.Duration
	keys string
}

// studio runs the program on a pseudo-terminal.
type studio struct {
	program, work string
	env           []string
}

// record gives an asciicast v2. Its times are those of the moments, not those of
// this machine, and what a moment has drawn until it stood still is one event, so
// that spinners make no pictures.
func (s studio) record(ctx context.Context, lines int, args []string, moments []moment) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.program, args...)
	cmd.Env = s.env
	terminal, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: columns, Rows: uint16(lines)})
	if err != nil {
		return nil, err
	}
	defer terminal.Close()
	shown := make(chan []byte)
	go func() {
		defer close(shown)
		for {
			b := make([]byte, 32<<10)
			n, err := terminal.Read(b)
			if err != nil {
				return
			}
			shown <- b[:n]
		}
	}()

	var c cast
	c.header(lines)
	c.typed("sfconnect " + strings.Join(args, " "))
	for _, m := range moments {
		drawn, err := stands(shown, m.text)
		if err != nil {
			return nil, err
		}
		c.add(drawn, m.show)
		if _, err := terminal.Write([]byte(m.keys)); err != nil {
			return nil, err
		}
	}
	var rest []byte
	for b := range shown {
		rest = append(rest, b...)
	}
	if moments == nil { // a long answer is shown from its beginning
		if all := bytes.SplitAfter(rest, []byte("\n")); len(all) > lines-2 {
			rest = append(bytes.Join(all[:lines-2], nil), "  …"...)
		}
	}
	c.add(rest, 6*time.Second)
	c.add([]byte(" "), 0) // keeps the last picture for as long as the others
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return nil, err
	}
	return c.Bytes(), nil
}

// stands reads until text was drawn and nothing came for a moment, or a minute is over.
func stands(shown <-chan []byte, text string) ([]byte, error) {
	late := time.After(time.Minute)
	var drawn []byte
	for {
		var still <-chan time.Time
		if strings.Contains(ansi.Strip(string(drawn)), text) {
			still = time.After(300 * time.Millisecond) // a cursor blinks every half second
		}
		select {
		case b, ok := <-shown:
			if !ok {
				return nil, fmt.Errorf("the program ended before %q", text)
			}
			drawn = append(drawn, b...)
		case <-still:
			return drawn, nil
		case <-late:
			_, _ = os.Stderr.Write(drawn)
			return nil, fmt.Errorf("%q did not show", text)
		}
	}
}

// cast is a recording in the form asciicast v2.
type cast struct {
	bytes.Buffer
	at time.Duration
}

func (c *cast) header(lines int) {
	_ = json.NewEncoder(c).Encode(map[string]any{"version": 2, "width": columns, "height": lines})
}

// add shows output and goes on after a while.
func (c *cast) add(output []byte, show time.Duration) {
	_ = json.NewEncoder(c).Encode([]any{c.at.Seconds(), "o", string(output)})
	c.at += show
}

// typed is a command line, in words, as a person types it.
func (c *cast) typed(line string) {
	c.add([]byte("\x1b[32m$\x1b[0m "), 600*time.Millisecond)
	for _, word := range strings.SplitAfter(line, " ") {
		c.add([]byte(word), 300*time.Millisecond)
	}
	c.add([]byte("\r\n"), 300*time.Millisecond)
}
