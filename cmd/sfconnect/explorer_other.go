//go:build !windows

package main

// A double click opens a window that closes with its program on Windows alone.

func ownWindow() bool { return false }

func startedByExplorer() bool { return false }
