// Command explorer stands in for Windows' Explorer in the tests: it opens a program
// in a console window of its own, and ends with the program's exit code.
package main

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
)

func main() {
	cmd := exec.Command(os.Args[1], os.Args[2:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	const createNewConsole = 0x10
	cmd.SysProcAttr = &syscall.SysProcAttr{CreationFlags: createNewConsole}
	err := cmd.Run()
	var ended *exec.ExitError
	switch {
	case errors.As(err, &ended):
		os.Exit(ended.ExitCode())
	case err != nil:
		println(err.Error())
		os.Exit(99)
	}
}
