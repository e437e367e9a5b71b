//go:build !windows

package main

import "syscall"

// openFiles is how many files this process may have open; 0 when that is not known.
// Go has raised the soft limit to the hard one by then.
func openFiles() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil || limit.Cur > 1<<30 {
		return 0
	}
	return int(limit.Cur)
}
