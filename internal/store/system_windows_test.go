package store

import (
	"crypto/rand"
	"errors"
	"os"
	"strings"
	"testing"

	"example.com/sfconnect/internal/secret"
)

// The Credential Manager itself: what one entry takes, and that a longer secret is
// kept all the same and leaves nothing behind.
func TestCredentialManager(t *testing.T) {
	keychain := System(os.Getenv, "windows")
	s := NewSecrets(keychain, "windows", rand.Reader)
	owner := "test-" + rand.Text()
	account := owner + "/raw"
	if err := keychain.Set(serviceName, account, strings.Repeat("x", s.MaxBytes())); err != nil {
		t.Errorf("it refuses %d bytes, which it is said to take: %v", s.MaxBytes(), err)
	}
	if err := keychain.Set(serviceName, account, strings.Repeat("x", s.MaxBytes()+1)); err == nil {
		t.Errorf("it takes more than the %d bytes that it is said to take", s.MaxBytes())
	}
	if err := keychain.Delete(serviceName, account); err != nil {
		t.Error(err)
	}
	for _, length := range []int{1, partSize, partSize + 1, 2560, 2561, mostParts * partSize, 12} {
		v := secret.New(strings.Repeat("ä", length/2) + strings.Repeat("x", length%2))
		if err := s.Set(t.Context(), owner, RefreshToken, v); err != nil {
			t.Fatalf("%d bytes: %v", length, err)
		}
		if got, err := s.Get(t.Context(), owner, RefreshToken); err != nil || !got.Equal(v) {
			t.Errorf("%d bytes came back as %d: %v", length, len(got.Reveal()), err)
		}
	}
	if err := s.Delete(t.Context(), owner, RefreshToken); err != nil {
		t.Error(err)
	}
	if _, err := s.Get(t.Context(), owner, RefreshToken); !errors.Is(err, ErrNotFound) {
		t.Errorf("after the removal: %v", err)
	}
}
