package guide

import (
	"net/url"
	"strconv"
	"strings"

	"example.com/sfconnect/internal/connection"
	"example.com/sfconnect/internal/recipe"
	"example.com/sfconnect/internal/salesforce"
)

func itoa(n int) string { return strconv.Itoa(n) }

// ourCallbacks are the lines that sfconnect itself signs in with.
func ourCallbacks() []string { return connection.DefaultCallbacks() }

func (w *writer) loginURL() Section {
	s := w.at(salesforce.PageMyDomain, Section{ID: "login-url", Title: "Find your login URL", Number: step})
	s.Blocks = append(s.Blocks, Block{Para: words("The login URL is the address at which your org's people sign in. It is not the Lightning address that the browser shows afterwards.")})
	mine := words("Your own: ", strong("Setup › My Domain"), " shows it as Current My Domain URL. Put ", code("https://"), " before it: ", code("https://acme.my.salesforce.com"),
		", for a sandbox ", code("https://acme--dev.sandbox.my.salesforce.com"), ".")
	list := []Text{mine}
	if !w.needsMyDomain() {
		list = append(list, words("Any production org: ", code("https://login.salesforce.com"), ". Any sandbox: ", code("https://test.salesforce.com"),
			". There the browser decides which org you sign in to; your own address is the surer one."))
	}
	s.Blocks = append(s.Blocks, Block{List: list})
	if w.needsMyDomain() {
		s.Blocks = append(s.Blocks, Block{Remark: &Remark{Caution: true, Text: words("It must be your own My Domain here. ", code("login.salesforce.com"), " and ", code("test.salesforce.com"), " do not work for this integration.")}})
	}
	if login := w.o.Login; login.String() != "" {
		s.Blocks = append(s.Blocks, Block{Para: words("In this guide it is ", code(login.String()), ".")})
	}
	return s
}

// wait stands before the first use of the new app.
func (w *writer) wait() Block {
	browser := w.flow == "web" || w.flow == "paste"
	what := "A new app takes"
	if browser {
		what = "A new app, and each change of its callback lines, takes"
	}
	t := words(what+" up to 10 minutes until Salesforce knows it everywhere. Until then it answers ", code("invalid_client_id"))
	if browser {
		t = append(t, words(" or ", code("redirect_uri_mismatch"))...)
	}
	return Block{Remark: &Remark{Text: append(t, words(". Wait, then try again, before you change anything.")...)}}
}

func (w *writer) signIn() Section {
	s := Section{ID: "sign-in", Title: "Wait, then try the app", Number: step, Blocks: []Block{w.wait()}}
	switch w.flow {
	case "paste":
		s.Title = "Wait, then sign in"
		s.Blocks = append(s.Blocks, w.paste()...)
	case "client-credentials":
		s.Blocks = append(s.Blocks,
			Block{Para: words("Nobody signs in: Salesforce gives " + w.within() + " a token for the user in Run As. To see that it does, before you hand anything over:")}, w.command(
				"sfconnect auth --flow client-credentials", w.loginFlags()...))
	case "jwt-bearer":
		s.Blocks = append(s.Blocks,
			Block{Para: words("Nobody signs in: " + w.within() + " signs a request with the private key, and Salesforce gives it a token for the user that you chose. To see that it does, before you hand anything over:")}, w.command(
				"sfconnect auth --flow jwt-bearer", append(w.loginFlags(), "--username "+shell(w.username()), "--private-key-file "+keyFile)...))
	case "refresh-token":
		s.Blocks = append(s.Blocks, Block{Para: words("Nobody signs in: a refresh token is used that another tool obtained. To see that it works:")}, w.command(
			"sfconnect auth --flow refresh-token", append(w.loginFlags(), "--refresh-token-stdin")...))
	default:
		s.Blocks = append(s.Blocks, w.web()...)
	}
	s.Blocks = append(s.Blocks, Block{Para: words("Then ", code("sfconnect test"), " looks at each part of the connection, and ", code("sfconnect logout"), " revokes and forgets it again.")})
	return s
}

func (w *writer) web() []Block {
	return []Block{
		{Para: words("The sign-in itself comes when the values are entered in " + w.within() + ".")},
		{Para: words("To see before that the app works, from your own computer and with the three ", code("http://localhost"), " lines in Callback URL:")},
		w.command("sfconnect auth", w.loginFlags()...),
	}
}

