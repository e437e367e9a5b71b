//go:build !windows

package store

// heldByAnother is false where a rename works on open files.
func heldByAnother(error) bool { return false }
