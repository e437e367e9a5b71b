package store

import (
	"errors"
	"io"
	"io/fs"
	"os/exec"
	"strings"
	"syscall"

	"example.com/sfconnect/internal/fault"
)

// busTrouble explains an error of the Secret Service. name is the D-Bus error's,
// "" for another error; screen says whether a window could be shown here.
func busTrouble(err error, name string, state keyringState, screen bool) trouble {
	const keyringName = "the desktop keyring"
	switch {
	case errors.Is(err, errNoBus):
		return trouble{fault.StoreAbsent, "there is no D-Bus session bus, over which a desktop keyring is reached (" + busVariable + " is not set)",
			"On a server, in a container or in CI, give --store file, which needs no keyring. On a desktop, run sfconnect in a terminal of that desktop, as yourself and without sudo. Over SSH or in WSL you may also install gnome-keyring and start both by hand:" + byHand}
	case wentAway(err, name):
		return trouble{fault.StoreAbsent, keyringName + " went away while it was asked", "Try again. If it goes away again, sign out of the desktop and in again, or restart it:\n  systemctl --user restart gnome-keyring-daemon"}
	case state.unreachable:
		return trouble{fault.StoreAbsent, "the D-Bus session bus, over which a desktop keyring is reached, cannot be connected to (" + err.Error() + ")",
			"Sign in to the desktop again, or unset " + busVariable + " if it is left over from another session or user. Without a desktop, start both by hand:" + byHand}
	case state.noCollection:
		return trouble{fault.StoreAbsent, keyringName + " is running, but there is no keyring in it to save in yet",
			"Create one: open \"Passwords and Keys\" (seahorse), choose New, Password Keyring, and make it the default. Without a desktop:" + unlockByHand}
	case state.locked && errors.Is(err, errNoAnswer):
		return trouble{fault.StoreLocked, keyringName + " is locked and was not unlocked in time",
			"Answer the window that asks for the keyring's password, then try again. Without a desktop, unlock it first:" + unlockByHand}
	case name == "org.freedesktop.Secret.Error.IsLocked", state.locked, isUnlockFailure(err):
		if screen {
			return trouble{fault.StoreLocked, keyringName + " is locked, and the window that asks for its password was dismissed or denied",
				"Try again and enter the keyring's password, which is mostly that of your sign-in to this computer. Or unlock it in \"Passwords and Keys\" (seahorse) first."}
		}
		return trouble{fault.StoreLocked, keyringName + " is locked, and no window could be shown to ask for its password",
			"Unlock it first, on the desktop or here:" + unlockByHand}
	case name == "org.freedesktop.DBus.Error.AccessDenied":
		return trouble{fault.StoreLocked, "access to " + keyringName + " was denied (" + err.Error() + ")",
			"A sandbox (Flatpak, Snap, AppArmor) or another user's session forbids it: run sfconnect outside it, as the user who is signed in."}
	case strings.HasPrefix(name, "org.freedesktop.DBus.Error.Spawn."), name == "org.freedesktop.DBus.Error.TimedOut":
		return trouble{fault.StoreAbsent, "the Secret Service is installed but could not be started (" + err.Error() + ")",
			"See why in: journalctl --user --since -5min. Or start it by hand:" + unlockByHand}
	case name == "org.freedesktop.DBus.Error.ServiceUnknown", name == "org.freedesktop.DBus.Error.NameHasNoOwner", state.noService:
		return trouble{fault.StoreAbsent, "no Secret Service is on this session's D-Bus: no desktop keyring is installed, or it does not run",
			"Install gnome-keyring, or turn the Secret Service on in KWallet or KeePassXC, and sign in to the desktop again. Without a desktop, start it by hand:" + unlockByHand}
	}
	return trouble{}
}

const (
	byHand       = "\n  dbus-run-session -- bash" + unlockByHand
	unlockByHand = "\n  read -rsp 'Keyring password: ' pw; " + pipeUnlock + "; unset pw"

	// --replace: a daemon that D-Bus has started meanwhile keeps the name, locked.
	pipeUnlock = "printf %s \"$pw\" | gnome-keyring-daemon --replace --unlock --components=secrets"
)

// wentAway reports that the service, or the bus under it, ended during a call.
func wentAway(err error, name string) bool {
	return name == "org.freedesktop.DBus.Error.NoReply" || name == "org.freedesktop.DBus.Error.Disconnected" ||
		errors.Is(err, errVanished) || errors.Is(err, io.EOF) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// isUnlockFailure knows go-keyring's only sign that a keyring stayed locked: it
// has no error value for that.
func isUnlockFailure(err error) bool {
	return strings.HasPrefix(err.Error(), "failed to unlock correct collection")
}

// macTrouble explains an error of /usr/bin/security, whose exit code is the low
// byte of the OSStatus (SecBase.h).
func macTrouble(err error) trouble {
	const unlock = "\n  security unlock-keychain"
	if errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return trouble{fault.StoreAbsent, "the program /usr/bin/security, by which the macOS keychain is reached, is missing", "Repair the macOS installation, or see what hides the program."}
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return trouble{}
	}
	switch exit.ExitCode() {
	case 36: // errSecInteractionNotAllowed, -25308
		return trouble{fault.StoreLocked, "the macOS keychain is locked, and no window can be shown to ask for its password", "Unlock it first:" + unlock}
	case 51: // errSecAuthFailed, -25293
		return trouble{fault.StoreLocked, "the macOS keychain was not unlocked: the password was not accepted", "Try again, or unlock it first:" + unlock}
	case 128: // errSecUserCanceled, -128
		return trouble{fault.StoreLocked, "the window that asks for access to the macOS keychain was dismissed or denied", "Try again and allow it, or unlock the keychain first:" + unlock}
	case 37, 50, 53: // errSecNoDefaultKeychain, errSecNoSuchKeychain, errSecNotAvailable
		return trouble{fault.StoreAbsent, "this user has no default macOS keychain", "It is looked for in the folder that HOME names. Open the app Keychain Access and create one, or sign in to the Mac's screen once as this user."}
	}
	return trouble{}
}

// windowsTrouble explains an error of CredWrite, CredRead or CredDelete.
func windowsTrouble(err error) trouble {
	var number syscall.Errno
	if !errors.As(err, &number) {
		return trouble{}
	}
	switch number {
	case 1312: // ERROR_NO_SUCH_LOGON_SESSION
		return trouble{fault.StoreAbsent, "Windows Credential Manager is not available in this kind of session, as over SSH or in a service",
			"Run sfconnect in a session at the screen or over Remote Desktop."}
	case 5, 1223: // ERROR_ACCESS_DENIED, ERROR_CANCELLED
		return trouble{fault.StoreLocked, "access to Windows Credential Manager was denied", "Run sfconnect as the user who is signed in. A policy may forbid saved credentials: ask who looks after this computer."}
	case 1062, 1058: // ERROR_SERVICE_NOT_ACTIVE, ERROR_SERVICE_DISABLED
		return trouble{fault.StoreAbsent, "the Windows service \"Credential Manager\" does not run", "Start it in services.msc, then try again."}
	case 1783: // RPC_X_BAD_STUB_DATA: what CredWrite says of a value that is too long
		return trouble{fault.StoreTooSmall, "it is longer than Windows Credential Manager takes", "Where the app's access tokens are JWTs, turn that off in its settings in Salesforce: they are the longest."}
	}
	return trouble{}
}
