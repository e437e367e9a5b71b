package docs

import "example.com/sfconnect/internal/check"

// row is a line of a table.
type row struct{ name, text string }

// environment are the variables that sfconnect reads. A test compares them with the code.
func environment() []row {
	var own []row
	for _, v := range check.OwnVariables() {
		own = append(own, row{v.Name, v.About})
	}
	return append(own, []row{
		{"ACCESSIBLE", "1: plain questions, one line each, as --accessible"},
		{"BROWSER", "the program that opens an address, as --browser"},
		{"NO_COLOR", "no colours, where it is set and not empty"},
		{"LC_ALL, LC_CTYPE, LANG", "where the first that is set names another character set than UTF-8, a terminal gets ASCII; files and pipes always get UTF-8"},
		{"HTTPS_PROXY, NO_PROXY", "the proxy, and the hosts that are reached without one"},
		{"SSL_CERT_FILE", "a file of certificates to trust, as other programs take it; on Windows and macOS besides the system's"},
	}...)
}

// files are where things are kept, unless a variable names another folder.
func files() []row {
	return []row{
		{"profiles.json", "the saved connections, without their secrets: in ~/.config/sfconnect (XDG_CONFIG_HOME), on macOS in ~/Library/Application Support/sfconnect, on Windows in %AppData%\\sfconnect"},
		{"profiles.json.bak", "the same before its last change, beside it"},
		{"secrets.age, secrets.key.age", "the file store, in the same folder"},
		{"locks/", "in the same folder: locks, and notes without secrets of what is under way: refresh-*.json of a refresh, signin-*.json of a sign-in"},
		{"*.lock, setup/", "locks, and the answers of an unfinished set-up: in ~/.local/state/sfconnect (XDG_STATE_HOME), on macOS in ~/Library/Application Support/sfconnect, on Windows in %LocalAppData%\\sfconnect"},
		{"folder.id", "in that folder: its name for itself, a random one, by which the notes tell it from others"},
		{"rescue-*.age", "in that folder: a new refresh token that the store did not take, encrypted; sfconnect doctor brings it back"},
	}
}

// exits are the exit codes, each as package fault declares it. A test compares them.
func exits() []row {
	return []row{
		{"0", "done"},
		{"1", "anything else"},
		{"2", "wrong or missing input"},
		{"3", "network: DNS, TCP, TLS, proxy, not Salesforce"},
		{"4", "sign in again: nothing saved, expired, revoked"},
		{"5", "refused by Salesforce: app, user or org settings"},
		{"6", "no callback port could be had"},
		{"7", "timed out waiting for the browser"},
		{"8", "secret store absent, locked, hung, too small or corrupt"},
		{"9", "an audit found the app set up differently"},
		{"130", "interrupted (Ctrl-C)"},
	}
}
