package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// saveOverAMount is a process that sees each of the two files as a mount of its own,
// as a container has single files that are handed to it. It says what it finds before
// it saves, and what saving ends with.
func saveOverAMount() {
	file, age := NewFile(os.Args[1], os.Args[2]), NewAgeFile(os.Args[1], os.Args[2])
	for _, path := range []string{file.Path(), age.Path()} {
		if err := syscall.Mount(path, path, "", syscall.MS_BIND, ""); err != nil {
			fmt.Println("no mount:", err)
			return
		}
	}
	age.Key.IdentityFile = os.Getenv(identityVariable)
	s, ctx := newTestSecrets(age), context.Background()
	found, saved := s.CheckWritable(ctx), s.Set(ctx, "p1", RefreshToken, secret.New("new"))
	fmt.Println(codeOf(found), codeOf(saved), fault.From(saved).Hint)
	found, saved = file.Probe(ctx), file.Update(ctx, put("b", sample("2")))
	fmt.Println(codeOf(found), codeOf(saved), fault.From(saved).Hint)
}

// A file that is mounted by itself takes no rename (EBUSY), although its folder can
// be written: that shows before something is begun that must be saved.
func TestAMountedFileIsFoundBeforehand(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	b.set(key, "p1", canary)
	f := NewFile(b.config(), b.path("state"))
	mustUpdate(t, f, put("a", sample("1")))
	before := b.everything()

	cmd := exec.CommandContext(t.Context(), os.Args[0], f.configDir, f.stateDir)
	cmd.Env = append(os.Environ(), roleVariable+"=mounted", identityVariable+"="+key.IdentityFile)
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.Output()
	said := string(out)
	if errors.Is(err, fs.ErrPermission) || strings.HasPrefix(said, "no mount:") {
		t.Skipf("nothing can be mounted here: %v %s", err, said)
	}
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(said, "store_unwritable store_unwritable ") != 2 || strings.Count(said, "mount its folder instead") != 2 {
		t.Errorf("got:\n%s", said)
	}
	for path, text := range b.everything() {
		if before[path] != text && path != f.Backup() {
			t.Errorf("%s was changed or left behind", path)
		}
	}
}
