package connection

import (
	"fmt"
	"strings"
	"time"

	"example.com/sfconnect/internal/store"
)

// ShellWord quotes a word of a command to paste, where it needs it, so that POSIX
// shells, PowerShell and cmd.exe read the same. What double quotes do not hold
// everywhere ($ and the like) is in single ones, which cmd.exe does not know.
func ShellWord(s string) string {
	// A backslash is itself in double quotes, unless another or the quote follows; two at the start are a share of Windows.
	share := strings.TrimPrefix(s, `\\`)
	if plainWord(s) || strings.ContainsAny(s, "\"$`!") || strings.Contains(share, `\\`) || strings.HasSuffix(s, `\`) {
		return POSIXWord(s)
	}
	return `"` + s + `"`
}

// POSIXWord quotes a word as POSIX shells alone need to read it, where it needs it.
func POSIXWord(s string) string {
	if plainWord(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// plainWord reports that s needs no quotes: zsh looks up what begins with =, and
// PowerShell what begins with @; it makes two words of one with a comma.
func plainWord(s string) bool {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_-.:/@+=", r)
	}
	return s != "" && s[0] != '=' && s[0] != '@' && !strings.ContainsFunc(s, func(r rune) bool { return !plain(r) })
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
