package store

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// everything is all files of the bench's store with what is in them.
func (b *ageBench) everything() map[string]string {
	b.t.Helper()
	all := map[string]string{}
	found, err := filepath.Glob(filepath.Join(b.config(), "*"))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, path := range found {
		text, err := os.ReadFile(path)
		if err != nil {
			text = []byte(err.Error())
		}
		all[path] = string(text)
	}
	return all
}

func (b *ageBench) mustAll(errs ...error) {
	b.t.Helper()
	if err := errors.Join(errs...); err != nil {
		b.t.Fatal(err)
	}
}

// TestAgeFileRefuses: whatever is wrong has a name and a way out, and neither
// reading nor writing changes a byte or makes a key of its own.
func TestAgeFileRefuses(t *testing.T) {
	sealedAs := func(b *ageBench, identity, plain string) {
		b.t.Helper()
		key, err := parseKey([]byte(read(b.t, identity)))
		if err != nil {
			b.t.Fatal(err)
		}
		var out bytes.Buffer
		w, err := age.Encrypt(&out, marked{key.to, ""})
		b.mustAll(err)
		_, err = w.Write([]byte(plain))
		b.mustAll(err, w.Close())
		b.write("config/"+ageName, out.String())
	}
	cases := []struct {
		name    string
		given   string // a store made with: identity (the default), passphrase, nothing
		prepare func(b *ageBench, key AgeKey) AgeKey
		code    string
		says    string // in the message
		hint    string
	}{
		{"no key", "", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{} }, fault.StoreLocked, "no identity was given", "SFCONNECT_AGE_IDENTITY_FILE"},
		{"no passphrase", "passphrase", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{} }, fault.StoreLocked, "nothing was given", "SFCONNECT_PASSPHRASE_FILE"},
		{"wrong passphrase", "passphrase", func(b *ageBench, _ AgeKey) AgeKey { return withPassphrase(wrongPassphrase) }, fault.WrongPassphrase, "does not open", "made with"},
		{"empty passphrase file", "passphrase", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{PassphraseFile: b.write("empty", "\n")} }, fault.StoreLocked, "is empty", "first and only line"},
		{"missing passphrase file", "passphrase", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{PassphraseFile: b.path("none")} }, fault.StoreLocked, "could not be read", "right path"},
		{"passphrase for an identity's", "", func(b *ageBench, _ AgeKey) AgeKey { return withPassphrase(rightPassphrase) }, fault.WrongPassphrase, "no secrets.key.age", "SFCONNECT_AGE_IDENTITY_FILE"},
		{"identity for a passphrase's", "passphrase", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{IdentityFile: b.identity("new.txt")} }, fault.WrongPassphrase, "no identity in", "unset SFCONNECT_AGE_IDENTITY_FILE"},
		{"another identity", "", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{IdentityFile: b.identity("new.txt")} }, fault.WrongPassphrase, "no identity in", "written with"},
		{"missing identity file", "", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{IdentityFile: b.path("none.txt")} }, fault.StoreLocked, "none.txt could not be read", "No other key is made"},
		{"missing identity file, new store", "nothing", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{IdentityFile: b.path("none.txt")} }, fault.StoreLocked, "none.txt could not be read", "right path"},
		{"identity is a folder", "", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{IdentityFile: b.dir} }, fault.StoreLocked, "it is a folder", "right path"},
		{"identity is something else", "", func(b *ageBench, _ AgeKey) AgeKey {
			return AgeKey{IdentityFile: b.write("ssh", "-----BEGIN OPENSSH PRIVATE KEY-----\n"+canary+"\n")}
		}, fault.StoreLocked, "no identity of age", "age-keygen"},
		{"identity is empty", "", func(b *ageBench, _ AgeKey) AgeKey { return AgeKey{IdentityFile: b.write("none", "# nothing\n")} }, fault.StoreLocked, "no identity of age", "age-keygen"},
		{"damaged identity", "", func(b *ageBench, key AgeKey) AgeKey {
			b.write("key.txt", strings.TrimSpace(read(b.t, key.IdentityFile))+"Q\n")
			return key
		}, fault.StoreLocked, "no identity of age", "age-keygen"},
		{"empty file", "", func(b *ageBench, key AgeKey) AgeKey { b.write("config/"+ageName, ""); return key }, fault.StoreCorrupt, "it is empty", "backup"},
		{"a folder in its place", "", func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.Remove(b.path("config/"+ageName)), os.Mkdir(b.path("config/"+ageName), 0o700))
			return key
		}, fault.StoreCorrupt, "not a regular file", "away and sign in again"},
		{"a symbolic link in its place", "", func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.Rename(b.path("config/"+ageName), b.path("elsewhere")), os.Symlink(b.path("elsewhere"), b.path("config/"+ageName)))
			return key
		}, fault.StoreCorrupt, "symbolic link", "away and sign in again"},
		{"a dangling link in its place", "nothing", func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.Mkdir(b.config(), 0o700), os.Symlink(b.path("nowhere"), b.path("config/"+ageName)))
			return AgeKey{IdentityFile: b.identity("key.txt")}
		}, fault.StoreCorrupt, "symbolic link", "away and sign in again"},
		{"text in its place", "", func(b *ageBench, key AgeKey) AgeKey { b.write("config/"+ageName, "{}\n"); return key }, fault.StoreCorrupt, "is not as sfconnect wrote it", "backup"},
		{"without our mark", "", func(b *ageBench, key AgeKey) AgeKey {
			other, err := age.GenerateX25519Identity()
			b.mustAll(err)
			var out bytes.Buffer
			w, err := age.Encrypt(&out, other.Recipient())
			b.mustAll(err, w.Close())
			b.write("config/"+ageName, out.String())
			return key
		}, fault.StoreCorrupt, "damaged, or it was not written by sfconnect", "backup"},
		{"a newer schema", "", func(b *ageBench, key AgeKey) AgeKey {
			sealedAs(b, key.IdentityFile, `{"schema":2,"things":[]}`)
			return key
		}, fault.StoreCorrupt, "a newer sfconnect", "backup"},
		{"a field that writing would lose", "", func(b *ageBench, key AgeKey) AgeKey {
			sealedAs(b, key.IdentityFile, `{"schema":1,"items":{},"more":1}`)
			return key
		}, fault.StoreCorrupt, "not the JSON", "backup"},
		{"no JSON inside", "", func(b *ageBench, key AgeKey) AgeKey { sealedAs(b, key.IdentityFile, ""); return key }, fault.StoreCorrupt, "not the JSON", "backup"},
		{"no key file", "passphrase", func(b *ageBench, key AgeKey) AgeKey { b.mustAll(os.Remove(b.path("config/" + ageKeyName))); return key }, fault.WrongPassphrase, "there is no", "backup"},
		{"a link in the key file's place", "passphrase", func(b *ageBench, key AgeKey) AgeKey {
			b.mustAll(os.Rename(b.path("config/"+ageKeyName), b.path("elsewhere")), os.Symlink(b.path("elsewhere"), b.path("config/"+ageKeyName)))
			return key
		}, fault.StoreCorrupt, "symbolic link", "away and sign in again"},
		{"key file of another store", "passphrase", func(b *ageBench, key AgeKey) AgeKey {
			other := newAgeBench(b.t)
			other.set(key, "p1", "other")
			b.write("config/"+ageKeyName, read(b.t, other.path("config/"+ageKeyName)))
			return key
		}, fault.WrongPassphrase, "was not written with the key", "belong together"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if runtime.GOOS == "windows" && strings.Contains(c.name, "link") {
				t.Skip("making a link needs a right there")
			}
			b := newAgeBench(t)
			var key AgeKey
			switch c.given {
			case "":
				key = AgeKey{IdentityFile: b.identity("key.txt")}
				b.set(key, "p1", canary)
			case "passphrase":
				key = withPassphrase(rightPassphrase)
				b.set(key, "p1", canary)
			}
			key = c.prepare(b, key)
			before := b.everything()
			_, err := b.secrets(key).Get(t.Context(), "p1", RefreshToken)
			if c.given == "nothing" && errors.Is(err, ErrNotFound) {
				err = b.secrets(key).Probe(t.Context())
			}
			f := wantFault(t, err, c.code)
			if !strings.Contains(f.Message, c.says) || !strings.Contains(f.Hint, c.hint) || f.Exit != fault.ExitStore {
				t.Errorf("got %q\n%q, exit %d; want %q and %q", f.Message, f.Hint, f.Exit, c.says, c.hint)
			}
			if strings.Contains(f.Message+f.Hint+f.Cause.Error(), canary) {
				t.Errorf("the error shows a secret: %q", f.Message)
			}
			s := b.secrets(key)
			if err := s.Set(t.Context(), "p1", RefreshToken, secret.New("new")); err == nil || fault.From(err).Code != c.code {
				t.Errorf("Set: %v", err)
			}
			if err := s.Delete(t.Context(), "p1", RefreshToken); c.given != "nothing" && (err == nil || fault.From(err).Code != c.code) {
				t.Errorf("Delete: %v", err)
			}
			if err := s.CheckWritable(t.Context()); c.given != "nothing" && (err == nil || fault.From(err).Code != c.code) {
				t.Errorf("CheckWritable: %v", err)
			}
			for path, text := range b.everything() {
				if before[path] != text {
					t.Errorf("%s was changed or made", path)
				}
			}
		})
	}
}

