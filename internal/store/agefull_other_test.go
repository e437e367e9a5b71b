//go:build !linux

package store

// saveOnAFullDisk is tried on Linux alone.
func saveOnAFullDisk() {}

// saveOverAMount is tried on Linux alone.
func saveOverAMount() {}
