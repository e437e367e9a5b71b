package main

import "syscall"

// detached keeps a Ctrl-C in our console from ending the browser as well.
func detached() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
