package connection

import (
	"fmt"
	"strings"
	"time"

	"example.com/sfconnect/internal/store"
)

// ShellWord quotes a word of a command to paste for a POSIX shell, where it needs it.
// A word that begins with = needs it in zsh.
func ShellWord(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.,:/@+=", r)
	}
	if s != "" && s[0] != '=' && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) }) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// Person names a user: name and user name, or what is known of them.
func Person(u store.User) string {
	switch {
	case u.Username == "":
		return u.ID
	case u.DisplayName == "":
		return u.Username
	}
	return u.DisplayName + " <" + u.Username + ">"
}

// Spoken writes a duration as a person says it: "5 minutes".
func Spoken(d time.Duration) string {
	switch {
	case d == time.Minute:
		return "1 minute"
	case d == time.Second:
		return "1 second"
	case d > 0 && d%time.Minute == 0:
		return fmt.Sprintf("%d minutes", d/time.Minute)
	case d > 0 && d < time.Minute && d%time.Second == 0:
		return fmt.Sprintf("%d seconds", d/time.Second)
	}
	return d.String()
}

// ProfileFlag names the profile in a command to paste, unless it is the one that every
// command takes.
func ProfileFlag(file *store.File, name string) string {
	set, err := file.Load()
	if err == nil && (set.Default == name || set.Default == "" && name == "default") {
		return ""
	}
	return " --profile " + ShellWord(name)
}
