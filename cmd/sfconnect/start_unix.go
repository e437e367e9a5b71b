//go:build !windows

package main

import "syscall"

// detached keeps a Ctrl-C in our terminal from ending the browser as well.
func detached() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }
