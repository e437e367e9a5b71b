package connection_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/fault"
	"example.com/sfconnect/internal/secret"
	"example.com/sfconnect/internal/store"
)

// place is one of two stores, which a process reaches until it dies.
type place struct {
	*store.Memory
	name string
	life *life
}

// life is a process that dies before its call number last; -1 lets it live.
type life struct{ calls, last int }

var errDead = errors.New("the process is dead")

func (l *life) next() error {
	l.calls++
	if l.last >= 0 && l.calls > l.last {
		return errDead
	}
	return nil
}

func (p place) Name() string { return p.name }

func (p place) Get(service, user string) (string, error) {
	if err := p.life.next(); err != nil {
		return "", err
	}
	return p.Memory.Get(service, user)
}

func (p place) Set(service, user, value string) error {
	if err := p.life.next(); err != nil {
		return err
	}
	return p.Memory.Set(service, user, value)
}

func (p place) Delete(service, user string) error {
	if err := p.life.next(); err != nil {
		return err
	}
	return p.Memory.Delete(service, user)
}

// moving is a folder with a profile, and the stores that it may be in.
type moving struct {
	t      *testing.T
	dir    string
	stores map[string]*store.Memory
}

func newMoving(t *testing.T) *moving {
	t.Helper()
	v := &moving{t: t, dir: t.TempDir(), stores: map[string]*store.Memory{"keychain": store.NewMemory(), "file": store.NewMemory()}}
	m := v.machine(-1)
	err := m.File.Update(t.Context(), func(set *store.Set) error {
		set.Put("acme", store.Profile{ID: "p1", LoginURL: "https://acme.my.salesforce.com", ConsumerKey: "key", Flow: "web", StoredIn: "keychain",
			HasRefreshToken: true, HasConsumerSecret: true})
		return nil
	})
	for _, item := range v.items() {
		err = errors.Join(err, m.In("keychain").Secrets.Set(t.Context(), "p1", item, v.value(item)))
	}
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (v *moving) items() []store.Item {
	return []store.Item{store.ConsumerSecret, store.RefreshToken, store.AccessToken}
}

func (v *moving) value(item store.Item) secret.Value { return secret.New("the " + string(item)) }

func (v *moving) machine(last int) *connection.Machine {
	l := &life{last: last}
	stores := map[string]*store.Secrets{}
	for name, memory := range v.stores {
		stores[name] = store.NewSecrets(place{memory, name, l}, "linux", rand.Reader)
	}
	return &connection.Machine{
		File: store.NewFile(v.dir, v.dir), Secrets: stores["keychain"], Redactor: &secret.Redactor{}, Rand: rand.Reader,
		Stores: func(name string) *store.Secrets { return stores[name] },
	}
}

// wantWhole wants the profile to have all its secrets where it points to.
func (v *moving) wantWhole(what string) (in string) {
	v.t.Helper()
	set, err := v.machine(-1).File.Load()
	if err != nil {
		v.t.Fatal(err)
	}
	in = set.Profiles["acme"].StoredIn
	for _, item := range v.items() {
		got, err := v.machine(-1).In(in).Secrets.Get(context.Background(), "p1", item)
		if err != nil || !got.Equal(v.value(item)) {
			v.t.Errorf("%s: %s is not whole in %s: %v", what, item, in, err)
		}
	}
	return in
}

func TestMove(t *testing.T) {
	v := newMoving(t)
	m := v.machine(-1)
	dry, err := m.Move(t.Context(), "acme", "file", true)
	if err != nil || dry.Done || dry.From != "keychain" || !slices.Equal(dry.Items, v.items()) || v.stores["file"].Len() != 0 {
		t.Errorf("the dry run: %+v, %v", dry, err)
	}
	done, err := m.Move(t.Context(), "acme", "file", false)
	if err != nil || !done.Done || done.From != "keychain" || done.To != "file" || !slices.Equal(done.Items, v.items()) {
		t.Errorf("got %+v, %v", done, err)
	}
	if in := v.wantWhole("moved"); in != "file" || v.stores["keychain"].Len() != 0 {
		t.Errorf("in %s, %d left", in, v.stores["keychain"].Len())
	}
	again, err := m.Move(t.Context(), "acme", "file", false)
	if err != nil || again.Done || again.From != "file" {
		t.Errorf("again: %+v, %v", again, err)
	}
	if _, err := m.Move(t.Context(), "acme", "keychain", false); err != nil {
		t.Error(err)
	}
	if in := v.wantWhole("back"); in != "keychain" || v.stores["file"].Len() != 0 {
		t.Errorf("in %s, %d left", in, v.stores["file"].Len())
	}
	_, err = m.Move(t.Context(), "nobody", "file", false)
	wantCode(t, err, fault.ProfileNotFound)
}

// TestMoveDiesAtEachStep: whenever the process dies, the profile is whole in one of
// the stores, and another run ends what was begun.
func TestMoveDiesAtEachStep(t *testing.T) {
	whole := 0
	for last := 0; ; last++ {
		v := newMoving(t)
		out, err := v.machine(last).Move(t.Context(), "acme", "file", false)
		in := v.wantWhole(fmt.Sprintf("dead after %d calls", last))
		if out.Done != (in == "file") {
			t.Errorf("dead after %d calls: it is in %s, and the answer is %+v", last, in, out)
		}
		living := v.machine(-1)
		if _, err := living.Move(t.Context(), "acme", "file", false); err != nil {
			t.Errorf("again after %d calls: %v", last, err)
		}
		if in == "file" {
			whole++
			left := v.stores["keychain"].Len() > 0
			if cleared, err := living.ClearMoved(t.Context(), "acme", "keychain"); err != nil || cleared != left {
				t.Errorf("clearing after %d calls: %v, %v", last, cleared, err)
			}
		}
		if again := v.wantWhole("again"); again != "file" || v.stores["keychain"].Len() != 0 || v.stores["file"].Len() != len(v.items())+1 { // and the key of the rescue place
			t.Errorf("dead after %d calls: in %s, %d left in the keychain, %d in the file", last, again, v.stores["keychain"].Len(), v.stores["file"].Len())
		}
		if err == nil {
			if last < 10 || whole < 2 {
				t.Errorf("it took %d calls, and %d times the profile had been moved already", last, whole)
			}
			return
		}
	}
}

// A profiles file that cannot be written leaves everything as it was.
func TestMoveWithoutTheStep(t *testing.T) {
	v := newMoving(t)
	m := v.machine(-1)
	if err := os.MkdirAll(m.File.Backup()+"/x", 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := m.Move(t.Context(), "acme", "file", false)
	wantCode(t, err, fault.StoreUnwritable)
	if in := v.wantWhole("not moved"); in != "keychain" || v.stores["file"].Len() != 0 {
		t.Errorf("in %s, %d in the file", in, v.stores["file"].Len())
	}
}

func TestMoveOfWhatIsNotWhole(t *testing.T) {
	v := newMoving(t)
	m := v.machine(-1)
	if err := m.Secrets.Delete(t.Context(), "p1", store.RefreshToken); err != nil {
		t.Fatal(err)
	}
	_, err := m.Move(t.Context(), "acme", "file", false)
	wantCode(t, err, fault.StoreCorrupt)
	if v.stores["file"].Len() != 0 || v.stores["keychain"].Len() != 2 {
		t.Error("something was moved")
	}
}

// TestMoveWhereNoStoreIsNamed: a file edited by hand, or from before there was a second
// store, names none. That is the keychain, and a move there leaves all in its place.
func TestMoveWhereNoStoreIsNamed(t *testing.T) {
	v := newMoving(t)
	path := v.machine(-1).File.Path()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(text), `"stored_in": "keychain"`, `"stored_in": ""`, 1)
	if err := os.WriteFile(path, []byte(edited), 0o600); err != nil || edited == string(text) {
		t.Fatal(err)
	}
	if moved, err := v.machine(-1).Move(t.Context(), "acme", "keychain", false); err != nil || moved.Done || moved.From != "keychain" {
		t.Errorf("%+v, %v", moved, err)
	}
	if in := v.wantWhole("not moved"); in != "keychain" {
		t.Errorf("it is in %q", in)
	}
	if moved, err := v.machine(-1).Move(t.Context(), "acme", "file", false); err != nil || !moved.Done || moved.From != "keychain" {
		t.Errorf("%+v, %v", moved, err)
	}
	if in := v.wantWhole("moved"); in != "file" || v.stores["keychain"].Len() != 0 {
		t.Errorf("it is in %q", in)
	}
}

// An access token that the target finds too long is asked for again there.
func TestMoveLeavesALongAccessTokenOut(t *testing.T) {
	v := newMoving(t)
	m := v.machine(-1)
	long := secret.New(strings.Repeat("x", 10_000))
	if err := m.Secrets.Set(t.Context(), "p1", store.AccessToken, long); err != nil {
		t.Fatal(err)
	}
	small := store.NewSecrets(unnamed{v.stores["file"]}, "windows", rand.Reader)
	m.Stores = func(name string) *store.Secrets {
		if name == "file" {
			return small
		}
		return m.Secrets
	}
	out, err := m.Move(t.Context(), "acme", "file", false)
	if err != nil || !slices.Equal(out.Items, []store.Item{store.ConsumerSecret, store.RefreshToken}) {
		t.Errorf("got %+v, %v", out, err)
	}
}

// unnamed hides that a store has a name, so that it has the system's limits.
type unnamed struct{ store.Keychain }

func wantCode(t *testing.T, err error, code string) {
	t.Helper()
	if err == nil || fault.From(err).Code != code {
		t.Errorf("got %v, want %s", err, code)
	}
}
