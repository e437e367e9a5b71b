package check

import (
	"slices"
	"strings"
)

// Variable is one of the environment that changes what sfconnect does.
type Variable struct {
	Name  string
	About string // what it is, for the reference; "" for those that are not sfconnect's own
	Show  bool   // its value is no secret and says something
}

// ownPrefix begins the name of each variable that is sfconnect's own.
const ownPrefix = "SFCONNECT_"

// OwnVariables are those that sfconnect alone reads: the one list of them.
func OwnVariables() []Variable {
	return []Variable{
		{"SFCONNECT_PROFILE", "the saved connection to use, as --profile", true},
		{"SFCONNECT_STORE", "where secrets are kept, keychain or file, as --store", true},
		{"SFCONNECT_NO_INPUT", "1: never ask, as --no-input", true},
		{"SFCONNECT_LOGIN_URL", "where the org signs in, as --login-url", true},
		{"SFCONNECT_CONSUMER_KEY", "the app's Consumer Key, as --consumer-key", false},
		{"SFCONNECT_CONSUMER_SECRET", "the app's Consumer Secret", false},
		{"SFCONNECT_AGE_IDENTITY_FILE", "an age identity that opens the file store", true},
		{"SFCONNECT_PASSPHRASE", "the passphrase of the file store; a new one has 8 characters or more", false},
		{"SFCONNECT_PASSPHRASE_FILE", "a file with that passphrase", true},
		{"SFCONNECT_CONFIG_DIR", "the folder of profiles.json and of the file store", true},
		{"SFCONNECT_STATE_DIR", "the folder of locks, unfinished set-ups and rescued tokens", true},
	}
}

// variables are all that matter.
func variables() []Variable {
	out := OwnVariables()
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		out = append(out, Variable{Name: name}) // it may hold a password
	}
	for _, name := range []string{"NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "BROWSER", "NO_COLOR", "ACCESSIBLE"} {
		out = append(out, Variable{Name: name, Show: true})
	}
	return out
}

// UnknownVariables names what is set of sfconnect's own kind and is none of its
// variables, in order. environ is as os.Environ gives it; no value is looked at but
// for being empty, which is as good as unset.
func UnknownVariables(environ []string, goos string) []string {
	var out []string
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if len(name) < len(ownPrefix) || !strings.EqualFold(name[:len(ownPrefix)], ownPrefix) || value == "" {
			continue
		}
		known := func(v Variable) bool {
			return v.Name == name || goos == "windows" && strings.EqualFold(v.Name, name)
		}
		if !slices.ContainsFunc(OwnVariables(), known) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
