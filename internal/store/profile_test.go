package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
)

func TestCheckName(t *testing.T) {
	for _, name := range []string{"default", "a", "Acme Inc (production)", "größe", "会社", "a/b\\c", "..", "👩‍💻", "-x", strings.Repeat("ü", 100)} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q was refused: %v", name, err)
		}
	}
	for _, name := range []string{"", " a", "a\u00a0", "a\tb", "a\nb", "\x1b[31m", "a\x00", "a\u0085b", "\xff", "a\u202eb", "a\u2028b", strings.Repeat("ü", 101)} {
		err := CheckName(name)
		f := wantFault(t, err, fault.Usage)
		if f.Exit != 2 || f.Stage != "input" || f.Hint == "" {
			t.Errorf("%q: got %+v", name, f)
		}
		if strings.ContainsAny(f.Message+f.Hint, "\x00\x1b\t") {
			t.Errorf("%q: raw control character in %q", name, f.Message+f.Hint)
		}
	}
}

func TestNewID(t *testing.T) {
	id, err := NewID(bytes.NewReader(bytes.Repeat([]byte{0xab}, 16)))
	if want := strings.Repeat("ab", 16); err != nil || id != want {
		t.Errorf("got %q, %v, want %q", id, err, want)
	}
	if id, err := NewID(strings.NewReader("short")); err == nil {
		t.Errorf("got %q from too few random bytes", id)
	}
}

func TestDefaultFollowsPutAndRemove(t *testing.T) {
	var s Set
	s.Put("b", sample("1"))
	s.Put("a", sample("2"))
	if s.Default != "b" {
		t.Errorf("default is %q, want the first", s.Default)
	}
	s.Remove("a")
	s.Remove("missing")
	if s.Default != "b" {
		t.Errorf("default is %q after removing others", s.Default)
	}
	s.Put("c", sample("3"))
	s.Remove("b")
	s.Put("d", sample("4"))
	if s.Default != "" {
		t.Errorf("default is %q, but nobody chose one", s.Default)
	}
}

func TestFindNamesWhatThereIs(t *testing.T) {
	var s Set
	_, err := s.Find("acme")
	if f := wantFault(t, err, fault.ProfileNotFound); f.Exit != 4 || !strings.Contains(f.Hint, "sfconnect init") {
		t.Errorf("got %+v", f)
	}
	for _, name := range strings.Split("l k j i h g f e d c b a", " ") {
		s.Put(name, sample(name))
	}
	_, err = s.Find("acme")
	if f := wantFault(t, err, fault.ProfileNotFound); !strings.Contains(f.Hint, "a, b, c, d, e, f, g, h, i, j and 2 more") {
		t.Errorf("got hint %q", f.Hint)
	}
	if p, err := s.Find("a"); err != nil || p.ID != "a" {
		t.Errorf("got %v, %v", p, err)
	}
}

func TestProfileNeverLeavesAFieldOut(t *testing.T) {
	// Readers of the file, and the check for unknown fields, rely on it.
	data, err := json.Marshal(Profile{})
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"id":"","login_url":"","consumer_key":"","flow":"","stored_in":"","callback_url":"",` +
		`"org":{"id":"","name":"","instance_url":"","is_sandbox":false},"user":{"id":"","username":"","display_name":""},"identity_url":"",` +
		`"jwt":{"username":"","audience":"","certificate":"","certificate_ends":"0001-01-01T00:00:00Z"},` +
		`"scopes":null,"wanted_scopes":null,"has_refresh_token":false,"has_consumer_secret":false,"refresh_token_rotation":"","refresh_token_handed_over":false,` +
		`"recipe":{"id":"","source":"","inputs":null},"trust_host":false,` +
		`"created_at":"0001-01-01T00:00:00Z","updated_at":"0001-01-01T00:00:00Z","refreshed_at":"0001-01-01T00:00:00Z"}`
	if string(data) != want {
		t.Errorf("got\n%s\nwant\n%s", data, want)
	}
}

func TestErrNotFoundIsNoFault(t *testing.T) {
	var f *fault.Fault
	if errors.As(ErrNotFound, &f) {
		t.Error("a missing secret is no fault of the store")
	}
}
