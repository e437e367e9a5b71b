package connection

import (
	"context"

	"example.com/sfconnect/internal/store"
)

// RescueFile is one file of the rescue place.
type RescueFile struct {
	Path    string
	Profile string // the saved profile whose newest refresh token it is; "" for none
	// Former is the name of the profile that it was for, where no saved one has it any
	// more and the file can be read; "" else.
	Former string
	// Elsewhere is the state folder in whose rescue place the newest refresh token of
	// Profile may wait, where that cannot be looked into; Path is empty then.
	Elsewhere string
}

// RescueFiles lists what waits in the rescue place, and in that of another state
// folder which last worked on a profile, in no order that means anything.
// Where a file belongs to no profile of set, its key is looked for in the stores.
func (m *Machine) RescueFiles(ctx context.Context, set store.Set, stores []string) []RescueFile {
	names := make(map[string]string, len(set.Profiles))
	for name, p := range set.Profiles {
		names[p.ID] = name
	}
	var out []RescueFile
	for _, owner := range m.File.Rescues() {
		file := RescueFile{Path: m.File.RescuePath(owner), Profile: names[owner]}
		for _, name := range stores {
			if file.Profile == "" && file.Former == "" && set.Rescue[name] != "" {
				file.Former = m.In(name).formerName(ctx, owner)
			}
		}
		out = append(out, file)
	}
	for _, name := range set.Names() {
		owner := set.Profiles[name].ID
		switch file, elsewhere := m.File.RescuedIn(owner); {
		case elsewhere != nil:
			out = append(out, RescueFile{Profile: name, Elsewhere: elsewhere.Folder})
		case file != nil && file != m.File:
			out = append(out, RescueFile{Path: file.RescuePath(owner), Profile: name})
		}
	}
	return out
}

func (m *Machine) formerName(ctx context.Context, owner string) string {
	r, err := m.rescued(ctx, m.File, owner)
	if err != nil {
		return ""
	}
	return r.Profile
}
