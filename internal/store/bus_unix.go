//go:build linux || freebsd || netbsd || openbsd || dragonfly

package store

import (
	"context"
	"errors"
	"slices"

	"github.com/godbus/dbus/v5"
)

// The names of the Secret Service API, freedesktop.org draft 0.2.
const (
	secretsName      = "org.freedesktop.secrets"
	secretsPath      = "/org/freedesktop/secrets"
	secretsInterface = "org.freedesktop.Secret.Service"
	collectionName   = "org.freedesktop.Secret.Collection"
	loginCollection  = secretsPath + "/collection/login"
	readProperty     = "org.freedesktop.DBus.Properties.Get"
)

// inspectBus asks a Secret Service, without starting one, for the state of the
// collection that go-keyring uses: "login", else the default one.
func inspectBus(ctx context.Context, address string) keyringState {
	conn, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return keyringState{unreachable: ctx.Err() == nil}
	}
	defer conn.Close()

	var owned bool
	err = conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(&owned)
	if err != nil {
		return keyringState{}
	}
	if !owned {
		return keyringState{noService: true}
	}
	ask := func(path dbus.ObjectPath, method string, args []any, into any) error {
		return conn.Object(secretsName, path).CallWithContext(ctx, method, dbus.FlagNoAutoStart, args...).Store(into)
	}
	var value dbus.Variant
	if err := ask(secretsPath, readProperty, []any{secretsInterface, "Collections"}, &value); err != nil {
		return keyringState{}
	}
	collection := dbus.ObjectPath(loginCollection)
	if all, _ := value.Value().([]dbus.ObjectPath); !slices.Contains(all, collection) {
		if err := ask(secretsPath, secretsInterface+".ReadAlias", []any{"default"}, &collection); err != nil {
			return keyringState{}
		}
		if collection == "/" {
			return keyringState{noCollection: true}
		}
	}
	if err := ask(collection, readProperty, []any{collectionName, "Locked"}, &value); err != nil {
		return keyringState{}
	}
	locked, _ := value.Value().(bool)
	return keyringState{locked: locked}
}

// busErrorName gives a D-Bus error's name, "" for any other error.
func busErrorName(err error) string {
	var e dbus.Error
	if errors.As(err, &e) {
		return e.Name
	}
	return ""
}

func escapeBusPath(path string) string { return dbus.EscapeBusAddressValue(path) }
