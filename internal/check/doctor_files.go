package check

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.com/sfconnect/internal/store"
)

func (x *examination) folders(context.Context) []Stage {
	x.config, x.state = x.Machine.File.Folders()
	return []Stage{folder("config", x.config), folder("state", x.state)}
}

func folder(name string, f store.Folder) Stage {
	switch {
	case f.Err != nil:
		return failed(name, f.Err)
	case f.Missing:
		return Stage{Name: name, Status: Pass, Detail: f.Path + ", made when it is needed"}
	}
	return Stage{Name: name, Status: Pass, Detail: f.Path}
}

// files are those that must not be as they are.
func (x *examination) files(ctx context.Context) []Stage {
	return []Stage{x.modes(ctx), x.leftovers(ctx)}
}

func (x *examination) modes(context.Context) Stage {
	loose := x.Machine.File.Loose()
	if len(loose) == 0 {
		return Stage{Name: "modes", Status: Pass, Detail: "nobody else may look into the files"}
	}
	s := Stage{Name: "modes", Status: Warn, Detail: "Others on this machine may look into what sfconnect keeps: " + count(len(loose), "file or folder", "files or folders") + "."}
	advice := x.chmods(loose)
	for _, e := range loose {
		if e.Shared {
			advice = append(advice, e.Path+" holds other things too: a folder of its own is better, named by SFCONNECT_CONFIG_DIR or SFCONNECT_STATE_DIR.")
			continue
		}
		s.Mend = &Mend{Do: x.tighten}
	}
	if s.Mend != nil {
		advice = append(advice, "Or: sfconnect doctor --fix")
	}
	s.Hint = strings.Join(advice, "\n")
	return s
}

// chmods are the commands that close what is open, one for each kind.
func (x *examination) chmods(loose []store.Entry) []string {
	var out []string
	for _, mode := range []struct {
		word   string
		folder bool
	}{{"700", true}, {"600", false}} {
		line := ""
		for _, e := range loose {
			if (e.Want == 0o700) == mode.folder && !e.Shared {
				line += " " + x.shellPath(e.Path)
			}
		}
		if line != "" {
			out = append(out, "chmod "+mode.word+line)
		}
	}
	return out
}

func (x *examination) tighten(ctx context.Context) Stage {
	for _, e := range x.Machine.File.Loose() {
		if err := x.Machine.File.Tighten(e); err != nil {
			return failed("modes", notMended("The permissions were not changed", err, x.whoOwns()))
		}
	}
	s := x.modes(ctx)
	if s.Status == Pass {
		s.Detail = "made private: " + s.Detail
	}
	return s
}

// whoOwns is advice on a file that does not let itself be changed.
func (x *examination) whoOwns() string {
	if x.OS == "windows" {
		return "See whether another program has the file open, and whether it is yours."
	}
	return "See who owns the file: it may have been made with sudo."
}

// stale is how old a temporary file is that no process is writing any more.
const stale = time.Minute

func (x *examination) leftovers(context.Context) Stage {
	var may, must []string
	left := x.Machine.File.Leftovers(x.Machine.Now().Add(-stale))
	for _, l := range left {
		if l.For == "" {
			may = append(may, l.Path)
		} else {
			must = append(must, x.command("mv", "move", l.Path, l.For))
		}
	}
	if len(left) == 0 {
		return Stage{Name: "leftovers", Status: Pass, Detail: "no killed process has left a file"}
	}
	s := Stage{Name: "leftovers", Status: Warn, Detail: "A process that was killed has left " + count(len(left), "temporary file", "temporary files") + "."}
	var hint []string
	if len(must) > 0 {
		hint = append(append(hint, "This may hold the only copy of a refresh token. Put it into place, then run sfconnect doctor again:"), must...)
	}
	if len(may) > 0 {
		hint = append(append(hint, "To be removed, by hand or with sfconnect doctor --fix:"), may...)
		s.Mend = &Mend{Do: x.clear}
	}
	s.Hint = strings.Join(hint, "\n")
	return s
}

func (x *examination) clear(ctx context.Context) Stage {
	for _, l := range x.Machine.File.Leftovers(x.Machine.Now().Add(-stale)) {
		if err := x.Machine.File.Clear(l); err != nil {
			return failed("leftovers", notMended("A leftover was not removed", err, x.whoOwns()))
		}
	}
	s := x.leftovers(ctx)
	if s.Status == Pass {
		s.Detail = "removed"
	}
	return s
}

// profiles reads the profiles file, and proves that it could be written where the
// folders are there.
func (x *examination) profiles(ctx context.Context) []Stage {
	x.set, x.setErr = x.Machine.File.Load()
	if x.setErr != nil {
		return []Stage{failed("profiles", x.setErr)}
	}
	if !x.config.Missing && !x.state.Missing && x.config.Err == nil && x.state.Err == nil {
		if err := x.Machine.File.Probe(ctx); err != nil {
			return []Stage{failed("profiles", err)}
		}
	}
	if s, lost := x.lost(); lost {
		return []Stage{s}
	}
	return []Stage{{Name: "profiles", Status: Pass, Detail: count(len(x.set.Profiles), "saved connection", "saved connections")}}
}

// lost tells a profiles file that is gone by what lies beside it.
func (x *examination) lost() (s Stage, lost bool) {
	missing, backup := x.Machine.File.Missing()
	secrets := x.fileStoreInUse()
	if !missing || !backup && !secrets {
		return s, false
	}
	path, beside := x.Machine.File.Path(), "secrets.age, with secrets of connections, is"
	switch {
	case backup && secrets:
		beside = "its backup and secrets.age are"
	case backup:
		beside = "its backup is"
	}
	s = Stage{Name: "profiles", Status: Warn, Detail: "There is no profiles.json, but " + beside + " there: the list of the connections was lost or removed."}
	if backup {
		s.Hint = "The backup is the list before its last change. To put it into place:\n" + x.command("cp", "copy", x.Machine.File.Backup(), path)
	} else {
		s.Hint = "Put a copy of " + path + " into its place, if you have one. Else sign in again."
	}
	return s, true
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
