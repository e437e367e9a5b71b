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
}

// RescueFiles lists what waits in the rescue place, in no order that means anything.
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
	return out
}

func (m *Machine) formerName(ctx context.Context, owner string) string {
	r, err := m.rescued(ctx, m.File, owner)
	if err != nil {
		return ""
	}
	return r.Profile
}
