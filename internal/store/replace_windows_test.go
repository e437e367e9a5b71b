package store

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sys/windows"

	"example.com/sfconnect/internal/secret"
)

// holdFor keeps a file open for nobody else, as a virus scanner does.
func holdFor(t *testing.T, path string, d time.Duration) {
	t.Helper()
	name, err := windows.UTF16PtrFromString(path)
	if err != nil {
		t.Fatal(err)
	}
	handle, err := windows.CreateFile(name, windows.GENERIC_READ, 0, nil, windows.OPEN_EXISTING, windows.FILE_ATTRIBUTE_NORMAL, 0)
	if err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(d, func() { _ = windows.CloseHandle(handle) })
}

// What another program has open for a moment is read, replaced and removed all the same.
func TestFilesThatAnotherProgramHolds(t *testing.T) {
	f := newTestFile(t)
	identity, recipient, err := NewRescueKey()
	if err != nil {
		t.Fatal(err)
	}
	const moment = 200 * time.Millisecond
	waits := Rescued{Owner: "1", Item: RefreshToken, Value: secret.New(canary)}
	if err := f.Rescue(recipient, waits); err != nil {
		t.Fatal(err)
	}
	holdFor(t, f.RescuePath("1"), moment)
	if err := f.Rescue(recipient, waits); err != nil {
		t.Errorf("replacing: %v", err)
	}
	holdFor(t, f.RescuePath("1"), moment)
	if got, err := f.Rescued("1", identity); err != nil || got.Value.Reveal() != canary {
		t.Errorf("reading: %v", err)
	}
	holdFor(t, f.RescuePath("1"), moment)
	if err := f.DropRescue("1"); err != nil {
		t.Errorf("removing: %v", err)
	}
	if _, err := f.Rescued("1", identity); !errors.Is(err, ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
}
