package term

import (
	cterm "github.com/charmbracelet/x/term"
	"golang.org/x/sys/windows"
)

func withoutEcho(s *cterm.State) { s.Mode &^= windows.ENABLE_ECHO_INPUT }
