package store

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// stateIDName is the file with a state folder's name for itself. Its path is none:
// in two containers two folders have the same.
const stateIDName = "folder.id"

// StateID names the state folder, at random when it is first asked for. It is empty
// where that cannot be noted.
func (f *File) StateID(rand io.Reader) string {
	if id := f.KnownStateID(); id != "" {
		return id
	}
	id, err := NewID(rand)
	if err != nil || os.MkdirAll(f.stateDir, 0o700) != nil {
		return ""
	}
	if ReplaceFile(context.Background(), filepath.Join(f.stateDir, stateIDName), []byte(id+"\n")) != nil {
		return ""
	}
	return f.KnownStateID() // of two who name it at the same time, the later one's
}

// KnownStateID is the name that the state folder has; empty where it has none, or
// cannot be looked into.
func (f *File) KnownStateID() string {
	text, err := readShared(filepath.Join(f.stateDir, stateIDName))
	id, whole := strings.CutSuffix(string(text), "\n")
	if err != nil || !whole {
		return ""
	}
	return id
}

// StateDir is the state folder's path, as it was given.
func (f *File) StateDir() string { return f.stateDir }

// Beside is the same configuration folder with another state folder.
func (f *File) Beside(stateDir string) *File {
	other := NewFile(f.configDir, stateDir)
	other.LockWait, other.NoticeAfter, other.UpdateWait, other.Poll = f.LockWait, f.NoticeAfter, f.UpdateWait, f.Poll
	return other
}
