package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v4/net"
	ps "github.com/shirou/gopsutil/v4/process"
)

// portHolder names the program that holds a TCP port, "node (pid 4711)"; "" where
// the system does not tell, as for another user's. It may take two seconds.
func portHolder(port int) string {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	all, err := net.ConnectionsWithContext(ctx, "tcp")
	if err != nil {
		return ""
	}
	var pid int32
	for _, c := range all {
		if c.Laddr.Port == uint32(port) && c.Pid != 0 && (pid == 0 || c.Status == "LISTEN") {
			pid = c.Pid
		}
	}
	if pid == 0 {
		return ""
	}
	return fmt.Sprintf("%s (pid %d)", programName(ctx, pid), pid)
}

// programName is the name of the program's file. What Linux calls the process may
// be a thread's name: node calls itself MainThread (nodejs/node#61307).
func programName(ctx context.Context, pid int32) string {
	p := ps.Process{Pid: pid}
	if path, err := p.ExeWithContext(ctx); err == nil && path != "" {
		return strings.TrimSuffix(filepath.Base(path), " (deleted)")
	}
	if name, err := p.NameWithContext(ctx); err == nil && name != "" {
		return name
	}
	return "another program"
}
