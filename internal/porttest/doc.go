// Package porttest gives tests a port of loopback that stays theirs until a program
// listens on it. A port that was merely free a moment ago is anybody's: of another test,
// or of a connection that goes out.
package porttest

import "testing"

// Free is a port that Hold holds until the test is over.
func Free(t testing.TB) int {
	t.Helper()
	port, release, err := Hold()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return port
}
