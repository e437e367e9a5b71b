package store

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

func TestLooseModes(t *testing.T) {
	for _, c := range []struct {
		name string
		// loosen changes something of a store in order, and gives how it is opened then.
		loosen   func(b *ageBench, key AgeKey) AgeKey
		own      bool   // the folder is the default one
		told     string // "" where nothing is said
		refused  string // "" where it is mended or let be
		hint     string
		mended   string // the path that has its mode again
		mendedTo os.FileMode
	}{
		{name: "secrets for a group to read", loosen: func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.Chmod(b.path("config/"+ageName), 0o640))
			return key
		}, told: "yours alone (0600)", mended: "config/" + ageName, mendedTo: 0o600},
		{name: "secrets for others to write", loosen: func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.Chmod(b.path("config/"+ageName), 0o602))
			return key
		}, told: "yours alone (0600)", mended: "config/" + ageName, mendedTo: 0o600},
		{name: "key file for all", loosen: func(b *ageBench, _ AgeKey) AgeKey {
			b.mustAll(os.RemoveAll(b.config()))
			key := withPassphrase(rightPassphrase)
			b.set(key, "p1", canary)
			b.mustAll(os.Chmod(b.path("config/"+ageKeyName), 0o644))
			return key
		}, told: "yours alone (0600)", mended: "config/" + ageKeyName, mendedTo: 0o600},
		{name: "the default folder", own: true, loosen: func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Chmod(b.config(), 0o755)); return key },
			told: "yours alone (0700)", mended: "config", mendedTo: 0o700},
		{name: "a chosen folder for all to read", loosen: func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Chmod(b.config(), 0o755)); return key },
			mended: "config", mendedTo: 0o755},
		{name: "a chosen folder for all to write", loosen: func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Chmod(b.config(), 0o777)); return key },
			refused: "others may put files into the folder", hint: "chmod go-w ", mended: "config", mendedTo: 0o777},
		{name: "identity for a group to read", loosen: func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Chmod(key.IdentityFile, 0o640)); return key },
			refused: "the identity file", hint: "chmod 600 ", mended: "key.txt", mendedTo: 0o640},
		{name: "identity for all to read", loosen: func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Chmod(key.IdentityFile, 0o604)); return key },
			refused: "may be read or written by others", hint: "chmod 600 ", mended: "key.txt", mendedTo: 0o604},
		{name: "identity that may only be read", loosen: func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Chmod(key.IdentityFile, 0o400)); return key },
			mended: "key.txt", mendedTo: 0o400},
		{name: "passphrase for all to read", loosen: func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.RemoveAll(b.config()))
			b.set(withPassphrase(rightPassphrase), "p1", canary)
			path := b.write("pass", rightPassphrase)
			b.mustAll(os.Chmod(path, 0o644))
			return AgeKey{PassphraseFile: path}
		}, refused: "the passphrase file", hint: "chmod 600 ", mended: "pass", mendedTo: 0o644},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := newAgeBench(t)
			key := AgeKey{IdentityFile: b.identity("key.txt")}
			b.set(key, "p1", canary)
			key = c.loosen(b, key)
			b.told = nil
			f := b.open(key)
			f.OwnFolder = c.own
			s := newTestSecrets(f)
			got, err := s.Get(t.Context(), "p1", RefreshToken)
			if c.refused == "" && (err != nil || got.Reveal() != canary) {
				t.Errorf("got %q, %v", got.Reveal(), err)
			}
			if c.refused != "" {
				fail := wantFault(t, err, fault.StoreLocked)
				if !strings.Contains(fail.Message, c.refused) || !strings.Contains(fail.Hint, c.hint) {
					t.Errorf("got %q\n%q", fail.Message, fail.Hint)
				}
			}
			if said := strings.Join(b.told, "\n"); (said == "") != (c.told == "") || !strings.Contains(said, c.told) {
				t.Errorf("told %q, want %q", said, c.told)
			}
			if info, err := os.Stat(b.path(c.mended)); err != nil || info.Mode().Perm() != c.mendedTo {
				t.Errorf("%s is %v, %v, want %v", c.mended, info.Mode(), err, c.mendedTo)
			}
			_, _ = s.Get(t.Context(), "p1", RefreshToken)
			if len(b.told) > 1 {
				t.Errorf("told twice: %q", b.told)
			}
		})
	}
}

