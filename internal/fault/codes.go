package fault

// Info explains one of our own codes. Its exit code is ExitFor's.
type Info struct {
	Code string
	What string // what it means, a whole sentence
	Fix  string // what to do, in whole sentences
}

// Infos explains every code of our own, in the order of the constants.
func Infos() []Info {
	return []Info{
		{Usage, "The command line was not understood.", "Look at the command's --help for its flags and examples."},
		{MissingInput, "Something that the command must know was not given, and there was nobody to ask.", "Give what the message names, as a flag, in the environment or on stdin."},
		{InvalidLoginURL, "The login URL is no address at which a sign-in to Salesforce can start.", "Give the address that Setup › My Domain shows as Current My Domain URL."},
		{HostNotTrusted, "The login URL is on a host that is not Salesforce's.", "Check the address letter by letter. Where the host is known to speak for your org, say so with --trust-host."},
		{NotMyDomain, "The flow works at the org's My Domain alone, and the login URL is another host.", "Give the address that Setup › My Domain shows as Current My Domain URL."},
		{StoreAbsent, "There is no secret store on this machine that can be used.", "Start the system's keychain; on Linux that is a Secret Service such as GNOME Keyring, KWallet or KeePassXC. A machine without one can use --store file."},
		{StoreLocked, "The secret store is locked.", "Unlock the keychain, or sign in to the desktop, and run the command again. For the file store, give SFCONNECT_AGE_IDENTITY_FILE, SFCONNECT_PASSPHRASE_FILE or SFCONNECT_PASSPHRASE."},
		{StoreTimeout, "The secret store did not answer in time.", "Look for a window that asks to unlock it; else restart the keychain's service."},
		{StoreTooSmall, "A secret is longer than the secret store takes.", "Turn JWT-based access tokens off in the app's settings: they are the longest."},
		{StoreUnwritable, "Something could not be written to the secret store or to sfconnect's folders.", "Check the permissions of the folder that the message names, and the free disk space."},
		{StoreCorrupt, "What was saved cannot be read.", "Repair or remove the file that the message names; profiles.json.bak beside it is the state before the last change."},
		{WrongPassphrase, "The file store was made with another passphrase, or another identity, than the one given.", "Give the one that it was made with; the message names the file that it opens."},
		{ProfileNotFound, "Nothing is saved under this profile's name.", "List what is saved with sfconnect list, or sign in with sfconnect init."},
		{ProfileBusy, "Another sfconnect is working with the profile.", "Wait until it has finished, and run the command again."},
		{DNS, "The name of the host could not be looked up.", "Check the login URL, the network connection and the VPN."},
		{TCP, "The host could not be reached.", "Check the network connection, the firewall and, behind a company proxy, HTTPS_PROXY."},
		{TLS, "No trusted encrypted connection to the host could be made.", "Behind a proxy that reads the traffic, give its certificate with --ca-file; check this computer's clock too."},
		{Proxy, "The proxy did not let the request through.", "Check HTTPS_PROXY with its user name and password, and NO_PROXY."},
		{NotSalesforce, "What answered did not answer as Salesforce does.", "Check the login URL. A proxy, a sign-in page of the network or maintenance may stand between."},
		{PortBusy, "No callback port was free.", "End the program that holds it, or register another callback line in the app and give it with --callback-url."},
		{PortForbidden, "The system does not let sfconnect listen on the callback port.", "Register a callback line with another port in the app and give it with --callback-url."},
		{BrowserTimeout, "No sign-in came back from the browser in time.", "Look in the browser for an error of Salesforce's, and run the command again; --timeout gives more time."},
		{OrgMismatch, "The sign-in is for another org than the profile's or the expected one.", "Sign in to the right org with --prompt login, or let the profile change with --replace."},
		{UserMismatch, "The sign-in is by another user than the profile's.", "Sign in as the right user with --prompt login, or let the profile change with --replace."},
		{SignatureMismatch, "The token answer's signature does not fit the Consumer Secret.", "Check that the Consumer Secret is the app's current one and that no proxy changes the traffic."},
		{InstanceURLRefused, "The token answer names a host that is not Salesforce's.", "Check the login URL, and ask whoever runs the network or the proxy."},
		{NoRefreshToken, "Salesforce gave no refresh token, so the connection would end with the session.", "Add the scope Perform requests at any time (refresh_token, offline_access) to the app and sign in again."},
		{ScopeMismatch, "The app granted fewer scopes than the integration wants.", "Add the missing ones to Selected OAuth Scopes on the app's Settings tab and sign in again."},
		{Interrupted, "The command was interrupted before it was finished.", "Nothing that was saved is lost. Run the command again when you are ready."},
		{Internal, "Something went wrong inside sfconnect.", "Run the command again with --verbose and report what it prints."},
	}
}
