package store

import (
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"testing"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
)

// small is a keychain that takes short values alone, as Windows' does.
type small struct {
	items map[string]string
	fail  func(call, user string) error
}

func (k *small) Get(_, user string) (string, error) {
	if err := k.fail("get", user); err != nil {
		return "", err
	}
	v, ok := k.items[user]
	if !ok {
		return "", ErrNotFound
	}
	return v, nil
}

func (k *small) Set(_, user, value string) error {
	if err := k.fail("set", user); err != nil {
		return err
	}
	if len(value) > 1300 {
		return errors.New("too long")
	}
	k.items[user] = value
	return nil
}

func (k *small) Delete(_, user string) error {
	if err := k.fail("delete", user); err != nil {
		return err
	}
	if _, ok := k.items[user]; !ok {
		return ErrNotFound
	}
	delete(k.items, user)
	return nil
}

func newSmall() (*small, *Secrets) {
	k := &small{items: map[string]string{}, fail: func(string, string) error { return nil }}
	return k, NewSecrets(k, "windows", rand.Reader)
}

func TestLongValuesAreKeptInParts(t *testing.T) {
	k, s := newSmall()
	ctx := t.Context()
	for _, length := range []int{1, partSize, partSize + 1, 3272, mostParts * partSize, 10, 2500} {
		v := secret.New(strings.Repeat("ä", length/2) + strings.Repeat("x", length%2))
		if err := s.Set(ctx, "o", PrivateKey, v); err != nil {
			t.Fatalf("%d: %v", length, err)
		}
		if got, err := s.Get(ctx, "o", PrivateKey); err != nil || !got.Equal(v) {
			t.Errorf("%d: %v", length, err)
		}
		want := 1
		if length > partSize {
			want += (length + partSize - 1) / partSize
		}
		if len(k.items) != want {
			t.Errorf("%d: %d items, want %d: those of the value before must go", length, len(k.items), want)
		}
	}
	var f *fault.Fault
	if err := s.Set(ctx, "o", PrivateKey, secret.New(strings.Repeat("x", mostParts*partSize+1))); !errors.As(err, &f) || f.Code != fault.StoreTooSmall {
		t.Errorf("far too long: %v", err)
	}
	if err := s.Delete(ctx, "o", PrivateKey); err != nil || len(k.items) != 0 {
		t.Errorf("%d items left, %v", len(k.items), err)
	}
}

func TestPartsThatAreMissing(t *testing.T) {
	k, s := newSmall()
	v := secret.New(strings.Repeat("x", 3000))
	if err := s.Set(t.Context(), "o", PrivateKey, v); err != nil {
		t.Fatal(err)
	}
	for user, value := range k.items {
		if user == "o/private-key" {
			continue
		}
		for _, harm := range []string{"", "y" + value[1:]} {
			k.items[user] = harm
			if harm == "" {
				delete(k.items, user)
			}
			var f *fault.Fault
			if _, err := s.Get(t.Context(), "o", PrivateKey); !errors.As(err, &f) || f.Code != fault.StoreCorrupt {
				t.Errorf("%s: %v", user, err)
			}
			k.items[user] = value
		}
	}
	delete(k.items, "o/private-key")
	if _, err := s.Get(t.Context(), "o", PrivateKey); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// Whatever call fails, the value before is still there, and nothing else is.
func TestPartsAreAllOrNothing(t *testing.T) {
	old, now := secret.New(strings.Repeat("o", 3000)), secret.New(strings.Repeat("n", 4000))
	for fail := 1; ; fail++ {
		k, s := newSmall()
		if err := s.Set(t.Context(), "o", PrivateKey, old); err != nil {
			t.Fatal(err)
		}
		sets := 0
		k.fail = func(call, _ string) error {
			if call == "set" {
				if sets++; sets == fail {
					return errors.New("no")
				}
			}
			return nil
		}
		err := s.Set(context.Background(), "o", PrivateKey, now)
		got, readErr := s.Get(t.Context(), "o", PrivateKey)
		if readErr != nil {
			t.Fatalf("call %d: %v", fail, readErr)
		}
		if err == nil {
			if !got.Equal(now) || fail < 5 {
				t.Errorf("call %d failed and nobody noticed", fail)
			}
			return
		}
		if !got.Equal(old) || len(k.items) != 4 {
			t.Errorf("call %d: the value before is lost, or %d items are left", fail, len(k.items))
		}
	}
}

// A reader finds the old value or the new one, also when the value is replaced
// between the line and its parts.
func TestPartsReplacedUnderAReader(t *testing.T) {
	old, now := secret.New(strings.Repeat("o", 3000)), secret.New(strings.Repeat("n", 4000))
	k, s := newSmall()
	if err := s.Set(t.Context(), "o", AccessToken, old); err != nil {
		t.Fatal(err)
	}
	other := NewSecrets(&small{items: k.items, fail: func(string, string) error { return nil }}, "windows", rand.Reader)
	reads := 0
	k.fail = func(call, _ string) error {
		if call == "get" {
			if reads++; reads == 2 {
				return other.Set(context.Background(), "o", AccessToken, now)
			}
		}
		return nil
	}
	if got, err := s.Get(t.Context(), "o", AccessToken); err != nil || !got.Equal(now) {
		t.Errorf("%v", err)
	}
}

// The line was written and could not be read back: what it points to stays.
func TestPartsOfAWrittenLineStay(t *testing.T) {
	old, now := secret.New(strings.Repeat("o", 3000)), secret.New(strings.Repeat("n", 4000))
	k, s := newSmall()
	if err := s.Set(t.Context(), "o", RefreshToken, old); err != nil {
		t.Fatal(err)
	}
	written := false
	k.fail = func(call, user string) error {
		switch {
		case call == "set" && user == "o/refresh-token":
			written = true
		case call == "get" && user == "o/refresh-token" && written:
			written = false
			return errors.New("no")
		}
		return nil
	}
	if err := s.Set(t.Context(), "o", RefreshToken, now); err == nil {
		t.Fatal("nobody noticed")
	}
	if got, err := s.Get(t.Context(), "o", RefreshToken); err != nil || !got.Equal(now) {
		t.Errorf("%v", err)
	}
}
