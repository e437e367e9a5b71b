package check

import (
	"context"
	"strings"

	"example.com/sfconnect/internal/store"
)

// leavings are what a store has that no profile does.
type leavings struct {
	cutOff  []store.Pending // sign-ins whose process was killed
	orphans []store.Account // nobody knows whose
	listed  bool            // the store can tell what it holds
}

func (l leavings) none() bool { return len(l.cutOff)+len(l.orphans) == 0 }

// orphans looks for secrets that belong to nothing.
func (x *examination) orphans(ctx context.Context, store string) Stage {
	name := "orphans:" + store
	switch {
	case x.setErr != nil:
		return skipped(name, unreadable)
	case !x.works[store]:
		return skipped(name, unusable)
	}
	left, err := x.leavings(ctx, store)
	label := x.Machine.In(store).Secrets.Label()
	switch {
	case err != nil:
		return failed(name, err)
	case left.none() && !left.listed:
		if missing, _ := x.Machine.File.Missing(); missing {
			return skipped(name, "there is no profiles.json that says whose they are")
		}
		return skipped(name, "cannot be listed: "+label+"; look for the name sfconnect there yourself")
	case left.none():
		return Stage{Name: name, Status: Pass, Detail: "every secret belongs to something"}
	}
	s := Stage{Name: name, Status: Warn}
	var details, hints []string
	unsent := x.Offline || x.Machine.HTTP == nil
	if n := len(left.cutOff); n > 0 {
		whose, it := "Its", "it"
		if n > 1 {
			whose, it = "Their", "them"
		}
		details = append(details, count(n, "sign-in was", "sign-ins were")+" cut off before the connection was saved. "+whose+" secrets are in "+label+", and Salesforce may still count "+it+".")
		if unsent {
			hints = append(hints, "Without --offline, sfconnect doctor --fix revokes "+it+" at Salesforce and removes "+it+".")
		} else {
			hints = append(hints, "Revoke "+it+" at Salesforce and remove "+it+": sfconnect doctor --fix (the next sign-in or log-out does so too)")
		}
	}
	if n := len(left.orphans); n > 0 {
		details = append(details, count(n, "secret", "secrets")+" in "+label+" belong to no connection that is saved there.")
		names := make([]string, n)
		for i, a := range left.orphans {
			names[i] = a.String()
		}
		hints = append(hints, "A sign-in or a move that was cut off leaves them. Their sign-ins may still be open at Salesforce: "+endThere+" ends them. sfconnect doctor --fix removes them here, but for what a set-up with another state folder may have. Their names are\n"+strings.Join(names, "\n"))
	}
	s.Detail, s.Hint = strings.Join(details, " "), strings.Join(hints, "\n")
	if len(left.orphans) > 0 || !unsent {
		s.Mend = &Mend{Do: func(ctx context.Context) Stage { return x.clearLeavings(ctx, store, left, unsent) }}
	}
	return s
}

const endThere = "Setup › Connected Apps OAuth Usage"

func (x *examination) leavings(ctx context.Context, store string) (left leavings, err error) {
	there := x.Machine.In(store)
	if left.orphans, left.listed, err = there.Orphans(ctx, x.Drafts[store]); err != nil {
		return left, err
	}
	left.cutOff, err = there.CutOff(ctx)
	return left, err
}

func (x *examination) clearLeavings(ctx context.Context, store string, left leavings, unsent bool) Stage {
	name, there := "orphans:"+store, x.Machine.In(store)
	if !unsent {
		if _, err := there.ClearCutOff(ctx); err != nil {
			return failed(name, err)
		}
	}
	if err := there.ClearOrphans(ctx, left.orphans, x.Drafts[store]); err != nil {
		return failed(name, err)
	}
	s := x.orphans(ctx, store)
	if s.Status == Pass || s.Status == Skip {
		s.Status, s.Detail = Pass, "removed"
		if len(left.orphans) > 0 {
			s.Detail += "; where a sign-in may still be open at Salesforce, " + endThere + " ends it"
		}
	}
	return s
}
