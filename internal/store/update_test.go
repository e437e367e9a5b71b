package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/store"
)

func saved(id string) store.Profile { return store.Profile{ID: id, StoredIn: "keychain"} }

// crowd makes n updates wait behind one that is under way, lets it go, and gives what
// each of the n ended with.
func crowd(t *testing.T, f *store.File, n int, change func(i int, set *store.Set) error) []error {
	t.Helper()
	begun, ready := make(chan struct{}), make(chan struct{})
	var first, others sync.WaitGroup
	first.Go(func() {
		if err := f.Update(t.Context(), func(set *store.Set) error {
			close(begun)
			<-ready
			set.Put("first", saved("first"))
			return nil
		}); err != nil {
			t.Error(err)
		}
	})
	<-begun
	errs := make([]error, n)
	var started sync.WaitGroup
	for i := range n {
		started.Add(1)
		others.Go(func() {
			started.Done()
			errs[i] = f.Update(t.Context(), func(set *store.Set) error { return change(i, set) })
		})
	}
	started.Wait()
	close(ready)
	first.Wait()
	others.Wait()
	return errs
}

// What waits at the same time is written together, and nothing is lost.
func TestWaitingUpdatesAreWrittenTogether(t *testing.T) {
	dir := t.TempDir()
	f := store.NewFile(dir, dir)
	var mu sync.Mutex
	batches := map[*store.Set]bool{}
	const n = 200
	for _, err := range crowd(t, f, n, func(i int, set *store.Set) error {
		mu.Lock()
		defer mu.Unlock()
		batches[set] = true
		set.Put(fmt.Sprintf("p%d", i), saved(fmt.Sprint(i)))
		return nil
	}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(batches) > n/4 {
		t.Errorf("%d updates were written in %d files", n, len(batches))
	}
	set, err := store.NewFile(dir, dir).Load()
	if err != nil || len(set.Profiles) != n+1 {
		t.Errorf("%v: %d profiles, want %d", err, len(set.Profiles), n+1)
	}
}

// A change that fails leaves no trace, whatever it did to the set before, and takes
// none of the others with it; nor does one that would make the file invalid.
func TestAFailingUpdateTakesNoneWithIt(t *testing.T) {
	stop := errors.New("stop")
	for name, bad := range map[string]struct {
		change func(name string, set *store.Set) error
		want   func(error) bool
	}{
		"an error": {func(name string, set *store.Set) error {
			set.Put(name, saved(name))
			set.PutRescue(name, "age1")
			set.Default = name
			return stop
		}, func(err error) bool { return errors.Is(err, stop) }},
		"a profile without an id": {func(name string, set *store.Set) error {
			set.Put(name, store.Profile{})
			return nil
		}, func(err error) bool { return fault.From(err).Code == fault.Internal }},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			errs := crowd(t, store.NewFile(dir, dir), 30, func(i int, set *store.Set) error {
				name := fmt.Sprintf("p%d", i)
				if i%3 == 1 {
					return bad.change(name, set)
				}
				set.Put(name, saved(name))
				return nil
			})
			set, err := store.NewFile(dir, dir).Load()
			if err != nil || len(set.Rescue) > 0 || set.Default != "first" {
				t.Fatalf("%v; default %q, rescue %v", err, set.Default, set.Rescue)
			}
			for i, err := range errs {
				_, there := set.Profiles[fmt.Sprintf("p%d", i)]
				if failing := i%3 == 1; there == failing || failing && !bad.want(err) || !failing && err != nil {
					t.Errorf("update %d: %v, saved %v", i, err, there)
				}
			}
		})
	}
}

// A wait that is interrupted ends at once and is not written later.
func TestAnInterruptedUpdateIsWithdrawn(t *testing.T) {
	dir := t.TempDir()
	f := store.NewFile(dir, dir)
	begun, ready := make(chan struct{}), make(chan struct{})
	var first sync.WaitGroup
	first.Go(func() {
		_ = f.Update(t.Context(), func(*store.Set) error { close(begun); <-ready; return nil })
	})
	<-begun
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := f.Update(ctx, func(set *store.Set) error { set.Put("late", saved("late")); return nil })
	if fault.From(err).Code != fault.Interrupted {
		t.Errorf("ended with %v", err)
	}
	close(ready)
	first.Wait()
	if err := f.Update(t.Context(), func(set *store.Set) error { set.Put("next", saved("next")); return nil }); err != nil {
		t.Fatal(err)
	}
	set, _ := store.NewFile(dir, dir).Load()
	if _, there := set.Profiles["late"]; there || len(set.Profiles) != 1 {
		t.Errorf("profiles %v", set.Names())
	}
}

