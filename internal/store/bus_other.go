//go:build !(linux || freebsd || netbsd || openbsd || dragonfly)

package store

import "context"

// These systems keep secrets without D-Bus.

func inspectBus(context.Context, string) keyringState { return keyringState{} }

func busErrorName(error) string { return "" }

func escapeBusPath(path string) string { return path }
