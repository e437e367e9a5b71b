package main

import (
	"fmt"
	"testing"
	"testing/fstest"
)

func TestSurroundings(t *testing.T) {
	linux := &fstest.MapFile{Data: []byte("Linux version 6.8.0-45-generic (buildd@lcy02)")}
	wsl := &fstest.MapFile{Data: []byte("Linux version 5.15.153.1-Microsoft-standard-WSL2")}
	empty := &fstest.MapFile{}
	for name, c := range map[string]struct {
		env   map[string]string
		files fstest.MapFS
		want  string
	}{
		"a desktop":              {nil, fstest.MapFS{"proc/version": linux}, "wsl false container false pod  ssh none"},
		"no /proc":               {nil, nil, "wsl false container false pod  ssh none"},
		"WSL":                    {map[string]string{"WSL_DISTRO_NAME": "Ubuntu"}, nil, "wsl true container false pod  ssh none"},
		"WSL under sudo":         {nil, fstest.MapFS{"proc/version": wsl}, "wsl true container false pod  ssh none"},
		"docker":                 {nil, fstest.MapFS{".dockerenv": empty, "proc/version": linux}, "wsl false container true pod  ssh none"},
		"docker on Windows":      {nil, fstest.MapFS{".dockerenv": empty, "proc/version": wsl}, "wsl false container true pod  ssh none"},
		"podman":                 {nil, fstest.MapFS{"run/.containerenv": empty}, "wsl false container true pod  ssh none"},
		"systemd-nspawn":         {map[string]string{"container": "systemd-nspawn"}, nil, "wsl false container true pod  ssh none"},
		"kubernetes":             {map[string]string{"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, nil, "wsl false container true pod box ssh none"},
		"ssh":                    {map[string]string{"SSH_CONNECTION": "198.51.100.9 50022 203.0.113.7 22", "SSH_TTY": "/dev/pts/3"}, nil, "wsl false container false pod  ssh ada 203.0.113.7 22"},
		"ssh, IPv6, other port":  {map[string]string{"SSH_CONNECTION": "2001:db8::9 50022 2001:db8::7 2222"}, nil, "wsl false container false pod  ssh ada 2001:db8::7 2222"},
		"ssh, IPv4 within IPv6":  {map[string]string{"SSH_CONNECTION": "::ffff:198.51.100.9 50022 ::ffff:203.0.113.7 22"}, nil, "wsl false container false pod  ssh ada 203.0.113.7 22"},
		"ssh, link-local":        {map[string]string{"SSH_CONNECTION": "fe80::9%eth0 50022 fe80::7%eth0 22"}, nil, "wsl false container false pod  ssh ada box 22"},
		"ssh through a tunnel":   {map[string]string{"SSH_CONNECTION": "127.0.0.1 50022 127.0.0.1 2222"}, nil, "wsl false container false pod  ssh ada box 2222"},
		"ssh, terminal alone":    {map[string]string{"SSH_TTY": "/dev/pts/3"}, nil, "wsl false container false pod  ssh ada box "},
		"ssh, said in half":      {map[string]string{"SSH_CONNECTION": "198.51.100.9"}, nil, "wsl false container false pod  ssh ada box "},
		"ssh, a name for a host": {map[string]string{"SSH_CONNECTION": "a 1 $(evil) $(evil)"}, nil, "wsl false container false pod  ssh ada box "},
	} {
		p := place{getenv: func(n string) string { return c.env[n] }, root: c.files, hostname: func() string { return "box" }, username: func() string { return "ada" }}
		s := p.look()
		ssh := "none"
		if s.SSH != nil {
			ssh = s.SSH.User + " " + s.SSH.Host + " " + s.SSH.Port
		}
		if got := fmt.Sprintf("wsl %t container %t pod %s ssh %s", s.WSL, s.Container, s.Pod, ssh); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
