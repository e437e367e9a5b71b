package store

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// A note lies among the locks of the configuration folder while a refresh token is
// being shown, and stays where its successor went to the rescue place: that is in a
// state folder, and who shares the secrets may have another one.
const notePrefix, noteSuffix = "refresh-", ".json"

type noteJSON struct {
	State  string `json:"state"`  // stateID
	Folder string `json:"folder"` // where that is, as an absolute path
}

// stateIDName is the file with a state folder's name for itself. Its path is none:
// in two containers two folders have the same.
const stateIDName = "folder.id"

func (f *File) notePath(owner string) string {
	return filepath.Join(f.configDir, lockFolder, notePrefix+owner+noteSuffix)
}

// Begin notes, durably and under the lock of owner's profile, that a refresh with this
// state folder is under way. over removes the note, unless something waits in the
// rescue place.
func (f *File) Begin(owner string, rand io.Reader) (over func(), err error) {
	folder, err := filepath.Abs(f.stateDir)
	if err != nil {
		return nil, f.unwritable(err)
	}
	id, err := f.makeStateID(rand)
	if err != nil {
		return nil, f.unwritable(err)
	}
	text, err := json.Marshal(noteJSON{id, folder})
	if err != nil {
		return nil, err
	}
	path := f.notePath(owner)
	err = os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = replaceAlone(context.Background(), path, text)
	}
	if err != nil {
		return nil, f.unwritable(err)
	}
	return func() {
		if !f.HasRescue(owner) {
			f.Over(owner)
		}
	}, nil
}

// Over removes the note of a refresh. One that stays costs the next a look.
func (f *File) Over(owner string) { _ = remove(f.notePath(owner)) }

// RescueInUse reports whether something waits in the rescue place, or may soon, in
// whatever state folder: then no key of it is to be removed.
func (f *File) RescueInUse() bool {
	return len(f.Rescues()) > 0 || len(namesIn(filepath.Join(f.configDir, lockFolder), notePrefix, noteSuffix)) > 0
}

// ElsewhereError says that the newest refresh token may wait in the rescue place of
// a state folder that cannot be looked into from here.
type ElsewhereError struct{ Folder string }

func (e *ElsewhereError) Error() string {
	return "the state folder that was last used, " + e.Folder + ", cannot be looked into from here"
}

// RescuedIn finds the state folder in whose rescue place something waits for an
// owner: this one, or the one that last worked on its profile; nil where nothing
// does.
func (f *File) RescuedIn(owner string) (*File, *ElsewhereError) {
	if f.HasRescue(owner) {
		return f, nil
	}
	text, err := readShared(f.notePath(owner))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var note noteJSON
	if err != nil || json.Unmarshal(text, &note) != nil {
		return nil, &ElsewhereError{note.Folder}
	}
	if note.State == f.stateID() {
		return nil, nil // killed here, and nothing was rescued
	}
	other := NewFile(f.configDir, note.Folder)
	switch {
	case other.stateID() != note.State:
		return nil, &ElsewhereError{note.Folder}
	case !other.HasRescue(owner):
		return nil, nil
	}
	return other, nil
}

// stateID is the name that the state folder has; empty where it has none, or cannot
// be looked into.
func (f *File) stateID() string {
	text, err := readShared(filepath.Join(f.stateDir, stateIDName))
	id, whole := strings.CutSuffix(string(text), "\n")
	if err != nil || !whole {
		return ""
	}
	return id
}

func (f *File) makeStateID(rand io.Reader) (string, error) {
	if id := f.stateID(); id != "" {
		return id, nil
	}
	id, err := NewID(rand)
	if err == nil {
		err = os.MkdirAll(f.stateDir, 0o700)
	}
	if err == nil {
		err = ReplaceFile(context.Background(), filepath.Join(f.stateDir, stateIDName), []byte(id+"\n"))
	}
	// Of two who name it at the same time, the later one names it.
	return f.stateID(), err
}
