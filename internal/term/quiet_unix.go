//go:build !windows

package term

import (
	cterm "github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

func withoutEcho(s *cterm.State) { s.Lflag &^= unix.ECHO }
