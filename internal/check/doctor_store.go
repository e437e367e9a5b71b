package check

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
)

// stores proves each store that is in use, and looks for what belongs to nobody.
func (x *examination) stores(ctx context.Context) []Stage {
	var out []Stage
	for _, name := range x.storesInUse() {
		out = append(out, x.store(ctx, name), x.orphans(ctx, name))
	}
	return out
}

// storesInUse names the store that was asked for and those of the saved profiles. Where
// there are none it is the file store that is there, else the one that the next sign-in
// would use.
func (x *examination) storesInUse() []string {
	var names []string
	for _, p := range x.set.Profiles {
		names = append(names, p.StoredIn)
	}
	switch {
	case x.Store == "" && len(names) == 0 && x.fileStoreInUse():
		names = append(names, fileStore)
	case x.Store != "", len(names) == 0:
		names = append(names, x.Machine.Secrets.Name())
	}
	slices.Sort(names)
	return slices.Compact(names)
}

const fileStore = "file" // as `stored_in` has it

// fileStoreInUse reports whether there is a file with secrets, whoever needs them.
func (x *examination) fileStoreInUse() bool {
	s := x.Machine.SecretsIn(fileStore)
	return s.InFile() && !s.Blank()
}

// store writes, reads, compares and removes an item of no meaning. A store that
// nothing is kept in yet is not made for that.
func (x *examination) store(ctx context.Context, name string) Stage {
	there := x.Machine.In(name)
	s := Stage{Name: "store:" + name, Status: Pass, Detail: "works: " + there.Secrets.Label()}
	took, err := x.timed(func() error {
		if there.Secrets.Blank() {
			s.Detail = "nothing is kept yet: " + there.Secrets.Label()
			if x.config.Missing || x.state.Missing { // looking further would make them
				return there.Secrets.CheckMaking(ctx)
			}
		}
		return there.LookAtStore(ctx)
	})
	if err != nil {
		s = failed(s.Name, err)
	} else {
		x.works[name] = true
	}
	s.Took = took
	return s
}

// items looks whether the stores hold what each profile needs.
func (x *examination) items(ctx context.Context) []Stage {
	if x.setErr != nil {
		return []Stage{skipped("items", unreadable)}
	}
	var lacking, untried []string
	var first *fault.Fault
	for _, name := range x.set.Names() {
		if !x.works[x.set.Profiles[name].StoredIn] {
			untried = append(untried, name)
			continue
		}
		session, err := x.Machine.Open(name)
		if err == nil {
			err = session.CheckSecrets(ctx)
		}
		if err == nil {
			continue
		}
		lacking = append(lacking, name)
		if first == nil {
			first = fault.From(err)
		}
		if f := fault.From(err); ctx.Err() != nil || f.Exit == fault.ExitStore && f.Code != fault.StoreCorrupt {
			break // the store itself: each further try could wait for a person
		}
	}
	switch {
	case first != nil:
		s := failed("items", first)
		if len(lacking) > 1 {
			s.Detail += " The same holds for " + strings.Join(lacking[1:], ", ") + "."
		}
		return []Stage{s}
	case len(untried) > 0:
		return []Stage{skipped("items", "not tried, since "+unusable+": "+strings.Join(untried, ", "))}
	}
	return []Stage{{Name: "items", Status: Pass, Detail: "all that " + count(len(x.set.Profiles), "connection needs", "connections need") + " is there"}}
}

// rescue looks for secrets that wait in the rescue place, and offers to bring them back.
func (x *examination) rescue(ctx context.Context) []Stage {
	if x.setErr != nil {
		return []Stage{skipped("rescue", unreadable)}
	}
	files := x.Machine.RescueFiles(ctx, x.set, slices.Sorted(maps.Keys(x.works)))
	if len(files) == 0 {
		return []Stage{{Name: "rescue", Status: Pass, Detail: "nothing waits in the rescue place"}}
	}
	var out []Stage
	for _, file := range files {
		out = append(out, x.waiting(file))
	}
	return out
}

func (x *examination) waiting(file connection.RescueFile) Stage {
	name := file.Profile
	s := Stage{Name: "rescue:" + name, Status: Warn}
	switch {
	case name == "":
		s.Name = "rescue"
		s.Detail = "A refresh token waits in the rescue place, and no saved connection has it."
		if file.Former != "" {
			s.Detail = fmt.Sprintf("A refresh token of a former connection %q waits in the rescue place, and the connection is gone or was made anew.", file.Former)
		}
		s.Hint = "If nothing else uses it, revoke it in Setup › Connected Apps OAuth Usage, then remove the file:\n" + x.command("rm", "delete", file.Path)
		return s
	case file.Elsewhere != "":
		s.Detail = fmt.Sprintf("The refresh token of %q was last used with another state folder, which cannot be looked into from here (%s). A newer one may wait in the rescue place there.", name, file.Elsewhere)
		s.Hint = "Set SFCONNECT_STATE_DIR to that folder, then run: sfconnect doctor --fix\nIf it is gone for good the next refresh asks Salesforce whether the saved one lives."
		return s
	case !x.works[x.set.Profiles[name].StoredIn]:
		s.Hint = "Mend the secret store first, then run: sfconnect doctor"
	default:
		s.Hint = "Bring it back: sfconnect doctor --fix"
		s.Mend = &Mend{
			Question: fmt.Sprintf("Bring the newest refresh token of %q back into the store?", name),
			Do:       func(ctx context.Context) Stage { return x.restore(ctx, name) },
		}
	}
	s.Detail = fmt.Sprintf("The newest refresh token of %q waits in the rescue place.", name)
	return s
}

func (x *examination) restore(ctx context.Context, name string) Stage {
	if _, err := x.Machine.Restore(ctx, name); err != nil {
		return failed("rescue:"+name, err)
	}
	return Stage{Name: "rescue:" + name, Status: Pass, Detail: "the newest refresh token is back in the store"}
}

// certificates warns of those of the JWT bearer flow that end.
func (x *examination) certificates(context.Context) []Stage {
	if x.setErr != nil {
		return []Stage{skipped("cert", unreadable)}
	}
	var ending []string
	for _, name := range x.set.Names() {
		if notice := CertificateNotice(x.set.Profiles[name], x.Machine.Now()); notice != "" {
			ending = append(ending, fmt.Sprintf("%s (%s)", name, strings.TrimPrefix(notice, "the certificate of the app ")))
		}
	}
	if len(ending) == 0 {
		return []Stage{{Name: "cert", Status: Pass, Detail: "none that sfconnect knows of ends within 30 days"}}
	}
	return []Stage{{Name: "cert", Status: Warn, Detail: "The certificate of the app has ended or ends soon: " + strings.Join(ending, ", ") + ".", Hint: RenewCertificate}}
}

// notMended is a repair that failed; the path stands in the sentence of err.
func notMended(what string, err error, hint string) *fault.Fault {
	f := fault.New(fault.StoreUnwritable, "store", what+": "+err.Error()+".", hint)
	if !errors.Is(err, fs.ErrPermission) {
		f.Hint = ""
	}
	return f.Because(err)
}