// A key of root's may be read by a group, as Kubernetes and systemd lay it out for
// a service; a key of any other user is refused.
func TestKeyOfAnotherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("files of another user are made by root")
	}
	const nobody = 65534
	for _, c := range []struct {
		owner int
		mode  os.FileMode
		bad   bool
	}{{0, 0o440, true}, {0, 0o400, false}, {nobody, 0o400, true}} {
		b := newAgeBench(t)
		path := b.identity("key.txt")
		b.mustAll(os.Chown(path, c.owner, nobody), os.Chmod(path, c.mode))
		info, err := os.Stat(path)
		b.mustAll(err)
		if why, hint := looseKey(info, path, 0); (why != "") != c.bad || (why != "") != (hint != "") {
			t.Errorf("%+v for root: %q", c, why)
		}
		if why, _ := looseKey(info, path, 1000); (why != "") != (c.owner == nobody) {
			t.Errorf("%+v for a service's user: %q", c, why)
		}
		if why, _ := looseKey(info, path, nobody); c.owner == nobody && why != "" {
			t.Errorf("%+v for its owner: %q", c, why)
		}
	}
}

// As root nothing forbids a write: the thread that tries it is another user's.
func TestAgeFileInAFolderThatMayNotBeWritten(t *testing.T) {
	for _, folder := range []string{"config", "state"} {
		t.Run(folder, func(t *testing.T) {
			b := newAgeBench(t)
			b.mustAll(os.Chmod(filepath.Dir(b.dir), 0o711))
			key := AgeKey{IdentityFile: b.identity("key.txt")}
			b.set(key, "p1", canary)
			before := read(t, b.path("config/"+ageName))
			f := b.open(key)
			if err := f.Open(t.Context(), false); err != nil { // as root, whose key it is
				t.Fatal(err)
			}
			b.mustAll(os.Chmod(b.path(folder), 0o500))
			own := []string{b.dir, b.config(), b.path("state"), b.path("config/" + ageName), b.path("state/" + ageLock)}
			if folder == "state" { // a lock that is there can be had all the same
				b.mustAll(os.Remove(own[4]))
				own = own[:4]
			}
			asPlainUser(t, own, func() {
				s := newTestSecrets(f)
				if got, err := f.Get(serviceName, "p1/refresh-token"); err != nil || got != canary {
					t.Errorf("got %q, %v", got, err)
				}
				for what, err := range map[string]error{"Set": f.Set(serviceName, "p1/refresh-token", "new"), "Writable": f.Writable(t.Context())} {
					err := s.explain(t.Context(), opCheck, err)
					if err == nil || fault.From(err).Code != fault.StoreUnwritable {
						t.Errorf("%s: %v", what, err)
					}
				}
			})
			if read(t, b.path("config/"+ageName)) != before {
				t.Error("the file was changed")
			}
		})
	}
}

// saveOnAFullDisk is a process that may write no file beyond a few bytes: it says
// what its store says.
func saveOnAFullDisk() {
	signal.Ignore(syscall.SIGXFSZ)
	f := NewAgeFile(os.Args[1], os.Args[2])
	f.Key.IdentityFile = os.Getenv(identityVariable)
	s := newTestSecrets(f)
	limit := syscall.Rlimit{Cur: 64, Max: 64}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		fmt.Println("no limit:", err)
		return
	}
	ctx := context.Background()
	fmt.Println(codeOf(s.CheckWritable(ctx)), codeOf(s.Set(ctx, os.Args[3], RefreshToken, secret.New("new"))), codeOf(s.Probe(ctx)))
	if got, err := s.Get(ctx, os.Args[3], RefreshToken); err == nil {
		fmt.Println(got.Reveal())
	}
}

func codeOf(err error) string {
	if err == nil {
		return "done"
	}
	return fault.From(err).Code
}

func TestAgeFileOnAFullDisk(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	b.set(key, "p1", canary)
	before := b.everything()
	t.Setenv(identityVariable, key.IdentityFile)
	cmd, _, lines := playRole(t, "full", NewFile(b.config(), b.path("state")), "p1")
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"store_unwritable store_unwritable store_unwritable", canary}; strings.Join(said, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", said, want)
	}
	for path, text := range b.everything() {
		if before[path] != text {
			t.Errorf("%s was changed or left behind", path)
		}
	}
}

// A process that is killed while it writes leaves the old file or the new one.
func TestAgeFileOfAKilledWriter(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	b.set(key, "p1", canary)
	t.Setenv(identityVariable, key.IdentityFile)
	for range 8 {
		cmd, _, lines := playRole(t, "save", NewFile(b.config(), b.path("state")), "x")
		lines.Scan() // "begun"
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		b.wantItem(key, "p1", canary)
	}
	b.set(key, "p2", "after")
	if left, _ := filepath.Glob(filepath.Join(b.config(), "[^l]*")); len(left) != 1 { // besides the locks
		t.Errorf("left behind: %v", left)
	}
}
