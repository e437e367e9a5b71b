// Package term owns everything a terminal shows or asks: the wizard's screens
// as huh forms (TUI), the same as plain lines for dumb terminals and screen
// readers (Lines), the clipboard, styles, tables and status lines (Printer). What is
// asked, and in which order, is left to package wizard; what a command prints
// is left to package cli.
//
// The rules of the interface:
//
//   - Everything is indented by two columns and is readable without colour; a
//     mark is always a word or a sign. Only the terminal's own 16 colours are used.
//   - Questions are drawn where the cursor is and collapse to one line when
//     answered, so that the scrollback reads as a record. Only a Page takes the whole
//     screen: it may be long, and a revealed secret must not stay in the scrollback.
//   - Text from elsewhere may hold escape sequences; all text is cleaned.
//   - Enter accepts, Esc goes back (while waiting there is no back), Ctrl-C leaves.
package term

import (
	// Must be initialised before bubbletea; see there.
	_ "example.com/sfconnect/internal/term/background"
)
