package cli

import (
	"bufio"
	"context"
	"io"
)

// longestLine bounds a pasted address; real ones have some 400 characters.
const longestLine = 64 << 10

// pastedLines gives what comes on stdin: line by line from a terminal, so that a
// person may try again, and one line alone from a script. It is closed when no more
// comes.
func (a *app) pastedLines(ctx context.Context) <-chan string {
	lines := make(chan string)
	go func() {
		defer close(lines)
		in := bufio.NewReader(io.LimitReader(a.Stdin, 16*longestLine))
		for {
			text, err := in.ReadString('\n')
			if text = trimInput([]byte(text)); text != "" {
				select {
				case lines <- text:
				case <-ctx.Done():
					return
				}
				if !a.StdinTTY {
					return
				}
			}
			if err != nil {
				return
			}
		}
	}()
	return lines
}
