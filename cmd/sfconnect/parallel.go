package main

// perProcessor is how many connections keep a processor busy: nearly all of a test's
// time is waiting for the network.
const perProcessor = 64

// filesEach is how many files a connection under test may have open: to the login host
// and the instance up to four, its lock, and a file of the store.
const filesEach = 8

// parallel is how many connections at a time suit a machine with that many processors
// and open files; 0 files stand for no known limit.
func parallel(processors, files int) int {
	n := perProcessor * max(processors, 1)
	if files > 0 {
		const others = 32 // standard streams, profiles, the keychain
		n = min(n, (files-others)/filesEach)
	}
	return min(max(n, 1), 512)
}