// What another process writes is seen by the next Load, though the file is decoded
// once while it stays the same.
func TestLoadSeesAnothersWriting(t *testing.T) {
	dir := t.TempDir()
	ours, theirs := store.NewFile(dir, dir), store.NewFile(dir, dir)
	put := func(f *store.File, name string) {
		t.Helper()
		if err := f.Update(t.Context(), func(set *store.Set) error { set.Put(name, saved(name)); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	put(theirs, "a")
	for _, age := range []time.Duration{time.Minute, -time.Minute} { // the second tells no change by its time
		at := time.Now().Add(-age)
		if err := os.Chtimes(ours.Path(), at, at); err != nil {
			t.Fatal(err)
		}
		first, err := ours.Load()
		if err != nil {
			t.Fatal(err)
		}
		second, _ := ours.Load()
		first.Profiles["mark"] = saved("mark") // shared, so the second shows that it was decoded once
		if _, same := second.Profiles["mark"]; !same {
			t.Errorf("an unchanged file was decoded twice, %v after it was written", age)
		}
		delete(first.Profiles, "mark")
	}
	for _, name := range []string{"b", "c", "d", "e"} { // of one size each, within one tick of the clock
		put(theirs, name)
		set, err := ours.Load()
		if _, seen := set.Profiles[name]; err != nil || !seen {
			t.Errorf("%v: %s is not seen", err, name)
		}
	}
}

// What a reader does to what it was given is not written by a later change, and what a
// writer does afterwards to what it gave is not read.
func TestNobodyWritesByAccident(t *testing.T) {
	dir := t.TempDir()
	f := store.NewFile(dir, dir)
	put := func(name string, p store.Profile) {
		t.Helper()
		if err := f.Update(t.Context(), func(set *store.Set) error { set.Put(name, p); return nil }); err != nil {
			t.Fatal(err)
		}
	}
	mine := saved("1")
	mine.Recipe.Inputs = map[string]string{"email": "ada@acme.com"}
	put("a", mine)
	mine.Recipe.Inputs["email"] = "eve@acme.com"
	set, err := f.Load()
	if err != nil {
		t.Fatal(err)
	}
	if got := set.Profiles["a"].Recipe.Inputs["email"]; got != "ada@acme.com" {
		t.Errorf("read %s", got)
	}
	found, err := set.Find("a")
	if err != nil {
		t.Fatal(err)
	}
	found.Recipe.Inputs["email"] = "eve@acme.com"
	if got := set.Profiles["a"].Recipe.Inputs["email"]; got != "ada@acme.com" {
		t.Errorf("found one's own is everybody's: %s", got)
	}
	set.Profiles["a"].Recipe.Inputs["email"] = "eve@acme.com"
	put("b", saved("2"))
	set, err = store.NewFile(dir, dir).Load()
	if got := set.Profiles["a"].Recipe.Inputs["email"]; err != nil || got != "ada@acme.com" {
		t.Errorf("written: %s, %v", got, err)
	}
}

// Many who read at the same time share one reading.
func TestManyReadersReadOnce(t *testing.T) {
	dir := t.TempDir()
	f := store.NewFile(dir, dir)
	if err := f.Update(t.Context(), func(set *store.Set) error {
		for i := range 300 {
			set.Put(fmt.Sprint("p", i), saved(fmt.Sprint(i)))
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	old := time.Now().Add(-time.Minute)
	if err := os.Chtimes(f.Path(), old, old); err != nil {
		t.Fatal(err)
	}
	f = store.NewFile(dir, dir)
	sets := make([]store.Set, 50)
	var wg sync.WaitGroup
	for i := range sets {
		wg.Go(func() { sets[i], _ = f.Load() })
	}
	wg.Wait()
	sets[0].Profiles["mark"] = saved("mark") // shared, so the others show that they are the same
	for i, set := range sets {
		if _, same := set.Profiles["mark"]; !same {
			t.Fatalf("reader %d decoded for itself", i)
		}
	}
}
