package keyringtest

import (
	"errors"

	"github.com/godbus/dbus/v5"
)

const (
	servicePath = dbus.ObjectPath("/org/freedesktop/secrets")
	api         = "org.freedesktop.Secret."
	ours        = "sfconnect" // the attribute "service" of every item of sfconnect's
)

// Items lists the secrets of sfconnect that the keyring on that bus holds, by account
// ("OWNER/ITEM").
func Items(bus string) (map[string]string, error) {
	texts := map[string]string{}
	return texts, each(bus, func(conn *dbus.Conn, account string, item dbus.BusObject) error {
		var none dbus.Variant
		var session dbus.ObjectPath
		if err := conn.Object(ServiceName, servicePath).Call(api+"Service.OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&none, &session); err != nil {
			return err
		}
		var held struct {
			Session     dbus.ObjectPath
			Parameters  []byte
			Value       []byte
			ContentType string
		}
		err := item.Call(api+"Item.GetSecret", 0, session).Store(&held)
		texts[account] = string(held.Value)
		return err
	})
}

// Remove takes an item away, as a person does in a keyring's own window.
func Remove(bus, account string) error {
	found := false
	err := each(bus, func(_ *dbus.Conn, name string, item dbus.BusObject) error {
		if name != account {
			return nil
		}
		found = true
		var prompt dbus.ObjectPath
		return item.Call(api+"Item.Delete", 0).Store(&prompt)
	})
	if err == nil && !found {
		err = errors.New("the keyring has no " + account)
	}
	return err
}

func each(bus string, do func(conn *dbus.Conn, account string, item dbus.BusObject) error) error {
	conn, err := dbus.Connect(bus)
	if err != nil {
		return err
	}
	defer conn.Close()
	var unlocked, locked []dbus.ObjectPath
	if err := conn.Object(ServiceName, servicePath).Call(api+"Service.SearchItems", 0, map[string]string{"service": ours}).Store(&unlocked, &locked); err != nil {
		return err
	}
	for _, path := range append(unlocked, locked...) {
		item := conn.Object(ServiceName, path)
		attributes, err := item.GetProperty(api + "Item.Attributes")
		if err != nil {
			return err
		}
		of, _ := attributes.Value().(map[string]string)
		if err := do(conn, of["username"], item); err != nil {
			return err
		}
	}
	return nil
}
