package main

import (
	"bufio"
	"fmt"
	"io"
)

// fromExplorer decides what a double click in Windows' Explorer does: the program
// alone means the wizard, and the window, which Explorer opened for us and which
// closes with us, is kept until somebody has read it. ownWindow says that nobody
// else uses our window; explorer is asked only then.
func fromExplorer(args []string, ownWindow bool, explorer func() bool) (run []string, keep bool) {
	if !ownWindow || !explorer() {
		return args, false
	}
	if len(args) == 0 {
		return []string{"init"}, true
	}
	return args, true // a file was dropped on the program, or a shortcut has arguments
}

// waitForEnter keeps a window open. The end of input is an answer, too.
func waitForEnter(in io.Reader, out io.Writer) {
	fmt.Fprint(out, "\nPress Enter to close this window. ")
	_, _ = bufio.NewReader(in).ReadString('\n')
}
