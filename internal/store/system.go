package store

import (
	"context"
	"errors"
	"os"
	"os/user"
	"path/filepath"
	"sync"
	"time"

	"github.com/zalando/go-keyring"

	"example.com/sfconnect/internal/fault"
)

// System is the operating system's keychain: `security` on macOS, Credential
// Manager on Windows, the Secret Service over D-Bus elsewhere. Nothing is
// contacted before the first call. Without a session bus that call fails at
// once: the library would start a bus of its own, and a keyring that nobody sees.
func System(getenv func(string) string, goos string) Keychain {
	return newSystem(getenv, goos)
}

func newSystem(getenv func(string) string, goos string) *system {
	return &system{getenv: getenv, goos: goos, inspectLimit: time.Second}
}

type system struct {
	getenv func(string) string
	goos   string

	inspectLimit time.Duration // for the questions about a keyring that failed

	once sync.Once
	bus  string // address of the session bus; empty when there is none
}

func (k *system) Get(service, user string) (string, error) {
	if err := k.ready(); err != nil {
		return "", err
	}
	value, err := keyring.Get(service, user)
	return value, missing(err)
}

func (k *system) Set(service, user, value string) error {
	if err := k.ready(); err != nil {
		return err
	}
	return keyring.Set(service, user, value)
}

func (k *system) Delete(service, user string) error {
	if err := k.ready(); err != nil {
		return err
	}
	return missing(keyring.Delete(service, user))
}

func missing(err error) error {
	if errors.Is(err, keyring.ErrNotFound) {
		return ErrNotFound
	}
	return err
}

var errNoBus = errors.New("no D-Bus session bus")

func (k *system) usesBus() bool { return k.goos != "darwin" && k.goos != "windows" }

// ready finds the session bus where the Secret Service is used.
func (k *system) ready() error {
	if !k.usesBus() {
		return nil
	}
	k.once.Do(func() {
		k.bus = k.getenv(busVariable)
		if k.bus != "" && k.bus != "autolaunch:" {
			return
		}
		if k.bus = k.busOnDisk(); k.bus != "" {
			// As the D-Bus library does with the one place that it knows of.
			_ = os.Setenv(busVariable, k.bus)
		}
	})
	if k.bus == "" {
		return errNoBus
	}
	return nil
}

const busVariable = "DBUS_SESSION_BUS_ADDRESS"

// busOnDisk looks where systemd puts the bus of a user's session.
func (k *system) busOnDisk() string {
	folders := []string{k.getenv("XDG_RUNTIME_DIR")}
	if me, err := user.Current(); err == nil {
		folders = append(folders, "/run/user/"+me.Uid)
	}
	for _, folder := range folders {
		if !filepath.IsAbs(folder) {
			continue
		}
		path := filepath.Join(folder, "bus")
		if info, err := os.Stat(path); err == nil && info.Mode()&os.ModeSocket != 0 {
			return "unix:path=" + escapeBusPath(path)
		}
	}
	return ""
}

// prompting implements prompter: a locked keyring that does not answer waits for
// its password. macOS cannot be asked; there a window is the likeliest reason.
func (k *system) prompting(ctx context.Context) bool {
	return k.goos == "darwin" || k.usesBus() && k.inspect(ctx).locked
}

// keyringState is what a Secret Service says about itself.
type keyringState struct {
	unreachable  bool // no connection to the bus
	noService    bool // nobody on the bus offers it
	noCollection bool // there is nothing to save in
	locked       bool
}

// inspect asks the bus; all false when it gives no answer in time.
func (k *system) inspect(ctx context.Context) keyringState {
	if k.ready() != nil {
		return keyringState{}
	}
	ctx, cancel := context.WithTimeout(ctx, k.inspectLimit)
	defer cancel()
	answered := make(chan keyringState, 1)
	go func() { answered <- inspectBus(ctx, k.bus) }()
	select {
	case state := <-answered:
		return state
	case <-ctx.Done():
		return keyringState{}
	}
}

// diagnose implements diagnoser.
func (k *system) diagnose(ctx context.Context, err error) trouble {
	if errors.Is(err, keyring.ErrSetDataTooBig) {
		return trouble{fault.StoreTooSmall, "it is longer than " + systemLabel(k.goos) + " takes",
			"Where the app's access tokens are JWTs, turn that off in its settings in Salesforce: they are the longest."}
	}
	if errors.Is(err, keyring.ErrUnsupportedPlatform) {
		return trouble{fault.StoreAbsent, "this operating system has no keychain that sfconnect knows", "Run sfconnect on Linux, macOS or Windows."}
	}
	switch k.goos {
	case "darwin":
		return macTrouble(err)
	case "windows":
		return windowsTrouble(err)
	}
	var state keyringState
	if !errors.Is(err, errNoBus) {
		state = k.inspect(ctx)
	}
	screen := k.getenv("DISPLAY") != "" || k.getenv("WAYLAND_DISPLAY") != ""
	return busTrouble(err, busErrorName(err), state, screen)
}