// TestAgeFileDamaged flips a bit of each byte and cuts the file at each: whatever
// is left is told from a wrong key.
func TestAgeFileDamaged(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	b.set(key, "p1", canary)
	path := b.path("config/" + ageName)
	whole := read(t, path)
	s := newTestSecrets(b.open(key))
	wantCorrupt := func(what string, at int) {
		t.Helper()
		_, err := s.Get(t.Context(), "p1", RefreshToken)
		if err == nil || fault.From(err).Code != fault.StoreCorrupt {
			t.Errorf("%s at %d of %d: %v", what, at, len(whole), err)
		}
	}
	for at := range len(whole) {
		damaged := []byte(whole)
		damaged[at] ^= 1
		b.write("config/"+ageName, string(damaged))
		wantCorrupt("a flipped bit", at)
		b.write("config/"+ageName, whole[:at])
		wantCorrupt("cut", at)
	}
	b.write("config/"+ageName, whole+"x")
	wantCorrupt("longer", len(whole))
	b.write("config/"+ageName, whole)
	b.wantItem(key, "p1", canary)
}

func TestAgeKeyFileDamaged(t *testing.T) {
	b := newAgeBench(t)
	key := withPassphrase(rightPassphrase)
	b.set(key, "p1", canary)
	path := b.path("config/" + ageKeyName)
	whole := read(t, path)
	factor := strings.Index(whole, " 10\n")
	for at := range len(whole) {
		if at == factor+1 {
			continue // another work factor costs real work, and is known by its sum as well
		}
		damaged := []byte(whole)
		damaged[at] ^= 1
		for what, text := range map[string]string{"a flipped bit": string(damaged), "cut": whole[:at]} {
			b.write("config/"+ageKeyName, text)
			_, err := b.secrets(key).Get(t.Context(), "p1", RefreshToken)
			if err == nil || fault.From(err).Code != fault.StoreCorrupt {
				t.Errorf("%s at %d of %d: %v", what, at, len(whole), err)
			}
		}
	}
	b.write("config/"+ageKeyName, whole)
	b.wantItem(key, "p1", canary)
}

