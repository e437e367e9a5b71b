package main

import (
	"io"
	"io/fs"
	"net/netip"
	"os"
	osuser "os/user"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/cli"
)

// surroundings looks around on this computer.
func surroundings() cli.Surroundings {
	return place{getenv: os.Getenv, root: os.DirFS("/"), hostname: hostname, username: username}.look()
}

// place is what tells where a program runs.
type place struct {
	getenv             func(string) string
	root               fs.FS
	hostname, username func() string
}

func (p place) look() cli.Surroundings {
	pod := p.getenv("KUBERNETES_SERVICE_HOST") != ""
	s := cli.Surroundings{
		Container: pod || p.getenv("container") != "" || p.exists(".dockerenv") || p.exists("run/.containerenv"),
		SSH:       p.ssh(),
	}
	if pod {
		s.Pod = p.hostname() // a pod's name, unless its spec says otherwise
	}
	// A container of Docker Desktop has Microsoft's kernel too, and no Windows around it.
	s.WSL = p.getenv("WSL_DISTRO_NAME") != "" || !s.Container && p.microsoftKernel()
	return s
}

// ssh is the session that sshd describes in SSH_CONNECTION: the client's address and
// port, then the server's.
func (p place) ssh() *cli.SSHSession {
	fields := strings.Fields(p.getenv("SSH_CONNECTION"))
	if len(fields) == 0 && p.getenv("SSH_TTY") == "" {
		return nil
	}
	s := &cli.SSHSession{User: p.username(), Host: p.hostname()}
	if len(fields) != 4 {
		return s
	}
	// The other computer cannot use an address that means something only on this one.
	if ip, err := netip.ParseAddr(fields[2]); err == nil && ip.Zone() == "" && !ip.Unmap().IsLoopback() && !ip.IsLinkLocalUnicast() {
		s.Host = ip.Unmap().String()
	}
	if _, err := strconv.ParseUint(fields[3], 10, 16); err == nil {
		s.Port = fields[3]
	}
	return s
}

func (p place) exists(name string) bool {
	_, err := fs.Stat(p.root, name)
	return err == nil
}

func (p place) microsoftKernel() bool {
	f, err := p.root.Open("proc/version")
	if err != nil {
		return false
	}
	defer f.Close()
	version, _ := io.ReadAll(io.LimitReader(f, 4<<10))
	return strings.Contains(strings.ToLower(string(version)), "microsoft")
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return "localhost"
	}
	return name
}

func username() string {
	if u, err := osuser.Current(); err == nil {
		return u.Username
	}
	return os.Getenv("USER")
}
