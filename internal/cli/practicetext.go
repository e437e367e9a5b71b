package cli

import (
	"fmt"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/practice"
)

// withoutBrowser is what to try where the practice org's app is set up for a
// flow that needs no browser; empty where it is not.
func withoutBrowser(f practice.Facts, goos string) string {
	app := fmt.Sprintf("--login-url %s --consumer-key %s", f.MyDomainURL, f.ConsumerKey)
	on := func(setting string) bool { return f.Settings[setting] == "true" }
	var b strings.Builder
	runAs := f.Settings["run_as"]
	if on("client_credentials_flow") && on("client_credentials_policy") && (strings.EqualFold(runAs, f.Username) || strings.EqualFold(runAs, f.OtherUsername)) {
		fmt.Fprintf(&b, "\nWith client credentials, without a browser:\n  %s\n",
			withSecret(goos, f.ConsumerSecret, "--flow client-credentials --profile practice-client "+app))
	}
	if !on("jwt_bearer_flow") || f.Settings["certificate"] == "none" {
		return b.String()
	}
	when := ""
	if f.Settings["permitted_users"] == "all_users" {
		when = ", once the user has approved the app with the first line"
	}
	fmt.Fprintf(&b, "\nWith a signed request (JWT bearer), without a browser%s:\n  sfconnect auth --flow jwt-bearer --profile practice-jwt --username %s --private-key-file key.pem %s\n",
		when, connection.ShellWord(f.Username), app)
	if f.PrivateKey == "" {
		b.WriteString("\nkey.pem is the private key of the certificate that you gave.\n")
	} else {
		b.WriteString("\nkey.pem is this private key; it is invented and opens nothing:\n\n" + f.PrivateKey)
	}
	return b.String()
}

// withSecret is a command line that signs in with a Consumer Secret, for the shells of
// the system: cmd.exe and PowerShell have no common way to set a variable for one command.
func withSecret(goos, secret, flags string) string {
	if goos == "windows" {
		return "echo " + secret + "| sfconnect auth --consumer-secret-stdin " + flags
	}
	return "SFCONNECT_CONSUMER_SECRET=" + secret + " sfconnect auth " + flags
}