// age's own tool must open the file: for it, the mark is a stanza that it does not know.
func TestAgeFileIsPlainAge(t *testing.T) {
	b := newAgeBench(t)
	key := AgeKey{IdentityFile: b.identity("key.txt")}
	b.set(key, "p1", canary)
	identities, err := age.ParseIdentities(strings.NewReader(read(t, key.IdentityFile)))
	b.mustAll(err)
	plain, err := decrypt([]byte(read(t, b.path("config/"+ageName))), identities)
	if want := `{"schema":1,"items":{"sfconnect/p1/refresh-token":"` + canary + `"}}`; err != nil || string(plain) != want {
		t.Errorf("got %s, %v, want %s", plain, err, want)
	}
}

func TestStanzaBodies(t *testing.T) {
	for n := range 200 {
		body := bytes.Repeat([]byte{7}, n)
		lines := strings.Split(string(wrapped(body)), "\n")
		if got, err := base64.RawStdEncoding.DecodeString(strings.Join(lines, "")); err != nil || !bytes.Equal(got, body) {
			t.Fatalf("%d bytes: %v", n, err)
		}
		for i, line := range lines {
			if last := i == len(lines)-1; last == (len(line) == 64) {
				t.Errorf("%d bytes: line %d of %d has %d", n, i+1, len(lines), len(line))
			}
		}
	}
}

func TestKeyBesideItsSecrets(t *testing.T) {
	for _, key := range []func(b *ageBench) AgeKey{
		func(b *ageBench) AgeKey { return AgeKey{IdentityFile: b.identity("config/key.txt")} },
		func(b *ageBench) AgeKey { return AgeKey{PassphraseFile: b.write("config/pass", rightPassphrase)} },
	} {
		b := newAgeBench(t)
		b.set(key(b), "p1", canary)
		if len(b.told) != 1 || !strings.Contains(b.told[0], "same folder") {
			t.Errorf("told %q", b.told)
		}
	}
}

func TestShellPath(t *testing.T) {
	for path, want := range map[string]string{"/a/b-c_1.txt": "/a/b-c_1.txt", "/a b": "'/a b'", "/it's": `'/it'\''s'`, "": "''", "/größe": "'/größe'", "$(x)": "'$(x)'"} {
		if got := shellPath(path); got != want {
			t.Errorf("shellPath(%q) = %s, want %s", path, got, want)
		}
	}
}
