//go:build !windows

package store

import "os"

// heldByAnother is false where a rename works on open files.
func heldByAnother(error) bool { return false }

func rename(from, to string) error { return os.Rename(from, to) }
