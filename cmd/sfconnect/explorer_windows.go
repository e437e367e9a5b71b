package main

import (
	"unsafe"

	"github.com/inconshreveable/mousetrap"
	"golang.org/x/sys/windows"
)

// ownWindow reports whether no other program uses our console, as a shell would.
func ownWindow() bool {
	var first uint32
	n, _, _ := windows.NewLazySystemDLL("kernel32.dll").NewProc("GetConsoleProcessList").Call(uintptr(unsafe.Pointer(&first)), 1)
	return n == 1
}

func startedByExplorer() bool { return mousetrap.StartedByExplorer() }
