package wizard

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"

	"example.com/sfconnect/internal/connection"
)

// Unfinished lists, in alphabetical order, the profiles whose set-up was begun in
// stateDir and not finished. What cannot be read is left out.
func Unfinished(stateDir string) []string {
	var names []string
	for _, p := range unfinished(stateDir) {
		if !p.Look {
			names = append(names, p.Profile)
		}
	}
	slices.Sort(names)
	return names
}

// Drafts lists, by the name of the store, the owners of the secrets that unfinished
// set-ups keep.
func Drafts(stateDir string) map[string][]string {
	owners := map[string][]string{}
	for _, p := range unfinished(stateDir) {
		owners[p.store()] = append(owners[p.store()], p.DraftID)
		if p.Former != nil {
			owners[p.Former.StoredIn] = append(owners[p.Former.StoredIn], p.Former.ID)
		}
	}
	return owners
}

func unfinished(stateDir string) []progress {
	files, _ := filepath.Glob(filepath.Join(stateDir, "setup", "*.json"))
	var out []progress
	for _, file := range files {
		var p progress
		data, err := os.ReadFile(file)
		if err == nil && json.Unmarshal(data, &p) == nil && newProgressFile(stateDir, p.Profile).path == file {
			out = append(out, p)
		}
	}
	return out
}

// DraftStore is the store in which the secrets of an unfinished set-up wait; "" when
// no set-up of that profile is unfinished.
func DraftStore(stateDir, profile string) string {
	var p progress
	data, err := os.ReadFile(newProgressFile(stateDir, profile).path)
	if err != nil || json.Unmarshal(data, &p) != nil || p.Profile != profile || p.DraftID == "" {
		return ""
	}
	return p.store()
}

func (p *progress) store() string {
	if p.Store == "" {
		return "keychain"
	}
	return p.Store
}

// Discard forgets the unfinished set-up of a profile: its answers, the Consumer
// Secret that waits in the store, and what a connection that was replaced left
// there. found is false when there is none. A
// store that does not let go of a secret is an error, and the answers stay, so
// that it can be tried again.
func Discard(ctx context.Context, m *connection.Machine, stateDir, profile string) (found bool, err error) {
	file := newProgressFile(stateDir, profile)
	p, _, err := file.load(profile)
	if err != nil || p == nil {
		return false, err
	}
	if _, err := settle(ctx, m, p.Former); err != nil {
		return true, err
	}
	if err := m.In(p.store()).DropDraft(ctx, p.DraftID); err != nil {
		return true, err
	}
	return true, file.remove()
}
