// Package background owns one fact: the terminal is never asked for its
// background colour. Package term uses only the 16 named colours, which the
// terminal's own theme defines, so nothing depends on the answer.
//
// It exists because of the order in which Go initialises packages: bubbletea
// asks for the background while it is initialised, which sends a query to the
// terminal at the start of every command, "version" included. Go initialises
// the package with the smallest import path among those whose imports are ready
// (Go specification, Program initialization). This package imports lipgloss
// alone and its path sorts before github.com, so its answer is there first. It
// must therefore never import anything else. A test in package term proves it.
package background

import "github.com/charmbracelet/lipgloss"

func init() { lipgloss.SetHasDarkBackground(true) }