// loginFlags are what every sign-in of ours needs. What is not known stands in
// capitals, which a shell passes on and no server mistakes for a value.
func (w *writer) loginFlags() []string {
	login := w.o.Login.String()
	if login == "" {
		login = "LOGIN_URL"
	}
	flags := []string{"--recipe " + shell(w.o.Name)}
	if w.variant != "" {
		flags = append(flags, "--variant "+shell(w.variant))
	}
	flags = append(flags, "--login-url "+login, "--consumer-key CONSUMER_KEY")
	switch {
	case w.flow == "jwt-bearer":
	case w.r.Authorize.Public:
		flags = append(flags, "--no-consumer-secret")
	default:
		flags = append(flags, "--consumer-secret-stdin")
	}
	return flags
}

func (w *writer) username() string {
	if name := w.r.Policies.RunAs; name != "" && !strings.Contains(name, "${") {
		return name
	}
	return "USERNAME"
}

func shell(s string) string { return connection.ShellWord(s) }

// command breaks a long command over lines, as a shell reads it.
func (w *writer) command(first string, flags ...string) Block {
	lines := []string{first}
	for _, f := range flags {
		last := &lines[len(lines)-1]
		if len(*last)+len(f) > 76 {
			*last += " \\"
			lines = append(lines, "  "+f)
			continue
		}
		*last += " " + f
	}
	return Block{Commands: &Commands{Lines: lines}}
}

// paste is the sign-in whose result stands in the address bar.
func (w *writer) paste() []Block {
	callback := "CALLBACK_URL"
	if len(w.r.CallbackURLs) > 0 && !strings.Contains(w.r.CallbackURLs[0], "${") {
		callback = w.r.CallbackURLs[0]
	}
	login := w.o.Login.String()
	if login == "" {
		login = "https://acme.my.salesforce.com"
	}
	query := "response_type=code&client_id=CONSUMER_KEY&redirect_uri=" + url.QueryEscape(callback)
	pkce := w.r.Switches["pkce_required"] != recipe.SwitchOff
	blocks := []Block{
		{Para: words("The short way. sfconnect shows the address, takes what you paste, and keeps the refresh token in your system's keychain:")},
		w.command(w.initCommand()),
		{Para: words("The long way, by hand, in a terminal with bash, curl and OpenSSL. Keep to one terminal window, and put your own values for the words in capitals and for ", code(login), ".")},
	}
	var before []string
	if pkce {
		before = []string{
			"verifier=$(openssl rand -base64 48 | tr '+/' '-_' | tr -d '=\\n')",
			"challenge=$(printf %s \"$verifier\" | openssl dgst -sha256 -binary | openssl base64 | tr '+/' '-_' | tr -d '=\\n')",
		}
		query += "&code_challenge_method=S256&code_challenge="
		blocks = append(blocks, Block{Para: words("Make the two values of PKCE, and the address to open:")},
			Block{Commands: &Commands{Lines: append(before, "echo \""+login+"/services/oauth2/authorize?"+query+"$challenge\"")}})
	} else {
		blocks = append(blocks, Block{Para: words("This is the address to open:")}, Block{Commands: &Commands{Lines: []string{login + "/services/oauth2/authorize?" + query}}})
	}
	exchange := []string{
		"read -rs secret   # paste the Consumer Secret and press Enter; nothing is shown",
		"printf %s \"$secret\" | curl " + login + "/services/oauth2/token \\",
		"  -d grant_type=authorization_code -d client_id=CONSUMER_KEY --data-urlencode client_secret@- \\",
		"  --data-urlencode " + shell("redirect_uri="+callback) + " \\",
	}
	if pkce {
		exchange = append(exchange, "  -d code_verifier=\"$verifier\" -d code=CODE")
	} else {
		exchange = append(exchange, "  -d code=CODE")
	}
	return append(blocks,
		Block{Do: []Text{
			words("Open the address in the browser, sign in and click ", strong("Allow"), "."),
			words("The browser ends at an address that begins with ", value(callback), ". Copy from its address bar what stands behind ", code("code="), ", up to the next ", code("&"), " if there is one. Leave ", code("%3D"), " as it is."),
			words("Fetch the tokens within 15 minutes; a code works once:"),
		}},
		Block{Commands: &Commands{Lines: exchange}},
		Block{Para: words("The answer holds ", code("refresh_token"), ". It is a secret like the Consumer Secret. Clear the terminal when you have handed it over.")})
}
